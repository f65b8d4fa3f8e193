"""Files that conda writes of an environment, and reads to make one: `environment.yml`, `conda list --export`, `conda list --explicit`.

dependencies:                                        # platform: linux-64
  - pytorch=1.11.0=py3.8_cuda11.3_cudnn8.2.0_0       pytorch=1.11.0=py3.8_cuda11.3_cudnn8.2.0_0
  - pip:
    - transformers==4.19.2
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from envcheck.parsers.expression import regex

_LONGEST, _MOST = 300, 5000
_NAME = r"(?P<name>_?[A-Za-z0-9][A-Za-z0-9._-]{0,100})"
_BUILT = regex(rf"^\s*{_NAME}=(?P<version>\d[\w.!+]{{0,60}})=(?P<build>\w[\w.]{{0,100}})\s*$")
_PINNED = regex(rf"^\s*{_NAME}==(?P<version>\d[\w.!+-]{{0,60}})\s*$")
_URL = regex(
    rf"^\s*https?://\S{{1,200}}/(?:(?P<channel>[\w.-]{{1,60}})/)(?:linux|osx|win)-\w{{1,10}}/{_NAME}-(?P<version>\d[^-/\s]{{0,60}})-(?P<build>[\w.]{{1,100}}?)"
    r"\.(?:conda|tar\.bz2)(?:#\S{0,80})?\s*$"
)
_DEPENDENCIES = regex(r"^(?P<indent>\s*)dependencies:\s*$")
_ITEM = regex(r"^(?P<indent>\s*)- (?P<words>\S[^\n]{0,280}?)\s*$")
_PREFIX = regex(r"^\s*prefix: \S")
_EXPORTED = regex(r"^\s*# platform: (?P<platform>(?:linux|osx|win)-\w{1,10})\s*$")
_MADE = regex(r"\bconda env export\b|\bmamba env export\b")


class Entry(NamedTuple):
    """One package of such a file; `build` None: pip brought it."""

    name: str
    version: str
    build: str | None
    channel: str | None
    line: int


@dataclass
class CondaFile:
    """`is_state`: it was written of an environment that is there; else it says what somebody wants."""

    is_state: bool
    entries: list[Entry] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    platform: str = ""


def find_conda_files(lines: Sequence[str]) -> list[CondaFile]:
    """All such files of a text, whole or cut."""
    found: list[CondaFile] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        file = None
        if "dependencies:" in line and _DEPENDENCIES.match(line[:_LONGEST]):
            file = _yaml(lines, index)
        elif "# platform: " in line and _EXPORTED.match(line[:_LONGEST]):
            file = _export(lines, index)
        if file is not None and file.lines:
            found.append(file)
            index = file.lines[-1]
        index += 1
    return found


def _yaml(lines: Sequence[str], start: int) -> CondaFile:
    """The list below `dependencies:`. A build string is only in what conda has written, as is a prefix."""
    file = CondaFile(is_state=False, lines=[start])
    built = 0
    for index in range(start + 1, min(start + _MOST, len(lines))):
        line = lines[index][:_LONGEST]
        item = _ITEM.match(line)
        if item is None and line.strip() and not line.lstrip().startswith("#"):
            file.is_state = _PREFIX.match(line) is not None
            break
        file.lines.append(index)
        entry = _entry(item["words"], index) if item else None
        if entry is not None:
            built += entry.build is not None
            file.entries.append(entry)
    above = any(_MADE.search(line[:_LONGEST]) for line in lines[max(0, start - 12) : start])
    file.is_state = built > 0 and (file.is_state or above)
    return file


def _entry(words: str, index: int) -> Entry | None:
    found = _BUILT.match(words) or _PINNED.match(words)
    if found is None:
        return None
    build = found.groupdict().get("build")
    if build is not None and build.startswith("pypi"):
        build = None
    return Entry(found["name"], found["version"], build, None, index)


def _export(lines: Sequence[str], start: int) -> CondaFile:
    platform = _EXPORTED.match(lines[start][:_LONGEST])
    file = CondaFile(is_state=True, lines=[start], platform=platform["platform"] if platform else "")
    for index in range(start + 1, min(start + _MOST, len(lines))):
        line = lines[index][:_LONGEST]
        if not line.strip() or line.startswith(("#", "@EXPLICIT")):
            continue
        found = _BUILT.match(line) or _URL.match(line)
        if found is None:
            break
        file.lines.append(index)
        pypi = found["build"].startswith("pypi")
        channel = found.groupdict().get("channel")
        file.entries.append(Entry(found["name"], found["version"], None if pypi else found["build"], channel, index))
    return file
