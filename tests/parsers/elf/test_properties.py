"""The level of x86-64 that a note asks for."""

import struct

import pytest

from envcheck.parsers.elf.properties import parse_isa_needed


def note(*properties: tuple[int, int], name: bytes = b"GNU\0", kind: int = 5) -> bytes:
    body = b"".join(struct.pack("<IIII", number, 4, bits, 0) for number, bits in properties)
    return struct.pack("<III", len(name), len(body), kind) + name + body


@pytest.mark.parametrize(("bits", "level"), [(0b1, 1), (0b11, 2), (0b111, 3), (0b1000, 4), (0, None), (0x100, None)])
def test_the_highest_bit_counts(bits: int, level: int | None) -> None:
    assert parse_isa_needed(note((0xC0000002, 3), (0xC0008002, bits)), "<", is_64=True) == level


def test_it_stands_behind_another_note() -> None:
    data = note((0xC0008002, 7), kind=3) + note((0xC0008002, 3))
    assert parse_isa_needed(data, "<", is_64=True) == 2


def test_the_used_level_is_no_needed_one() -> None:
    assert parse_isa_needed(note((0xC0010002, 7)), "<", is_64=True) is None


def test_properties_of_32_bits_are_packed_closer() -> None:
    body = struct.pack("<III", 0xC0000002, 4, 3) + struct.pack("<III", 0xC0008002, 4, 2)
    data = struct.pack("<III", 4, len(body), 5) + b"GNU\0" + body
    assert parse_isa_needed(data, "<", is_64=False) == 2


@pytest.mark.parametrize("data", [b"", bytes(11), bytes(4000), b"\xff" * 4000, note((0xC0008002, 7))[:20]])
def test_what_is_cut_or_no_note_says_nothing(data: bytes) -> None:
    assert parse_isa_needed(data, "<", is_64=True) is None
