"""The kernel's loaded modules, from lsmod and /proc/modules.

Module                  Size  Used by
nvidia_drm             57344  0
nvidia              35315712  1 nvidia_modeset
nvidia 35315712 1 nvidia_modeset, Live 0x0000000000000000 (POE)           in /proc/modules
"""

from __future__ import annotations

import re

from envcheck.parsers.expression import regex

_HEADER = regex(r"^\s*Module\s+Size\s+Used by\b", words=("used by",))
_ROW = regex(r"^\s*(?P<name>[A-Za-z][\w-]{1,63})\s+(?P<size>\d{3,10})\s+(?P<uses>-?\d{1,6})(?:\s+(?P<users>[\w,.\[\]-]{1,4000}))?\s*$")
_LIVE = regex(r"^(?P<name>[A-Za-z]\w{1,63}) (?P<size>\d{3,10}) -?\d{1,6} \S{1,4000} (?:Live|Loading|Unloading) 0x[0-9a-f]+", words=("0x",))
# A module is a number of pages long; other tables of words and numbers are not.
_LEAST_SIZE = 4096
# No running system of a distribution has fewer; a list that somebody searched has.
_LEAST_OF_WHOLE = 20


class Modules:
    """What was found: names as printed, the indices of their lines, and whether the whole list is there."""

    __slots__ = ("lines", "names", "whole")

    def __init__(self) -> None:
        self.names: list[str] = []
        self.lines: list[int] = []
        self.whole = False


def parse_lsmod(lines: list[str]) -> Modules:
    """The modules of all lists in a text.

    Rows count below their header, or in one of the driver families where the header is cut off. A list is whole that has its header
    and as many rows as a running system has.
    """
    found = Modules()
    below, rows, seen = False, 0, set()
    for number, line in enumerate(lines):
        if "Used by" in line and _HEADER.match(line):
            below, rows = True, 0
            found.lines.append(number)
            continue
        live = _LIVE.match(line) if "ing 0x" in line or "Live 0x" in line else None
        if not (below or live or line.lstrip().startswith(_FAMILIES)):
            continue
        row = _ROW.match(line) or live
        if row is not None and (below or live or _is_certain(row)):
            rows += 1
            found.lines.append(number)
            name = row.group("name").replace("-", "_")
            if name not in seen:
                seen.add(name)
                found.names.append(name)
            found.whole = found.whole or (below and rows >= _LEAST_OF_WHOLE)
        elif line.strip():
            below = False
    return found


_FAMILIES = ("nvidia", "nouveau", "nvgpu", "amdgpu", "radeon", "amdkfd", "i915", "xe", "drm", "habanalabs", "gdrdrv")


def _is_certain(row: re.Match[str]) -> bool:
    """A row without its header, as grep leaves it: a module of a driver, and of a size that a module can have."""
    return row.group("name").startswith(_FAMILIES) and int(row.group("size")) >= _LEAST_SIZE
