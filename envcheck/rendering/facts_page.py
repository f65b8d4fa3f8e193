"""The facts for a person to read: group by group, one line each, and what could not be found out at the end."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from envcheck.facts.snapshot import Snapshot, Unknown
from envcheck.rendering.gpu_words import gibibytes
from envcheck.rendering.interface import RenderOptions
from envcheck.rendering.page import Page
from envcheck.rendering.quantities import size

_COLUMN = 26
# Told below as what is missing, beside each fact, or not about the machine at all.
_ELSEWHERE = ("schema", "live", "unknown", "sources", "contradictions")
# What the members of a collection are called by; the first that one of them has.
_CALLED_BY = ("purpose", "name", "index", "path", "kind", "framework", "distributions")
# What a card has several of, and what each of them is called here.
_OF_A_CARD = {"mig_devices": "MIG part", "processes": "process"}
# How the names of what tells of a card's health begin.
_HEALTH = ("ecc", "retire", "remapping", "throttle", "temperature", "power", "persistence", "fabric")
# From so many members on, what is the same of all of them is told once.
_MANY = 3


def facts_text(snapshot: Snapshot, options: RenderOptions) -> str:
    """All that is known, and what is not with its reason."""
    page = Page(options)
    for group, content in msgspec.to_builtins(snapshot).items():
        if group == "accelerators" and content:
            page.heading(group)
            _cards(page, content)
        elif group not in _ELSEWHERE:
            _group(page, group, content)
    _group(page, "contradictions", [{"name": lost.fact, "value": lost.value, "from": lost.source} for lost in snapshot.contradictions])
    _group(page, "unknown", dict(_unknown(snapshot.unknown)))
    return page.text()


def _group(page: Page, group: str, content: Any) -> None:
    if not content:
        return
    page.heading(group)
    for name, value in _members(content):
        _put(page, name, in_words(name, value), indent=2)


def _cards(page: Page, cards: list[dict[str, Any]]) -> None:
    """Cards of one kind and state stand together under their name; each has lines of its own for its parts and for who uses it."""
    kinds: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for card in cards:
        kinds.setdefault((card.get("name") or "a card without a name", card.get("state") or ""), []).append(card)
    for (name, _), alike in kinds.items():
        page.paragraph((f"{len(alike)} x {name}" if len(alike) > 1 else name, "bold"), indent=2)
        shared = _shared(alike) if len(alike) > 1 else {}
        _card(page, "each", shared)
        for card in alike:
            _card(page, str(card["index"]), _without(card, shared))
            for collection, title in _OF_A_CARD.items():
                for member in card.get(collection) or ():
                    _put(page, title, _card_words(member), indent=6)


def _card(page: Page, title: str, facts: dict[str, Any]) -> None:
    """What it is; its memory and its health have lines of their own."""
    told = {name: value for name, value in facts.items() if name not in ("name", "index", *_OF_A_CARD)}
    memory = {name: value for name, value in told.items() if name.startswith("memory_")}
    health = {name: value for name, value in told.items() if name.startswith(_HEALTH)}
    rest = _without(told, memory | health)
    if told or title != "each":
        _put(page, title, _card_words(rest), indent=4)
    for kind, words in (("memory", _card_words(memory).replace("memory_", "").removeprefix("memory ")), ("health", _card_words(health))):
        if words:
            _put(page, kind, words, indent=6)


def _card_words(facts: dict[str, Any]) -> str:
    """Memory of cards is counted in GiB, as in the report; a process begins with its number and its name."""
    who = " ".join(str(facts[name]) for name in ("pid", "name") if name in facts)
    sizes = {name: gibibytes(value) for name, value in facts.items() if name.endswith("_bytes") and isinstance(value, int)}
    rest = in_words("", {name: value for name, value in (facts | sizes).items() if name not in ("pid", "name")})
    return ", ".join(filter(None, (who, rest)))


def _put(page: Page, name: str, words: str, *, indent: int) -> None:
    if words:
        page.entry(name, words, indent=indent, column=_COLUMN)
    else:
        page.paragraph((name, ""), indent=indent)


def _shared(members: list[dict[str, Any]]) -> dict[str, Any]:
    """What is the same of all of them."""
    first, *others = members
    return {name: value for name, value in first.items() if all(name in other and other[name] == value for other in others)}


def _without(member: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in member.items() if name not in shared}


def _unknown(entries: Iterable[Unknown]) -> Iterator[tuple[str, str]]:
    """What is not known for one and the same reason stands together: a card for games cannot tell a dozen things.

    `accelerators[0].ecc` and `accelerators[0].mig` → `accelerators[0]`, "ecc, mig: unsupported, …".
    """
    together: dict[tuple[str, str], list[str]] = {}
    for entry in entries:
        parent, _, name = entry.fact.rpartition(".")
        reason = in_words("", [entry.reason.value.replace("_", " "), entry.detail])
        together.setdefault((parent or name, reason), []).append(name if parent else "")
    alike: dict[tuple[str, ...], list[str]] = {}
    for (parent, reason), names in together.items():
        alike.setdefault((reason, *names), []).append(parent)
    for (reason, *names), parents in alike.items():
        listed = ", ".join(filter(None, names))
        if len(parents) == 1 and len(names) == 1:
            yield ".".join(filter(None, (parents[0], listed))), reason
        else:
            yield ", ".join(parents), f"{listed}: {reason}" if listed else reason


def _members(content: Any) -> list[tuple[str, Any]]:
    if isinstance(content, dict):
        return list(content.items())
    if isinstance(content, list | tuple):
        return _listed(list(content))
    return [("at", content)]  # the time: the only fact that is no group


def _listed(entries: list[Any]) -> list[tuple[str, Any]]:
    members = [_member(entry) for entry in entries]
    if len(members) < _MANY or not all(isinstance(facts, dict) for _, facts in members):
        return members
    shared = _shared([facts for _, facts in members])
    return [("each", shared), *((name, _without(facts, shared)) for name, facts in members)] if shared else members


def _member(entry: Any) -> tuple[str, Any]:
    if not isinstance(entry, dict):
        return "", entry
    key = next((key for key in _CALLED_BY if key in entry), "")
    return in_words("", entry.get(key, "")), {name: value for name, value in entry.items() if name != key}


def in_words(name: str, value: Any) -> str:
    """A value as a person writes it; `name` is the fact's own, which tells the unit."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and name.endswith("_bytes"):
        return size(value)
    if isinstance(value, dict):
        return ", ".join(f"{key.removesuffix('_bytes')} {in_words(key, entry)}" for key, entry in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, (in_words(name, entry) for entry in value))) or "none"
    return str(value)
