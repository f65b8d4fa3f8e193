"""A profile's text made into a Profile; every mistake in it is told once, with its line and a suggestion. No I/O."""

import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from envcheck.mistake import suggestion
from envcheck.profiles.error import ProfileError, shown
from envcheck.profiles.locate import line_of
from envcheck.profiles.model import Document, Level, Operator, Profile, Requirement, Today
from envcheck.profiles.vocabulary import FACTS, MEMBERS, OPERATORS, Fact, canonical, check_bound, parse_fact
from envcheck.toml_text import NotToml, parse_toml

# What no profile for people has; the time of what follows grows with the square of it.
MOST_REQUIREMENTS, MOST_NAMES = 500, 100
# What each key takes: the word stands in messages, the types are those of tomllib.
_TEXT, _NUMBER, _TRUTH, _TEXTS = "text in quotes", "a whole number", "true or false", "a list of texts"
_TABLE, _TABLES, _BOUND = "a table: {key = value, …}", "a table: [[requirement]]", "text in quotes or a whole number"

_HEAD = {"name": _TEXT, "title": _TEXT, "description": _TEXT, "extends": _TEXTS, "frameworks": _TEXTS, "requirement": _TABLES}
_REQUIREMENT = {"fact": _TEXT, "operator": _TEXT, "level": _TEXT, "bound": _BOUND, "why": _TEXT, "document": _TABLE, "today": _TABLE}
_DOCUMENT = {"file": _TEXT, "line": _NUMBER, "says": _TEXT, "also": _TEXTS}
_TODAY = {"says": _TEXT, "source": _TEXT, "bound": _BOUND, "required": _TRUTH}

_PROFILE_NAME = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
# What a terminal obeys, and what turns the direction of reading round; a line break is a space in a sentence.
_UNREADABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def parse_profile(text: str, path: str) -> Profile:
    """The profile that a file holds. Raises `ProfileError`; `path` is for its message."""
    return _Reader(text, path).profile()


class _Reader:
    """One profile's text while it is taken apart."""

    def __init__(self, text: str, path: str) -> None:
        self._text, self._path = text, path

    def profile(self) -> Profile:
        tree = self._tree()
        self._check_keys(tree, _HEAD, ("name", "title"))
        self._check_amounts(tree)
        self._check_frameworks(tree.get("frameworks", ()))
        name = tree["name"]
        if not _PROFILE_NAME.fullmatch(name):
            raise self._error(f"{shown(name)} is no name for a profile.", "Small letters, digits and hyphens: gpu-lab.", "name")
        return Profile(
            name=name,
            title=_joined(tree["title"]),
            description=_joined(tree.get("description", "")),
            extends=tuple(tree.get("extends", ())),
            frameworks=tuple(tree.get("frameworks", ())),
            requirements=tuple(self._requirement(table, index, name) for index, table in enumerate(tree.get("requirement", ()))),
            path=self._path,
        )

    def _tree(self) -> dict[str, Any]:
        try:
            return parse_toml(self._text)
        except NotToml as error:
            hint = "A profile is a TOML file: key = value, texts in quotes."
            raise ProfileError(str(error), hint, self._path, error.line) from None

    def _check_amounts(self, tree: Mapping[str, Any]) -> None:
        for key, most in (("requirement", MOST_REQUIREMENTS), ("extends", MOST_NAMES), ("frameworks", MOST_NAMES)):
            if len(tree.get(key, ())) > most:
                raise self._error(f'The key "{key}" has more than {most} entries.', "Divide it into profiles of their own.", key)

    def _check_frameworks(self, names: Iterable[str]) -> None:
        """Import packages: each will be imported, and some modules of Python itself open a window or a browser when they are."""
        for name in names:
            if not all(part.isidentifier() for part in name.split(".")):
                raise self._error(f"{shown(name)} is no name of an import package.", "Such as sklearn, for scikit-learn.", "frameworks")
            if name.partition(".")[0] in (*sys.stdlib_module_names, "__main__"):
                raise self._error(f"{shown(name)} is a module of Python itself.", "Name what a framework is imported by.", "frameworks")

    def _requirement(self, table: Mapping[str, Any], index: int, profile: str) -> Requirement:
        self._check_keys(table, _REQUIREMENT, ("fact", "operator", "level"), table=index)
        fact = self._fact(table["fact"], index)
        operator = Operator(self._word(table["operator"], [entry.value for entry in Operator], "operator", index))
        level = Level(self._word(table["level"], [entry.value for entry in Level], "level", index))
        if operator not in OPERATORS[fact.kind]:
            allowed = " or ".join(entry.value for entry in OPERATORS[fact.kind])
            raise self._error(
                f"{canonical(fact)} cannot be compared with {operator.value}.", f"It takes {allowed}.", "operator", table=index
            )
        bound = str(table.get("bound", ""))
        self._check_bound(fact, bound, index, "bound")
        return Requirement(
            fact=canonical(fact),
            operator=operator,
            level=level,
            bound=bound,
            why=_joined(table.get("why", "")),
            document=self._document(table.get("document"), index),
            today=self._today(table.get("today"), fact, index),
            profile=profile,
            line=line_of(self._text, "fact", table=index),
        )

    def _document(self, table: Mapping[str, Any] | None, index: int) -> Document | None:
        if table is None:
            return None
        self._check_keys(table, _DOCUMENT, ("file", "line", "says"), "document", table=index)
        if table["line"] < 1:
            raise self._error("Lines of a document are counted from 1.", "", "document", "line", table=index)
        return Document(table["file"], table["line"], _joined(table["says"]), tuple(table.get("also", ())))

    def _today(self, table: Mapping[str, Any] | None, fact: Fact, index: int) -> Today | None:
        if table is None:
            return None
        self._check_keys(table, _TODAY, ("says", "source"), "today", table=index)
        bound = str(table["bound"]) if "bound" in table else None
        if bound is not None:
            self._check_bound(fact, bound, index, "today", "bound")
        return Today(_joined(table["says"]), table["source"], bound, table.get("required", True))

    def _fact(self, path: str, index: int) -> Fact:
        fact = parse_fact(path)
        if fact is None:
            known = [shape.replace("[]", "[NAME]") for shape in FACTS]
            hint = suggestion(re.sub(r"\[[^\]]*\]?", "[NAME]", path), known) or f"Facts are {', '.join(known)}."
            raise self._error(f"There is no fact {shown(path)} that a profile may speak of.", hint, "fact", table=index)
        for member in fact.members if fact.collection in MEMBERS else ():
            if member not in MEMBERS[fact.collection]:
                hint = suggestion(member, MEMBERS[fact.collection]) or f"Known are {', '.join(MEMBERS[fact.collection])}."
                raise self._error(f"{fact.collection} has no {shown(member)}.", hint, "fact", table=index)
        return fact

    def _check_bound(self, fact: Fact, bound: str, index: int, *keys: str) -> None:
        try:
            check_bound(fact, bound)
        except ValueError as error:
            title = f"{shown(bound)} is no bound for {canonical(fact)}." if bound else f"{canonical(fact)} has no bound."
            raise self._error(title, str(error), *keys, table=index) from None

    def _word(self, word: str, known: list[str], key: str, index: int) -> str:
        if word in known:
            return word
        hint = suggestion(word, known) or f"Known are {', '.join(known)}."
        raise self._error(f"There is no {key} {shown(word)}.", hint, key, table=index)

    def _check_keys(
        self, given: Mapping[str, Any], kinds: Mapping[str, str], required: Iterable[str], *parents: str, table: int | None = None
    ) -> None:
        """No unknown key, none of the wrong type, none missing."""
        for key, value in given.items():
            if key not in kinds:
                hint = suggestion(key, list(kinds)) or f"Keys here are {', '.join(kinds)}."
                raise self._error(f"There is no key {shown(key)} here.", hint, *parents, key, table=table)
            self._check_value(value, kinds[key], *parents, key, table=table)
        for key in required:
            if key not in given:
                raise self._error(f'The key "{key}" is missing.', f"It takes {kinds[key]}.", *parents, table=table)

    def _check_value(self, value: object, kind: str, *keys: str, table: int | None) -> None:
        key = keys[-1]
        if kind == _BOUND and isinstance(value, float):
            raise self._error(f"{key} = {value} needs quotes.", f'Without them 3.10 is read as 3.1: {key} = "{value}".', *keys, table=table)
        if not _is_of(value, kind):
            raise self._error(f'The key "{key}" takes {kind}.', f"{shown(str(value))} is {_type_name(value)}.", *keys, table=table)
        texts = [value] if isinstance(value, str) else value if kind == _TEXTS and isinstance(value, list) else []
        if any(_UNREADABLE.search(text) for text in texts):
            hint = "It would change what is shown around it."
            raise self._error(f'The key "{key}" holds a control character.', hint, *keys, table=table)

    def _error(self, title: str, hint: str, *keys: str, table: int | None = None) -> ProfileError:
        return ProfileError(title, hint, self._path, line_of(self._text, *keys, table=table))


def _is_of(value: object, kind: str) -> bool:
    if kind == _BOUND:
        return isinstance(value, str) or _is_number(value)
    if kind == _NUMBER:
        return _is_number(value)
    if kind in (_TEXTS, _TABLES):
        inner = str if kind == _TEXTS else dict
        return isinstance(value, list) and all(isinstance(entry, inner) for entry in value)
    return isinstance(value, {_TEXT: str, _TRUTH: bool, _TABLE: dict}[kind])


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _type_name(value: object) -> str:
    names = {str: "text", bool: "a truth value", int: "a number", float: "a number", list: "a list", dict: "a table"}
    return names.get(type(value), "a date or a time")


def _joined(text: str) -> str:
    """A text of several lines as one."""
    return " ".join(text.split())
