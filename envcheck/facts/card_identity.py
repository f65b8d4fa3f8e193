"""Which claims speak of the same card, and what number it has.

Sources name a card as they can: `accelerators[nvidia:0]` by the number of its maker's tool, `accelerators[0000:3b:00.0]` by its place
on the PCI bus, `accelerators[GPU-5c4b…]` by its UUID, and plain `accelerators[0]` where a text only counts. Whatever a claim says
of address and UUID links those names; a card that is only numbered and one that is only placed are one, in order, where a maker's
cards are otherwise told twice.
"""

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from envcheck.facts.card_names import mean_the_same
from envcheck.parsers.expression import regex
from envcheck.parsers.pci.pci_address import same_form

if TYPE_CHECKING:
    from envcheck.facts.claims import Claim, Evidence

_FACT = regex(r"accelerators\[([^\]]*)\](.*)$", re.DOTALL)
_NUMBERED = regex(r"(?:([a-z]+):)?(\d{1,4})$")
# NVIDIA's cards keep the numbers of nvidia-smi, so that they come first.
_FIRST = "nvidia"
_BACKENDS = {"cuda": "nvidia", "rocm": "amd", "metal": "apple", "xpu": "intel", "tpu": "google"}


class _Card(msgspec.Struct):
    """One card under all of its names."""

    keys: list[str]
    vendor: str = ""
    number: int | None = None  # that of its maker's tool
    address: str | None = None
    uuid: str | None = None
    order: int = 0

    def take(self, other: "_Card") -> None:
        self.keys += other.keys
        self.vendor = self.vendor or other.vendor
        self.number = other.number if self.number is None else self.number
        self.address = self.address or other.address
        self.uuid = self.uuid or other.uuid
        self.order = min(self.order, other.order)


def number_cards(evidence: "Evidence") -> None:
    """Gives every card of the evidence its number in the snapshot: in claims, and in what is listed as unknown."""
    cards = _united(_cards(evidence.claims))
    if not cards:
        return
    numbers = _numbers(cards)
    index_of = {key: index for card, index in zip(cards, numbers, strict=True) for key in card.keys}
    evidence.claims = [_renamed(claim, index_of) for claim in _one_name(_one_spelling(evidence.claims, index_of), index_of)]
    for place, unknown in enumerate(evidence.unknown):
        key = _key_of(unknown.fact) or ""
        if key in index_of:
            evidence.unknown[place] = msgspec.structs.replace(unknown, fact=_with_key(unknown.fact, index_of[key]))


def _key_of(fact: str) -> str | None:
    found = _FACT.match(fact)
    return found[1] if found else None


def _with_key(fact: str, index: int) -> str:
    found = _FACT.match(fact)
    return f"accelerators[{index}]{found[2]}" if found else fact


def _said(claim: "Claim") -> Mapping[str, Any]:
    """What a claim says of its card: several fields, or the one that its path ends in."""
    found = _FACT.match(claim.fact)
    if found is None:
        return {}
    if isinstance(claim.value, Mapping):
        return claim.value
    return {found[2].lstrip("."): claim.value}


def _cards(claims: Iterable["Claim"]) -> list[_Card]:
    by_key: dict[str, _Card] = {}
    for claim in claims:
        key = _key_of(claim.fact)
        if key is None:
            continue
        card = by_key.setdefault(key, _Card([key], order=len(by_key)))
        said = _said(claim)
        card.vendor = card.vendor or _text(said.get("vendor")) or _BACKENDS.get(_text(said.get("backend")), "")
        card.address = card.address or same_form(_text(said.get("pci_address")))
        card.uuid = card.uuid or _text(said.get("uuid")) or None
    for key, card in by_key.items():
        _read_key(key, card)
    return list(by_key.values())


def _read_key(key: str, card: _Card) -> None:
    numbered = _NUMBERED.match(key)
    if numbered:
        card.vendor = numbered[1] or card.vendor
        card.number = int(numbered[2])
    elif same_form(key):
        card.address = card.address or same_form(key)
    elif key:
        card.uuid = card.uuid or key


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _united(cards: list[_Card]) -> list[_Card]:
    for name in ("uuid", "address", "number"):
        cards = _joined_by(name, cards)
    return _joined_in_order(cards)


def _joined_by(name: str, cards: list[_Card]) -> list[_Card]:
    kept: list[_Card] = []
    known: dict[tuple[str, object], _Card] = {}
    for card in cards:
        value = getattr(card, name)
        identity = ((card.vendor if name == "number" else ""), value)
        other = known.get(identity) if value is not None else None
        if other is not None and not _differ(other, card):
            other.take(card)
            continue
        kept.append(card)
        if value is not None:
            known.setdefault(identity, card)
    return kept


def _differ(one: _Card, other: _Card) -> bool:
    """Two places on the bus, or two UUIDs, are two cards, whatever their numbers."""
    return any(
        getattr(one, name) is not None and getattr(other, name) is not None and getattr(one, name) != getattr(other, name)
        for name in ("address", "uuid")
    )


def _joined_in_order(cards: list[_Card]) -> list[_Card]:
    """The numbered cards of a maker without a place take the places that no numbered one has, or else the names without a place."""
    gone: set[int] = set()
    for vendor in {card.vendor for card in cards}:
        own = [card for card in cards if card.vendor == vendor]
        numbered = sorted((card for card in own if card.number is not None and card.address is None), key=lambda card: card.number or 0)
        placed = sorted((card for card in own if card.number is None and card.address is not None), key=lambda card: card.address or "")
        named = [card for card in own if card.number is None and card.address is None and card.uuid is not None]
        free = [card for card in numbered[len(placed) :] if card.uuid is None]
        for one, other in (*zip(numbered, placed, strict=False), *zip(free, named, strict=False)):
            one.take(other)
            gone.add(id(other))
    return [card for card in cards if id(card) not in gone]


def _numbers(cards: list[_Card]) -> list[int]:
    """NVIDIA's own numbers for NVIDIA's cards where each is there once, the next free ones for the rest."""
    taken: set[int] = set()
    numbers: dict[int, int] = {}
    for card in sorted(cards, key=_rank):
        wanted = card.number if card.vendor in (_FIRST, "") else None
        if wanted is None or wanted in taken:
            wanted = next(number for number in range(len(cards) + len(taken) + 1) if number not in taken)
        taken.add(wanted)
        numbers[id(card)] = wanted
    return [numbers[id(card)] for card in cards]


def _rank(card: _Card) -> tuple[bool, bool, int, str, int]:
    """NVIDIA's numbered cards first, so that nobody else has taken their numbers; then by number, place, and order of appearance."""
    return card.vendor != _FIRST, card.number is None, card.number or 0, card.address or "", card.order


def _one_spelling(claims: Iterable["Claim"], index_of: Mapping[str, int]) -> Iterable["Claim"]:
    """The claims, without the second spelling of an address: it is no contradiction."""
    spelt: dict[tuple[int, str], str] = {}
    for claim in claims:
        index = index_of.get(_key_of(claim.fact) or "")
        address = _text(_said(claim).get("pci_address"))
        form = same_form(address) if index is not None else None
        if index is None or form is None:
            yield claim
            continue
        first = spelt.setdefault((index, form), address)
        if first == address:
            yield claim
        elif isinstance(claim.value, Mapping):
            yield replace(claim, value={**claim.value, "pci_address": first})


def _one_name(claims: Iterable["Claim"], index_of: Mapping[str, int]) -> Iterable["Claim"]:
    """The claims, without what says a card's name in other words than the most trusted of them: lspci's, or one that was cut."""
    told = list(claims)
    first: dict[tuple[int, str], str] = {}
    for claim in sorted(told, key=lambda claim: -claim.trust):
        index, name = index_of.get(_key_of(claim.fact) or ""), _text(_said(claim).get("name"))
        if index is not None and name:
            first.setdefault((index, claim.scope), name)
    for claim in told:
        index, name = index_of.get(_key_of(claim.fact) or ""), _text(_said(claim).get("name"))
        best = first.get((index, claim.scope), name) if index is not None else name
        if name == best or not mean_the_same(name, best):
            yield claim
        elif isinstance(claim.value, Mapping):
            yield replace(claim, value={key: value for key, value in claim.value.items() if key != "name"})


def _renamed(claim: "Claim", index_of: Mapping[str, int]) -> "Claim":
    key = _key_of(claim.fact) or ""
    return claim if key not in index_of else replace(claim, fact=_with_key(claim.fact, index_of[key]))
