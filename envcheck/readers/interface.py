"""What a reader of pasted text is: one file per format, each taking the lines that it understands."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import msgspec

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.messages.vocabulary import Vocabulary, with_digits_alike
from envcheck.parsers.expression import folded, regex

if TYPE_CHECKING:
    from envcheck.messages.pattern import Pattern
    from envcheck.parsers.containers.container_commands import ContainerCommand

_Parsed = TypeVar("_Parsed")
# To search all of a text that is shorter costs less than to make a word's digits alike.
_SHORT = 8_000
# One of these stands in every command that starts or enters a container.
_ENGINES = ("docker", "podman", "nerdctl", "apptainer", "singularity", "kubectl", "oc ")


class Text(msgspec.Struct, dict=True):
    """A cleaned text, line by line; `taken` are the indices of lines that a reader has understood wholly, for others to pass over.

    `places` says of lines whether they were printed on a host or in a container, where the text shows both; `stood_at` at which index a
    line stood in the text as it was given, where that is another one.

    A long text has few lines that concern a reader. It asks `has` and `with_words` for those that can, by literal words in lower case,
    before any expression is tried: a search for a word over the whole text costs less than a call per line.
    """

    lines: Sequence[str]
    source: str = "report"
    taken: set[int] = msgspec.field(default_factory=set)
    places: Mapping[int, str] = msgspec.field(default_factory=dict)
    stood_at: Sequence[int] = ()

    @cached_property
    def container_commands(self) -> "dict[int, tuple[ContainerCommand, int]]":
        """Commands that start or enter a container, by the line they begin in, with their number of lines."""
        if not self.has(*_ENGINES):
            return {}
        from envcheck.parsers.containers.container_commands import find_container_commands

        return find_container_commands(self.lines, self.with_words(*_ENGINES))

    @cached_property
    def whole(self) -> str:
        """All lines as one text."""
        return "\n".join(self.lines)

    @cached_property
    def _folded(self) -> str:
        """The whole in lower case, line for line; its lines may be of another length."""
        return folded(self.whole)

    @cached_property
    def _places_of(self) -> dict[str, list[int]]:
        """Where each different line stands, in lower case: what is printed often is looked at once."""
        places: dict[str, list[int]] = {}
        for index, line in enumerate(self._folded.split("\n")):
            places.setdefault(line, []).append(index)
        return places

    @cached_property
    def _different(self) -> str:
        """Each different line once, in lower case."""
        return "\n".join((*self._places_of, ""))

    @cached_property
    def _shapes(self) -> dict[str, list[str]]:
        """The different lines by what they are with all digits as one: a log has many that count something."""
        shapes: dict[str, list[str]] = {}
        for shape, line in zip(with_digits_alike(self._different).split("\n"), self._places_of, strict=False):
            shapes.setdefault(shape, []).append(line)
        return shapes

    @cached_property
    def _different_shapes(self) -> str:
        return "\n".join((*self._shapes, ""))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Of the whole text."""
        return Vocabulary(self._different_shapes, len(self._different))

    @cached_property
    def patterns(self) -> "list[Pattern]":
        """Those of the messages that may stand anywhere in the text."""
        from envcheck.messages.parse import patterns_in

        return patterns_in("\n".join(dict.fromkeys(self.lines)), self.vocabulary)

    @cached_property
    def _parsed(self) -> dict[Callable[[list[str]], Any], Any]:
        """The results of parsers, by the parser."""
        return {}

    @cached_property
    def _found(self) -> dict[str, list[int]]:
        """The lines of each word that was asked for."""
        return {}

    def has(self, *words: str) -> bool:
        """Whether one of the words, in lower case, stands anywhere in the text, in whatever case."""
        return any(self.vocabulary.may_have(word) and self._has(word) for word in words)

    def _has(self, word: str) -> bool:
        if len(self._different) < _SHORT:
            return word in self._different
        shape = with_digits_alike(word)
        return shape in self._different_shapes and (shape == word or word in self._different)

    def with_words(self, *words: str) -> Sequence[int]:
        """The indices of the lines in which one of the words stands, in whatever case, from the first to the last."""
        return self._with_word(words[0]) if len(words) == 1 else sorted(set().union(*map(self._with_word, words)))

    def _with_word(self, word: str) -> list[int]:
        if word not in self._found:
            shape = with_digits_alike(word) if self.has(word) else None
            lines = chain.from_iterable(lines for its, lines in self._shapes.items() if shape in its) if shape is not None else ()
            found = (self._places_of[line] for line in lines if shape == word or word in line)
            self._found[word] = sorted(chain.from_iterable(found))
        return self._found[word]

    def parsed(self, parse: Callable[[list[str]], _Parsed]) -> _Parsed:
        """What a parser makes of all lines. It runs once, though a reader asks for it to recognise its format and again to read it."""
        if parse not in self._parsed:
            self._parsed[parse] = parse(list(self.lines))
        parsed: _Parsed = self._parsed[parse]
        return parsed

    def at(self, index: int) -> str:
        """Where a line is, for people: `report line 14`."""
        return f"{self.source} line {(self.stood_at[index] if self.stood_at else index) + 1}"

    def claim(self, fact: str, value: Any, index: int, trust: Trust = Trust.PRINTED) -> Claim:
        """A claim that was read in that line."""
        return Claim(fact, value, self.at(index), trust, self.places.get(index, ""))


class Reader(Protocol):
    """One format. Readers are asked in the order of their registration; what one has taken the others need not look at.

    The registration, in register.py, names the reader's module and the words without which it never recognises anything: where none of
    them stands in a text, the module is not even imported. A reader that states none is always asked. Words too many cost a little time;
    one too few loses reports, so tests/readers/test_words.py reads every text that the tests have with and without them.
    """

    name: str

    def recognises(self, text: Text) -> bool:
        """Whether there is anything of this format in the text; cheap, and never wrong about what is not there."""

    def read(self, text: Text) -> Evidence:
        """The facts in the lines of this format. Adds to `text.taken` those in which nothing else can stand."""


_GAP = regex(r"\s{3,}")


def with_short_gaps(line: str) -> str:
    """The line with at most two blanks in a row: over more of them an expression tries every way to share them out."""
    return _GAP.sub("  ", line)
