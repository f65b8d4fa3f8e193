"""Texts in which every line is followed by an empty one, as mails and trackers make them of a paste, closed up again.

    Package    Version

    ---------- -------

    torch      2.4.1

A list ends at an empty line, so that of one with an empty line behind each row nothing would be read. Which line stood where is kept.
"""

from collections.abc import Sequence
from itertools import pairwise

# Paragraphs of one line each look the same: in a text that has other lines too, a block of so many is none of theirs.
_FEWEST, _FEWEST_IN_BLOCK = 3, 7


def closed_up(lines: Sequence[str]) -> tuple[list[str], list[int]]:
    """The lines without the empty ones that were put behind each, and the indices at which they stood.

    An empty line of the text's own has become three, and is one again.
    """
    runs = _runs([index for index, line in enumerate(lines) if line])
    fewest = _FEWEST if len(runs) == 1 else _FEWEST_IN_BLOCK
    dropped: set[int] = set()
    for run in runs:
        if len(run) >= fewest:
            for before, after in pairwise(run):
                dropped.update(range(before + (after - before) // 2, after))
    kept = [index for index in range(len(lines)) if index not in dropped]
    return [lines[index] for index in kept], kept


def _runs(filled: list[int]) -> list[list[int]]:
    """The lines that follow each other with an odd number of empty ones between each two, run by run."""
    runs: list[list[int]] = []
    for index in filled:
        if runs and (index - runs[-1][-1]) % 2 == 0:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs
