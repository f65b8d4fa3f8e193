"""Until when drivers and frameworks get fixes: NVIDIA's schedule for its branches, and the last releases of a framework's series."""

from functools import cache

import msgspec

from envcheck.knowledge.table import Row, load
from envcheck.knowledge.versions import release, series

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


class BranchEnd(Row, frozen=True, kw_only=True):
    """The last month in which a branch of NVIDIA's driver gets fixes; not `exact`: it had ended by then."""

    branch: int
    ends: str
    exact: bool


class LastRelease(Row, frozen=True, kw_only=True):
    """The last release of a series of a framework, and its day."""

    name: str
    series: str
    last: str
    released: str


class _Branches(msgspec.Struct, frozen=True):
    branch: tuple[BranchEnd, ...]


class _Releases(msgspec.Struct, frozen=True):
    series: tuple[LastRelease, ...]


@cache
def _branches() -> tuple[BranchEnd, ...]:
    return load("driver_ends", _Branches).branch


@cache
def _releases() -> tuple[LastRelease, ...]:
    return load("release_dates", _Releases).series


def find_branch_end(branch: int) -> BranchEnd | None:
    """The row of that branch; None: its end is not known."""
    return next((row for row in _branches() if row.branch == branch), None)


def longest_kept_branch(up_to: int | None = None) -> BranchEnd:
    """The branch that gets fixes for longest, of those up to a number."""
    return max((row for row in _branches() if up_to is None or row.branch <= up_to), key=lambda row: row.ends)


def find_last_release(name: str, version: str) -> LastRelease | None:
    """The last release of the series that a version belongs to; None: the series is in no row."""
    return next((row for row in _releases() if row.name == name and release(row.series) == release(series(version))), None)


def newest_release(name: str) -> LastRelease:
    """The row of the newest series of a framework."""
    return max((row for row in _releases() if row.name == name), key=lambda row: release(row.series))


def months_between(earlier: str, later: str) -> int:
    """The months from one day or month (`2026-11-21`, `2026-11`) to another, counted by the calendar's months; negative backwards."""
    first, second = release(earlier.replace("-", ".")), release(later.replace("-", "."))
    return (second[0] - first[0]) * 12 + second[1] - first[1] if min(len(first), len(second)) >= 2 else 0


def spoken_month(date: str) -> str:
    """`2025-10`, `2025-10-31` → `October 2025`."""
    year, month, *_ = date.split("-")
    return f"{_MONTHS[int(month) - 1]} {year}"
