"""`envcheck schema`: what the JSON looks like, as JSON Schema."""

import click


@click.command()
@click.argument("document", type=click.Choice(("report", "snapshot", "profile")))
def schema(*, document: str) -> int:
    """Print the JSON Schema of a report, a snapshot or a profile."""
    from envcheck.cli.streams import deliver
    from envcheck.rendering import schemas

    deliver(schemas.schema_of(document), "utf-8")
    return 0
