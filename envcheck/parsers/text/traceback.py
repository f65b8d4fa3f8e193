"""Python's tracebacks, of the interpreter and of IPython, whole or cut.

    Traceback (most recent call last):
      File "/opt/venv/lib/python3.10/site-packages/torch/__init__.py", line 84, in <module>
        from torch._C import *
    ImportError: /lib64/libc.so.6: version `GLIBC_2.14' not found (required by …)

IPython writes `/opt/…/torch/__init__.py in <module>` or `File /opt/…/torch/__init__.py:84` in place of the second line.
"""

from __future__ import annotations

import re
from functools import lru_cache

from envcheck.parsers.expression import regex

_HEADER = regex(r"Traceback \(most recent call last\):?")
_FRAME = regex(r"^\W{0,40}File \"(?P<path>[^\"\n]{1,500})\", line (?P<line>\d{1,7})(?:, in (?P<function>.{1,200}))?")
_CUT_FRAME = regex(r"^(?P<path>[^\s\"]{0,200}\.py)\", line (?P<line>\d{1,7}), in ")
_IPYTHON = regex(r"^(?:File )?(?P<path>(?:/|~|[A-Z]:\\)[^\n:*?\"<>|]{1,400}\.py)(?::(?P<line>\d{1,7}))?(?:,)?(?: in .{1,200})?$")
_EXCEPTION = regex(
    r"^\W{0,8}(?P<name>[A-Za-z_][\w.]{0,100}(?:Error|Exception|Interrupt|Exit|Warning|Conflict|NotFound|Timeout|Failure))(?::|$)"
)
_INNER = regex(r"^(?:\s|[-=~^]+\s*>|\d+\s)")
_END = regex(r"^(?:\s*$|Traceback \(|During handling of|The above exception|\$ |>>> |In \[)")
# A frame's own line of code and the marks below it, and how far an exception's words go on.
_LINES_BETWEEN = 12
_WORDS_GO_ON = 12


class Frame:
    """One file that was passed through."""

    __slots__ = ("function", "line", "path")

    def __init__(self, path: str, line: str | None, function: str | None) -> None:
        self.path = path
        self.line = int(line) if line else None
        self.function = function


class Traceback:
    """The frames, outermost first, and where the exception's words are: indices of its first line and of the one after its last."""

    __slots__ = ("end", "exception", "first", "frames", "words")

    def __init__(self, first: int) -> None:
        self.first = first
        self.frames: list[Frame] = []
        self.exception: str | None = None
        self.words = self.end = first


def parse_tracebacks(lines: list[str]) -> list[Traceback]:
    """Every traceback, those that one exception has of another included; one that is cut before its exception has none."""
    found: list[Traceback] = []
    current: Traceback | None = None
    for number, line in enumerate(lines):
        frame = _frame(line) if ".py" in line or 'File "' in line else None
        header = "Traceback (" in line and _HEADER.search(line) is not None
        if frame is not None or header:
            if current is None or current.exception is not None or header:
                current = Traceback(number)
                found.append(current)
            if frame is not None:
                current.frames.append(frame)
            current.end = number + 1
        elif current is None or current.exception is not None:
            continue
        elif (exception := _EXCEPTION.match(line)) is not None:
            current.exception, current.words = exception.group("name"), number
            current.end = _last_word(lines, number)
        elif number - current.end > _LINES_BETWEEN:
            current = None
    return found


def _frame(line: str) -> Frame | None:
    if ".py" not in line and 'File "' not in line:
        return None
    match = _FRAME.match(line) or _CUT_FRAME.match(line) or _IPYTHON.match(line.rstrip())
    if match is None:
        return None
    return Frame(match.group("path"), match.group("line"), match.groupdict().get("function"))


def _last_word(lines: list[str], first: int) -> int:
    """The end of an exception's words, which may be several lines."""
    for number in range(first + 1, min(first + _WORDS_GO_ON, len(lines))):
        if _END.match(lines[number]) or _frame(lines[number]) is not None:
            return number
    return min(first + _WORDS_GO_ON, len(lines))


@lru_cache(maxsize=1000)
def import_package_of(path: str) -> str | None:
    """The import package that a file belongs to: `…/site-packages/torch/lib/libshm.so` → torch; None outside of an environment.

    An extension that lies there by itself is its own package: `…/site-packages/flash_attn_2_cuda.cpython-310-x86_64-linux-gnu.so`.
    An egg is a folder around it: `…/site-packages/transformers-4.49.0.dev0-py3.9.egg/transformers/…`.
    """
    parts = re.split(r"[/\\]+", path)
    for place in ("site-packages", "dist-packages"):
        if place in parts:
            below = parts[len(parts) - parts[::-1].index(place) :]
            inside = below[1:] if below and below[0].endswith(".egg") else below
            name = inside[0].partition(".")[0] if inside else ""
            return name or None
    return None


@lru_cache(maxsize=1000)
def python_of(path: str) -> str | None:
    """The Python version that a path names: `/opt/lib/python3.10/site-packages/…` → "3.10", `…/Python311/Lib/…` of Windows → "3.11"."""
    match = re.search(r"[/\\]python(\d\.\d{1,2})[/\\]", path) or re.search(r"[/\\]Python(\d)(\d{1,2})(?:-32)?[/\\]", path)
    return ".".join(match.groups()) if match else None
