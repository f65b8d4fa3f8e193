"""The options that every command with a verdict takes, and the way from a snapshot to its printed report and exit code."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

if TYPE_CHECKING:
    from envcheck.cli.configuration import Configuration
    from envcheck.facts.snapshot import Snapshot
    from envcheck.profiles.model import Profile, Requirement
    from envcheck.report import Report

_Command = TypeVar("_Command", bound=Callable[..., Any])

FAIL_ON = ("error", "warning", "never")


class JudgingOptions(msgspec.Struct, frozen=True):
    """What the user asked for, the configuration file's words already taken in."""

    configured: "tuple[Profile, ...]"  # those that a configuration file brought along
    named: "tuple[Profile, ...]"  # those of the command line
    format: str
    outputs: tuple[str, ...]
    fail_on: str
    select: frozenset[str]
    ignore: dict[str, str]
    color: bool | None

    @property
    def profiles(self) -> "tuple[Profile, ...]":
        """All profiles whose requirements are judged."""
        return self.configured + self.named


def judging_options(command: _Command) -> _Command:
    """Gives a command the options, and hands them over as one `JudgingOptions`."""

    @click.option("--profile", "profiles", multiple=True, metavar="NAME|FILE", help="Check the requirements of this profile too.")
    @click.option("--format", "format_", metavar="FORMAT", help="What is printed: terminal (default), json or markdown.")
    @click.option("--output", "outputs", multiple=True, metavar="[FORMAT=]FILE", help="Write the report to this file too.")
    @click.option("--fail-on", type=click.Choice(FAIL_ON), help="What makes the exit code 1 (default: error).")
    @click.option("--select", "select", multiple=True, metavar="AREA|RULE", help="Judge only this area or rule.")
    @click.option("--ignore", "ignore", multiple=True, metavar="RULE", help="Leave this rule's findings out.")
    @click.option("--config", metavar="FILE", help="Read this configuration instead of envcheck.toml or pyproject.toml.")
    @click.option(
        "--color", type=click.Choice(("auto", "always", "never")), default="auto", show_default=True, help="Colour in the terminal."
    )
    @wraps(command)
    def wrapped(
        profiles: Sequence[str],
        format_: str | None,
        outputs: Sequence[str],
        fail_on: str | None,
        select: Sequence[str],
        ignore: Sequence[str],
        config: str | None,
        color: str,
        **rest: Any,
    ) -> Any:
        from envcheck.cli.configuration import read_configuration

        configuration = read_configuration(config)
        options = JudgingOptions(
            configured=(*_own_profile(configuration), *_profiles(configuration.profiles)),
            named=_profiles(profiles),
            format=_format(format_),
            outputs=_outputs(outputs),
            fail_on=fail_on or configuration.fail_on,
            select=_known_names((*configuration.select, *select), "--select", areas=True),
            ignore=_ignored(configuration, ignore),
            color={"auto": None, "always": True, "never": False}[color],
        )
        return command(options=options, **rest)

    return wrapped  # type: ignore[return-value]  # the wrapper takes the options apart that the command takes as one


# What is not asked for is not imported: the children start the sooner.


def _own_profile(configuration: "Configuration") -> "tuple[Profile, ...]":
    if configuration.own_profile is None:
        return ()
    from envcheck.profiles.inline import inline_profile

    return (inline_profile(*configuration.own_profile),)


def _profiles(names: Sequence[str]) -> "tuple[Profile, ...]":
    if not names:
        return ()
    from envcheck.profiles.load import load_profile

    return tuple(load_profile(name) for name in names)


def _format(name: str | None) -> str:
    if name is None:
        return "terminal"
    from envcheck.rendering.interface import check_format

    return check_format(name)


def _outputs(outputs: Sequence[str]) -> tuple[str, ...]:
    if not outputs:
        return ()
    from envcheck.rendering.interface import check_outputs

    return check_outputs(outputs)


def _ignored(configuration: "Configuration", names: Sequence[str]) -> dict[str, str]:
    _known_names(tuple(configuration.ignore), "ignore", areas=False)
    _known_names(tuple(names), "--ignore", areas=False)
    return {**configuration.ignore, **dict.fromkeys(names, "--ignore on the command line")}


def _known_names(names: Sequence[str], option: str, *, areas: bool) -> frozenset[str]:
    if not names:
        return frozenset()
    from envcheck.mistake import Mistake, suggestion
    from envcheck.report import Area
    from envcheck.rules import RULES

    known = [listed.name for listed in RULES] + ([area.value for area in Area] if areas else [])
    for name in names:
        if name not in known:
            raise Mistake(
                f'{option}: there is no rule{" or area" if areas else ""} "{name}".',
                suggestion(name, known) or "`envcheck rules` lists them.",
            )
    return frozenset(names)


def judge(snapshot: "Snapshot", options: JudgingOptions, about: frozenset[str] | None = None) -> int:
    """Diagnoses, prints, writes the files, and returns the exit code; `about` are the packages that alone are asked about."""
    from envcheck.judging.engine import Choice, diagnose
    from envcheck.judging.verdict import exit_code
    from envcheck.report import Severity
    from envcheck.rules import rules_for

    requirements = _requirements(snapshot, options)
    report = diagnose(
        snapshot,
        rules_for(snapshot, requirements),
        requirements,
        [profile.name for profile in options.profiles],
        Choice(options.select, options.ignore, about),
    )
    publish(report, options)
    return exit_code(report, None if options.fail_on == "never" else Severity(options.fail_on))


def _requirements(snapshot: "Snapshot", options: JudgingOptions) -> "tuple[Requirement, ...]":
    """Those of the profiles; without one the minimums are hints, but not about somebody else's machine."""
    if not options.profiles and not snapshot.live:
        return ()
    from envcheck.profiles.load import checks, hints, resolve

    if not options.profiles:
        return hints()
    return (*resolve(options.profiles), *(check.requirement for check, _ in checks(options.profiles)))


def publish(report: "Report", options: JudgingOptions) -> None:
    """Prints first: a file that cannot be written must not cost the report. Raises `RenderError` for such a file."""
    from envcheck.cli.streams import deliver
    from envcheck.rendering.interface import render, render_to_file

    deliver(render(report, options.format, color=options.color), None if options.format == "terminal" else "utf-8")
    for output in options.outputs:
        render_to_file(report, output)
