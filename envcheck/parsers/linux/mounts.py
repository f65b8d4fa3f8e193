"""/proc/self/mountinfo: what is mounted where."""

from __future__ import annotations

from envcheck.parsers.expression import regex


class Mount:
    """One mounted file system: `root` is the part of it that is seen at `point`; `details` are the file system's own options."""

    __slots__ = ("details", "filesystem", "options", "point", "root", "source")

    def __init__(self, root: str, point: str, options: list[str], filesystem: str, source: str, details: list[str]) -> None:
        self.root = root
        self.point = point
        self.options = options
        self.filesystem = filesystem
        self.source = source
        self.details = details

    @property
    def read_only(self) -> bool:
        """Whether this mount or the file system under it takes no writes."""
        return "ro" in self.options or "ro" in self.details


# Space, tab, line feed and backslash are written as \040 \011 \012 \134.
_OCTAL = regex(r"\\([0-3][0-7]{2})")


def parse_mountinfo(text: str) -> list[Mount]:
    r"""The mounts, in the order in which they were made; lines that do not fit are left out.

    36 35 98:0 /mnt1 /mnt/a\040folder rw,noatime master:1 - ext3 /dev/root rw,errors=continue

    Between the options and the lone hyphen stand any number of further fields.
    """
    mounts = []
    for line in text.splitlines():
        left, separator, right = line.partition(" - ")
        fields, tail = left.split(" "), right.split(" ")
        if not separator or len(fields) < 6 or len(tail) < 2:
            continue
        details = tail[2].split(",") if len(tail) > 2 else []
        mounts.append(Mount(_plain(fields[3]), _plain(fields[4]), fields[5].split(","), _plain(tail[0]), _plain(tail[1]), details))
    return mounts


def _plain(field: str) -> str:
    """Escapes stand for bytes: a name in UTF-8 may be escaped byte by byte."""
    if "\\" not in field:
        return field
    raw = _OCTAL.sub(lambda match: chr(int(match[1], 8)), field)
    try:
        return raw.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return raw


def mount_of(path: str, mounts: list[Mount]) -> Mount | None:
    """The mount that an absolute path without links lies on: the longest mount point, of equal ones the last, which covers the others."""
    found: Mount | None = None
    for mount in mounts:
        below = mount.point.rstrip("/") + "/"
        if (path + "/").startswith(below) and (found is None or len(mount.point) >= len(found.point)):
            found = mount
    return found
