"""`envcheck facts`: the snapshot of this machine, or what was understood of a text, as JSON or for a person to read."""

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from envcheck.facts.snapshot import Snapshot


@click.command()
@click.argument("file", metavar="[FILE|-]", required=False)
@click.option("--python", metavar="PATH", help="Examine this interpreter or environment.")
@click.option("--quick", is_flag=True, help="Import no package of the examined environment.")
@click.option(
    "--format", "format_", type=click.Choice(("json", "terminal")), default="json", help="What is printed: json (default) or terminal."
)
def facts(*, file: str | None, python: str | None, quick: bool, format_: str) -> int:
    """Print all that could be found out here; of a FILE, a pasted report or a saved snapshot, all that was understood.

    The terminal's format shows of a pasted report every fact with the line that it was read in.
    """
    from envcheck.cli.streams import deliver

    snapshot = _of_file(file, given=python is not None or quick) if file is not None else _of_machine(python, quick=quick)
    if format_ == "json":
        from envcheck.rendering.json_report import render_snapshot

        deliver(render_snapshot(snapshot), "utf-8")
        return 0
    from envcheck.rendering.interface import options_for

    options = options_for(sys.stdout)
    if snapshot.live:
        from envcheck.rendering.facts_page import facts_text

        deliver(facts_text(snapshot, options))
    else:
        from envcheck.rendering.understood import understood_text

        deliver(understood_text(snapshot, options))
    return 0


def _of_machine(python: str | None, *, quick: bool) -> "Snapshot":
    from envcheck.cli.doctor import full_wish, look, quick_wish

    return look(quick_wish(python) if quick else full_wish(python))


def _of_file(file: str, *, given: bool) -> "Snapshot":
    if given:
        raise click.UsageError("A FILE is read, and nothing is examined: --python and --quick do not go with it.")
    from envcheck.cli.diagnose import read_file

    return read_file(file)
