"""Documents of JSON that stand anywhere in a longer text, among prompts and prose; one that was cut gives what is left of it.

The time that this takes grows with the text only: whatever is looked at in vain is taken off a budget.
"""

from __future__ import annotations

import re

from envcheck.parsers.expression import regex

# What a document can be made of; strings do not reach over the end of a line.
_TOKEN = regex(r'"(?:[^"\\\n]|\\.)*"|[{}\[\],:]|[-+.0-9A-Za-z]+|[ \t\r\n]+')
_START = regex(r"^[ \t]*(?=[{\[])", re.MULTILINE)
_CLOSING = {"{": "}", "[": "]"}
_MAX_DEPTH = 60
_MAX_STARTS = 2000
_LONGEST_NUMBER = 40


class Document:
    """One document: its value, where it begins and ends in the text, and whether it was there to its end."""

    __slots__ = ("end", "start", "value", "whole")

    def __init__(self, value: object, start: int, end: int, *, whole: bool) -> None:
        self.value = value
        self.start = start
        self.end = end
        self.whole = whole


def find_json(text: str) -> list[Document]:
    """Every object and list that begins a line, in their order; what is no JSON is passed over."""
    found: list[Document] = []
    position, budget = 0, 2 * len(text) + 1000
    for _ in range(_MAX_STARTS):
        start = _START.search(text, position)
        if start is None or budget <= 0:
            break
        scan = _Scan(text, start.end(), budget)
        budget -= scan.position - scan.start + 1
        document = scan.document()
        if document is not None:
            found.append(document)
        position = document.end if document is not None else scan.start + 1
    return found


class _Scan:
    """Follows the brackets of one document to its end, to where it is cut, or to where it turns out to be none."""

    def __init__(self, text: str, start: int, budget: int) -> None:
        self.text, self.start, self.position = text, start, start
        self.ended = False
        self._open: list[str] = []
        self._cuts: list[tuple[int, str]] = []  # the last places where it can be ended, with what closes it there
        self._follow(start + budget)

    def _follow(self, limit: int) -> None:
        while self.position < limit and not self.ended:
            token = _TOKEN.match(self.text, self.position)
            if token is None or not self._takes(token[0]):
                break
            self.position = token.end()
            if token[0] in ("}", "]"):
                self.ended = not self._open
                self._cuts = [(self.position, self._closers())]

    def _takes(self, word: str) -> bool:
        """Whether a token fits the brackets that are open."""
        if word in _CLOSING:
            self._open.append(word)
            return len(self._open) <= _MAX_DEPTH
        if word in ("}", "]"):
            return bool(self._open) and _CLOSING[self._open.pop()] == word
        if word == ",":
            self._cuts = [(self.position, self._closers()), *self._cuts[:1]]
        return True

    def _closers(self) -> str:
        return "".join(_CLOSING[bracket] for bracket in reversed(self._open))

    def document(self) -> Document | None:
        for end, closers in self._cuts:
            value = _load(self.text[self.start : end] + closers)
            if value is not None:
                return Document(value, self.start, end, whole=self.ended)
        return None


def _load(text: str) -> object | None:
    import json

    try:
        value: object = json.loads(text, parse_int=_number)
    except (ValueError, RecursionError):
        return None
    return value


def _number(digits: str) -> int | None:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else None
