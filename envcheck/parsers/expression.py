"""Regular expressions that are compiled when they are first used: a run needs few of them, and compiling all took longer than the run."""

from __future__ import annotations

import re


class _Late:
    """Has what a compiled expression has; a method that was used once is an attribute, as quick to be found as the expression's own."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._source = pattern, flags
        self._compiled: re.Pattern[str] | None = None

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):  # asked for by those who copy or inspect it
            raise AttributeError(name)
        if self._compiled is None:
            self._compiled = re.compile(*self._source)
        value: object = getattr(self._compiled, name)
        setattr(self, name, value)
        return value


def regex(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """What `re.compile` gives, later. It serves where methods of it are called; functions such as `re.sub` want their pattern compiled."""
    return _Late(pattern, flags)  # type: ignore[return-value]  # it has the methods
