"""Takes out of a report or a snapshot what is nobody else's business: allow-lists of facts first, then patterns in what is left.

Everything that is written to a file or made to be passed on goes through here; what is read in the terminal does not. Pure, except for
`redact_here`, which asks who is working on this machine.
"""

import enum
import os
import re
from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec

from envcheck.facts.snapshot import Snapshot
from envcheck.rendering.secret_patterns import HIDDEN, Person, without_secrets
from envcheck.rendering.shareable import PUBLIC_FIELDS, SHARED_GROUPS, is_shared_variable, is_switch
from envcheck.report import Report

_Document = TypeVar("_Document", Report, Snapshot)

# Mappings from the name of an environment variable to its value, by struct and field.
_VARIABLES = {("Snapshot", "variables"), ("Step", "env")}

# A card's UUID says which machine it is as a serial number does; whole, or shortened as CUDA_VISIBLE_DEVICES takes it.
_CARD_ID = re.compile(r"(?<![A-Za-z0-9])(?P<sort>GPU|MIG)-[0-9A-Fa-f]{4,8}(?:-[0-9A-Fa-f]{1,12}){0,4}(?![0-9A-Za-z])")


def redact(document: _Document, *, home: str, user: str, host: str = "") -> _Document:
    """The document without secrets, names, addresses and home folders; doing it twice changes nothing.

    `home`, `user` and `host` are those of the machine that the document is about; other people's homes are recognised by their form.
    """
    person = Person(home=home, user=user, host=host, public=frozenset(_public_words(document)))
    redacted: _Document = _Walk(person, dict.fromkeys(_card_ids(document), "")).struct(document)
    return redacted


def redact_here(document: _Document) -> _Document:
    """The document without what gives away the person who runs envcheck, or this machine."""
    return redact(document, home=os.path.expanduser("~"), user=_user(), host=_host())  # noqa: PTH111 - pathlib raises where there is no home


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container may run under a number that has no name
        return ""


def _host() -> str:
    return os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")


def _public_words(value: object) -> Iterator[str]:
    """The names and versions of packages, tools and rules, in lower case."""
    if isinstance(value, msgspec.Struct):
        public = PUBLIC_FIELDS.get(type(value).__name__, ())
        for name in value.__struct_fields__:
            content = getattr(value, name)
            if name in public and isinstance(content, str):
                yield content.lower()
            elif not isinstance(content, str):
                yield from _public_words(content)
    elif isinstance(value, tuple):
        for item in value:
            yield from _public_words(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _public_words(item)


def _card_ids(document: Report | Snapshot) -> Iterator[str]:
    """The UUIDs of the cards and of their parts."""
    for card in (document.facts if isinstance(document, Report) else document).accelerators:
        parts = () if isinstance(card.mig_devices, msgspec.UnsetType) else card.mig_devices
        yield from (uuid for uuid in (card.uuid, *(part.uuid for part in parts)) if isinstance(uuid, str))


class _Walk(msgspec.Struct):
    """The way through a document; the same text is looked at once.

    `card_ids` are UUIDs of cards with what stands for them: one and the same word for one card wherever it is named, or what
    CUDA_VISIBLE_DEVICES says of the cards would be lost.
    """

    person: Person
    card_ids: dict[str, str] = msgspec.field(default_factory=dict)
    seen: dict[tuple[str, bool], str] = msgspec.field(default_factory=dict)

    def struct(self, value: Any) -> Any:
        kind = type(value).__name__
        public = PUBLIC_FIELDS.get(kind, ())
        changes = {}
        for name in value.__struct_fields__:
            content = getattr(value, name)
            if kind == "Snapshot" and name not in SHARED_GROUPS:
                changes[name] = getattr(Snapshot(), name)
            elif (kind, name) in _VARIABLES:
                changes[name] = {key: self._variable(key, text) for key, text in content.items()}
            else:
                changes[name] = self.any(content, named=name in public)
        return msgspec.structs.replace(value, **changes)

    def any(self, value: Any, *, named: bool = False) -> Any:
        if isinstance(value, enum.Enum):
            return value
        if isinstance(value, str):
            return self._text(value, named=named)
        if isinstance(value, msgspec.Struct):
            return self.struct(value)
        if isinstance(value, tuple):
            return tuple(self.any(item, named=named) for item in value)
        if isinstance(value, dict):
            return {self._text(key): self.any(item, named=named) for key, item in value.items()}
        return value

    def _text(self, text: str, *, named: bool = False) -> str:
        key = (text, named)
        if key not in self.seen:
            self.seen[key] = without_secrets(_CARD_ID.sub(self._card_id, text), self.person, named=named)
        return self.seen[key]

    def _card_id(self, found: re.Match[str]) -> str:
        """`GPU-hidden-001`, in the form of a UUID."""
        meant = [known for known in self.card_ids if known.lower().startswith(found[0].lower())]
        name = meant[0] if len(meant) == 1 else found[0]
        if not self.card_ids.get(name):
            self.card_ids[name] = f"{found['sort']}-hidden-{sum(map(bool, self.card_ids.values())) + 1:03}"
        return self.card_ids[name]

    def _variable(self, name: str, value: str) -> str:
        return self._text(value) if is_shared_variable(name) or is_switch(value) else HIDDEN
