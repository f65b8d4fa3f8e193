"""Files that are no whole ELF files; what real ones ask for is tested with the probe, on libraries that a compiler made."""

import struct

import pytest

from envcheck.parsers.cuda.elf_dynamic import dynamic_segment, parse_dynamic, parse_elf_header, parse_program_headers

HEADER = b"\x7fELF\x02\x01\x01" + bytes(25) + struct.pack("<Q", 64) + bytes(14) + struct.pack("<HH", 56, 2) + bytes(6)


def test_a_small_file_of_64_bits() -> None:
    layout = parse_elf_header(HEADER)
    assert layout is not None
    assert (layout.offset, layout.entry_size, layout.count) == (64, 56, 2)
    load = struct.pack("<IIQQQQQQ", 1, 0, 0, 0x1000, 0, 4096, 4096, 0)
    dynamic = struct.pack("<IIQQQQQQ", 2, 0, 300, 0x112C, 0, 64, 64, 0)
    segments = parse_program_headers(load + dynamic, layout)
    section = dynamic_segment(segments)
    assert section is not None
    assert section.offset == 300
    asked = parse_dynamic(struct.pack("<qQqQqQqQ", 1, 5, 29, 9, 5, 0x1200, 0, 0), layout, segments)
    assert asked is not None
    assert (asked.needed, asked.rpath, asked.runpath) == ([0x205], None, 0x209)


@pytest.mark.parametrize(
    "data", [b"", b"\x7fELF", bytes(64), b"\x7fELF\x07\x01" + bytes(58), HEADER[:54] + b"\xff" * 10, b"#!/bin/sh\n" * 10]
)
def test_what_is_none_is_refused(data: bytes) -> None:
    assert parse_elf_header(data) is None


def test_a_cut_section_gives_what_is_there() -> None:
    layout = parse_elf_header(HEADER)
    assert layout is not None
    assert parse_program_headers(b"\0" * 10, layout) == []
    assert parse_dynamic(b"\0" * 7, layout, []) is None
