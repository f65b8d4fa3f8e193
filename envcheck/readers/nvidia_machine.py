"""The cards of one machine out of several outputs of nvidia-smi: what the outputs have in lists is put together here.

An output whose cards are others (another place, another UUID, another name under the same number) is of another machine, or was printed
where other cards are seen: its cards are left out, so that no card gets the facts of two. What was said first stands.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from envcheck.parsers.nvidia.nvidia_smi_csv import AppsLog
from envcheck.parsers.nvidia.nvidia_smi_log import Card, Log, card_key
from envcheck.parsers.pci.pci_address import same_form

# What changes while one looks: of these the first word is the whole word, and a later one is no contradiction.
MOVING = frozenset((
    "memory_used_bytes", "memory_free_bytes", "temperature_c", "power_w", "power_limit_w", "throttle_reasons", "ecc_errors", "persistence",
    "compute_mode", "state",
))  # fmt: skip
LISTS = ("processes", "mig_devices")


class NvidiaMachine:
    """The cards seen so far."""

    def __init__(self) -> None:
        self.cards: list[Card] = []
        self.lists: dict[int, dict[str, list[dict[str, Any]]]] = {}  # by the place in `cards`
        self._known: dict[tuple[str, object], int] = {}
        self._keys: set[str | None] = set()
        self._driver: str | None = None  # of the first output with cards

    def take(self, log: Log) -> list[tuple[Card, dict[str, object]]]:
        """The cards of the output with those of their facts that are to be claimed; none, where it is of another machine."""
        places = self._places(log)
        if places is None or self._has_other_driver(log):
            return []
        taken = []
        for card, place in zip(log.cards, places, strict=True):
            told = self._merge(card, place)
            key = card_key(card)
            if told or key not in self._keys:
                taken.append((card, told))
            self._keys.add(key)
        return taken

    def _has_other_driver(self, log: Log) -> bool:
        """A machine has one driver: with another it is another machine of the same cards, or this one at another time."""
        if log.cards and self._driver is None:
            self._driver = log.driver_version
        return log.driver_version is not None and self._driver is not None and log.driver_version != self._driver

    def _places(self, log: Log) -> list[int | None] | None:
        """For each card the known one that it is; None in place of them: they cannot be of this machine."""
        if not self.cards:
            return [None] * len(log.cards)
        places = [self._place(card) for card in log.cards]
        lost = log.form == "lost" or self._only_lost()
        if (
            not lost
            and all(place is None for place in places)
            and len(log.cards) == len(self.cards)
            and not _placed_both(self.cards, log.cards)
        ):
            places = _in_order(log.cards, self.cards)
        for card, place in zip(log.cards, places, strict=True):
            if place is not None and _differ(self.cards[place], card):
                return None
        strangers = all(place is None for place in places)
        if strangers and not lost and (_placed_both(self.cards, log.cards) or not self._names_meet(log.cards)):
            return None
        return places

    def _only_lost(self) -> bool:
        return all(card.facts.get("state") in ("lost", "denied") for card in self.cards)

    def _place(self, card: Card) -> int | None:
        return next((self._known[identity] for identity in _identities(card) if identity in self._known), None)

    def _names_meet(self, cards: Sequence[Card]) -> bool:
        return any(_same_name(one, other) for one in self.cards for other in cards)

    def _merge(self, card: Card, place: int | None) -> dict[str, object]:
        told = {fact: value for fact, value in card.facts.items() if fact not in LISTS}
        if place is None:
            known = Card(card.line, card.index)
            self.cards.append(known)
            place = len(self.cards) - 1
            self.lists[place] = {}
        known = self.cards[place]
        told = {fact: value for fact, value in told.items() if fact not in MOVING or fact not in known.facts}
        known.index = card.index if known.index is None else known.index
        if known.name_cut and "name" in told and not card.name_cut:
            known.facts.pop("name", None)
        known.name_cut = card.name_cut if "name" not in known.facts else known.name_cut
        told = {fact: value for fact, value in told.items() if fact not in known.facts or known.facts[fact] != value}
        for fact, value in told.items():
            known.facts.setdefault(fact, value)
        if card_key(card) not in self._keys and "pci_address" in known.facts:
            told["pci_address"] = known.facts["pci_address"]  # so that the card is one under all of its names
        for identity in _identities(known):
            self._known.setdefault(identity, place)
        for fact in LISTS:
            value = card.facts.get(fact)
            if isinstance(value, list):
                self._add_list(place, fact, value)
        return told

    def _add_list(self, place: int, fact: str, value: list[dict[str, Any]]) -> None:
        known = self.lists[place].get(fact)
        if known is None:
            self.lists[place][fact] = [dict(entry) for entry in value]
        elif fact == "mig_devices" and len(known) == len(value):
            for entry, other in zip(known, value, strict=True):
                entry.update({name: part for name, part in other.items() if name not in entry})
        elif fact == "processes":
            _complete_processes(known, value)

    def take_apps(self, log: AppsLog) -> list[tuple[Card, dict[str, object]]]:
        """Adds processes to the cards that they name; returns the cards that nothing else has told of, with what is told of them."""
        found: dict[int, list[dict[str, Any]]] = {}
        new = []
        alone = not self.cards
        for card, entry in log.apps:
            place = self._place(card)
            if place is None and alone and card.facts.keys() & {"pci_address", "uuid"}:
                new.append((card, self._merge(card, None)))
                place = len(self.cards) - 1
            elif place is None and len(self.cards) == 1 and not _placed_both(self.cards, [card]) and _same_name(self.cards[0], card):
                place = 0
            if place is not None and _same_name(self.cards[place], card):
                found.setdefault(place, []).append(entry)
        for place, entries in found.items():
            self._add_list(place, "processes", entries)
        return new

    def listed(self) -> Iterator[tuple[Card, dict[str, list[dict[str, Any]]]]]:
        """Each card with its lists, where it has any."""
        for place, card in enumerate(self.cards):
            if self.lists[place]:
                yield card, self.lists[place]


def _complete_processes(known: list[dict[str, Any]], more: list[dict[str, Any]]) -> None:
    """Whole names and sizes for the processes that are there; nothing is added, since that may be another moment."""
    by_pid = {entry["pid"]: entry for entry in more}
    for entry in known:
        other = by_pid.get(entry["pid"], {})
        cut = str(entry.get("name", "...")).startswith("...")
        if cut and "name" in other and not str(other["name"]).startswith("..."):
            entry["name"] = other["name"]
        if "memory_bytes" in other:
            entry.setdefault("memory_bytes", other["memory_bytes"])


def _address(card: Card) -> object:
    return same_form(str(card.facts.get("pci_address", "")))


def _identities(card: Card) -> list[tuple[str, object]]:
    """What tells a card from another, the surest first."""
    told = (("address", _address(card)), ("uuid", card.facts.get("uuid")), ("index", card.index))
    return [(kind, value) for kind, value in told if value is not None]


def _placed_both(known: Sequence[Card], cards: Sequence[Card]) -> bool:
    return any(_address(card) for card in known) and any(_address(card) for card in cards)


def _in_order(cards: Sequence[Card], known: Sequence[Card]) -> list[int | None]:
    """As many cards without a place as there are with one: nvidia-smi numbers them by their places."""
    ours = sorted(range(len(known)), key=lambda place: (known[place].index or 0, str(_address(known[place]) or "")))
    theirs = sorted(range(len(cards)), key=lambda place: (cards[place].index or 0, str(_address(cards[place]) or "")))
    places: list[int | None] = [None] * len(cards)
    for mine, other in zip(ours, theirs, strict=True):
        places[other] = mine
    return places


def _differ(known: Card, card: Card) -> bool:
    ours, theirs = dict(_identities(known)), dict(_identities(card))
    ours["mig"], theirs["mig"] = known.facts.get("mig"), card.facts.get("mig")
    if "lost" in (known.facts.get("state"), card.facts.get("state")) and ours.get("address") != theirs.get("address"):
        return True
    if any(value is not None and theirs.get(kind) is not None and theirs[kind] != value for kind, value in ours.items()):
        return True
    return not _same_name(known, card) or _other_size(known.facts.get("memory_bytes"), card.facts.get("memory_bytes"))


def _other_size(one: object, other: object) -> bool:
    """A driver's reserve makes some difference; a tenth of the memory is another card."""
    return isinstance(one, int) and isinstance(other, int) and abs(one - other) * 10 > max(one, other)


def _same_name(one: Card, other: Card) -> bool:
    """Whether the names can be of one card: cut or not, with the maker's name in front or not."""
    names = [str(card.facts.get("name", "")).lower().removeprefix("nvidia ") for card in (one, other)]
    if "" in names:
        return True
    short = min((name.rstrip(". ") for name in names if name.endswith("...")), key=len, default=None)
    return names[0] == names[1] if short is None else all(name.startswith(short) for name in names)
