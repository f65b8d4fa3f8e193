"""What mails, trackers and word processors make of a text, undone: quote marks, escapes, entities, tags, bent quotes."""

from envcheck.parsers.expression import regex

# One mark after another, but not Python's own prompt.
_QUOTE = regex(r"[ \t]{0,3}(?:>(?!>)[ \t]?){1,8}")
# A line's end in the HTML of a mail or a table.
_BREAK = regex(r"[ \t]{0,8}<br ?/?>[ \t]{0,8}$")
# A notebook's error as its file has it: an object whose strings are escaped.
_JSON_MARKS = ('"stack": "', '"evalue": "')
# A line of markup that was escaped as a whole: it has none that is not.
_ESCAPED = regex(r"(?=[^<>\n]{0,400}&[lg]t;)[^<>\n]+$")
_QUOTE_ENTITIES = (("&quot;", '"'), ("&#34;", '"'), ("&#39;", "'"), ("&#x27;", "'"), ("&apos;", "'"))
_TAGS = regex(
    r"^[ \t]{0,8}(?:</?(?:pre|code|samp|details|summary|p|div)(?: [^<>\n]{0,200})?>[ \t]?){1,6}"
    r"|(?:</?(?:pre|code|samp|details|summary|p|div)>[ \t]?){1,6}$"
)
_BENT = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"'})
# `libcudart\_static` and `\>>> import torch`, but not `torch\_C.pyd`, where other underscores are not escaped or names of folders follow.
_ESCAPED_MARKS = ("\\_", "\\*", "\\[", "\\<", "\\>")
_MARKDOWN_ESCAPE = regex(r"\\([_*\[\]<>`#~|])")
_NOT_ESCAPED = regex(r":\\|\\[A-Za-z0-9]|(?:^|[^\\])_")


def without_markup(text: str) -> str:
    """The text as it was before, line for line."""
    if not text.isascii():
        text = _with_straight_quotes(text)
    if "<br" in text:
        text = "\n".join(_BREAK.sub("", line) if "<br" in line else line for line in text.split("\n"))
    if "<pre" in text or "<code" in text:
        text = "\n".join(_TAGS.sub("", line) if "<" in line else line for line in text.split("\n"))
    if ">" in text:
        text = "\n".join(map(_without_quote, text.split("\n")))
    if any(mark in text for mark in _ESCAPED_MARKS):
        text = "\n".join(map(_without_escapes, text.split("\n")))
    if any(mark in text for mark in _JSON_MARKS):
        text = text.replace('\\"', '"').replace("\\\\", "\\")
    return _unescaped(text) if "&" in text else text


def _without_quote(line: str) -> str:
    mark = _QUOTE.match(line) if ">" in line[:4] else None
    return line[mark.end() :] if mark else line


def _with_straight_quotes(text: str) -> str:
    """Word processors and trackers bend them; in a list of devices they may be what is wrong with it."""
    if not any(chr(bent) in text for bent in _BENT):
        return text
    lines = text.split("\n")
    return "\n".join(line if line.isascii() or "VISIBLE_DEVICES" in line else line.translate(_BENT) for line in lines)


def _without_escapes(line: str) -> str:
    """A line as it was before Markdown's marks in it were escaped: all of them are, and it has no folder of Windows's."""
    if not _MARKDOWN_ESCAPE.search(line) or _NOT_ESCAPED.search(line):
        return line
    return _MARKDOWN_ESCAPE.sub(r"\1", line)


def _unescaped(text: str) -> str:
    text = text.replace("&nbsp;", " ")
    for entity, quote in _QUOTE_ENTITIES:
        text = text.replace(entity, quote)
    if "&lt;" not in text and "&gt;" not in text:
        return text
    from html import unescape

    lines = text.split("\n")
    return "\n".join(unescape(line).replace("\xa0", " ") if "&" in line and _ESCAPED.match(line) else line for line in lines)
