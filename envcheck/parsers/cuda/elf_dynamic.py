"""What an ELF file asks the dynamic loader for: the libraries that it needs and the folders that it names for them.

The header, the program headers and the dynamic section are parsed from bytes that the caller reads; nothing is mapped or run.
"""

from __future__ import annotations

import struct

HEADER_BYTES = 64
PT_LOAD, PT_DYNAMIC, PT_INTERP, PT_GNU_PROPERTY = 1, 2, 3, 0x6474E553
_KINDS = (PT_LOAD, PT_DYNAMIC, PT_INTERP, PT_GNU_PROPERTY)
_DT_NEEDED, _DT_STRTAB = 1, 5
# By their numbers, DT_SONAME and so on: what is a string, and what a table of versions (DT_VERDEF, DT_VERNEED).
_STRINGS = {14: "soname", 15: "rpath", 29: "runpath"}
_TABLES = {0x6FFFFFFC: "definitions", 0x6FFFFFFE: "needs"}
_MOST_SEGMENTS, _MOST_ENTRIES = 64, 4096


class Segment:
    """A program header: what it is, where it lies in the file and in memory, and how long it is."""

    __slots__ = ("address", "kind", "offset", "size")

    def __init__(self, kind: int, offset: int, address: int, size: int) -> None:
        self.kind, self.offset, self.address, self.size = kind, offset, address, size


class Layout:
    """Where the program headers are, how numbers are written, and the number of the machine that the code is for."""

    __slots__ = ("count", "entry_size", "is_64", "machine", "offset", "order")

    def __init__(self, order: str, is_64: bool, offset: int, entry_size: int, count: int, machine: int = 0) -> None:
        self.order, self.is_64, self.offset, self.entry_size, self.count = order, is_64, offset, entry_size, count
        self.machine = machine


def parse_elf_header(data: bytes) -> Layout | None:
    """The layout of a file by its first 64 bytes; None: it is no ELF file, or one that nobody could load."""
    if len(data) < HEADER_BYTES or data[:4] != b"\x7fELF" or data[4] not in (1, 2) or data[5] not in (1, 2):
        return None
    order, is_64 = "<" if data[5] == 1 else ">", data[4] == 2
    (offset,) = struct.unpack_from(order + ("Q" if is_64 else "I"), data, 32 if is_64 else 28)
    entry_size, count = struct.unpack_from(order + "HH", data, 54 if is_64 else 42)
    if not 32 <= entry_size <= 128 or not 0 < count <= _MOST_SEGMENTS:
        return None
    (machine,) = struct.unpack_from(order + "H", data, 18)
    return Layout(order, is_64, offset, entry_size, count, machine)


def parse_program_headers(data: bytes, layout: Layout) -> list[Segment]:
    """The segments that are loaded, and those that tell of the loader, of what it is asked, and of the processor."""
    segments = []
    for start in range(0, min(len(data), layout.entry_size * layout.count) - layout.entry_size + 1, layout.entry_size):
        if layout.is_64:
            kind, _, offset, address, _, size = struct.unpack_from(layout.order + "IIQQQQ", data, start)
        else:
            kind, offset, address, _, size = struct.unpack_from(layout.order + "IIIII", data, start)
        if kind in _KINDS:
            segments.append(Segment(kind, offset, address, size))
    return segments


def dynamic_segment(segments: list[Segment]) -> Segment | None:
    """The one that holds the dynamic section."""
    return next((segment for segment in segments if segment.kind == PT_DYNAMIC), None)


class Asked:
    """Offsets in the file of the strings that the dynamic section names, and of its tables of symbol versions.

    `definitions` are the versions that the file has, `needs` those that it asks others for.
    """

    __slots__ = ("definitions", "needed", "needs", "rpath", "runpath", "soname", "strings")

    def __init__(self, strings: int) -> None:
        self.strings = strings
        self.definitions: int | None = None
        self.needs: int | None = None
        self.needed: list[int] = []
        self.rpath: int | None = None
        self.runpath: int | None = None
        self.soname: int | None = None


def parse_dynamic(data: bytes, layout: Layout, segments: list[Segment]) -> Asked | None:
    """What the dynamic section names; None where it has no table of strings in the file."""
    size, form = (16, layout.order + "qQ") if layout.is_64 else (8, layout.order + "iI")
    entries: list[tuple[int, int]] = []
    for start in range(0, min(len(data), size * _MOST_ENTRIES) - size + 1, size):
        tag, value = struct.unpack_from(form, data, start)
        if tag == 0:
            break
        entries.append((tag, value))
    strings = next((_in_file(value, segments) for tag, value in entries if tag == _DT_STRTAB), None)
    if strings is None:
        return None
    asked = Asked(strings)
    for tag, value in entries:
        if tag == _DT_NEEDED:
            asked.needed.append(strings + value)
        elif tag in _STRINGS:
            setattr(asked, _STRINGS[tag], strings + value)
        elif tag in _TABLES:
            setattr(asked, _TABLES[tag], _in_file(value, segments))
    return asked


def _in_file(address: int, segments: list[Segment]) -> int | None:
    for segment in segments:
        if segment.kind == PT_LOAD and segment.address <= address < segment.address + segment.size:
            return segment.offset + address - segment.address
    return None
