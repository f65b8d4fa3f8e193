"""What `nvcc --version` prints.

nvcc: NVIDIA (R) Cuda compiler driver
Cuda compilation tools, release 12.6, V12.6.85
Build cuda_12.6.r12.6/compiler.34714021_0
"""

from __future__ import annotations

import re

from envcheck.parsers.expression import regex

_LONGEST = 400
_RELEASE = regex(
    r"\bCuda compilation tools, release (?P<release>\d{1,2}\.\d{1,2})(?:, V(?P<version>\d{1,2}\.\d{1,2}\.\d{1,4}))?", re.IGNORECASE
)
_OTHERS = regex(
    r"^\s*(?:nvcc: NVIDIA \(R\) Cuda compiler driver|Copyright \(c\) \d{4}-\d{4} NVIDIA Corporation|Built on \S+|Build cuda_\d\S*)\s*$",
    re.IGNORECASE,
)


class Nvcc:
    """A compiler: `version` has three parts, or two where the line was cut; `line` is where it stands."""

    __slots__ = ("line", "version")

    def __init__(self, version: str, line: int) -> None:
        self.version = version
        self.line = line


def parse_nvcc(lines: list[str]) -> list[Nvcc]:
    """Every answer of nvcc's in a text."""
    found = []
    for number, line in enumerate(lines):
        answer = _RELEASE.search(line) if len(line) <= _LONGEST and "release" in line.lower() else None
        if answer is not None:
            found.append(Nvcc(answer.group("version") or answer.group("release"), number))
    return found


def is_of_nvcc(line: str) -> bool:
    """Whether a line is one of those around the version."""
    return len(line) <= _LONGEST and _OTHERS.match(line) is not None
