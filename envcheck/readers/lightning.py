"""Lightning's bug report: its branches CUDA and System; the packages are read with those of other reports.

* CUDA:                                   (of 2020: cuda:)
        - GPU:
                - NVIDIA GeForce RTX 4090
        - available:         True
        - version:           11.8
* System:
        - OS:                Linux
        - processor:         x86_64
        - python:            3.6.9
"""

from collections.abc import Callable, Iterator

from envcheck.facts.claims import Claim, Evidence
from envcheck.parsers.expression import regex
from envcheck.readers import reported_values as values
from envcheck.readers.interface import Text

_BRANCH = regex(r"^[\s>]{0,20}(?:[*-] )?(?P<name>CUDA|System|cuda|system):\s*$")
_LEAF = regex(r"^\s*(?:[-*] )?(?P<name>GPU|available|version|OS|architecture|processor|python|release):\s*(?P<value>.*?)\s*$")
_CARD = regex(r"^\s*(?:[-*] )?(?P<name>[A-Z][^:\n]{2,80}?)\s*$")
_MAX_LINES = 80


class LightningReader:
    """Reads the branches that are no lists of packages."""

    name = "Lightning's report"

    def recognises(self, text: Text) -> bool:
        """By a branch with one of its leaves right below it."""
        return any(True for _ in _claims(text))

    def read(self, text: Text) -> Evidence:
        """Cards, the CUDA of the build and whether it was reached, the system."""
        evidence = Evidence(claims=list(_claims(text)))
        if any(claim.fact.startswith("accelerators") for claim in evidence.claims):
            evidence.observed["accelerators"] = "partial"
        return evidence


def _claims(text: Text) -> Iterator[Claim]:
    for index in text.with_words("cuda:", "system:"):
        branch = _BRANCH.match(text.lines[index])
        below = next((line for line in text.lines[index + 1 : index + 3] if line.strip()), "") if branch else ""
        if branch and _LEAF.match(below):
            leaves = list(_leaves(index, text))
            names = {name for name, _, _ in leaves}
            if branch["name"].lower() == "cuda" and {"available", "GPU"} & names:
                yield from _of_cuda(leaves, text)
            elif branch["name"].lower() == "system" and {"architecture", "processor"} & names:
                yield from _of_system(leaves, text)


def _leaves(branch: int, text: Text) -> Iterator[tuple[str, str, int]]:
    """The leaves with their values; cards stand one to a line below GPU, each with the name "card" here."""
    in_cards = False
    for index in range(branch + 1, min(branch + _MAX_LINES, len(text.lines))):
        line = text.lines[index]
        leaf = _LEAF.match(line)
        if leaf:
            in_cards = leaf["name"] == "GPU"
            yield leaf["name"], leaf["value"], index
        elif _BRANCH.match(line) or line.rstrip().endswith(":"):
            return
        elif in_cards and (card := _CARD.match(line)):
            yield "card", card["name"], index


def _of_cuda(leaves: list[tuple[str, str, int]], text: Text) -> Iterator[Claim]:
    number = 0
    for name, value, index in leaves:
        if name == "card":
            yield from (text.claim(fact, said, index) for fact, said in values.card(value, number))
            number += 1
        elif name == "available":
            yield from (text.claim(fact, said, index) for fact, said in values.truth("builds[torch].cuda_available")(value))
        elif name == "version":
            yield from (text.claim(fact, said, index) for fact, said in values.torch_cuda(value))


_OF_SYSTEM: dict[str, Callable[[str], Iterator[values.Fact]]] = {
    "OS": values.os_name,
    "processor": values.machine,
    "python": values.python,
    "release": values.kernel,
}


def _of_system(leaves: list[tuple[str, str, int]], text: Text) -> Iterator[Claim]:
    for name, value, index in leaves:
        if name in _OF_SYSTEM:
            yield from (text.claim(fact, said, index) for fact, said in _OF_SYSTEM[name](value))
