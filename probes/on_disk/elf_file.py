"""Reads of an ELF file what the dynamic loader looks at before anything of it runs: some kilobytes, whatever its size."""

import os

from envcheck.parsers.cuda.elf_dynamic import (
    HEADER_BYTES,
    PT_GNU_PROPERTY,
    PT_INTERP,
    PT_LOAD,
    dynamic_segment,
    parse_dynamic,
    parse_elf_header,
    parse_program_headers,
)
from envcheck.parsers.elf.properties import parse_isa_needed
from envcheck.parsers.elf.versions import parse_definitions, parse_needs

_MOST_STRING, _MOST_SECTION, _MOST_NEEDED = 8192, 64 * 1024, 1000
_OTHER_SYSTEMS = {
    b"\xcf\xfa\xed\xfe": "macOS",
    b"\xce\xfa\xed\xfe": "macOS",
    b"\xca\xfe\xba\xbe": "macOS",
    b"MZ": "Windows",
}
# The numbers of e_machine that Python runs on (elf.h).
_MACHINES = {
    3: "i386",
    8: "mips",
    20: "ppc",
    21: "ppc64",
    22: "s390x",
    40: "arm",
    62: "x86_64",
    183: "aarch64",
    243: "riscv",
    258: "loongarch",
}


class ElfFile:
    """One file. `refused` says why it is none that could be loaded: "absent", "cut", or the system that it is for; else it is None."""

    def __init__(self, path):
        self.path = path
        self.refused = None
        self.machine = self.is_64 = self.isa = self.interpreter = None
        self.soname = self.rpath = self.runpath = self.definitions = None
        self.needed = []
        self.needs = []  # (library, hash of the version, its name)

    @property
    def kind(self):
        """What the code is for, as x86_64 or 32-bit arm; x32 is no x86_64."""
        name = _MACHINES.get(self.machine, "machine " + str(self.machine))
        return name if self.is_64 or name in ("i386", "arm", "ppc", "mips") else "32-bit " + name


def read_elf(disk, path):
    """What a file says of itself; one that is not dynamic needs nothing."""
    found = ElfFile(path)
    file = disk.opened(path)
    if file is None:
        found.refused = "absent"
        return found
    try:
        with file:
            _read(found, file)
    except (OSError, ValueError, OverflowError):
        found.refused = found.refused or "cut"
    return found


def _read(found, file):
    data = _at(file, 0, HEADER_BYTES)
    layout = parse_elf_header(data)
    if layout is None:
        found.refused = next((system for magic, system in _OTHER_SYSTEMS.items() if data.startswith(magic)), "cut")
        return
    found.machine, found.is_64 = layout.machine, layout.is_64
    size = os.fstat(file.fileno()).st_size
    segments = parse_program_headers(_at(file, layout.offset, layout.entry_size * layout.count), layout)
    ends = [segment.offset + segment.size for segment in segments if segment.kind == PT_LOAD]
    if not ends or max(ends) > size:
        found.refused = "cut"
        return
    for segment in segments:
        if segment.kind == PT_INTERP:
            found.interpreter = _text(_at(file, segment.offset, min(segment.size, _MOST_STRING)))
        elif segment.kind == PT_GNU_PROPERTY:
            found.isa = parse_isa_needed(_at(file, segment.offset, min(segment.size, _MOST_SECTION)), layout.order, is_64=layout.is_64)
    section = dynamic_segment(segments)
    if section is None:
        return
    asked = parse_dynamic(_at(file, section.offset, min(section.size, _MOST_SECTION)), layout, segments)
    if asked is not None:
        _read_dynamic(found, file, layout.order, asked)


def _read_dynamic(found, file, order, asked):
    names = {}

    def string(offset):
        if offset is not None and offset not in names:
            names[offset] = _text(_at(file, offset, 256)) or _text(_at(file, offset, _MOST_STRING))
        return names.get(offset)

    found.needed = [name for name in map(string, asked.needed[:_MOST_NEEDED]) if name]
    found.soname = string(asked.soname)
    found.rpath, found.runpath = string(asked.rpath), string(asked.runpath)
    if asked.needs is not None:
        for need in parse_needs(_at(file, asked.needs, _MOST_SECTION), order):
            found.needs.append((string(asked.strings + need.file), need.hash, string(asked.strings + need.name)))
    if asked.definitions is not None:
        found.definitions = parse_definitions(_at(file, asked.definitions, _MOST_SECTION), order)


def _at(file, offset, count):
    file.seek(offset)
    return file.read(count)


def _text(data):
    """A string up to its end; nothing where that was not read."""
    text, end, _ = data.partition(b"\0")
    return text.decode("utf-8", "replace") if end else ""
