"""What was understood of a pasted text: every fact and every message, in the order of the lines that they were read in."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from envcheck.facts.claims import TOLD
from envcheck.facts.lookup import value_at
from envcheck.facts.snapshot import Snapshot
from envcheck.rendering.facts_page import in_words
from envcheck.rendering.interface import RenderOptions
from envcheck.rendering.page import Page

_LINE = re.compile(r"\bline (\d{1,9})")
_COLUMN = 14


class _Read(NamedTuple):
    """One thing that was read; `line` 0: its source is no line."""

    line: int
    source: str
    fact: str
    words: str


def understood_text(snapshot: Snapshot, options: RenderOptions) -> str:
    """Line by line; what somebody only said, and what another line contradicts, is marked as such."""
    page = Page(options)
    read = sorted({*_facts(snapshot), *_said(snapshot), *_lost(snapshot)})
    page.heading("What was understood, by the lines of the text")
    for entry in read:
        label = f"line {entry.line}" if entry.line else entry.source or "the text"
        page.entry(label, f"{entry.fact} = {entry.words}" if entry.words else entry.fact, indent=2, column=_COLUMN)
    if not read:
        page.paragraph(("nothing", ""), indent=2)
    page.blank()
    page.paragraph(("What is not in this list was not understood, and no rule has seen it.", "dim"))
    return page.text()


def _facts(snapshot: Snapshot) -> Iterator[_Read]:
    plain: dict[str, Any] = msgspec.to_builtins(snapshot)
    for fact, source in snapshot.sources.items():
        words = in_words(fact.rpartition(".")[2], value_at(plain, fact))
        yield _read(source, fact, f"{words}  (as told)" if source.endswith(TOLD) else words)


def _said(snapshot: Snapshot) -> Iterator[_Read]:
    for symptom in snapshot.symptoms:
        first = symptom.text.strip().partition("\n")[0]
        yield _read(symptom.source, f"said: {symptom.kind.value}", first)


def _lost(snapshot: Snapshot) -> Iterator[_Read]:
    for lost in snapshot.contradictions:
        where = f"(of the {lost.scope}, beside what is judged)" if lost.scope else "(another line is believed more)"
        yield _read(lost.source, lost.fact, f"{lost.value}  {where}")


def _read(source: str, fact: str, words: str) -> _Read:
    found = _LINE.search(source)
    return _Read(int(found[1]) if found else 0, source.removesuffix(TOLD), fact, words)
