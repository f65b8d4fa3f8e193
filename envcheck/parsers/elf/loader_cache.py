"""/etc/ld.so.cache, in which glibc's loader looks libraries up before it searches its own folders (`ldconfig -p` prints it).

The format glibc-ld.so.cache1.1 stands alone or behind that of old releases, ld.so-1.7.0.
"""

from __future__ import annotations

import struct

_OLD, _NEW = b"ld.so-1.7.0", b"glibc-ld.so.cache1.1"
_HEADER, _ENTRY, _OLD_ENTRY = 48, 24, 12
_MOST_ENTRIES, _LONGEST = 100_000, 4096


def parse_loader_cache(data: bytes) -> dict[str, list[str]]:
    """Names of libraries and their paths, those for every processor first; of several machines, where more than one is served."""
    start = _beginning(data)
    if start is None or len(data) < start + _HEADER:
        return {}
    order = _byte_order(data, start)
    (count,) = struct.unpack_from(order + "I", data, start + 20)
    found: dict[str, list[str]] = {}
    special: list[tuple[str, str]] = []
    entries = data[start + _HEADER : start + _HEADER + min(count, _MOST_ENTRIES) * _ENTRY]
    for _flags, key, value, _system, capabilities in struct.iter_unpack(order + "iIIIQ", entries[: len(entries) // _ENTRY * _ENTRY]):
        name, path = _string(data, start + key), _string(data, start + value)
        if not name or not path.startswith("/"):
            continue
        if capabilities:  # for some processors only, as in glibc-hwcaps/x86-64-v3
            special.append((name, path))
        else:
            found.setdefault(name, []).append(path)
    for name, path in special:
        found.setdefault(name, []).append(path)
    return found


def _beginning(data: bytes) -> int | None:
    if data.startswith(_NEW):
        return 0
    if not data.startswith(_OLD) or len(data) < 16:
        return None
    (count,) = struct.unpack_from("<I", data, 12)
    after = -(-(16 + count * _OLD_ENTRY) // 8) * 8
    return after if data[after : after + len(_NEW)] == _NEW else None


def _byte_order(data: bytes, start: int) -> str:
    """The flags of the header say it: 2 little, 3 big; releases before 2.33 say nothing and are read as most machines are."""
    return ">" if data[start + 28] & 3 == 3 else "<"


def _string(data: bytes, start: int) -> str:
    end = data.find(b"\0", start, start + _LONGEST)
    return data[start:end].decode("utf-8", "replace") if end > start else ""
