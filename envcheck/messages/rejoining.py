"""Lines that a terminal broke at its width, put together again.

    OSError: libcudart.so.11.0: cannot open shared object file: No such file or dire
    ctory

The rest of a line leaves an empty one behind, so that all others keep their numbers.
"""

from envcheck.parsers.expression import regex

_NARROWEST, _WIDEST = 60, 250
# Of one broken line by itself the width must be one that terminals have.
_USUAL = (80, 100, 120, 132)
# Prose that is filled up to a width has many lines that nearly reach it.
_NEARLY = 6
_RULE = regex(r"(\W)\1*")
_NEW = regex(r"\s{2}|\s*$|Traceback \(|[$#>`]|\[|[A-Z]\w{0,60}(?:Error|Exception|Warning): ")
_WORD = regex(r"[a-z0-9_.]")


def rejoined(text: str) -> str:
    """The text as it was before a terminal broke it, where its lines' lengths show that one did."""
    lines = text.split("\n")
    width = max(map(len, lines))
    if not _NARROWEST <= width <= _WIDEST:
        return text
    broken = [index for index in range(len(lines) - 1) if len(lines[index]) == width and _goes_on(lines[index], lines[index + 1])]
    nearly = sum(width - _NEARLY <= len(line) < width for line in lines)
    if len(broken) <= nearly or (len(broken) == 1 and not (width in _USUAL and _inside_a_word(lines, broken[0]))):
        return text
    for index in reversed(broken):
        lines[index : index + 2] = [lines[index] + lines[index + 1], ""]
    return "\n".join(lines)


def _goes_on(line: str, after: str) -> bool:
    """A row of a table ends with its border, and so does the rest of one."""
    if _RULE.fullmatch(line) or _NEW.match(after):
        return False
    return line[0] not in "|+" or (after[0] not in "|+" and after[-1] in "|+")


def _inside_a_word(lines: list[str], index: int) -> bool:
    return _WORD.match(lines[index][-1].lower()) is not None and _WORD.match(lines[index + 1]) is not None
