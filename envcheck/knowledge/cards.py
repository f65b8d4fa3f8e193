"""The compute capability and the memory of an NVIDIA card, by the name that nvidia-smi and lspci print."""

import re
from functools import cache

import msgspec

from envcheck.knowledge.capability import Capability, parse_capability
from envcheck.knowledge.table import Confidence, Row, load


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


@cache
def _cards() -> tuple[Card, ...]:
    return load("nvidia_cards", _Table).card


@cache
def find_card(name: str) -> Card | None:
    """The product that a printed name means (`NVIDIA GeForce RTX 3090`, `Tesla T4`, `A100-SXM4-40GB`)."""
    return next((card for card in _cards() if re.search(card.pattern, name, re.IGNORECASE)), None)
