"""Reads what the kernel shows in /proc, /sys and control groups, below a root folder that a test may choose.

Such files have no size of their own: they are read to their end or to a limit. Nothing here waits for a pipe that nobody writes to.
"""

import os

LIMIT = 64 * 2**10
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


def place(root, path):
    """Where an absolute path lies below the root folder."""
    return path if root == "/" else root.rstrip("/") + path


def read_text(root, path, limit=LIMIT):
    """The text of a file; of one that is longer than the limit, its whole lines within it. Raises OSError."""
    descriptor = os.open(place(root, path), _FLAGS)
    try:
        parts, size = [], 0
        while size <= limit:
            part = os.read(descriptor, min(2**18, limit + 1 - size))
            if not part:
                break
            parts.append(part)
            size += len(part)
    finally:
        os.close(descriptor)
    data = b"".join(parts)
    if len(data) > limit:
        data = data[: data.rfind(b"\n", 0, limit) + 1]
    return data.decode("utf-8", "backslashreplace")


def find_text(root, path, limit=LIMIT):
    """The text of a file, or None where it is not there or cannot be read."""
    try:
        return read_text(root, path, limit)
    except (OSError, ValueError):
        return None


def find_word(root, path):
    """The stripped text of a short file, empty where there is none."""
    return (find_text(root, path, 4096) or "").strip().strip("\0")


def find_names(root, path, most=100000):
    """The names in a folder, none where it cannot be read."""
    names = []
    try:
        with os.scandir(place(root, path)) as entries:
            for entry in entries:
                names.append(entry.name)
                if len(names) >= most:
                    break
    except OSError:
        return []
    return names


def find_link(root, path):
    """Where a link leads, as it is written, or None."""
    try:
        return os.readlink(place(root, path))
    except OSError:
        return None


def exists(root, path):
    """Whether something is there, a broken link too."""
    return os.path.lexists(place(root, path))
