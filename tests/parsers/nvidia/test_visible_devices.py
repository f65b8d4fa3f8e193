"""CUDA_VISIBLE_DEVICES as CUDA reads it: up to the first entry that it cannot take."""

import pytest

from envcheck.parsers.nvidia.visible_devices import parse_visible_devices


@pytest.mark.parametrize("value", ["", " ", "-1", "none", "NoDevFiles", "void", "-1,0"])
def test_values_that_hide_all_on_purpose(value: str) -> None:
    assert parse_visible_devices(value).hides_all_on_purpose


@pytest.mark.parametrize(
    ("value", "entries"),
    [
        ("0", (0,)),
        ("2,1", (2, 1)),
        (" 0 , 1 ", (0, 1)),
        ("1gpu2,2ampere", (1, 2)),
        ("GPU-5c4b,GPU-8a", ("GPU-5c4b", "GPU-8a")),
        ("MIG-1-2", ("MIG-1-2",)),
    ],
)
def test_values_in_order(value: str, entries: tuple[int | str, ...]) -> None:
    wanted = parse_visible_devices(value)
    assert (wanted.entries, wanted.fault, wanted.hides_all_on_purpose) == (entries, "", False)


@pytest.mark.parametrize(
    ("value", "entries", "words"),
    [
        ("0,,1", (0,), "empty"),
        ("0,1,", (0, 1), "empty"),
        ("0,-1,1", (0,), "negative"),
        ("cuda:0", (), "bare number"),
        ('"0"', (), "quote marks"),
        ("all", (), "no number"),
        ("0,0", (), "twice"),
        ("0,GPU-5c4b", (0,), "do not mix"),
        ("GPU-5c4b,0", ("GPU-5c4b",), "do not mix"),
        ("0\uff0c1", (0,), "first digits"),
        ("0;1", (0,), "commas"),
        ("0 1", (0,), "commas"),
        ("1,2:3", (1, 2), "commas"),
    ],
)
def test_faults(value: str, entries: tuple[int | str, ...], words: str) -> None:
    wanted = parse_visible_devices(value)
    assert wanted.entries == entries
    assert words in wanted.fault
