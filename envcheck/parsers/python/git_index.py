"""Whether a folder came with a repository: Git's index names every file that belongs to it."""

from __future__ import annotations

_FLAGS_BYTES = (2, 4)  # an entry's flags before its name; four bytes where the entry has extended ones
_LONG_NAME = 0xFFF


def holds_folder(index: bytes, folder: str) -> bool:
    """Whether an index (the file `.git/index`) has a file below that folder, named relative to the repository with slashes.

    An index begins `DIRC`, its version and its number of entries; each entry ends in its flags, whose lower twelve bits
    are the length of the name, and the name. Version 4 leaves out what a name shares with the one before.
    """
    if index[:4] != b"DIRC":
        return False
    if index[4:8] == b"\0\0\0\4":
        return _holds_compressed(index, folder)
    wanted = folder.encode("utf-8", "surrogateescape") + b"/"
    at = index.find(wanted, 12)
    while at >= 0:
        if _begins_name(index, at):
            return True
        at = index.find(wanted, at + 1)
    return False


def _begins_name(index: bytes, at: int) -> bool:
    """Whether an entry's name begins there and not in the middle of another one."""
    length = index.find(b"\0", at) - at
    for back in _FLAGS_BYTES:
        flags = int.from_bytes(index[at - back : at - back + 2], "big") & _LONG_NAME
        if flags == min(length, _LONG_NAME):
            return True
    return False


def _holds_compressed(index: bytes, folder: str) -> bool:
    """The entries of version 4: a number of bytes to drop from the name before, then what follows them, up to a zero byte."""
    wanted = folder.encode("utf-8", "surrogateescape") + b"/"
    at, name = 12, b""
    for _ in range(int.from_bytes(index[8:12], "big")):
        extended = index[at + 60 : at + 61]
        at += 62 + (2 if extended and extended[0] & 0x40 else 0)
        drop, at = _number(index, at)
        end = index.find(b"\0", at)
        if end < 0:
            return False
        name = name[: len(name) - drop] + index[at:end]
        if name.startswith(wanted):
            return True
        at = end + 1
    return False


def _number(data: bytes, at: int) -> tuple[int, int]:
    """Git's variable-width number, and where it ends."""
    value = data[at] & 0x7F if at < len(data) else 0
    while at < len(data) and data[at] & 0x80:
        at += 1
        value = ((value + 1) << 7) | (data[at] & 0x7F if at < len(data) else 0)
    return value, at + 1
