"""Regular expressions that are compiled when they are first used: a run needs few of them, and compiling all took longer than the run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# What an expression that ignores case takes for an ASCII letter, and str.lower() leaves as it is or makes two characters of.
_FOLDED = str.maketrans({"\u0130": "i", "\u0131": "i", "\u017f": "s", "\u212a": "k"})


def folded(text: str) -> str:
    """The text in lower case, as an expression that ignores case sees it."""
    return text.lower() if text.isascii() else text.translate(_FOLDED).lower()


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


class _Worded(_Late):
    """One that is not even tried, and so not compiled, where none of its words stands."""

    def __init__(self, pattern: str, flags: int, words: tuple[str, ...]) -> None:
        super().__init__(pattern, flags)
        self._words = words

    def _may_match(self, text: str) -> bool:
        text = folded(text)
        return any(word in text for word in self._words)

    def search(self, text: str, *span: int) -> re.Match[str] | None:
        return self._expression().search(text, *span) if self._may_match(text) else None

    def match(self, text: str, *span: int) -> re.Match[str] | None:
        return self._expression().match(text, *span) if self._may_match(text) else None

    def fullmatch(self, text: str, *span: int) -> re.Match[str] | None:
        return self._expression().fullmatch(text, *span) if self._may_match(text) else None

    def finditer(self, text: str, *span: int) -> Iterator[re.Match[str]]:
        return self._expression().finditer(text, *span) if self._may_match(text) else iter(())


def regex(pattern: str, flags: int = 0, words: tuple[str, ...] = ()) -> re.Pattern[str]:
    """What `re.compile` gives, later. It serves where methods of it are called; functions such as `re.sub` want their pattern compiled.

    `words`, in lower case: one of them stands in whatever matches, in whatever case; where none does the expression is not tried.
    """
    return _Worded(pattern, flags, words) if words else _Late(pattern, flags)  # type: ignore[return-value]  # they have the methods
