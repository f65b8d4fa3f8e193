"""Bounds of requirements: sizes, counts, versions."""

import re

import pytest

from envcheck.profiles.bounds import check_version, fits, format_size, parse_count, parse_size
from envcheck.profiles.model import Operator


@pytest.mark.parametrize(
    ("text", "size"),
    [("8 GB", 8 * 10**9), ("8GB", 8 * 10**9), ("7.5 GiB", 8053063680), ("512 MiB", 2**29), ("800 MB", 800 * 10**6), ("1 TB", 10**12)],
)
def test_gb_is_decimal_and_gib_is_binary(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["8", "GB", "8 Gb", "-8 GB", "8 GB free", "1e9 B", ""])
def test_a_size_without_a_known_unit_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="size"):
        parse_size(text)


@pytest.mark.parametrize("text", ["many", "-1", "nan", "inf", "1e12", ""])
def test_a_count_is_a_sensible_number(text: str) -> None:
    with pytest.raises(ValueError, match="count"):
        parse_count(text)


@pytest.mark.parametrize(
    ("count", "like", "words"),
    [
        (6_200_000_000, "16 GB", "6.2 GB"),
        (9_990_000_000, "10 GB", "9.9 GB"),
        (8 * 2**30, "8 GiB", "8 GiB"),
        (8 * 10**9, "8 GiB", "7.4 GiB"),
        (0, "1 GB", "0 B"),
        (999, "1 GB", "999 B"),
    ],
)
def test_what_is_short_of_a_bound_never_reads_as_if_it_reached_it(count: int, like: str, words: str) -> None:
    assert format_size(count, like) == words


@pytest.mark.parametrize("text", ["2.8", "1", "3.46.0.12", "2.8.0rc1", "1!2.0", "2.8.0+cu126"])
def test_versions_as_packaging_knows_them_are_taken(text: str) -> None:
    check_version(text)


@pytest.mark.parametrize("text", ["2.8+", ">=2.8", "two", "2.x", "2..8", ""])
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape('bound = "2.8"')):
        check_version(text)


@pytest.mark.parametrize(
    ("version", "operator", "bound", "expected"),
    [
        ((2, 8), Operator.AT_LEAST, "2.8.0", True),
        ((2, 8, 0), Operator.AT_LEAST, "2.8", True),
        ((2, 10), Operator.AT_LEAST, "2.9", True),
        ((2, 7, 1), Operator.AT_LEAST, "2.8", False),
        ((3, 13, 5), Operator.AT_MOST, "3.13", True),
        ((3, 14), Operator.AT_MOST, "3.13", False),
        ((3, 13), Operator.AT_MOST, "3.13.4", True),
        ((4,), Operator.AT_MOST, "3", False),
        ((3, 10, 4), Operator.EQUALS, "3.10", True),
        ((3, 1), Operator.EQUALS, "3.10", False),
        ((3,), Operator.EQUALS, "3.0", True),
    ],
)
def test_upper_and_exact_bounds_mean_a_whole_series(version: tuple[int, ...], operator: Operator, bound: str, expected: bool) -> None:
    assert fits(version, operator, bound) is expected


@pytest.mark.parametrize("text", ["9" * 6000 + " GB", "9" * 400 + " TB", "10000000000000 TB"])
def test_a_size_that_no_machine_has_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="No machine"):
        parse_size(text)


@pytest.mark.parametrize("text", ["9" * 6000, "1." * 100_000 + "1"])
def test_a_version_of_thousands_of_digits_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="digits and dots"):
        check_version(text)
