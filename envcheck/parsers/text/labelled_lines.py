"""Lines that give a value under a label, in whatever way reports set them and people paste them.

- `transformers` version: 4.38.2          torch cuda version ............... 11.7          PyTorch                 1.8.1 @/opt/env/torch
- **PyTorch Version:** 2.8.0+cu128        | Is CUDA available | False |                   "torch_version": "2.1.0",
1. Python version: 3.9.7                  tf.version.VERSION = 2.0.0                      gpu.name:                 Tesla P100-PCIE-16GB
"""

from __future__ import annotations

from collections.abc import Container
from functools import lru_cache

from envcheck.parsers.expression import regex

LONGEST = 600
_LONGEST_LABEL = 60
# What stands in front of a line, and is no part of it: a list's mark or number, a cell's border, a logger's own fields.
_FRONT = regex(r"^(?:[\s>*+|\u2022`-]|\d{1,2}[.)]\s){1,40}")
_LOGGER = regex(
    r"^(?:\d{2}:\d{2}:\d{2}(?:[-.,]\d{1,6})?\s{1,2}(?:\[?[A-Z]{4,8}\]?)\s{1,8}"
    r"|[-|\s]{0,3}[\w.]{1,40} [-|] (?:INFO|DEBUG|WARNING|ERROR) [-|] (?:[\w.]{1,40} \| )?|(?:INFO|DEBUG|WARNING|ERROR)[:\s-]{1,3})"
)
_GAP = regex(r"\s{2}|\t| ?\.{3}| = | \| ")
_FILL = " \t.=|:*`"
_AROUND_VALUE = " \t|,*`"
_NO_WORD = regex(r"[^a-z0-9]+$|^[^a-z0-9]+")
_DEVICES = regex(r"^gpu \d{1,3}(?:,\s?\d{1,3}){0,200}(?![\w.])")


def normal_label(label: str) -> str:
    """The label without its marks and in lower case: "**PyTorch version (GPU?)" → `pytorch version (gpu`; "GPU 0,1" → `gpu n`."""
    label = _NO_WORD.sub("", label.lower().replace("`", "").replace("*", "")).strip()
    return _DEVICES.sub("gpu n", label) if label.startswith("gpu ") else label


def without_logger(line: str) -> str:
    """A line of a log without the time, level and name that a logger puts before it."""
    found = _LOGGER.match(line)
    return line[found.end() :] if found else line


def split_label(line: str, known: Container[str]) -> tuple[str, str, str] | None:
    """The label in its normal form, the value, and the label as it stands; None where the line has no label of those that are known.

    A value is "" where it stands below its label.
    """
    return next((parts for parts in _parted(line) if parts[0] in known), None) if 2 < len(line) <= LONGEST else None


@lru_cache(maxsize=2000)  # of the same lines other readers ask with other labels
def _parted(line: str) -> tuple[tuple[str, str, str], ...]:
    line = without_logger(line)
    front = _FRONT.match(line)
    line = line[front.end() :] if front else line
    colon, gap = line.find(":"), _GAP.search(line)
    # The first that parts a label that is known: names hold colons, and values gaps.
    places = sorted({colon, gap.start() if gap else -1} - {-1})
    parts = ((normal_label(line[:place]), place) for place in places if place <= _LONGEST_LABEL)
    return tuple((label, _unquoted(line[place:].lstrip(_FILL).strip(_AROUND_VALUE)), line[:place]) for label, place in parts if label)


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value
