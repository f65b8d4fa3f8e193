"""Text from outside made harmless for a terminal or a page, and fit for the encoding that it is written in.

Everything that a renderer shows passes through here: tool output, METADATA, profiles and pasted text may hold escape sequences,
bidirectional overrides or ten thousand characters.
"""

import unicodedata

# Cc controls, Cf formats (bidirectional overrides, zero-width), Cs lone surrogates, Co private, Cn unassigned, Zl and Zp line separators.
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Marks that stand on top of one another climb over the lines above; no language needs more than this many.
_MOST_MARKS = 4

_IN_ASCII = str.maketrans(
    {
        "…": "...",
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "\N{MIDDLE DOT}": "-",
        "\N{BULLET}": "-",
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
        "≥": ">=",
        "≤": "<=",
        "≠": "!=",
        "→": "->",
        "\N{MULTIPLICATION SIGN}": "x",
        "✓": "ok",
        "✗": "x",
        "\N{NO-BREAK SPACE}": " ",
    }
)
SYMBOLS = "✓✗…·"


def carries_symbols(encoding: str) -> bool:
    """Whether the marks of a report can be written in that encoding."""
    try:
        SYMBOLS.encode(encoding)
    except (LookupError, UnicodeEncodeError):
        return False
    return True


def is_plain(text: str) -> bool:
    """Whether a text can be shown as it is: a command that is not plain must not be offered for copying."""
    if text.isascii():
        return text.isprintable()
    return not any(unicodedata.category(character) in _UNSAFE for character in text)


def neutral(text: str, *, most: int = 400) -> str:
    r"""The text as one harmless line of at most about `most` characters.

    White space becomes single spaces; what a terminal would obey or hide is escaped (`\x1b`, `\u202e`); what is cut is counted.
    """
    left_out = len(text) - most
    words = " ".join(text[:most].split())
    if not (words.isascii() and words.isprintable()):
        words = "".join(_escaped(words))
    return f"{words}… ({left_out:,} more characters)" if left_out > 0 else words


def _escaped(text: str) -> list[str]:
    out: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if category in _UNSAFE:
            out.append(escape(character))
        elif marks <= _MOST_MARKS:
            out.append(character)
    return out


def escape(character: str) -> str:
    r"""A character as Python would write it: `\x1b`, `\u202e`, `\U000e0001`."""
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def without_surrogates(text: str) -> str:
    """The text as UTF-8 can carry it: an undecodable byte of a file name arrives as a lone surrogate."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def fit(text: str, encoding: str) -> str:
    """The text in characters that the encoding has: look-alikes first, escapes for the rest."""
    if not carries_symbols(encoding):
        text = text.translate(_IN_ASCII)
    try:
        return text.encode(encoding, "backslashreplace").decode(encoding)
    except LookupError:
        return text.encode("ascii", "backslashreplace").decode("ascii")
