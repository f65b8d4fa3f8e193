"""The line of a key in a TOML file: tomllib tells positions of syntax errors only."""

import re
from typing import NamedTuple

_HEADER = re.compile(r"\s*\[{1,2}\s*(?P<name>[^\[\]]+?)\s*\]{1,2}\s*(?:#.*)?$")
_TABLES = ("requirement", "check")


class Entry(NamedTuple):
    """The n-th `[[requirement]]` or `[[check]]` of a file, counted from 0."""

    table: str
    number: int


def line_of(text: str, *keys: str, entry: Entry | None = None) -> int:
    """The line of a key, counted from 1: of the file's head, or of one of its tables.

    Several keys go down: ("document", "line") finds `document = {line = …}`, `document.line = …` and `[requirement.document]`. Of what is
    not found the nearest thing above it is given: the parent key, the table's header, line 1.
    """
    lines = outside_of_long_strings(text.splitlines())
    first, last = _span(lines, entry)
    best = first + 1
    for depth in range(1, len(keys) + 1):
        found = _find(lines, first, last, keys[:depth])
        best = best if found is None else found + 1
    return best


def _find(lines: list[str], first: int, last: int, keys: tuple[str, ...]) -> int | None:
    """The index of the line with a dotted key, of a sub-table's header, or of a key below such a header."""
    wanted = ".".join(keys)
    prefix = ""
    for index in range(first, last):
        header = _HEADER.match(lines[index])
        if header is not None:
            table, _, below = _bare(header["name"]).partition(".")
            prefix = below if table in _TABLES else ""
            if prefix == wanted:
                return index
        else:
            key = _key(lines[index])
            if key is not None and wanted == (f"{prefix}.{key}" if prefix else key):
                return index
    return None


def _span(lines: list[str], entry: Entry | None) -> tuple[int, int]:
    """The lines of the head, or of one table with its sub-tables."""
    headers = {index: _bare(header["name"]) for index, line in enumerate(lines) if (header := _HEADER.match(line))}
    if entry is None:
        return 0, min(headers, default=len(lines))
    starts = [index for index, name in headers.items() if name == entry.table]
    if entry.number >= len(starts):  # written as an array of inline tables
        return next((index for index, line in enumerate(lines) if _key(line) == entry.table), 0), len(lines)
    first = starts[entry.number]
    return first, next((index for index, name in headers.items() if index > first and name in _TABLES), len(lines))


def _key(line: str) -> str | None:
    """The key that a line gives a value to: `"a" . b = 1` → "a.b"."""
    before, sign, _ = line.partition("=")
    return _bare(before) if sign and not before.lstrip().startswith("#") else None


def _bare(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.split("."))


def outside_of_long_strings(lines: list[str]) -> list[str]:
    """The lines with the inside of strings of several lines blanked: what looks like a key in there is none."""
    out: list[str] = []
    open_mark = ""
    for line in lines:
        if open_mark:
            _, closed, rest = line.partition(open_mark)
            out.append("")
            open_mark = "" if closed else open_mark
            line = rest if closed else ""  # noqa: PLW2901 - what follows the end may open the next
        else:
            out.append(line)
        for mark in ('"""', "'''"):
            if line.count(mark) % 2:
                open_mark = mark
    return out
