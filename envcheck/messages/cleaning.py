r"""A pasted or captured text as its lines were meant: no colours, no quote marks, no timestamps in front, one kind of line end.

Line numbers stay those of the original. Example: "> \x1b[31m2024-05-01T10:00:00Z Killed\r\n" → "Killed\n".
"""

from envcheck.messages.line_heads import without_heads
from envcheck.messages.markup import without_markup
from envcheck.messages.rejoining import rejoined
from envcheck.parsers.expression import regex

MAX_LINE = 10_000

# CSI and OSC sequences, with bounded parameters, and what is left of them where a paste lost the escape character.
_COLOURS = regex(r"\x1b\[[0-?]{0,32}[ -/]{0,4}[@-~]|\x1b\][^\x07\x1b\n]{0,256}(?:\x07|\x1b\\)|\x1b[@-Z\\-_]")
# The same without its escape character, or with that written out, where the one that ends a colour shows that it is none of the text's.
_BARE_COLOURS = regex(r"\[\d{1,3}(?:;\d{1,3}){0,5}m")
_WRITTEN_ESCAPES = regex(r"(?:\^\[|\\x1b|\\u001b|\\033|\u241b)(?=\[\d{1,3}(?:;\d{1,3}){0,5}m)")
_BARE_ENDS = ("[0m", "[39m", "[00m")
_INVISIBLE = regex(r"[\x00\x07\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
# No program prints lines like these to say something. Blanks of every sort together, one or two characters again and again: an expression
# that shares such a run out among its parts would try every way to do so.
_LONG_LINE = 500
_LONG_BLANK = regex(r"\s{101,}")
_REPEATED = regex(r"(..?)\1{100,}")

# Python converts no integer of more than 4300 digits, and nothing that a program counts has forty.
_LONG_NUMBER = regex(r"\d{40}\d{960,}")


def clean(text: str) -> str:
    """The text without what terminals, mails and logs put around it. Endless runs are shortened, lines cut at `MAX_LINE` characters."""
    text = text.replace("\r\n", "\n")
    if "\r" in text:
        text = text.replace("\r", "\n") if "\n" not in text else _overwritten(text)
    if "\x1b" in text:
        text = _COLOURS.sub("", text).replace("\x1b", "")
    if any(end in text for end in _BARE_ENDS):
        text = _BARE_COLOURS.sub("", _WRITTEN_ESCAPES.sub("", text))
    if not text.replace("\n", "").replace("\t", "").isprintable():
        text = "\n".join(line if line.isprintable() else _INVISIBLE.sub("", line) for line in text.split("\n")).replace("\xa0", " ")
    # What a terminal broke had its heads; what a program broke for a log got one before each part.
    text = rejoined(without_heads(rejoined(without_markup(text))))
    if " \n" in text or "\t\n" in text or text[-1:] in (" ", "\t"):
        text = "\n".join(_without_end(line) if line.endswith((" ", "\t")) else line for line in text.split("\n"))
    lines = text.split("\n")
    if max(map(len, lines)) <= _LONG_LINE:
        return text
    return "\n".join(line if len(line) <= _LONG_LINE else _shortened(line) for line in lines)


def _without_end(line: str) -> str:
    """A line without blanks at its end, save those of a row whose last cell is empty."""
    short = line.rstrip(" \t")
    return line if short.endswith(",") else short


def _shortened(line: str) -> str:
    line = _LONG_NUMBER.sub(lambda number: number[0][:40], line)
    line = _LONG_BLANK.sub(" " * 100, line[:MAX_LINE])
    return _REPEATED.sub(lambda run: run[1] * 100, line)


def _overwritten(text: str) -> str:
    """Of a line that was written over itself, as progress bars do, what stood there last."""
    return "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))
