"""What a reader of pasted text is: one file per format, each taking the lines that it understands."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.parsers.containers.container_commands import ContainerCommand, find_container_commands


@dataclass
class Text:
    """A cleaned text, line by line; `taken` are the indices of lines that a reader has understood wholly, for others to pass over.

    `places` says of lines whether they were printed on a host or in a container, where the text shows both.
    """

    lines: Sequence[str]
    source: str = "report"
    taken: set[int] = field(default_factory=set)
    places: Mapping[int, str] = field(default_factory=dict)

    @cached_property
    def container_commands(self) -> dict[int, tuple[ContainerCommand, int]]:
        """Commands that start or enter a container, by the line they begin in, with their number of lines."""
        return find_container_commands(self.lines)

    def at(self, index: int) -> str:
        """Where a line is, for people: `report line 14`."""
        return f"{self.source} line {index + 1}"

    def claim(self, fact: str, value: Any, index: int, trust: Trust = Trust.PRINTED) -> Claim:
        """A claim that was read in that line."""
        return Claim(fact, value, self.at(index), trust, self.places.get(index, ""))


class Reader(Protocol):
    """One format. Readers are asked in the order of their registration; what one has taken the others need not look at."""

    name: str

    def recognises(self, text: Text) -> bool:
        """Whether there is anything of this format in the text; cheap, and never wrong about what is not there."""

    def read(self, text: Text) -> Evidence:
        """The facts in the lines of this format. Adds to `text.taken` those in which nothing else can stand."""


_GAP = re.compile(r"\s{3,}")


def with_short_gaps(line: str) -> str:
    """The line with at most two blanks in a row: over more of them an expression tries every way to share them out."""
    return _GAP.sub("  ", line)
