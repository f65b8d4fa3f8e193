"""Tables of symbol versions that a linker would not write; real ones are read by the tests of the probe."""

import struct

import pytest

from envcheck.parsers.elf.versions import parse_definitions, parse_needs


def need(file: int, *parts: tuple[int, int, int], last: bool = True) -> bytes:
    """A record for one library with its versions: (hash, flags, name)."""
    steps = [16] * (len(parts) - 1) + [0]
    table = struct.pack("<HHIII", 1, len(parts), file, 16, 0 if last else 16 + 16 * len(parts))
    return table + b"".join(
        struct.pack("<IHHII", number, flags, 0, name, step) for (number, flags, name), step in zip(parts, steps, strict=True)
    )


def test_versions_of_two_libraries() -> None:
    table = need(1, (0x0D696914, 0, 10), (0x06969194, 0, 20), last=False) + need(2, (0x08922974, 0, 30))
    assert [(each.file, each.hash, each.name) for each in parse_needs(table, "<")] == [
        (1, 0x0D696914, 10),
        (1, 0x06969194, 20),
        (2, 0x08922974, 30),
    ]


def test_what_may_be_missing_is_passed_over() -> None:
    assert [each.name for each in parse_needs(need(1, (5, 2, 10), (6, 0, 20)), "<")] == [20]


def test_a_table_of_the_other_byte_order() -> None:
    table = struct.pack(">HHIII", 1, 1, 7, 16, 0) + struct.pack(">IHHII", 9, 0, 2, 8, 0)
    assert [(each.file, each.hash, each.name) for each in parse_needs(table, ">")] == [(7, 9, 8)]


@pytest.mark.parametrize(
    "table",
    [
        b"",
        b"\x01\x00",
        need(1, (5, 0, 10))[:20],
        struct.pack("<HHIII", 9, 1, 1, 16, 0) + bytes(16),
        struct.pack("<HHIII", 1, 65535, 1, 0xFFFFFFFF, 0),
    ],
)
def test_a_table_that_leads_nowhere_gives_nothing(table: bytes) -> None:
    assert parse_needs(table, "<") == []


def test_records_that_point_at_themselves_come_to_an_end() -> None:
    """The next record is one byte further, and says that it has 65535 versions."""
    table = struct.pack("<HHIII", 1, 0xFFFF, 1, 0, 1) * 4000
    assert len(parse_needs(table, "<")) <= 4096
    assert len(parse_definitions(struct.pack("<HHHHIII", 1, 0, 1, 1, 5, 0, 1) * 4000, "<")) <= 4096


def test_the_versions_that_a_library_has() -> None:
    table = struct.pack("<HHHHIII", 1, 1, 1, 1, 111, 20, 28) + struct.pack("<II", 0, 0) + struct.pack("<HHHHIII", 1, 0, 2, 1, 222, 20, 0)
    assert parse_definitions(table, "<") == {111, 222}
    assert parse_definitions(table[:30], "<") == {111}
    assert parse_definitions(b"", "<") == frozenset()
