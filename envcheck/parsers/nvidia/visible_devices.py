"""What CUDA makes of CUDA_VISIBLE_DEVICES: entries up to the first that it cannot take; all behind that one is passed over.

"0,1" two cards by number · "GPU-5c4b,GPU-8a" by the beginning of their UUID · "MIG-…" parts of cards · "" and "-1" none
"1gpu2" is 1, as strtoul reads it · an entry that stands twice hides every card · numbers and UUIDs do not mix
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from envcheck.parsers.expression import regex

_QUOTES = "\"'\u201c\u201d\u2018\u2019"  # straight ones, and those of word processors
_NUMBER = regex(r"\s*[+-]?\d{1,9}")
_SEVERAL = regex(r"\s*[+-]?\d{1,9}\s*[\s;:|/&+]\s*\d")  # 0;1 and 0 1, of which CUDA reads the 0
_UUID = regex(r"(?:GPU|MIG)-[\w./-]{1,120}")
# What people and schedulers write where no card is to be seen.
_NONE = frozenset(("", "-1", "none", "nodevfiles", "void"))


@dataclass(frozen=True)
class VisibleDevices:
    """The entries that can be taken (numbers, or beginnings of UUIDs) and what ended the list, in words; "" where nothing did."""

    entries: tuple[int | str, ...]
    hides_all_on_purpose: bool = False
    stopped_at: str = ""
    fault: str = ""


def parse_visible_devices(value: str) -> VisibleDevices:
    """The value by itself, before it is held against cards."""
    if value.strip().lower() in _NONE:
        return VisibleDevices((), hides_all_on_purpose=True)
    entries: list[int | str] = []
    parts = value.split(",")
    by_name = parts[0].strip().startswith(("GPU-", "MIG-"))
    for part in parts[:1000]:
        taken = _uuid(part) if by_name else _number(part)
        if taken is None or (isinstance(taken, int) and taken < 0):
            return VisibleDevices(tuple(entries), not entries and taken == -1, part[:80], _fault(part, by_name=by_name))
        if taken in entries:
            return VisibleDevices((), stopped_at=part.strip()[:80], fault="it stands there twice, which hides every card")
        entries.append(taken)
        if not by_name and _SEVERAL.match(part):
            return VisibleDevices(tuple(entries), stopped_at=part.strip()[:80], fault="commas part numbers, and the first alone is read")
        if not by_name and not part.strip().isascii():
            return VisibleDevices(tuple(entries), stopped_at=part.strip()[:80], fault="only its first digits are read")
    return VisibleDevices(tuple(entries))


def _number(part: str) -> int | None:
    found = _NUMBER.match(part)
    return int(found[0]) if found and found[0].strip().isascii() else None


def _uuid(part: str) -> str | None:
    found = _UUID.match(part.strip())
    return found[0] if found else None


def _fault(part: str, *, by_name: bool) -> str:
    bare = part.strip()
    if not bare:
        return "it is empty"
    if re.fullmatch(r"-\d+", bare):
        return "it is negative"
    if bare[0] in _QUOTES:
        return "its quote marks are part of the value"
    if by_name or bare.startswith(("GPU-", "MIG-")):
        return "numbers and UUIDs do not mix"
    if re.match(r"(?:cuda|gpu)[:\s]?\d", bare, re.IGNORECASE):
        return "CUDA wants the bare number"
    return "it is no number"
