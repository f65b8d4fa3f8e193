"""`envcheck doctor`: look, judge, tell."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import replace

from envcheck.cli.judging_options import JudgingOptions, judging_options
from envcheck.cli.own_checks import allow_commands_option, check_requests

if TYPE_CHECKING:
    from envcheck.facts.snapshot import Snapshot
    from envcheck.observing.observe import Wish


class Seconds(click.FloatRange):
    """A time that comes to an end: "nan" is a number to Python, too, and lies within every range."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number. Raises `click.BadParameter`."""
        if str(value).strip().lower().lstrip("+-") == "nan":
            self.fail(f"'{value}' is no number of seconds.", param, ctx)
        seconds: float = super().convert(value, param, ctx)
        return seconds


@click.command()
@click.option("--quick", is_flag=True, help="Import no package of the examined environment.")
@click.option("--python", metavar="PATH", help="Examine this interpreter or environment.")
@click.option("--smoke", "smoke", multiple=True, metavar="NAME", help="Make this smoke test too; `envcheck smoke --help` says more.")
@click.option("--timeout", type=Seconds(min=0.1, max=86_400), metavar="S", help="Seconds that each import and test may take.")
@click.option("--facts", "facts_file", metavar="FILE", help="Judge this saved snapshot instead of this machine.")
@allow_commands_option
@judging_options
def doctor(
    *,
    quick: bool,
    python: str | None,
    smoke: Sequence[str],
    timeout: float | None,
    facts_file: str | None,
    allow_commands: bool,
    options: JudgingOptions,
) -> int:
    """Examine this machine and its Python environment, and say what is wrong."""
    from envcheck.cli.judging_options import judge

    if quick and smoke:
        raise click.UsageError("--quick imports nothing, and --smoke tests what was imported. Give one of them.")
    if quick and allow_commands:
        raise click.UsageError("--quick runs no command, and --allow-commands lets profiles run theirs. Give one of them.")
    if facts_file is not None:
        for given, option in ((python, "--python"), (smoke, "--smoke"), (allow_commands, "--allow-commands")):
            if given:
                raise click.UsageError(f"--facts judges a saved snapshot; {option} examines this machine. Give one of them.")
        from envcheck.cli.diagnose import read_file

        return judge(read_file(facts_file), options)
    checks = check_requests(options, allowed=allow_commands, quick=quick, timeout_s=timeout)
    wish = quick_wish(python) if quick else full_wish(python, smoke, options, timeout)
    return judge(look(replace(wish, checks=checks) if checks else wish), options)


def quick_wish(python: str | None) -> "Wish":
    """To look without importing anything."""
    from envcheck.observing.observe import Wish

    return Wish(python=python, quick=True)


def full_wish(
    python: str | None, smoke: Sequence[str] = (), options: JudgingOptions | None = None, timeout_s: float | None = None
) -> "Wish":
    """To make the smoke tests of the default set, those that were named and those of profiles. Raises `Mistake` for an unknown name."""
    from envcheck.cli.smoke_requests import TestOptions, default_tests, requests, split_names, tests_of_imports
    from envcheck.judging.predictions import predicted_crash
    from envcheck.observing.observe import Wish

    named, refused = split_names(smoke)
    of_profiles, others = tests_of_imports(_wanted(options) if options else ())
    asked = {test.name: test for test in (*named, *of_profiles)}
    defaults = [test for test in default_tests() if test.name not in asked]
    settings = TestOptions(timeout_s=timeout_s)
    return Wish(
        python=python,
        tried=_tried(),
        frameworks=tuple(others),
        tests=(*requests(list(asked.values()), settings, asked_for=True), *requests(defaults, settings, asked_for=False)),
        refused=refused,
        import_timeout_s=timeout_s,
        foretold=predicted_crash,
    )


def _wanted(options: JudgingOptions) -> tuple[str, ...]:
    """The import packages that the profiles name.

    To import is to run code: a configuration file, which may come with a cloned folder, can only ask for frameworks that are known.
    """
    if not options.profiles:
        return ()
    from envcheck.knowledge.frameworks import FRAMEWORKS
    from envcheck.profiles.load import frameworks

    return (*frameworks(options.named), *(name for name in frameworks(options.configured) if name in FRAMEWORKS))


def look(wish: "Wish", *, results: bool = False) -> "Snapshot":
    """A snapshot of this machine; raises `Mistake` where the named interpreter cannot be used.

    `results`: each smoke test's is told on standard error as it comes.
    """
    from envcheck.observing.observe import Watcher, observe
    from envcheck.rendering.progress import progress_view

    with progress_view(results=results) as view:
        return observe(wish, Watcher(view.tell, view.begin, view.told), meanwhile=_prepare_judging)


def _tried() -> "dict[str, tuple[str, ...]]":
    from envcheck.knowledge.frameworks import FRAMEWORKS, TRIED

    return {name: FRAMEWORKS[name] for name in TRIED}


def _prepare_judging() -> None:
    """Imports what judging needs while the children are at work: a quarter of the quick path's time."""
    import envcheck.judging.engine
    import envcheck.profiles.load
    import envcheck.rendering.terminal  # noqa: F401 - it is the import that takes the time
    from envcheck.rules import all_rules

    all_rules()
