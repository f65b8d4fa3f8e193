"""Checks of profiles as requests: which of their commands may be run, and why the others are not.

A profile may come from anywhere, and may extend others; a configuration file, which may come with a cloned folder, can name any. What is
run is therefore decided by the command line alone: commands of profiles that did not come with envcheck need `--allow-commands`, and those
that only a configuration file names are never run.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from envcheck.cli.judging_options import JudgingOptions
    from envcheck.observing.own_check import CheckRequest
    from envcheck.profiles.model import Check, Profile

_Command = TypeVar("_Command", bound="Callable[..., Any]")

NOT_ALLOWED = "it runs a command; --allow-commands lets it"
CONFIGURED = "it runs a command, and a configuration file cannot have one run; --profile can name the profile"
QUICK = "it runs a command, and --quick runs none"


def allow_commands_option(command: _Command) -> _Command:
    """The one consent to run what profiles name; no configuration can give it."""
    option = click.option(
        "--allow-commands",
        is_flag=True,
        help="Run the commands that profiles name as checks, with your rights; without it none is run. `envcheck profiles show FILE` "
        "shows them.",
    )
    return option(command)


def check_requests(
    options: "JudgingOptions", *, allowed: bool, quick: bool = False, timeout_s: float | None = None
) -> "tuple[CheckRequest, ...]":
    """All checks of the profiles and their bases. Raises `ProfileError` for two of one name."""
    if not options.profiles:
        return ()
    from envcheck.profiles.load import chain, checks, is_shipped

    named = {member.path for profile in options.named for member in chain(profile)}

    def refusal(profile: "Profile") -> str:
        if quick:
            return QUICK
        if profile.path not in named:
            return CONFIGURED
        return "" if allowed or is_shipped(profile) else NOT_ALLOWED

    return tuple(_request(check, profile, refusal(profile), timeout_s) for check, profile in checks(options.profiles))


def _request(check: "Check", profile: "Profile", refusal: str, timeout_s: float | None) -> "CheckRequest":
    from envcheck.observing.own_check import CheckRequest

    return CheckRequest(
        name=check.name,
        profile=profile.name,
        key=check.key,
        command=check.command,
        folder=str(Path(profile.path).resolve().parent),
        exit_code=check.exit_code,
        output=check.output,
        timeout_s=timeout_s or check.timeout,
        refused=refusal,
    )
