"""Regular expressions that are compiled when they are first used: a run needs few of them, and compiling all took longer than the run."""

from __future__ import annotations

import re

TYPE_CHECKING = False  # typing's own costs the quick probes, which use this, more than all else here
if TYPE_CHECKING:
    from collections.abc import Iterator

# What an expression that ignores case takes for an ASCII letter, and str.lower() leaves as it is or makes two characters of.
_ODD = (("\u0130", "i"), ("\u0131", "i"), ("\u017f", "s"), ("\u212a", "k"))


def folded(text: str) -> str:
    """The text in lower case, as an expression that ignores case sees it."""
    if not text.isascii():
        for letter, ascii_letter in _ODD:
            text = text.replace(letter, ascii_letter)
    return text.lower()


class _Late:
    """Has what a compiled expression has; a method that was used once is an attribute, as quick to be found as the expression's own."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self._flags = flags
        self._compiled: re.Pattern[str] | None = None

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):  # asked for by those who copy or inspect it
            raise AttributeError(name)
        value: object = getattr(self._expression(), name)
        setattr(self, name, value)
        return value

    def _expression(self) -> re.Pattern[str]:
        if self._compiled is None:
            self._compiled = re.compile(self.pattern, self._flags)
        return self._compiled


# To compile an expression takes as long as some hundred lines.
_MOST_TRIES = 100


class _Worded(_Late):
    """One that is not even tried, and so not compiled, where none of its words stands.

    To match at the beginning of a line takes no longer than to look for words: after many lines, that is done at once.
    """

    def __init__(self, pattern: str, flags: int, words: tuple[str, ...]) -> None:
        super().__init__(pattern, flags)
        self._words = words
        self._tries = 0

    def _may_match(self, text: str) -> bool:
        text = text.lower() if text.isascii() else folded(text)
        for word in self._words:  # noqa: SIM110 - a generator takes longer than all the words of a line
            if word in text:
                return True
        return False

    def _is_worth_compiling(self) -> bool:
        self._tries += 1
        return self._tries > _MOST_TRIES

    def search(self, text: str, *span: int) -> re.Match[str] | None:
        return self._expression().search(text, *span) if self._may_match(text) else None

    def match(self, text: str, *span: int) -> re.Match[str] | None:
        if not self._is_worth_compiling() and not self._may_match(text):
            return None
        self.match = self._expression().match  # type: ignore[method-assign, assignment]  # from now on
        return self.match(text, *span)

    def fullmatch(self, text: str, *span: int) -> re.Match[str] | None:
        if not self._is_worth_compiling() and not self._may_match(text):
            return None
        self.fullmatch = self._expression().fullmatch  # type: ignore[method-assign, assignment]  # from now on
        return self.fullmatch(text, *span)

    def finditer(self, text: str, *span: int) -> Iterator[re.Match[str]]:
        return self._expression().finditer(text, *span) if self._may_match(text) else iter(())


def regex(pattern: str, flags: int = 0, words: tuple[str, ...] = ()) -> re.Pattern[str]:
    """What `re.compile` gives, later. It serves where methods of it are called; functions such as `re.sub` want their pattern compiled.

    `words`, in lower case: one of them stands in whatever matches, in whatever case; where none does the expression is not tried.
    """
    return _Worded(pattern, flags, words) if words else _Late(pattern, flags)  # type: ignore[return-value]  # they have the methods
