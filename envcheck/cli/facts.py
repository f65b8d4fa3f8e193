"""`envcheck facts`: the snapshot, as JSON."""

import click


@click.command()
@click.option("--python", metavar="PATH", help="Examine this interpreter or environment.")
@click.option("--quick", is_flag=True, help="Import no package of the examined environment.")
def facts(*, python: str | None, quick: bool) -> int:
    """Print all that could be found out, as JSON."""
    from envcheck.cli.doctor import look
    from envcheck.cli.streams import deliver
    from envcheck.rendering.json_report import render_snapshot

    deliver(render_snapshot(look(python, quick=quick)), "utf-8")
    return 0
