"""A profile's text made into a Profile; every mistake in it is told once, with its line and a suggestion. No I/O."""

import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from envcheck.mistake import suggestion
from envcheck.profiles.error import ProfileError, shown
from envcheck.profiles.locate import Entry, line_of
from envcheck.profiles.model import DEFAULT_CHECK_S, Check, Document, Level, Operator, Profile, Requirement, Today
from envcheck.profiles.vocabulary import FACTS, MEMBERS, OPERATORS, Fact, canonical, check_bound, parse_fact
from envcheck.toml_text import NotToml, parse_toml

# What no profile for people has; the time of what follows grows with the square of it.
MOST_REQUIREMENTS, MOST_NAMES, MOST_CHECKS = 500, 100, 100
# A longer command belongs into a script: nobody reads it before it is run. The name stands in every line about the check.
MOST_CHARACTERS, _LONGEST_NAME = 2_000, 60
# As for the imports and smoke tests; none is of use that nobody would wait for.
_SHORTEST_S, _LONGEST_S = 0.1, 86_400.0
# What each key takes: the word stands in messages, the types are those of tomllib.
_TEXT, _NUMBER, _TRUTH, _TEXTS = "text in quotes", "a whole number", "true or false", "a list of texts"
_TABLE, _TABLES, _BOUND = "a table: {key = value, …}", "a table: [[requirement]]", "text in quotes or a whole number"
_CHECKS, _SECONDS = "a table: [[check]]", "a number of seconds"

_HEAD = {"name": _TEXT, "title": _TEXT, "description": _TEXT, "extends": _TEXTS, "frameworks": _TEXTS}
_HEAD |= {"requirement": _TABLES, "check": _CHECKS}
_REQUIREMENT = {"fact": _TEXT, "operator": _TEXT, "level": _TEXT, "bound": _BOUND, "why": _TEXT, "document": _TABLE, "today": _TABLE}
_DOCUMENT = {"file": _TEXT, "line": _NUMBER, "says": _TEXT, "also": _TEXTS}
_TODAY = {"says": _TEXT, "source": _TEXT, "bound": _BOUND, "required": _TRUTH}
_CHECK = {"name": _TEXT, "command": _TEXTS, "level": _TEXT}
_CHECK |= {"exit-code": _NUMBER, "output": _TEXTS, "timeout": _SECONDS, "why": _TEXT}

_PROFILE_NAME = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
_CHECK_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
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
            requirements=tuple(
                self._requirement(table, Entry("requirement", index), name) for index, table in enumerate(tree.get("requirement", ()))
            ),
            checks=self._checks(tree.get("check", ()), name),
            path=self._path,
        )

    def _tree(self) -> dict[str, Any]:
        try:
            return parse_toml(self._text)
        except NotToml as error:
            hint = "A profile is a TOML file: key = value, texts in quotes."
            raise ProfileError(str(error), hint, self._path, error.line) from None

    def _check_amounts(self, tree: Mapping[str, Any]) -> None:
        amounts = {"requirement": MOST_REQUIREMENTS, "check": MOST_CHECKS, "extends": MOST_NAMES, "frameworks": MOST_NAMES}
        for key, most in amounts.items():
            if len(tree.get(key, ())) > most:
                raise self._error(f'The key "{key}" has more than {most} entries.', "Divide it into profiles of their own.", key)

    def _check_frameworks(self, names: Iterable[str]) -> None:
        """Import packages: each will be imported, and some modules of Python itself open a window or a browser when they are."""
        for name in names:
            if not all(part.isidentifier() for part in name.split(".")):
                raise self._error(f"{shown(name)} is no name of an import package.", "Such as sklearn, for scikit-learn.", "frameworks")
            if name.partition(".")[0] in (*sys.stdlib_module_names, "__main__"):
                raise self._error(f"{shown(name)} is a module of Python itself.", "Name what a framework is imported by.", "frameworks")

    def _requirement(self, table: Mapping[str, Any], entry: Entry, profile: str) -> Requirement:
        self._check_keys(table, _REQUIREMENT, ("fact", "operator", "level"), entry=entry)
        fact = self._fact(table["fact"], entry)
        operator = Operator(self._word(table["operator"], [each.value for each in Operator], "operator", entry))
        level = Level(self._word(table["level"], [each.value for each in Level], "level", entry))
        if operator not in OPERATORS[fact.kind]:
            allowed = " or ".join(each.value for each in OPERATORS[fact.kind])
            raise self._error(
                f"{canonical(fact)} cannot be compared with {operator.value}.", f"It takes {allowed}.", "operator", entry=entry
            )
        bound = str(table.get("bound", ""))
        self._check_bound(fact, bound, entry, "bound")
        return Requirement(
            fact=canonical(fact),
            operator=operator,
            level=level,
            bound=bound,
            why=_joined(table.get("why", "")),
            document=self._document(table.get("document"), entry),
            today=self._today(table.get("today"), fact, entry),
            profile=profile,
            line=line_of(self._text, "fact", entry=entry),
        )

    def _checks(self, tables: Iterable[Mapping[str, Any]], profile: str) -> tuple[Check, ...]:
        found: dict[str, Check] = {}
        for index, table in enumerate(tables):
            check = self._check(table, Entry("check", index), profile)
            if check.name in found:
                title = f"There are two checks {shown(check.name)}."
                raise self._error(title, "Give each a name of its own.", "name", entry=Entry("check", index))
            found[check.name] = check
        return tuple(found.values())

    def _check(self, table: Mapping[str, Any], entry: Entry, profile: str) -> Check:
        self._check_keys(table, _CHECK, ("name", "command", "level"), entry=entry)
        name, code, timeout = table["name"], table.get("exit-code", 0), table.get("timeout", DEFAULT_CHECK_S)
        if not _CHECK_NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
            raise self._error(
                f"{shown(name)} is no name for a check.", "Small letters, digits and hyphens: data-loader.", "name", entry=entry
            )
        if not 0 <= code <= 255:
            raise self._error(f"{shown(str(code))} is no exit code.", "They are whole numbers from 0 to 255.", "exit-code", entry=entry)
        if not _SHORTEST_S <= timeout <= _LONGEST_S:
            hint = f"It is a number of seconds from {_SHORTEST_S} to {_LONGEST_S:.0f}."
            raise self._error(f"{shown(str(timeout))} is no time for a check.", hint, "timeout", entry=entry)
        return Check(
            name=name,
            command=self._command(table, entry),
            level=Level(self._word(table["level"], [Level.MUST.value, Level.SHOULD.value], "level", entry)),
            exit_code=code,
            output=self._output(table, entry),
            timeout=float(timeout),
            why=_joined(table.get("why", "")),
            profile=profile,
            line=line_of(self._text, "name", entry=entry),
        )

    def _command(self, table: Mapping[str, Any], entry: Entry) -> tuple[str, ...]:
        """What is run is shown before: it must be readable, and mean what it looks like."""
        command = tuple(table["command"])
        if not command or not command[0]:
            raise self._error("The command names no program.", 'Such as command = ["{python}", "check.py"].', "command", entry=entry)
        if not all(argument.isprintable() for argument in command):
            hint = "It would look like another command. Scripts of several lines belong into a file."
            raise self._error("The command holds a character that cannot be seen.", hint, "command", entry=entry)
        if sum(map(len, command)) > MOST_CHARACTERS:
            title = f"The command has more than {MOST_CHARACTERS} characters."
            raise self._error(title, "Put it into a script, and name that.", "command", entry=entry)
        return command

    def _output(self, table: Mapping[str, Any], entry: Entry) -> tuple[str, ...]:
        texts = tuple(table.get("output", ()))
        if not all(texts) or any("\n" in text for text in texts):
            hint = "Each is a part of a line that has to be printed; several lines are several texts."
            raise self._error("The output holds a text that is empty or has several lines.", hint, "output", entry=entry)
        if sum(map(len, texts)) > MOST_CHARACTERS:
            raise self._error(f"The output has more than {MOST_CHARACTERS} characters.", "A few words will do.", "output", entry=entry)
        return texts

    def _document(self, table: Mapping[str, Any] | None, entry: Entry) -> Document | None:
        if table is None:
            return None
        self._check_keys(table, _DOCUMENT, ("file", "line", "says"), "document", entry=entry)
        if table["line"] < 1:
            raise self._error("Lines of a document are counted from 1.", "", "document", "line", entry=entry)
        return Document(table["file"], table["line"], _joined(table["says"]), tuple(table.get("also", ())))

    def _today(self, table: Mapping[str, Any] | None, fact: Fact, entry: Entry) -> Today | None:
        if table is None:
            return None
        self._check_keys(table, _TODAY, ("says", "source"), "today", entry=entry)
        bound = str(table["bound"]) if "bound" in table else None
        if bound is not None:
            self._check_bound(fact, bound, entry, "today", "bound")
        return Today(_joined(table["says"]), table["source"], bound, table.get("required", True))

    def _fact(self, path: str, entry: Entry) -> Fact:
        fact = parse_fact(path)
        if fact is None:
            known = [shape.replace("[]", "[NAME]") for shape in FACTS]
            hint = suggestion(re.sub(r"\[[^\]]*\]?", "[NAME]", path), known) or f"Facts are {', '.join(known)}."
            raise self._error(f"There is no fact {shown(path)} that a profile may speak of.", hint, "fact", entry=entry)
        for member in fact.members if fact.collection in MEMBERS else ():
            if member not in MEMBERS[fact.collection]:
                hint = suggestion(member, MEMBERS[fact.collection]) or f"Known are {', '.join(MEMBERS[fact.collection])}."
                raise self._error(f"{fact.collection} has no {shown(member)}.", hint, "fact", entry=entry)
        return fact

    def _check_bound(self, fact: Fact, bound: str, entry: Entry, *keys: str) -> None:
        try:
            check_bound(fact, bound)
        except ValueError as error:
            title = f"{shown(bound)} is no bound for {canonical(fact)}." if bound else f"{canonical(fact)} has no bound."
            raise self._error(title, str(error), *keys, entry=entry) from None

    def _word(self, word: str, known: list[str], key: str, entry: Entry) -> str:
        if word in known:
            return word
        hint = suggestion(word, known) or f"Known are {', '.join(known)}."
        raise self._error(f"There is no {key} {shown(word)}.", hint, key, entry=entry)

    def _check_keys(
        self, given: Mapping[str, Any], kinds: Mapping[str, str], required: Iterable[str], *parents: str, entry: Entry | None = None
    ) -> None:
        """No unknown key, none of the wrong type, none missing."""
        for key, value in given.items():
            if key not in kinds:
                hint = suggestion(key, list(kinds)) or f"Keys here are {', '.join(kinds)}."
                raise self._error(f"There is no key {shown(key)} here.", hint, *parents, key, entry=entry)
            self._check_value(value, kinds[key], *parents, key, entry=entry)
        for key in required:
            if key not in given:
                raise self._error(f'The key "{key}" is missing.', f"It takes {kinds[key]}.", *parents, entry=entry)

    def _check_value(self, value: object, kind: str, *keys: str, entry: Entry | None) -> None:
        key = keys[-1]
        if kind == _BOUND and isinstance(value, float):
            raise self._error(f"{key} = {value} needs quotes.", f'Without them 3.10 is read as 3.1: {key} = "{value}".', *keys, entry=entry)
        if not _is_of(value, kind):
            raise self._error(f'The key "{key}" takes {kind}.', f"{shown(str(value))} is {_type_name(value)}.", *keys, entry=entry)
        texts = [value] if isinstance(value, str) else value if kind == _TEXTS and isinstance(value, list) else []
        if any(_UNREADABLE.search(text) for text in texts):
            hint = "It would change what is shown around it."
            raise self._error(f'The key "{key}" holds a control character.', hint, *keys, entry=entry)

    def _error(self, title: str, hint: str, *keys: str, entry: Entry | None = None) -> ProfileError:
        return ProfileError(title, hint, self._path, line_of(self._text, *keys, entry=entry))


def _is_of(value: object, kind: str) -> bool:
    if kind == _BOUND:
        return isinstance(value, str) or _is_number(value)
    if kind == _NUMBER:
        return _is_number(value)
    if kind == _SECONDS:
        return _is_number(value) or isinstance(value, float)
    if kind in (_TEXTS, _TABLES, _CHECKS):
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
