import pytest

from envcheck.parsers.oneapi.device_selector import parse_affinity_mask, parse_filter, parse_selector


@pytest.mark.parametrize(
    ("value", "count", "admits"),
    [
        ("", 1, True),
        ("*:*", 1, True),
        ("level_zero:0,2", 3, True),
        ("level_zero:2", 2, False),
        ("level_zero:2", None, None),
        ("opencl:*", None, False),
        ("level_zero:*;!level_zero:0", 1, False),
        ("level_zero:*;!level_zero:0", 2, True),
        ("level_zero:gpu;!*:gpu", 4, False),
        ("!opencl:gpu", 1, True),
        ("level_zero:*.0", 1, True),
        ("level_zero:0;!level_zero:0.1", 1, True),
        ("'level_zero:gpu'", 1, True),
    ],
)
def test_what_a_selector_leaves(value: str, count: int | None, admits: bool | None) -> None:
    selection = parse_selector(value)
    assert not selection.fault
    assert selection.admits(count) is admits


@pytest.mark.parametrize(
    "value", ["gpu", "level_zero:gpu:0", "zero:gpu", "level_zero:big", ":", "!opencl:cpu;level_zero:0", "level_zero:0,,1"]
)
def test_what_is_no_selector(value: str) -> None:
    assert parse_selector(value).fault


@pytest.mark.parametrize(
    ("value", "admits"), [("gpu:0", True), ("level_zero:gpu:3", False), ("host", False), ("", True), ("opencl:gpu,level_zero", True)]
)
def test_the_filter_before_it(value: str, admits: bool) -> None:
    assert parse_filter(value).admits(1) is admits


@pytest.mark.parametrize(("value", "fault"), [("0.1", False), ("0, 1", False), ("-1", True), ("0;1", True), ("GPU-1", True)])
def test_the_mask(value: str, fault: bool) -> None:
    assert bool(parse_affinity_mask(value).fault) is fault


def test_a_value_of_a_hundred_thousand_terms_is_read() -> None:
    assert parse_selector("opencl:cpu;" * 100_000).admits(1) is False
