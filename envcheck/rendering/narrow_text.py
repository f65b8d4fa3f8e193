"""Text without colour whose characters all take one column: what rich would make of it, without the time that importing rich takes."""

import re

# Latin letters and the signs that envcheck itself writes. Everything else, from tabs to emoji, is left to rich's tables.
_OTHERS = re.compile(r"[^ -~\u00a1-\u00ac\u00ae-\u02ff\u2013\u2014\u2018-\u201d\u2026\u2192\u2713\u2717]")
_WORD = re.compile(r"\s*\S+\s*")


def is_narrow(text: str) -> bool:
    """Whether every character is known to take one column."""
    return _OTHERS.search(text) is None


def wrap(text: str, width: int) -> list[str]:
    """The lines of a narrow text; a word that is longer than a line is broken, blanks at a line's end are left out."""
    breaks: list[int] = []
    used = 0
    for found in _WORD.finditer(text):
        start, word = found.start(), found[0]
        length = len(word.rstrip())
        if length <= width - used:
            used += len(word)
        elif length > width:
            pieces = range(start, found.end(), width)
            breaks += [piece for piece in pieces if piece]
            used = found.end() - pieces[-1]
        elif used and start:
            breaks.append(start)
            used = len(word)
    return [text[begin:end].rstrip() for begin, end in zip([0, *breaks], [*breaks, len(text)], strict=True)]
