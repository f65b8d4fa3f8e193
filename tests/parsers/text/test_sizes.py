"""Sizes with their units, as many programs print them."""

import pytest

from envcheck.parsers.text.sizes import parse_size

MIB = 2**20


@pytest.mark.parametrize(
    ("words", "size"),
    [
        ("81559 MiB", 81559 * MIB),
        ("196592 MB", 196592 * MIB),
        ("32768.00 MiB", 32768 * MIB),
        ("64M", 64 * MIB),
        ("8g", 8 * 2**30),
        ("1.5 GiB", 1536 * MIB),
        ("2048,50M", 2048 * MIB + MIB // 2),
        ("1T", 2**40),
        ("512 KB", 512 * 1024),
        ("206158430208 B", 206158430208),
        ("0 MiB", 0),
    ],
)
def test_a_unit_is_a_power_of_1024_whatever_it_is_called(words: str, size: int) -> None:
    assert parse_size(words) == size


@pytest.mark.parametrize("words", ["", "MiB", "12", "12 W", "-1 MiB", "1 2 MiB", "12 MiBs", "1e3 MiB", "9" * 30 + " GiB", "12 MiB\x00"])
def test_what_is_no_size_is_unknown(words: str) -> None:
    assert parse_size(words) is None


def test_a_bare_number_is_in_the_unit_of_its_column() -> None:
    assert (parse_size("24564", "MiB"), parse_size("24564", "K"), parse_size("7 GiB", "MiB")) == (24564 * MIB, 24564 * 1024, 7 * 2**30)
    assert parse_size("24564", "%") is None
