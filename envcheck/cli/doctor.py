"""`envcheck doctor`: look, judge, tell."""

from typing import TYPE_CHECKING, Any

import click

from envcheck.cli.judging_options import JudgingOptions, judging_options

if TYPE_CHECKING:
    from envcheck.facts.snapshot import Snapshot


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
@click.option("--timeout", type=Seconds(min=0.1, max=86_400), metavar="S", help="Seconds that each import may take (default: 60).")
@click.option("--facts", "facts_file", metavar="FILE", help="Judge this saved snapshot instead of this machine.")
@judging_options
def doctor(*, quick: bool, python: str | None, timeout: float | None, facts_file: str | None, options: JudgingOptions) -> int:
    """Examine this machine and its Python environment, and say what is wrong."""
    from envcheck.cli.judging_options import judge

    if facts_file is not None:
        if python is not None:
            raise click.UsageError("--facts judges a saved snapshot; --python examines an interpreter of this machine. Give one of them.")
        from envcheck.cli.diagnose import read_file

        return judge(read_file(facts_file), options)
    return judge(look(python, quick=quick, frameworks=() if quick else _wanted(options), timeout_s=timeout), options)


def _wanted(options: JudgingOptions) -> tuple[str, ...]:
    """The import packages that the profiles name.

    To import is to run code: a configuration file, which may come with a cloned folder, can only ask for frameworks that are known.
    """
    if not options.profiles:
        return ()
    from envcheck.knowledge.frameworks import FRAMEWORKS
    from envcheck.profiles.load import frameworks

    return (*frameworks(options.named), *(name for name in frameworks(options.configured) if name in FRAMEWORKS))


def look(python: str | None, *, quick: bool, frameworks: tuple[str, ...] = (), timeout_s: float | None = None) -> "Snapshot":
    """A snapshot of this machine; raises `Mistake` where the named interpreter cannot be used."""
    from envcheck.observing.observe import Wish, observe
    from envcheck.rendering.progress import progress_view

    with progress_view() as progress:
        wish = Wish(python=python, quick=quick, tried={} if quick else _tried(), frameworks=frameworks, import_timeout_s=timeout_s)
        return observe(wish, progress, meanwhile=_prepare_judging)


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
