"""The `--format` of commands that show something without judging, and their JSON."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])


def text_or_json(command: _Command) -> _Command:
    """Gives a command `--format terminal|json`, handed over as `format_`."""
    formats = click.Choice(("terminal", "json"))
    return click.option("--format", "format_", type=formats, default="terminal", help="What is printed: terminal (default) or json.")(
        command
    )


def deliver_json(data: dict[str, object]) -> None:
    """Puts a document on standard output; UTF-8 whatever the locale says."""
    import msgspec

    from envcheck.cli.streams import deliver

    deliver(msgspec.json.format(msgspec.json.encode(data), indent=2).decode() + "\n", "utf-8")
