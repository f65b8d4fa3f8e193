"""What a renderer is, which there are, and which one an `--output` asks for.

A renderer takes a report and nothing else, and decides nothing. A new one is a module with a `RENDERER` and a line in `_MODULES`; modules
import what is large when they render, not when they are listed.
"""

import contextlib
import os
import re
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Protocol, TextIO

import msgspec

from envcheck.mistake import Mistake, suggestion
from envcheck.report import Report

# By the name that --format takes.
_MODULES = {
    "terminal": "envcheck.rendering.terminal",
    "json": "envcheck.rendering.json_report",
    "markdown": "envcheck.rendering.markdown",
}
DEFAULT_WIDTH = 80
FILE_WIDTH = 100
_WIDEST, _NARROWEST = 120, 40  # longer lines are not read, shorter ones hold nothing


class RenderError(Mistake):
    """A format or an output that cannot be had: what is wrong, and what would be right."""


class RenderOptions(msgspec.Struct, frozen=True):
    """What the place that a report goes to can show; only the terminal format asks."""

    width: int = DEFAULT_WIDTH
    color: bool = False
    encoding: str = "utf-8"
    # The words that start envcheck for this reader: a command that is shown must run as it is.
    command: tuple[str, ...] = ("envcheck",)


class Renderer(Protocol):
    """One format; `suffixes` are those of the files that are written in it unless another is named."""

    name: str
    suffixes: tuple[str, ...]

    def render(self, report: Report, options: RenderOptions) -> str:
        """The whole document, with its last newline."""
        ...


def format_names() -> tuple[str, ...]:
    """The formats, as `--format` takes them."""
    return tuple(_MODULES)


def renderer(name: str) -> Renderer:
    """The renderer of a format. Raises RenderError for one that does not exist."""
    found: Renderer = import_module(_MODULES[check_format(name)]).RENDERER
    return found


def check_format(name: str) -> str:
    """The format's own spelling of its name. Raises RenderError for one that does not exist."""
    if name.lower() in _MODULES:
        return name.lower()
    hint = suggestion(name.lower(), format_names()) or f"The formats are {', '.join(format_names())}."
    raise RenderError(f'There is no format "{name}".', hint)


def format_of(output: str) -> tuple[str, str]:
    """An `--output` as (format, file): "sarif=out.txt" names the format, "report.json" says it by its suffix.

    Raises RenderError where neither does.
    """
    from pathlib import PurePath

    before, sign, after = output.partition("=")
    if sign and before.lower() in _MODULES:
        if not after:
            raise RenderError(f"--output {output}: this names no file.", f"Write it as {before}=FILE.")
        return before.lower(), after
    if sign and re.fullmatch(r"[A-Za-z]+", before) and suggestion(before.lower(), format_names()):
        check_format(before)  # raises: it looks like a format and is none
    by_suffix = next((name for name in _MODULES if PurePath(output).suffix.lower() in renderer(name).suffixes), None)
    if by_suffix is None:
        suffixes = ", ".join(suffix for name in _MODULES for suffix in renderer(name).suffixes)
        raise RenderError(
            f"--output {output}: the file's name does not say the format.", f"Use one of the suffixes {suffixes}, or write FORMAT=FILE."
        )
    return by_suffix, output


def check_outputs(outputs: Sequence[str]) -> tuple[str, ...]:
    """The `--output`s, each checked, and no file named twice: the second report would take the place of the first."""
    files: set[str] = set()
    for output in outputs:
        file = os.path.realpath(format_of(check_output(output))[1])
        if file in files:
            raise RenderError(f"--output {output}: another --output names this file already.", "Name another file.")
        if not os.path.exists(file) or os.path.isfile(file):  # noqa: PTH110, PTH113 - pathlib raises for a name that is too long
            files.add(file)
    return tuple(outputs)


def check_output(output: str) -> str:
    """The `--output` itself, if its format is known and its file can be in that place: said before the work, not after it."""
    from pathlib import Path

    _, file = format_of(output)
    folder = Path(file).parent
    if os.path.isdir(file):  # noqa: PTH112 - pathlib raises for a name that is too long
        raise RenderError(f"--output {output}: {file} is a folder.", "Name a file in it.")
    if not os.path.isdir(folder):  # noqa: PTH112 - the same
        raise RenderError(f"--output {output}: there is no folder {folder}.", "Make it first, or name another place.")
    return output


def render(report: Report, format_name: str, *, color: bool | None = None) -> str:
    """The report for standard output. What is read on the spot is shown as it is; formats made to be passed on are redacted."""
    chosen = renderer(format_name)
    if chosen.name != "terminal":
        from envcheck.rendering.redaction import redact_here

        report = redact_here(report)
    return chosen.render(report, options_for(sys.stdout, color))


def render_to_file(report: Report, output: str) -> None:
    """Writes the redacted report into the file that an `--output` names. Raises RenderError where it cannot be written."""
    from envcheck.rendering.redaction import redact_here

    name, file = format_of(output)
    text = renderer(name).render(redact_here(report), RenderOptions(width=FILE_WIDTH))
    try:
        _write(file, text.encode("utf-8", "backslashreplace"))
    except (OSError, ValueError) as error:  # ValueError: a NUL byte in the name
        raise RenderError(f"--output {output}: {getattr(error, 'strerror', None) or error}.", "Name another file.") from None


def _write(file: str, data: bytes) -> None:
    """Replaces the content of a file. A pipe is not waited for: where nobody reads from it the system says so."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(file, flags, 0o666), "wb") as stream:
        if sys.platform != "win32":
            os.set_blocking(stream.fileno(), True)
        stream.write(data)


def options_for(stream: TextIO, color: bool | None = None, environment: Mapping[str, str] = os.environ) -> RenderOptions:
    """What a stream can show. `color` is the user's word, where there is one; else FORCE_COLOR, NO_COLOR and the terminal decide."""
    terminal = is_terminal(stream)
    width = _columns() if terminal else DEFAULT_WIDTH
    return RenderOptions(
        width=max(_NARROWEST, min(width, _WIDEST)),
        color=_wants_color(terminal, environment) if color is None else color,
        encoding=getattr(stream, "encoding", None) or "utf-8",
        command=own_command(sys.argv[0] if sys.argv else "", sys.executable),
    )


def _columns() -> int:
    import shutil

    return shutil.get_terminal_size((DEFAULT_WIDTH, 24)).columns


def own_command(started: str, python: str) -> tuple[str, ...]:
    """What starts this program again from any folder, where it was started as `started` under the interpreter `python`."""
    name = os.path.basename(started)  # noqa: PTH119 - pathlib and shutil are a tenth of a short run
    module = name == "__main__.py"
    if not module and os.path.splitext(name)[0] != "envcheck":  # noqa: PTH122 - a program that imports it
        return ("envcheck",)
    program = "envcheck.exe" if sys.platform == "win32" else "envcheck"
    script = os.path.join(os.path.dirname(python), program) if module else started  # noqa: PTH118, PTH120 - the same
    on_path = _on_path(program)
    with contextlib.suppress(OSError):
        if on_path and (not os.path.exists(script) or os.path.samefile(on_path, script)):  # noqa: PTH110, PTH121 - the same
            return ("envcheck",)
    if os.path.isfile(script):  # noqa: PTH113 - the same
        return (os.path.abspath(script),)  # noqa: PTH100 - the same
    return (python, "-m", "envcheck")


def _on_path(program: str) -> str:
    """What a shell runs by this name; empty: nothing."""
    files = (os.path.join(folder, program) for folder in os.environ.get("PATH", os.defpath).split(os.pathsep) if folder)  # noqa: PTH118 - the same
    return next((file for file in files if os.path.isfile(file) and os.access(file, os.X_OK)), "")  # noqa: PTH113 - the same


def is_terminal(stream: TextIO | None) -> bool:
    """Whether somebody looks at the stream; a closed or missing one is none."""
    try:
        return stream is not None and stream.isatty()
    except (AttributeError, ValueError):
        return False


def _wants_color(terminal: bool, environment: Mapping[str, str]) -> bool:
    if environment.get("NO_COLOR"):
        return False
    force = environment.get("FORCE_COLOR", "")
    if force:
        return force.lower() not in ("0", "false", "no")
    return terminal and environment.get("TERM") != "dumb"
