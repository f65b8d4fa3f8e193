"""Finds the messages of programs in a text: literals first, then the sentence around them, in time that grows with the text only.

A text is searched for every pattern's anchor; what was repeated a million times is looked at once. Which sentences are known is said by the
tables beside this file, one per family.
"""

from collections.abc import Iterable, Iterator, Sequence
from re import Match
from typing import NamedTuple

import msgspec

from envcheck.facts.symptoms import Symptom
from envcheck.messages.cleaning import clean
from envcheck.messages.pattern import Pattern
from envcheck.messages.register import patterns_for
from envcheck.messages.vocabulary import Vocabulary

# How far around an anchor a message may reach, and how much of it is shown.
_BEFORE, _AFTER = 600, 2000
_SHOWN = 500
# A message that wraps is looked for in this many lines more.
_WRAPPED_LINES = 2
_MAX_HITS = 20_000
_MAX_LOOKS = 300
_MAX_SYMPTOMS = 200


_LOGGERS = (
    ("tensorflow/", "tensorflow"),
    ("external/local_", "tensorflow"),
    ("onnxruntime:", "onnxruntime"),
    ("/jax/", "jax"),
    ("/jaxlib/", "jax"),
)


class Said(NamedTuple):
    """A symptom and the place it was found at: indices of its first line and of the one after its last."""

    symptom: Symptom
    line: int
    end: int


class _Hit(NamedTuple):
    position: int
    end: int
    symptom: Symptom
    times: int = 1


def parse_message(text: str, *, subject: str = "", source: str = "", scope: str = "") -> list[Symptom]:
    """The symptoms in what a program printed, in the order of the text, each once.

    `subject` is the program or import package that spoke, where the message itself names no other; prose about messages gives nothing.
    """
    return [msgspec.structs.replace(said.symptom, source=source, scope=scope) for said in find_messages(clean(text), subject)]


def patterns_in(text: str, vocabulary: Vocabulary) -> list[Pattern]:
    """Those whose anchor stands in a text; `vocabulary` is the text's own."""
    flat = _flat(text)
    found = [pattern for pattern in patterns_for(flat, vocabulary) if vocabulary.may_have(pattern.anchor) and pattern.anchor in flat]
    return _generic_last(found)


def find_messages(text: str, subject: str = "", among: Sequence[Pattern] | None = None) -> list[Said]:
    """The messages in a cleaned text. What was said again with fewer details is counted, not repeated.

    `among` are the patterns of a longer text that this is a part of, where somebody has them.
    """
    hits: list[_Hit] = []
    flat = _flat(text)
    for pattern in _generic_last(patterns_for(flat)) if among is None else among:
        if pattern.anchor in flat:
            hits += _hits(pattern, text, flat, subject, hits if pattern.generic else [])
    hits.sort(key=lambda hit: hit.position)
    starts = _Lines(text)
    return [Said(_counted(hit), starts.at(hit.position), starts.at(hit.end) + 1) for hit in _distinct(hits)]


def _generic_last(patterns: Iterable[Pattern]) -> list[Pattern]:
    """Since they give way to the others."""
    return sorted(patterns, key=lambda pattern: pattern.generic)


def _flat(text: str) -> str:
    """The text in one line, character for character: an anchor may be broken where its message wraps."""
    return text.replace("\n", " ")


def _hits(pattern: Pattern, text: str, flat: str, subject: str, others: list[_Hit]) -> Iterator[_Hit]:
    """One hit per line that has the pattern's message; equal lines are looked at once and counted."""
    seen: dict[str, int] = {}
    found: dict[str, _Hit] = {}
    position = flat.find(pattern.anchor)
    hits = 0
    while position >= 0 and hits < _MAX_HITS and len(seen) < _MAX_LOOKS:
        hits += 1
        start, end = text.rfind("\n", 0, position) + 1, _end(text, position)
        line = text[max(start, position - _BEFORE) : _further(text, end, position, pattern.lines)]
        again = line in seen
        seen[line] = seen.get(line, 0) + 1
        if not again and not any(start <= hit.position < end for hit in others):
            hit = _look(pattern, text, max(start, position - _BEFORE), end, position, subject)
            if hit is not None:
                found[line] = hit
        position = flat.find(pattern.anchor, max(end, position + len(pattern.anchor)))
    for line, hit in found.items():
        yield hit._replace(times=seen[line])


def _end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end


def _look(pattern: Pattern, text: str, start: int, end: int, position: int, subject: str) -> _Hit | None:
    """Searches the line that the anchor stands in, with the lines that belong to the message, then as a message that wraps."""
    match = pattern.search(text[start : _further(text, end, position, pattern.lines)])
    if match is None:
        start = max(text.rfind("\n", 0, max(start - 1, 0)) + 1, position - _BEFORE)
        match = pattern.search(text[start : _further(text, end, position, max(pattern.lines, _WRAPPED_LINES))])
    if match is None:
        return None
    details = pattern.describe(match)
    if details is None:
        return None
    speaker = details.pop("subject", "") or subject or pattern.subject or _logger(text[start:end])
    symptom = Symptom(kind=pattern.kind, text=_shown(match), subject=speaker, code=_code(details), details=details)
    return _Hit(max(start + match.start(), start), start + match.end(), symptom)


def _further(text: str, end: int, position: int, lines: int) -> int:
    """The end of so many lines more, within what a message may be long."""
    for _ in range(lines):
        if end < len(text):
            end = _end(text, end + 1)
    return min(end, position + _AFTER)


def _shown(match: Match[str]) -> str:
    """The message's own words: the lines it stands in, whole."""
    text = match.string
    start = text.rfind("\n", 0, match.start()) + 1
    end = text.find("\n", match.end())
    words = text[start : len(text) if end < 0 else end]
    lines = [line.strip() for line in words.split("\n") if line.strip()]
    shown = "\n".join(lines)
    return shown if len(shown) <= _SHOWN else shown[:_SHOWN] + " …"


def _logger(line: str) -> str:
    """Who wrote a line of a log, by the source file or the logger's name that stands in it."""
    return next((name for mark, name in _LOGGERS if mark in line), "")


def _code(details: dict[str, str]) -> int | None:
    digits = details.get("code", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 12 else None


def _counted(hit: _Hit) -> Symptom:
    if hit.times == 1:
        return hit.symptom
    return msgspec.structs.replace(hit.symptom, details={**hit.symptom.details, "count": str(hit.times)})


def _distinct(hits: list[_Hit]) -> list[_Hit]:
    """Each message once: one that says no more than another of its kind is left out, wherever in the text it stands."""
    kept: list[_Hit] = []
    for hit in hits:
        richer = next((index for index, other in enumerate(kept) if _says_no_more(hit.symptom, other.symptom)), None)
        if richer is None:
            if len(kept) >= _MAX_SYMPTOMS:
                break
            kept = [other for other in kept if not _says_no_more(other.symptom, hit.symptom)]
            kept.append(hit)
        elif hit.symptom.details == kept[richer].symptom.details and hit.position >= kept[richer].end:
            kept[richer] = kept[richer]._replace(times=kept[richer].times + hit.times)
    return kept


def _says_no_more(poorer: Symptom, richer: Symptom) -> bool:
    if poorer.kind is not richer.kind or poorer.subject not in ("", richer.subject):
        return False
    return poorer.details.items() <= richer.details.items()


class _Lines:
    """Which line a position is in, for positions that are asked in rising order or not."""

    def __init__(self, text: str) -> None:
        self._text, self._known = text, [(0, 0)]

    def at(self, position: int) -> int:
        before = max(known for known in self._known if known[0] <= position)
        line = before[1] + self._text.count("\n", before[0], position)
        self._known.append((position, line))
        return line
