"""Turning facts into the words of a message: cut lists, shortened lines, numbers of things."""

from collections.abc import Sequence

from envcheck.parsers.expression import regex

_BARE_EXCEPTION = regex(r"^[A-Za-z_][\w.]{0,100}(?:Error|Exception|Exit|Interrupt):?$")
# `Original error was: libopenblas.so.0: cannot open …` stands below numpy's advice
_EXCEPTION = regex(r"^(?:[A-Za-z_][\w.]{0,100}(?:Error|Exception)|Original error was): \S")
_ORIGINAL = regex(r"^Original error was: ")
MAX_LISTED = 5
MAX_LINE = 240


def listed(names: Sequence[str], limit: int = MAX_LISTED) -> str:
    """`a, b and c`; a list of more than `limit` is cut with its count: `a, b, c, d, e and 7 more`."""
    if len(names) > limit:
        return f"{', '.join(names[:limit])} and {len(names) - limit} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def one_line(text: str, limit: int = MAX_LINE) -> str:
    """The first line that says something, its spaces joined, cut where it is longer than a message may be."""
    words = _telling([" ".join(line.split()) for line in text.splitlines() if line.strip()])
    return words if len(words) <= limit else f"{words[: limit - 1].rstrip()}…"


def _telling(lines: list[str]) -> str:
    """The first line; an exception without words is passed over for the last one that has some, at the end of its chain."""
    if not lines or not _BARE_EXCEPTION.match(lines[0]):
        return lines[0] if lines else ""
    name = lines[0].rstrip(":")
    spoken = [_ORIGINAL.sub("", line) for line in lines[1:] if _EXCEPTION.match(line)]
    following = [line for line in lines[1:] if not _BARE_EXCEPTION.match(line)]
    return spoken[-1] if spoken else ": ".join((name, *following[:1]))


def full_stop(sentence: str) -> str:
    """The sentence with one mark at its end."""
    return sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."


def counted(number: int, thing: str) -> str:
    """`1 file`, `3 files`."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def titled(name: str, version: object) -> str:
    """`torch 2.8.0+cu128`, or the name alone where no version is known."""
    return f"{name} {version}" if isinstance(version, str) and version else name
