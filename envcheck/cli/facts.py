"""`envcheck facts`: the snapshot, as JSON or for a person to read."""

import sys

import click


@click.command()
@click.option("--python", metavar="PATH", help="Examine this interpreter or environment.")
@click.option("--quick", is_flag=True, help="Import no package of the examined environment.")
@click.option(
    "--format", "format_", type=click.Choice(("json", "terminal")), default="json", help="What is printed: json (default) or terminal."
)
def facts(*, python: str | None, quick: bool, format_: str) -> int:
    """Print all that could be found out."""
    from envcheck.cli.doctor import look
    from envcheck.cli.streams import deliver

    snapshot = look(python, quick=quick)
    if format_ == "json":
        from envcheck.rendering.json_report import render_snapshot

        deliver(render_snapshot(snapshot), "utf-8")
    else:
        from envcheck.rendering.facts_page import facts_text
        from envcheck.rendering.interface import options_for

        deliver(facts_text(snapshot, options_for(sys.stdout)))
    return 0
