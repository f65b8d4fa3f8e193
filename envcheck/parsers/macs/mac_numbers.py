"""Numbers and sizes as macOS prints them in its user's language: `16 GB`, `16 Go`, `3,1 GHz`, `1.536 MB`, `16 ГБ`, `proc 12:0:8:4`."""

from __future__ import annotations

import re

from envcheck.parsers.expression import regex

_SIZE = regex(r"^\s*(?P<number>\d{1,9}(?:[.,\u066b]\d{1,3})?)\s*(?P<unit>[^\W\d_]{1,12})\.?\s*(?:[^\W\d_]{1,12})?$")
# By how the unit begins: GB, GiB, Go, Gt, ГБ, غيغابايت; the binary ones are meant, whatever the word.
_UNITS = (
    *(("k", 2**10), ("m", 2**20), ("g", 2**30), ("t", 2**40)),
    *(("\u043a", 2**10), ("\u043c", 2**20), ("\u0433", 2**30), ("\u0442", 2**40)),  # Cyrillic
    *(("\u0645", 2**20), ("\u063a", 2**30)),  # Arabic
)
_CORES = regex(r"^\s*(?:proc\s+)?(?P<total>\d{1,4})(?P<classes>(?::\d{1,4}){1,4})?\s*$")
_IN_WORDS = regex(r"^\s*(?P<total>\d{1,4})(?:\s*\((?P<classes>[^()]{1,120})\))?\s*$")


def parse_mac_size(words: str) -> int | None:
    """A size in bytes; None: it is none. macOS counts memory in units of 1024, however it calls them."""
    found = _SIZE.match(words.replace("\u202f", " ").replace("\xa0", " "))
    if found is None:
        return None
    unit = next((factor for begin, factor in _UNITS if found["unit"].lower().startswith(begin)), None)
    number, mark, part = re.sub("[,\u066b]", ".", found["number"]).partition(".")
    if unit is None:
        return None
    if mark and len(part) == 3 and int(number) > 0:  # a mark between thousands
        return int(number + part) * unit
    return int(float(f"{int(number)}.{int(part or '0'):0{len(part) or 1}d}") * unit)


def parse_core_count(words: object) -> tuple[int, int | None, int | None] | None:
    """All, performance and efficiency cores: of `proc 8:4:4`, `proc 12:0:8:4`, 6, `8 (4 performance and 4 efficiency)`.

    The first number is all of them, the last two are performance and efficiency.
    """
    if isinstance(words, int) and not isinstance(words, bool):
        return (words, None, None) if 0 < words < 10_000 else None
    if not isinstance(words, str):
        return None
    found = _CORES.match(words) or _IN_WORDS.match(words)
    if found is None:
        return None
    total = int(found["total"])
    classes = [int(number) for number in re.findall(r"\d{1,4}", found["classes"] or "")]
    if not total:
        return None
    if len(classes) >= 2 and sum(classes) == total:
        return total, classes[-2], classes[-1]
    return total, None, None
