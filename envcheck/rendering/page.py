"""Lines of text laid out for one width, one encoding, and with or without colour; rich does the measuring, wrapping and colouring.

All text that is put on a page is neutralised here. Words never depend on colour. What needs nothing of rich does without it.
"""

import io
import os
from functools import cached_property
from typing import TYPE_CHECKING

from envcheck.rendering.interface import RenderOptions
from envcheck.rendering.narrow_text import is_narrow, wrap
from envcheck.rendering.plain_text import carries_symbols, fit, is_plain, neutral

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

# A piece of a line and its style, a word of rich's ("bold red"); "" for none.
Span = tuple[str, str]

# No real command comes near this, and a longer one is not read by anybody before it is run.
_LONGEST_COMMAND = 4000
# Words in a column that is narrower than this are hard to read.
_NARROW_COLUMN = 30
_LEAST_WIDTH = 10

_MARKS = {"good": ("✓", "ok", "green"), "bad": ("✗", "x", "bold red"), "warning": ("!", "!", "yellow"), "hint": ("i", "i", "cyan")}
_MARKS |= {"unknown": ("?", "?", "magenta"), "none": ("·", "-", "dim")}


class Page:
    """A page that grows line by line."""

    def __init__(self, options: RenderOptions) -> None:
        self._encoding = options.encoding
        self.own_command = options.command
        self._symbols = carries_symbols(options.encoding)
        self._width = options.width
        self._ends_with_text = False
        self._out = io.StringIO()
        self._color = options.color

    @cached_property
    def _console(self) -> "Console":
        from rich.console import Console

        return Console(
            file=self._out,
            width=self._width,
            height=100,
            force_terminal=self._color,
            color_system="standard" if self._color else None,
            no_color=not self._color,
            markup=False,
            highlight=False,
            emoji=False,
            legacy_windows=False,
            force_jupyter=False,
            _environ={},  # the options decide, and not COLUMNS or TERM behind their back
        )

    def mark(self, name: str) -> Span:
        """The sign of a state: good, bad, warning, hint, unknown, or none where nothing was judged."""
        symbol, plain, style = _MARKS[name]
        return (symbol if self._symbols else f"{plain:2}", style)

    @property
    def mark_width(self) -> int:
        """How many columns every mark takes."""
        return 1 if self._symbols else 2

    def blank(self) -> None:
        """An empty line, unless the last one is or nothing stands above."""
        if self._ends_with_text:
            self._out.write("\n")
        self._ends_with_text = False

    def heading(self, words: str) -> None:
        """A line that begins a section."""
        self.blank()
        self.paragraph((words, "bold"))

    def paragraph(self, *spans: Span, indent: int = 0, hanging: int | None = None) -> None:
        """Text wrapped at the page's width; `hanging` is the indent of every line but the first."""
        rest = indent if hanging is None else hanging
        width = self._width - max(indent, rest)
        words = self._words(spans)
        if self._is_plain(words):
            for number, plain in enumerate(wrap(words, max(width, _LEAST_WIDTH))):
                self._put_plain(" " * (rest if number else indent) + plain)
            return
        first = True
        for line in self._wrapped(spans, width):
            line.pad_left(indent if first else rest)
            self._put(line)
            first = False

    def row(self, label: str, *spans: Span, mark: Span, label_width: int) -> None:
        """A label, a mark, and text that stays in its own column."""
        begin = ((f"{label:{label_width}}", ""), mark, (" ", ""))
        beginning, words = self._words(begin, verbatim=True), self._words(spans)
        if self._is_plain(beginning + words):
            for number, plain in enumerate(wrap(words, max(self._width - len(beginning), _LEAST_WIDTH))):
                self._put_plain((" " * len(beginning) if number else beginning) + plain)
            return
        head = self._text(begin, verbatim=True)
        for number, line in enumerate(self._wrapped(spans, self._width - head.cell_len)):
            if number == 0:
                line = head + line  # noqa: PLW2901 - the first line has the label before it
            else:
                line.pad_left(head.cell_len)
            self._put(line)

    def prose(self, text: str, *, indent: int) -> None:
        """Text of several lines: blank lines part paragraphs, indented lines are commands and stay as they are."""
        import textwrap

        flowing: list[str] = []
        for line in [*textwrap.dedent(text).strip("\n").splitlines(), ""]:
            if line.strip() and not line.startswith(("    ", "\t")):
                flowing.append(line)
                continue
            if flowing:
                self.paragraph((" ".join(flowing), ""), indent=indent)
                flowing = []
            if line.strip():
                self.command(line.strip(), indent=indent + 2)
            else:
                self.blank()

    def entry(self, name: str, words: str, *, indent: int, column: int) -> None:
        """A name with its words beside it, or below it where the page is too narrow for both."""
        if self._width - column < _NARROW_COLUMN:
            self.paragraph((name, "bold"), indent=indent)
            self.paragraph((words, ""), indent=indent + 2)
        else:
            self.row(f"{' ' * indent}{neutral(name)}", (words, ""), mark=("", ""), label_width=column - 1)

    def command(self, line: str, *, indent: int) -> None:
        """A command on a line of its own, whole and unwrapped, so that it can be copied; one that cannot be shown as it is says so."""
        if is_plain(line) and len(line) <= _LONGEST_COMMAND and fit(line, self._encoding) == line:
            if self._is_plain(line):
                self._put_plain(" " * indent + line)
            else:
                self._put(self._text(((" " * indent + line, "bold"),), verbatim=True))
            return
        self.paragraph(("Not for copying: this command holds characters that cannot be shown, or is too long.", "yellow"), indent=indent)
        self.paragraph((line, ""), indent=indent)

    def envcheck(self, *arguments: str, indent: int) -> None:
        """A command of envcheck's own, as it is started here."""
        from envcheck.rendering.shell import Shell, command_line

        self.command(command_line((*self.own_command, *arguments), Shell.POWERSHELL if os.name == "nt" else Shell.POSIX), indent=indent)

    def text(self) -> str:
        """All that was put on the page."""
        return self._out.getvalue()

    def _is_plain(self, words: str) -> bool:
        return not self._color and is_narrow(words)

    def _words(self, spans: tuple[Span, ...], *, verbatim: bool = False) -> str:
        return "".join(fit(words if verbatim else _spaced(words), self._encoding) for words, _ in spans)

    def _text(self, spans: tuple[Span, ...], *, verbatim: bool = False) -> "Text":
        from rich.text import Text

        text = Text(end="")
        for words, style in spans:
            text.append(self._words(((words, style),), verbatim=verbatim), style or None)
        return text

    def _wrapped(self, spans: tuple[Span, ...], width: int) -> "list[Text]":
        lines = list(self._text(spans).wrap(self._console, max(width, _LEAST_WIDTH), overflow="fold"))
        for line in lines:
            line.rstrip()
        return lines

    def _put_plain(self, line: str) -> None:
        self._out.write(line + "\n")
        self._ends_with_text = True

    def _put(self, line: "Text") -> None:
        self._console.print(line, soft_wrap=True)
        self._ends_with_text = True


def _spaced(words: str) -> str:
    """Neutral words, with the spaces before or behind them kept: spans are set side by side."""
    harmless = neutral(words)
    before = len(words) - len(words.lstrip(" ")) if harmless else 0
    behind = len(words) - len(words.rstrip(" "))
    return " " * min(before, 2) + harmless + " " * min(behind, 2)
