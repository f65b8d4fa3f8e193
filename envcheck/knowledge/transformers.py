"""The oldest torch that releases of transformers work with."""

from functools import cache

import msgspec

from envcheck.knowledge.table import Row, load
from envcheck.knowledge.versions import is_below, release


class Release(Row, frozen=True, kw_only=True):
    """One release and the oldest torch that it declares."""

    version: str
    torch_min: str


class _Table(msgspec.Struct, frozen=True):
    release: tuple[Release, ...]


@cache
def _releases() -> tuple[Release, ...]:
    return tuple(sorted(load("transformers_torch", _Table).release, key=lambda row: release(row.version), reverse=True))


def find_floor(transformers: str) -> Release | None:
    """The newest row that is not newer than a release: the oldest torch only ever rises, so that it holds for the release too."""
    return next((row for row in _releases() if not is_below(transformers, row.version)), None) if release(transformers) else None


def newest_for(torch: str) -> Release | None:
    """The newest release of the table that works with a torch."""
    return next((row for row in _releases() if not is_below(torch, row.torch_min)), None) if release(torch) else None
