"""`envcheck diagnose`: judge what somebody saved or pasted."""

import sys
from typing import TYPE_CHECKING

import click

from envcheck.cli.judging_options import JudgingOptions, judging_options
from envcheck.mistake import Mistake

if TYPE_CHECKING:
    from envcheck.facts.snapshot import Snapshot

# A report that people paste has some kilobytes; a saved snapshot at most some megabytes.
MAX_BYTES = 100 * 2**20


@click.command()
@click.argument("file", metavar="FILE|-")
@judging_options
def diagnose(*, file: str, options: JudgingOptions) -> int:
    """Judge a saved snapshot or a pasted report; - reads standard input.

    A report is any text in which programs speak: an error message, nvidia-smi, rocminfo, dmesg, pip list, several of them with prose
    around. It is taken as told of one machine; nothing is looked at here.
    """
    from envcheck.cli.judging_options import judge

    return judge(read_file(file), options)


def read_file(name: str) -> "Snapshot":
    """The snapshot that a file, or with "-" standard input, holds. Raises `Mistake`."""
    from envcheck.readers.read import read_saved

    return read_saved(_read(name), "standard input" if name == "-" else name)


def _read(name: str) -> bytes:
    try:
        if name == "-":
            data = sys.stdin.buffer.read(MAX_BYTES + 1) if sys.stdin is not None else b""  # None: closed from the start
        else:
            with open(name, "rb") as file:  # noqa: PTH123 - pathlib is a twentieth of a short run
                data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL byte in the name
        raise Mistake(
            f"{name} cannot be read: {getattr(error, 'strerror', None) or error}.", "Name a file, or - for standard input."
        ) from None
    if len(data) > MAX_BYTES:
        raise Mistake(f"{name} is larger than {MAX_BYTES // 2**20} MiB.", "Give the part with the error and the environment's report.")
    return data
