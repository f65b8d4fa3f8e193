"""The parts of the program that runs a profile's check; the whole of it is run as a child in tests/observing/test_own_check.py."""

import os
import types
from collections.abc import Callable

import pytest


@pytest.fixture
def own_check(probe: Callable[[str], types.ModuleType]) -> types.ModuleType:
    return probe("own_check")


def missing_after(own_check: types.ModuleType, wanted: list[str], *writes: bytes) -> list[str]:
    """What a stream has not had once these were written, each read apart."""
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as pipe, os.fdopen(writing, "wb", buffering=0) as sink:
        stream = own_check.Stream(pipe, wanted)
        for part in writes:
            sink.write(part)
        sink.close()
        stream.thread.join(5)
        found: list[str] = stream.missing
        return found


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_text_is_found_wherever_the_writes_are_cut(own_check: types.ModuleType, cut: int) -> None:
    line = "all gr\u00fcn\n".encode()
    assert missing_after(own_check, ["gr\u00fcn", "l g", "n"], line[:cut], line[cut:]) == []


def test_a_text_that_never_came_is_missing_and_others_are_not(own_check: types.ModuleType) -> None:
    assert missing_after(own_check, ["ready", "steady"], b"rea", b"d", b"steady", b"y") == ["ready"]
    assert missing_after(own_check, ["ready"]) == ["ready"]


def test_a_single_letter_is_looked_for_too(own_check: types.ModuleType) -> None:
    assert missing_after(own_check, ["a", "b"], b"xxa", b"yy") == ["b"]


def test_what_a_terminal_would_obey_is_escaped(own_check: types.ModuleType) -> None:
    assert own_check.harmless("a\x1b[31m\u202eb\x9b\ud800\u00e9") == r"a\x1b[31m\u202eb\x9b\ud800\u00e9".replace(r"\u00e9", "\u00e9")


def test_of_long_and_many_lines_the_last_are_kept(own_check: types.ModuleType) -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as pipe, os.fdopen(writing, "wb", buffering=0) as sink:
        stream = own_check.Stream(pipe, [])
        sink.write(b"".join(b"%d\n\n" % number for number in range(5000)) + b"z" * 3000 + b"\n")
        sink.close()
        stream.thread.join(5)
        lines = stream.last_lines().splitlines()
    assert (len(lines), lines[-2], lines[-1]) == (8, "4999", "z" * 200)
