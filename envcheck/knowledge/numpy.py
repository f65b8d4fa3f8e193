"""Which releases work with NumPy 2."""

from functools import cache

import msgspec

from envcheck.knowledge.table import Row, load


class First(Row, frozen=True, kw_only=True):
    """The first release of a distribution that works with NumPy 2."""

    name: str
    version: str


class _Table(msgspec.Struct, frozen=True):
    first: tuple[First, ...]


@cache
def _firsts() -> dict[str, First]:
    return {row.name: row for row in load("numpy_2", _Table).first}


def modules_with_a_first() -> tuple[str, ...]:
    """The distributions of the table."""
    return tuple(_firsts())


def find_first_for_numpy_2(distribution: str) -> First | None:
    """The row of a distribution."""
    return _firsts().get(distribution)
