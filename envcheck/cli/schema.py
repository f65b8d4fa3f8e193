"""`envcheck schema`: what the JSON looks like, as JSON Schema."""

import click


@click.command()
@click.argument("document", type=click.Choice(("report", "snapshot", "profile", "plan")))
def schema(*, document: str) -> int:
    """Print the JSON Schema of a report, a snapshot, a profile or a plan."""
    from envcheck.cli.streams import deliver
    from envcheck.rendering import schemas

    deliver(schemas.schema_of(document), "utf-8")
    return 0
