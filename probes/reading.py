"""Reads files that may be anything: a pipe, a folder, a device, a hundred megabytes. Nothing waits, and nothing reads without a limit."""

import errno
import os
import stat

# A pipe that nobody writes to is not waited for; Windows has no such flag, and no pipes among its files.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


class NotAFile(OSError):
    """It is there and it is no regular file; the text says what it is."""


def read_start(path, limit):
    """The first `limit` bytes of a regular file, and the size of the whole. Raises OSError, in its words NotAFile."""
    try:
        descriptor = os.open(path, _FLAGS)
    except PermissionError:
        if os.path.isdir(path):  # what Windows says of a folder
            raise NotAFile(errno.EISDIR, "is a folder") from None
        raise
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise NotAFile(errno.EINVAL, "is a folder" if stat.S_ISDIR(status.st_mode) else "is no regular file")
        wanted = min(limit, status.st_size)
        data = os.read(descriptor, wanted)
        while len(data) < wanted:
            more = os.read(descriptor, wanted - len(data))
            if not more:
                break
            data += more
        return data, status.st_size
    finally:
        os.close(descriptor)


def read_if_there(path, limit):
    """The first `limit` bytes, or nothing where there is no file of that name or it cannot be read."""
    try:
        return read_start(path, limit)[0]
    except (OSError, ValueError):  # ValueError: a NUL byte in the path
        return b""


def why(error):
    """What kept a file from being read, to stand after its name: "is missing", "cannot be read: Permission denied"."""
    if isinstance(error, NotAFile):
        return error.strerror
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return "is missing"
    return "cannot be read: " + (getattr(error, "strerror", None) or str(error))


def shown(path):
    """A path as text that every format can carry: bytes that are no UTF-8 are written out."""
    if path.isascii():
        return path
    return os.fsencode(path).decode("utf-8", "backslashreplace")
