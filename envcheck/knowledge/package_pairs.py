"""What a release of one package asks of another, for packages whose metadata is not at hand: those of a pasted list."""

from functools import cache

import msgspec

from envcheck.knowledge.specifiers import pinned_version
from envcheck.knowledge.table import Row, load
from envcheck.knowledge.versions import is_same


class Pair(Row, frozen=True, kw_only=True):
    """One requirement of one release: `specifier` is the range of `needs` that it accepts."""

    package: str
    version: str
    needs: str
    specifier: str


class _Table(msgspec.Struct, frozen=True):
    pair: tuple[Pair, ...]


@cache
def _pairs() -> dict[tuple[str, str, str], Pair]:
    return {(row.package, row.needs, row.version): row for row in load("package_pairs", _Table).pair}


def find_pair(package: str, version: str, needs: str) -> Pair | None:
    """The row of that very release: `0.0.22.post7` is another one than `0.0.22`; what stands behind a plus does not count."""
    return _pairs().get((package, needs, version.partition("+")[0]))


def fitting_release(package: str, needs: str, version: str) -> str:
    """The newest release of a package that asks for that very version of another; empty where the table knows none."""
    rows = (row for row in _pairs().values() if row.package == package and row.needs == needs)
    return next((row.version for row in rows if (pinned := pinned_version(row.specifier)) and is_same(pinned, version)), "")
