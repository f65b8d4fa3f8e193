r"""A pasted or captured text as its lines were meant: no colours, no quote marks, no timestamps in front, one kind of line end.

Line numbers stay those of the original. Example: "> \x1b[31m2024-05-01T10:00:00Z Killed\r\n" → "Killed\n".
"""

import re

from envcheck.parsers.expression import regex

MAX_LINE = 10_000

# CSI and OSC sequences, with bounded parameters, and what is left of them where a paste lost the escape character.
_COLOURS = regex(r"\x1b\[[0-?]{0,32}[ -/]{0,4}[@-~]|\x1b\][^\x07\x1b\n]{0,256}(?:\x07|\x1b\\)|\x1b[@-Z\\-_]")
_INVISIBLE = regex(r"[\x00\x07\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
# One mark after another, but not Python's own prompt.
_QUOTE = regex(r"^[ \t]{0,3}(?:>(?!>)[ \t]?){1,8}", re.MULTILINE)
_TIMESTAMP = regex(r"^[ \t]{0,8}\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?\]?:?[ \t]?", re.MULTILINE)

# A line's end in the HTML of a mail or a table.
_BREAK = regex(r"[ \t]{0,8}<br ?/?>[ \t]{0,8}$", re.MULTILINE)

# No program prints lines like these to say something. Blanks of every sort together, one or two characters again and again: an expression
# that shares such a run out among its parts would try every way to do so.
_LONG_LINE = 500
_LONG_BLANK = regex(r"\s{101,}")
_REPEATED = regex(r"(..?)\1{100,}")

# A notebook's error as its file has it: an object whose strings are escaped.
_JSON_MARKS = ('"stack": "', '"evalue": "')

# A line of markup that was escaped as a whole: it has none that is not.
_ESCAPED = regex(r"^(?=[^<>\n]{0,400}&[lg]t;)[^<>\n]+$", re.MULTILINE)

# Python converts no integer of more than 4300 digits, and nothing that a program counts has forty.
_LONGEST_NUMBER = 1000
_LONG_NUMBER = regex(r"\d{40}\d{960,}")


def clean(text: str) -> str:
    """The text without what terminals, mails and logs put around it. Endless runs are shortened, lines cut at `MAX_LINE` characters."""
    text = text.replace("\r\n", "\n")
    if "\r" in text:
        text = text.replace("\r", "\n") if "\n" not in text else _overwritten(text)
    if "\x1b" in text:
        text = _COLOURS.sub("", text).replace("\x1b", "")
    if not text.replace("\n", "").replace("\t", "").isprintable():
        text = _INVISIBLE.sub("", text).replace("\xa0", " ")
    text = text.replace("&nbsp;", " ")
    if "<br" in text:
        text = _BREAK.sub("", text)
    if ">" in text:
        text = _QUOTE.sub("", text)
    if any(mark in text for mark in _JSON_MARKS):
        text = text.replace('\\"', '"').replace("\\\\", "\\")
    if "&lt;" in text or "&gt;" in text:
        text = _unescaped(text)
    text = _TIMESTAMP.sub("", text)
    if len(text) >= _LONGEST_NUMBER:
        text = _LONG_NUMBER.sub(lambda number: number[0][:40], text)
    lines = text.split("\n")
    return text if max(map(len, lines)) <= _LONG_LINE else "\n".join(map(_shortened, lines))


def _unescaped(text: str) -> str:
    from html import unescape

    return _ESCAPED.sub(lambda line: unescape(line[0]).replace("\xa0", " "), text)


def _shortened(line: str) -> str:
    if len(line) <= _LONG_LINE:
        return line
    line = _LONG_BLANK.sub(" " * 100, line[:MAX_LINE])
    return _REPEATED.sub(lambda run: run[1] * 100, line)


def _overwritten(text: str) -> str:
    """Of a line that was written over itself, as progress bars do, what stood there last."""
    return "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))
