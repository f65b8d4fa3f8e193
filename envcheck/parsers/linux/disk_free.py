"""What `df` prints: the volumes with their sizes, in blocks or in the units of `df -h`, whole, filtered, or broken by a long name.

Filesystem      Size  Used Avail Use% Mounted on                Filesystem     Type  1K-blocks      Used Available Use% Mounted on
/dev/nvme0n1p2  468G  468G     0 100% /                         /dev/sda1      ext4  102687672 102671288         0 100% /
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from envcheck.parsers.expression import regex
from envcheck.parsers.text.sizes import parse_size

_NUMBER = r"\d{1,15}(?:[.,]\d{1,3})?[KMGTP]?i?B?"
# macOS counts inodes behind the percentage.
_ROW = regex(
    rf"^\s*(?:(?P<device>\S{{1,200}})\s+)?(?:(?P<type>[a-z][\w.-]{{1,20}})\s+)?(?P<size>{_NUMBER})\s+(?P<used>{_NUMBER})\s+(?P<free>-?{_NUMBER})\s+"
    rf"(?P<percent>\d{{1,3}}%|-)\s+(?:[\d.]{{1,20}}[KMG]?\s+[\d.]{{1,20}}[KMG]?\s+\d{{1,3}}%\s+)?(?P<mount>/\S{{0,200}})\s*$"
)
_HEADER = regex(r"^\s*Filesystem\s+(?:Type\s+)?(?:(?P<block>1K|1M|1G|512|1024|1B)-blocks|Size)\b")
_BLOCKS = {"1K": 1024, "1M": 2**20, "1G": 2**30, "512": 512, "1024": 1024, "1B": 1}
_LONGEST = 400


class Volume(NamedTuple):
    """One row; sizes in bytes."""

    device: str
    type: str
    mount: str
    total: int
    free: int
    line: int


def parse_disk_free(lines: Sequence[str]) -> list[Volume]:
    """The rows of all such outputs; a row of bare numbers counts only below a heading that says what a block is."""
    found: list[Volume] = []
    block, before = 0, ""
    for index, line in enumerate(lines):
        if len(line) > _LONGEST:
            continue
        header = _HEADER.match(line) if "Filesystem" in line else None
        if header:
            block = _BLOCKS[header["block"]] if header["block"] else 0
            continue
        row = _ROW.match(line) if "% " in line and "/" in line else None
        if row:
            total, free = (_bytes(row[column], block) for column in ("size", "free"))
            if total and free is not None:
                device = row["device"] or before.strip()
                found.append(Volume(device, row["type"] or "", row["mount"], total, free, index))
        before = line if " " not in line.strip() else ""
    return found


def _bytes(words: str, block: int) -> int | None:
    """`468G`, `0` of `df -h`, or a number of blocks."""
    if words.lstrip("-") == "0" or words.startswith("-"):
        return 0
    if not words.isdigit():
        return parse_size(words)
    return int(words) * block if block else None
