"""Lines that a terminal broke at its width, put together again.

    OSError: libcudart.so.11.0: cannot open shared object file: No such file or dire
    ctory

The rest of a line leaves an empty one behind, so that all others keep their numbers.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from envcheck.parsers.expression import regex

_NARROWEST, _WIDEST = 60, 250
# Of one broken line by itself the width must be one that terminals have.
_USUAL = (80, 100, 120, 132)
# Prose that is filled up to a width has many lines that nearly reach it.
_NEARLY = 6
_RULE = regex(r"(\W)\1*")
_NEW = regex(r"\s{2}|\s*$|Traceback \(|[$#>`]|\[|[A-Z]\w{0,60}(?:Error|Exception|Warning): ")
# The columns of a list, and the labels of one, are as wide in every row.
_ROW = regex(r"\s*\S.{0,250}?(?<![.!?:;,])(?:\s{2}|\t)\S")
_LABEL = regex(r"(?!\w{0,60}(?:Error|Exception|Warning):)[\w ().-]{1,40}\s?[:=]\s")
_WORD = regex(r"[a-z0-9_./-]", re.IGNORECASE)
_PROMPT = regex(r"\s*(?:\([\w.-]{1,60}\) )?(?:[\w.@:~/\[\] -]{0,80}[$#%>]|>>>|\.\.\.) ")
# The rest of a word or of a sentence, but no `name: …` or `name=…` of another line.
_GOING_ON = regex(r" (?! )|[a-z]+[ .,;)'\"](?!\s{2})|[a-z]+$|[a-z]{0,20}[).,;]")
_DIGITS = regex(r"\d")
# The rest of a word, or a word with its blank: where a line was broken that had been cut or copied before, so that no width shows it.
_INSIDE = regex(r" ?[a-z]{1,40}(?:[ .,:;)'\"]|$)")
_ALIKE = 4


def rejoined(text: str) -> str:
    """The text as it was before a terminal broke it, where its lines' lengths show that one did."""
    lines = text.split("\n")
    width = max(map(len, lines))
    if not _NARROWEST <= width <= _WIDEST:
        return text
    broken = list(_broken(lines, width))
    nearly = sum(width - _NEARLY <= len(line) < width for line in lines)
    different = {tuple(lines[first : last + 1]) for first, last in broken}
    if len(different) <= nearly or (len(different) == 1 and not (width in _USUAL and all(map(_is_one, different)))):
        return text
    for first, last in broken:
        lines[first : last + 1] = ["".join(lines[first : last + 1]), *[""] * (last - first)]
    return "\n".join(lines)


def _broken(lines: list[str], width: int) -> Iterator[tuple[int, int]]:
    """The first and last line of each line that was broken; the last is the rest, and shorter."""
    first = -1
    for index, line in enumerate(lines):
        if len(line) == width and not _RULE.fullmatch(line):
            first = index if first < 0 else first
            continue
        if first >= 0 and _goes_on(lines[first : index + 1]):
            yield first, index
        first = -1


def _goes_on(parts: list[str]) -> bool:
    """Whether lines are parts of one: rows of a list begin alike, and one of a table ends with its border, as the rest of one does."""
    begin, rest = parts[0], parts[-1]
    if begin[0] in "|+":
        return len(parts) == 2 and rest[:1] not in ("|", "+", "") and rest[-1] in "|+"
    if any(_NEW.match(part) for part in parts[1:]) or _ROW.match(begin):
        return False
    if _LABEL.match(begin) and any(_LABEL.match(part) for part in parts[1:]):
        return False
    heads = [_DIGITS.sub("0", part[:_ALIKE]) for part in parts]
    return len(set(heads)) == len(heads)


def _is_one(parts: tuple[str, ...]) -> bool:
    """Whether lines are one by themselves.

    Of three two are as wide as the terminal; of two the rest closes what the first has opened, or goes on as no line begins. What a
    prompt's line is followed by may be the answer.
    """
    begin, rest = parts[0], parts[-1]
    if not _PROMPT.match(begin) and (_GOING_ON.match(rest) or _goes_on_quoted(begin, rest)):
        return True
    if not any(_WORD.match(part[-1]) and _WORD.match(after) for part, after in pairwise(parts)):
        return False
    return len(parts) > 2 or any(begin.count(opened) > begin.count(closed) and closed in rest for opened, closed in ("()", "[]", "<>"))


def _goes_on_quoted(begin: str, rest: str) -> bool:
    return begin.count("'") % 2 == 1 and rest.count("'") % 2 == 1


def mended(text: str) -> str:
    """The text with every line put together with the next that may have been broken in a word or before a blank.

    Lines of prose are taken for one as well: it is for a text in which no message is found as it stands.
    """
    lines: list[str] = []
    last = 0
    for line in text.split("\n"):
        if lines and lines[last][-1:].isalpha() and _INSIDE.match(line):
            lines[last] += line
            lines.append("")
        else:
            last = len(lines)
            lines.append(line)
    return "\n".join(lines)
