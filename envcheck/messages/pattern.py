"""What one message of one program looks like."""

from collections.abc import Callable, Mapping
from functools import cache
from re import Match
from re import Pattern as Expression
from re import compile as compile_expression
from typing import NamedTuple

from envcheck.facts.symptoms import SymptomKind

Details = dict[str, str]
# Where a program's own sentence begins: not in the middle of what somebody tells of it. Of an exception some print the words alone, others
# `RuntimeError('…')` or `RuntimeError - …`.
SENTENCE = r"(?:^\s{0,20}(?:#{1,6}\s)?|[:>)-] |\w\([\"']|what\(\): ?)"


class Pattern(NamedTuple):
    """A message's sentence.

    `anchor` is a literal that every such message contains, and that little else does: only where it is found is `expression` searched,
    in the line it stands in. Spaces in the expression also match the end of a line, where a message wraps (" ?": none is needed). Its
    named groups become details, beside those of `details`; a group `code` is the symptom's number too. `refine` has the last word on the
    details; None: it was not this message after all. `lines` is how many further lines belong to the message. A `generic` pattern is
    asked only of lines of which no other has spoken. `subject` is the program that says so, where the caller does not know it.
    """

    kind: SymptomKind
    anchor: str
    expression: str
    details: Mapping[str, str] = {}
    refine: Callable[[Match[str], Details], Details | None] | None = None
    subject: str = ""
    lines: int = 0
    generic: bool = False

    def search(self, text: str) -> Match[str] | None:
        """The message in a piece of text."""
        return _compiled(self.expression).search(text)

    def describe(self, match: Match[str]) -> Details | None:
        """The details of a message that was found."""
        details = {**self.details, **{name: value.strip() for name, value in match.groupdict().items() if value and value.strip()}}
        return self.refine(match, details) if self.refine else details


@cache
def _compiled(expression: str) -> Expression[str]:
    return compile_expression(expression.replace(" ?", r"\s*").replace(" ", r"\s+"))
