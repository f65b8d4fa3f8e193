"""Sizes of memory as programs print them: `81559 MiB`, `196592 MB`, `32768.00 MiB`, `64M`, `8g`, `2048,00M`.

Whatever the unit is called, a power of 1024 is meant: drivers, container engines and df all count so.
"""

from __future__ import annotations

import re

from envcheck.parsers.expression import regex

_SIZE = regex(r"(?P<whole>\d{1,17})(?:[.,](?P<part>\d{1,6}))?\s{0,4}(?P<unit>[KMGT]i?B?|B)?", re.IGNORECASE)
_FACTORS = {"b": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}


def parse_size(words: str, unit: str = "") -> int | None:
    """The bytes; `unit` is that of a bare number, as a column's heading gives it. None: it is no size, or nobody says in what unit."""
    found = _SIZE.fullmatch(words.strip())
    counted_in = (found["unit"] or unit)[:1].lower() if found else ""
    if found is None or counted_in not in _FACTORS:
        return None
    factor = _FACTORS[counted_in]
    return int(found["whole"]) * factor + int(float("0." + (found["part"] or "0")) * factor)
