"""What an ELF file asks the dynamic loader for: the libraries that it needs and the folders that it names for them.

The header, the program headers and the dynamic section are parsed from bytes that the caller reads; nothing is mapped or run.
"""

from __future__ import annotations

import struct

HEADER_BYTES = 64
_PT_LOAD, _PT_DYNAMIC = 1, 2
_DT_NEEDED, _DT_STRTAB, _DT_SONAME, _DT_RPATH, _DT_RUNPATH = 1, 5, 14, 15, 29
_MOST_SEGMENTS, _MOST_ENTRIES = 64, 4096


class Segment:
    """A program header: what it is, where it lies in the file and in memory, and how long it is."""

    __slots__ = ("address", "kind", "offset", "size")

    def __init__(self, kind: int, offset: int, address: int, size: int) -> None:
        self.kind, self.offset, self.address, self.size = kind, offset, address, size


class Layout:
    """Where the program headers are, and how numbers are written."""

    __slots__ = ("count", "entry_size", "is_64", "offset", "order")

    def __init__(self, order: str, is_64: bool, offset: int, entry_size: int, count: int) -> None:
        self.order, self.is_64, self.offset, self.entry_size, self.count = order, is_64, offset, entry_size, count


def parse_elf_header(data: bytes) -> Layout | None:
    """The layout of a file by its first 64 bytes; None: it is no ELF file, or one that nobody could load."""
    if len(data) < HEADER_BYTES or data[:4] != b"\x7fELF" or data[4] not in (1, 2) or data[5] not in (1, 2):
        return None
    order, is_64 = "<" if data[5] == 1 else ">", data[4] == 2
    (offset,) = struct.unpack_from(order + ("Q" if is_64 else "I"), data, 32 if is_64 else 28)
    entry_size, count = struct.unpack_from(order + "HH", data, 54 if is_64 else 42)
    if not 32 <= entry_size <= 128 or not 0 < count <= _MOST_SEGMENTS:
        return None
    return Layout(order, is_64, offset, entry_size, count)


def parse_program_headers(data: bytes, layout: Layout) -> list[Segment]:
    """The loaded segments and the dynamic one."""
    segments = []
    for start in range(0, min(len(data), layout.entry_size * layout.count) - layout.entry_size + 1, layout.entry_size):
        if layout.is_64:
            kind, _, offset, address, _, size = struct.unpack_from(layout.order + "IIQQQQ", data, start)
        else:
            kind, offset, address, _, size = struct.unpack_from(layout.order + "IIIII", data, start)
        if kind in (_PT_LOAD, _PT_DYNAMIC):
            segments.append(Segment(kind, offset, address, size))
    return segments


def dynamic_segment(segments: list[Segment]) -> Segment | None:
    """The one that holds the dynamic section."""
    return next((segment for segment in segments if segment.kind == _PT_DYNAMIC), None)


class Asked:
    """Offsets in the file of the strings that the dynamic section names."""

    __slots__ = ("needed", "rpath", "runpath", "soname")

    def __init__(self) -> None:
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
    asked = Asked()
    for tag, value in entries:
        if tag == _DT_NEEDED:
            asked.needed.append(strings + value)
        elif tag == _DT_RPATH:
            asked.rpath = strings + value
        elif tag == _DT_RUNPATH:
            asked.runpath = strings + value
        elif tag == _DT_SONAME:
            asked.soname = strings + value
    return asked


def _in_file(address: int, segments: list[Segment]) -> int | None:
    for segment in segments:
        if segment.kind == _PT_LOAD and segment.address <= address < segment.address + segment.size:
            return segment.offset + address - segment.address
    return None
