"""The compute capability and the memory of an NVIDIA card, by the name that nvidia-smi and lspci print."""

import re
from functools import cache

import msgspec

from envcheck.knowledge.capability import Capability, parse_capability
from envcheck.knowledge.table import Confidence, Row, load
from envcheck.parsers.expression import regex


class Card(Row, frozen=True, kw_only=True):
    """One product, or several of one capability; `kind` is consumer, laptop, workstation, datacenter or jetson.

    `memory_gb` has the memory of every variant that is sold under the name, as the maker advertises it.
    """

    name: str
    pattern: str
    capability: str
    family: str
    kind: str
    memory_gb: tuple[int, ...]
    memory_confidence: Confidence
    memory_source: str

    @property
    def is_sure(self) -> bool:
        """Whether the capability may decide a finding."""
        return self.confidence is Confidence.HIGH

    @property
    def compute_capability(self) -> Capability:
        """As numbers."""
        parsed = parse_capability(self.capability)
        if parsed is None:
            raise ValueError(self.capability)
        return parsed


class _Table(msgspec.Struct, frozen=True):
    card: tuple[Card, ...]


# What of a pattern need not stand in a name as it is: groups, sets, classes, and characters that may be missing.
_LOOSE = regex(r"\([^()]*\)[?*]?|\[[^]]*\]|\\[a-z][+*?]?|\w[?*]")


def _word(pattern: str) -> str:
    r"""What stands in every name that the pattern matches, in lower case: to compile two hundred patterns takes longer than all else.

    `\bA100\b` → a100, `RTX\s+6000\s+Ada` → 6000, `GeForce RTX 3090(?! Laptop)\b` → geforce rtx 3090
    """
    certain = _LOOSE.sub("\n", pattern)
    return "" if "|" in certain else max(re.findall("[A-Za-z0-9 ]+", certain), key=len, default="").lower()


@cache
def _cards() -> tuple[tuple[str, Card], ...]:
    return tuple((_word(card.pattern), card) for card in load("nvidia_cards", _Table).card)


# People leave the family out, and blanks; the numbers that end in a tens of fifty and more are GeForce's alone: RTX 4000 is a Quadro.
_BARE = regex(r"(?<!GeForce )\b(?P<line>RTX|GTX)[ -]?(?P<number>[2-5]0[5-9]0|\d{3}|1[06]\d0)(?=\D|$)", re.IGNORECASE)
_CLOSE = regex(r"(?<=\d)(?=(?:Ti|SUPER)\b)", re.IGNORECASE)


@cache
def find_card(name: str) -> Card | None:
    """The product that a printed name means (`NVIDIA GeForce RTX 3090`, `A100-SXM4-40GB`), or one as people write it (`RTX3090`)."""
    name = _CLOSE.sub(" ", _BARE.sub(r"GeForce \g<line> \g<number>", name))
    words = name.lower()
    cards = (card for word, card in _cards() if word in words or not name.isascii())
    return next((card for card in cards if re.search(card.pattern, name, re.IGNORECASE)), None)
