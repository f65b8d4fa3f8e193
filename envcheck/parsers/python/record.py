"""RECORD: which files a distribution brought, and which of them two distributions both claim with different contents."""

from __future__ import annotations

from bisect import bisect_left

# Folders that many distributions bring by mistake, each its own; nobody imports them.
_UNIMPORTED = frozenset((b"tests", b"test", b"testing", b"docs", b"doc", b"examples", b"example", b"benchmarks", b"scripts", b"tools"))
_SOURCE_SUFFIXES = (b".py", b".so", b".pyd", b".dll", b".dylib")


class Record:
    """One RECORD: its lines sorted, and where the lines of each top-level folder begin and end in them."""

    __slots__ = ("lines", "tops")

    def __init__(self, lines: list[bytes], tops: dict[bytes, tuple[int, int]]) -> None:
        """Takes over what `parse_record` made."""
        self.lines, self.tops = lines, tops

    def below(self, top: bytes) -> list[bytes]:
        """The lines of the files in one top-level folder, or of one top-level file."""
        first, last = self.tops[top]
        return self.lines[first:last]

    def has(self, path: bytes) -> bool:
        """Whether this file is listed."""
        at = bisect_left(self.lines, path + b",")
        return at < len(self.lines) and self.lines[at].startswith(path + b",")


def parse_record(data: bytes) -> Record:
    r"""The lines of a RECORD by the first part of their paths. Scripts and data outside of the folder ("..") are left out.

    b"torch/__init__.py,sha256=zyCN…,98234\ntorch/__pycache__/__init__.cpython-311.pyc,,\n../../../bin/torchrun,sha256=47DE…,211\n"
    """
    lines = data.split(b"\n")  # a "\r" stays at the end of a line, where no one minds it
    lines.sort()
    tops: dict[bytes, tuple[int, int]] = {}
    at, end = bisect_left(lines, b"\x01"), len(lines)
    while at < end:
        line = lines[at]
        slash = line.find(b"/")
        # Where the first part ends by a comma this is a file of its own; a quoted path (with a comma in it) is one as well.
        if slash < 0 or b"," in line[:slash]:
            tops[line.partition(b",")[0]] = (at, at + 1)
            at += 1
            continue
        top = line[:slash]
        after = bisect_left(lines, top + b"0", at)  # "0" is what follows "/"
        if top != b"..":
            tops[top] = (at, after)
        at = after
    return Record(lines, tops)


def parse_line(line: bytes) -> tuple[bytes, bytes, int | None]:
    """A path, its digest ("sha256=…" or nothing) and its size."""
    path, _, rest = line.partition(b",")
    if line.startswith(b'"'):
        path, _, rest = line[1:].partition(b'",')
    digest, _, size = rest.partition(b",")
    return path, digest.strip(), int(size) if size.strip().isdigit() else None


def import_packages(record: Record) -> list[bytes]:
    """The top-level folders of a RECORD that have an `__init__.py`, but for those that nobody imports."""
    return [top for top in record.tops if top not in _UNIMPORTED and record.has(top + b"/__init__.py")]


class Conflict:
    """The paths that several distributions claim with different digests, each path with the line of every claimant."""

    __slots__ = ("distributions", "paths")

    def __init__(self, distributions: tuple[str, ...]) -> None:
        """No path yet."""
        self.distributions = distributions
        self.paths: dict[bytes, dict[str, bytes]] = {}


def find_conflicts(records: dict[str, Record]) -> list[Conflict]:
    """What distributions of one folder wrote over one another, by the set of those that claim a path.

    Equal contents are no conflict (mlflow and mlflow-skinny), nor are the several `__init__.py` of a namespace package alone, nor is what
    nobody imports.
    """
    sharing: dict[bytes, list[str]] = {}
    for name, record in records.items():
        for top in record.tops:
            sharing.setdefault(top, []).append(name)
    conflicts: dict[tuple[str, ...], Conflict] = {}
    for top, names in sharing.items():
        if len(names) > 1 and top not in _UNIMPORTED:
            for path, lines in _claimed_differently(top, names, records).items():
                distributions = tuple(sorted(lines))
                conflicts.setdefault(distributions, Conflict(distributions)).paths[path] = lines
    return [conflict for conflict in conflicts.values() if not _is_namespace(conflict)]


def _claimed_differently(top: bytes, names: list[str], records: dict[str, Record]) -> dict[bytes, dict[str, bytes]]:
    """Of the files in one top-level folder, those that several of these distributions claim with different digests."""
    parts = {name: records[name].below(top) for name in names}
    suspects = _told_differently(sorted({line for lines in parts.values() for line in lines}))
    if not suspects:
        return {}
    claims: dict[bytes, dict[str, bytes]] = {}
    for name, lines in parts.items():
        for line in lines:
            path, digest, _ = parse_line(line)
            if path in suspects and digest and path.endswith(_SOURCE_SUFFIXES):
                claims.setdefault(path, {})[name] = line
    return {path: lines for path, lines in claims.items() if len({parse_line(line)[1] for line in lines.values()}) > 1}


def _told_differently(lines: list[bytes]) -> set[bytes]:
    """The paths that stand in several lines, of which no two are equal: in a sorted list they are neighbours."""
    suspects = set()
    previous = b""
    for line in lines:
        path = line.partition(b",")[0]
        if path == previous:
            suspects.add(parse_line(line)[0])
        previous = path
    return suspects


def _is_namespace(conflict: Conflict) -> bool:
    """Only small `__init__.py` differ: one namespace package (google, mpl_toolkits) that each declares in its own words."""
    return all(
        path.endswith(b"/__init__.py") and all((parse_line(line)[2] or 0) < 1000 for line in lines.values())
        for path, lines in conflict.paths.items()
    )
