"""Which releases work with NumPy 2, and which NumPy brought which structures and C interface."""

from functools import cache

import msgspec

from envcheck.knowledge.table import Row, load


class First(Row, frozen=True, kw_only=True):
    """The first release of a distribution that works with NumPy 2."""

    name: str
    version: str


class _Table(msgspec.Struct, frozen=True):
    first: tuple[First, ...]


class Interface(Row, frozen=True, kw_only=True):
    """The NumPy release from which a structure has a size, or the C interface a number."""

    what: str
    number: str
    numpy: str


class _Interfaces(msgspec.Struct, frozen=True):
    interface: tuple[Interface, ...]


@cache
def _firsts() -> dict[str, First]:
    return {row.name: row for row in load("numpy_2", _Table).first}


def modules_with_a_first() -> tuple[str, ...]:
    """The distributions of the table."""
    return tuple(_firsts())


def find_first_for_numpy_2(distribution: str) -> First | None:
    """The row of a distribution."""
    return _firsts().get(distribution)


def find_interface(what: str, number: str) -> Interface | None:
    """The row of a size (`numpy.ndarray`, "96") or of a number of the C interface (`api`, "0x10")."""
    rows = load("numpy_interfaces", _Interfaces).interface
    return next((row for row in rows if row.what == what and row.number == number), None)
