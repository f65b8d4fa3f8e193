"""The versions of symbols that an ELF file asks other libraries for (.gnu.version_r) and those that it has (.gnu.version_d).

Offsets of names are relative to the file's table of strings. Both tables are chains of records, each with the distance to the next one.
"""

from __future__ import annotations

import struct

_NEED, _NEED_PART = "HHIII", "IHHII"  # version, count, file, first part, next; hash, flags, other, name, next
_HAVE, _HAVE_PART = "HHHHIII", "II"  # version, flags, index, count, hash, first part, next; name, next
_WEAK = 2  # what is missing of these is passed over
_MOST_FILES, _MOST_VERSIONS = 512, 4096


class Need:
    """One version that is asked for: where the name of the library and that of the version begin."""

    __slots__ = ("file", "hash", "name")

    def __init__(self, file: int, hash_: int, name: int) -> None:
        self.file, self.hash, self.name = file, hash_, name


def parse_needs(data: bytes, order: str) -> list[Need]:
    """The versions that must be there; a table that is cut or leads astray gives what can be read of it."""
    found: list[Need] = []
    start, files = 0, 0
    while _fits(data, start, order + _NEED) and files < _MOST_FILES:
        version, count, file, part, following = struct.unpack_from(order + _NEED, data, start)
        if version != 1:
            break
        here = start + part
        for _ in range(min(count, _MOST_VERSIONS)):
            if not _fits(data, here, order + _NEED_PART) or len(found) >= _MOST_VERSIONS:
                break
            hash_, flags, _other, name, step = struct.unpack_from(order + _NEED_PART, data, here)
            if not flags & _WEAK:
                found.append(Need(file, hash_, name))
            if step == 0:
                break
            here += step
        files += 1
        if following == 0:
            break
        start += following
    return found


def parse_definitions(data: bytes, order: str) -> frozenset[int]:
    """The hashes of the versions that a library has: the loader compares them before it compares names."""
    found: set[int] = set()
    start = 0
    for _ in range(_MOST_VERSIONS):
        if not _fits(data, start, order + _HAVE):
            break
        version, _flags, _index, _count, hash_, _part, following = struct.unpack_from(order + _HAVE, data, start)
        if version != 1:
            break
        found.add(hash_)
        if following == 0:
            break
        start += following
    return frozenset(found)


def _fits(data: bytes, start: int, form: str) -> bool:
    return start + struct.calcsize(form) <= len(data)
