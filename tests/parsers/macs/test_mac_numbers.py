import pytest

from envcheck.parsers.macs.mac_numbers import parse_core_count, parse_mac_size

GIB = 2**30


@pytest.mark.parametrize(
    ("words", "size"),
    [
        ("16 GB", 16 * GIB),
        ("16\xa0Go", 16 * GIB),
        ("16\u202fGB", 16 * GIB),
        ("1,5 GB", GIB * 3 // 2),
        ("1536 MB", 1536 * 2**20),
        ("1.536 MB", 1536 * 2**20),
        ("1 TB", 2**40),
        ("16 \u0413\u0411", 16 * GIB),
        ("\u0661\u0666 \u063a.\u0628", 16 * GIB),
        ("7 MB", 7 * 2**20),
        ("GB", None),
        ("16", None),
        ("3.1 Hz of it", None),
        ("", None),
    ],
)
def test_sizes_of_several_languages(words: str, size: int | None) -> None:
    assert parse_mac_size(words) == size


@pytest.mark.parametrize(
    ("words", "cores"),
    [
        ("proc 8:4:4", (8, 4, 4)),
        ("proc 12:0:8:4", (12, 8, 4)),
        ("proc 10:6:4", (10, 6, 4)),
        ("proc 12:9:9", (12, None, None)),
        (6, (6, None, None)),
        ("4", (4, None, None)),
        ("12 (8 performance and 4 efficiency)", (12, 8, 4)),
        ("12 (8 Performance and 4 Efficiency)", (12, 8, 4)),
        ("19", (19, None, None)),
        (True, None),
        (0, None),
        ("many", None),
        (None, None),
    ],
)
def test_core_counts(words: object, cores: tuple[int, int | None, int | None] | None) -> None:
    assert parse_core_count(words) == cores
