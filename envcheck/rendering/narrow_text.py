"""Text without colour whose characters all take one column: what rich would make of it, without the time that importing rich takes."""

from envcheck.parsers.expression import regex

# Latin letters and the signs that envcheck itself writes. Everything else, from tabs to emoji, is left to rich's tables.
_LETTERS = (range(0x20, 0x7F), range(0xA1, 0xAD), range(0xAE, 0x300), range(0x2018, 0x201E))
_NARROW = frozenset((*"\u2013\u2014\u2026\u2192\u2713\u2717", *(chr(letter) for letters in _LETTERS for letter in letters)))
_WORD = regex(r"\s*\S+\s*")


def is_narrow(text: str) -> bool:
    """Whether every character is known to take one column."""
    return _NARROW.issuperset(text)


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
