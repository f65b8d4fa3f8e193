"""What pip and uv say that they have put into an environment, taken out of it, and found in it, in the order in which they did it.

Successfully installed torch-2.3.1+cu121 numpy-1.26.4        Found existing installation: torch 2.0.1
Requirement already satisfied: torch in /venv/lib/python3.10/site-packages (from xformers) (2.3.0+cu118)
 - torch==2.4.0        + torch==2.5.1+cu124                  below uv's "Installed 2 packages in 80ms"
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from envcheck.parsers.expression import regex

_NAME = r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]{0,100}?)"
_VERSION = r"(?P<version>\d[\w.+!]{0,80})"
_INSTALLED = regex(r"(?:^|[\s>])Successfully installed (?P<rest>[A-Za-z0-9][^\n]*)$")
_PACKED = regex(r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]{0,100})-(?P<version>\d[\w.+!]{0,80})")
_SATISFIED = regex(
    rf"(?:^|\s)Requirement already (?:satisfied|up-to-date)(?: \(use --upgrade to upgrade\))?: {_NAME}(?:\[[^\]\n]{{1,80}}\])?"
    rf"(?:[=<>!~][^\s]{{1,100}}|===?\S{{1,60}})? in (?P<place>[^()\n]{{1,300}}?)"
    rf"(?: \(from [^()\n]{{1,600}}(?:\([^()\n]{{0,200}}\)[^()\n]{{0,200}}){{0,3}}\))?"
    rf" \({_VERSION}\)\s*$"
)
_FOUND = regex(rf"(?:^|\s)Found existing installation: {_NAME} {_VERSION}\s*$")
_REMOVED = regex(r"(?:^|\s)Successfully uninstalled (?P<name>[A-Za-z0-9][A-Za-z0-9._-]{0,100}?)-(?P<version>\d[\w.+!]{0,80})\s*$")
_ROLLED_BACK = regex(rf"^\s*Rolling back uninstall of {_NAME}\s*$")
_OF_UV = regex(r"^\s*(?:Installed|Uninstalled|Audited|Prepared|Resolved) \d{1,5} packages? in ")
_CHANGED = regex(rf"^\s*(?P<sign>[-+~]) {_NAME}=={_VERSION}(?: \(from [^()\n]{{1,300}}\))?\s*$")
_MARKS = ("Successfully ", "Requirement already ", "Found existing installation", "Rolling back", "nstalled ")
_PIECE = regex(r"[\w.+!-]+")
_MOST_WRAPPED = 40
_LONGEST = 20_000


class Step(NamedTuple):
    """The version that a distribution has after a line of the log, None where it is there no more; `place` is the folder it lies in."""

    name: str
    version: str | None
    line: int
    place: str | None = None


def is_install_log(lines: Sequence[str]) -> bool:
    """Whether there may be such lines, told by a literal of each."""
    return any(mark in line for line in lines for mark in _MARKS)


def parse_install_log(lines: Sequence[str]) -> tuple[list[Step], set[int]]:
    """The steps in their order, and the lines that they were read in."""
    steps: list[Step] = []
    taken: set[int] = set()
    removed: dict[str, str] = {}
    listing = False
    for index, line in enumerate(lines):
        if listing and (changed := _CHANGED.match(line)):
            steps.append(Step(_normal(changed["name"]), None if changed["sign"] == "-" else changed["version"], index))
            taken.add(index)
            continue
        listing = "nstalled " in line and _OF_UV.match(line) is not None
        if not any(map(line.__contains__, _MARKS)) or len(line) > _LONGEST:
            continue
        installed = _INSTALLED.search(line) if "Successfully installed" in line else None
        if installed:
            count, words = _unwrapped(lines, index, installed["rest"])
            taken.update(range(index, index + count))
            steps += [Step(_normal(packed["name"]), packed["version"], index) for word in words if (packed := _PACKED.fullmatch(word))]
            continue
        for step in _one(line[:2000], index, removed):
            steps.append(step)
            taken.add(index)
    return steps, taken


def _one(line: str, index: int, removed: dict[str, str]) -> Iterator[Step]:
    """What one line says of one distribution; `removed` remembers what pip may put back."""
    gone, back = _REMOVED.search(line), _ROLLED_BACK.match(line)
    there = _FOUND.search(line) if "Found existing" in line else _SATISFIED.search(line) if "already" in line else None
    if gone:
        removed[_normal(gone["name"])] = gone["version"]
        yield Step(_normal(gone["name"]), None, index)
    elif back and _normal(back["name"]) in removed:
        yield Step(_normal(back["name"]), removed[_normal(back["name"])], index)
    elif there:
        yield Step(_normal(there["name"]), there["version"], index, there.groupdict().get("place"))


def _unwrapped(lines: Sequence[str], index: int, rest: str) -> tuple[int, list[str]]:
    """How many lines the list has that a terminal has broken, within a word or between two, and its words."""
    words, count = rest.split(), 1
    for line in lines[index + 1 : index + _MOST_WRAPPED]:
        following = line.split()
        if not following or not _continues(words[-1], following):
            break
        if not (_PACKED.fullmatch(words[-1]) and _PACKED.fullmatch(following[0])):
            words[-1] += following.pop(0)
        words += following
        count += 1
    return count, words


def _continues(last: str, following: list[str]) -> bool:
    """Whether a line is the rest of the list: all its words but a broken first and last one are packages with versions."""
    first, *others = following
    whole = _PACKED.fullmatch(last) is not None and _PACKED.fullmatch(first) is not None
    joined = _PACKED.fullmatch(last + first) is not None and (not _PACKED.fullmatch(last) or not first[:1].isalpha())
    inner = all(_PACKED.fullmatch(word) for word in others[:-1])
    return (whole or joined) and inner and (not others or _PIECE.fullmatch(others[-1]) is not None)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
