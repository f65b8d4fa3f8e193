"""What `free` prints of the memory: `free -h`, `free -m`, and those before 2014, which had no column of what is available.

               total        used        free      shared  buff/cache   available
Mem:            31Gi        12Gi       1.2Gi       300Mi        18Gi        18Gi
Swap:          2.0Gi          0B       2.0Gi
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from envcheck.parsers.expression import regex
from envcheck.parsers.text.sizes import parse_size

_HEADER = regex(r"^\s*total\s+used\s+free\s+shared\b(?P<rest>.*)$")
_ROW = regex(r"^\s*(?P<name>Mem|Swap):\s+(?P<numbers>\d[\d.,]{0,12}[BKMGT]?i?B?(?:\s+\d[\d.,]{0,12}[BKMGT]?i?B?){1,6})\s*$")
_ASKED = regex(r"(?:^|[\s$#%>])free(?P<options>(?:\s+-{1,2}[\w-]{1,10}(?:[ =]\d{1,4})?){0,4})\s*(?:\||$)")
_UNITS = (("b", "b"), ("k", "k"), ("m", "m"), ("g", "g"), ("t", "t"))
_REACH, _LONGEST = 3, 300
# Without a unit kibibytes are meant, where nothing was asked for; no machine has so few of them.
_FEWEST_KIB = 200_000
_MOST_KIB = 2 * 2**30


class FreeMemory(NamedTuple):
    """Bytes; None: it is not told."""

    total: int
    available: int | None
    swap: int | None
    lines: tuple[int, ...]


def parse_free_memory(lines: Sequence[str]) -> FreeMemory | None:
    """The first such output."""
    for index, line in enumerate(lines):
        header = _HEADER.match(line) if "total" in line and len(line) <= _LONGEST else None
        if header is None:
            continue
        rows = {}
        for at in range(index + 1, min(index + 5, len(lines))):
            row = _ROW.match(lines[at]) if len(lines[at]) <= _LONGEST else None
            if row:
                rows[row["name"]] = at, row["numbers"].split()
        if "Mem" not in rows:
            continue
        unit = _unit(lines, index) or _unit_by_size(rows["Mem"][1])
        at, numbers = rows["Mem"]
        total = _size(numbers[0], unit)
        if not total:
            continue
        available = _size(numbers[-1], unit) if header["rest"].rstrip().endswith("available") and len(numbers) > 5 else None
        swap = _size(rows["Swap"][1][0], unit) if "Swap" in rows else None
        return FreeMemory(total, available, swap, (index, *(where for where, _ in rows.values())))
    return None


def _unit(lines: Sequence[str], header: int) -> str:
    """That of bare numbers, by the command; empty: none is in sight."""
    for at in range(header - 1, max(-1, header - 1 - _REACH), -1):
        asked = _ASKED.search(lines[at].rstrip()) if "free" in lines[at] and len(lines[at]) <= _LONGEST else None
        if asked:
            options = asked["options"].replace("-w", "")
            return next((unit for letter, unit in _UNITS if re.search(rf"-\w?{letter}|--{letter}", options)), "k")
    return ""


def _unit_by_size(numbers: Sequence[str]) -> str:
    """Bytes where kibibytes would be more than machines have: the kernel counts whole kibibytes, so that all are multiples of 1024."""
    whole = [int(number) for number in numbers if number.isdigit()]
    return "b" if whole and len(whole) == len(numbers) and whole[0] > _MOST_KIB and all(number % 1024 == 0 for number in whole) else ""


def _size(words: str, unit: str) -> int | None:
    if not words.replace(".", "").isdigit():
        return parse_size(words)
    number = int(words.partition(".")[0])
    if not unit:
        return number * 1024 if number == 0 or number >= _FEWEST_KIB else None
    return parse_size(words, unit)
