"""Text from outside as Markdown that shows it and obeys nothing in it: no link, no image, no mention, no HTML, no end of a code block."""

import re

from envcheck.rendering.plain_text import is_plain, neutral

# What Markdown or the HTML in it would take for its own; an underscore within a word is none of it.
_MARKUP = re.compile(r"[\\`*\[\]<>|~$]|(?<![^\W_])_|_(?![^\W_])")
# "https://" and "www." link to a page as soon as they are read.
_ADDRESSES = re.compile(r"(?<=\w):(?=//)|(?<=\bwww)\.", re.IGNORECASE)
# "@name" calls somebody and "#12" links to an issue wherever the page shows it, so that something invisible has to stand between.
_CALLS = re.compile(r"[@#](?=\w)")
# At the beginning of a line: headings, lists, quotes, rules, numbered points.
_LINE_START = re.compile(r"^(?:[#+=-]|\d+(?=[.)]))")


def prose(text: str) -> str:
    """One line of text in which every character stands for itself."""
    escaped = _MARKUP.sub(lambda found: f"\\{found[0]}", neutral(text).replace("&", "&amp;"))
    escaped = _CALLS.sub(lambda found: f"{found[0]}&#8203;", escaped)
    escaped = _ADDRESSES.sub(lambda found: f"&#{ord(found[0])};", escaped)
    return _LINE_START.sub(_not_a_mark, escaped)


def code(text: str) -> str:
    """One line set as code; backticks in it are outnumbered by those around it."""
    words = neutral(text)
    ticks = "`" * (_longest_run(words) + 1)
    space = " " if words.startswith("`") or words.endswith("`") or not words else ""
    return f"{ticks}{space}{words}{space}{ticks}"


def code_block(lines: list[str], language: str) -> list[str]:
    """Lines that are copied from where they stand; one that holds what cannot be shown is escaped and said to be."""
    shown = [line if is_plain(line) else f"# not for copying, it holds characters that cannot be shown: {neutral(line)}" for line in lines]
    fence = "`" * max(3, max(map(_longest_run, shown), default=0) + 1)
    return [f"{fence}{language}", *shown, fence]


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _not_a_mark(found: re.Match[str]) -> str:
    mark = found[0]
    return f"{mark}\\" if mark.isdigit() else f"\\{mark}"
