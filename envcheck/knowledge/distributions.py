"""Which glibc a distribution of Linux came with: it keeps that for all of its life."""

from functools import cache

import msgspec

from envcheck.knowledge.table import Row, load
from envcheck.knowledge.versions import release


class Distribution(Row, frozen=True, kw_only=True):
    """One release of one distribution, or of several that are built from the same sources."""

    ids: tuple[str, ...]
    version: str
    glibc: str


class _Table(msgspec.Struct, frozen=True):
    distribution: tuple[Distribution, ...]


@cache
def _rows() -> tuple[Distribution, ...]:
    return load("distributions", _Table).distribution


def glibc_of(distribution_id: str, version: str) -> Distribution | None:
    """By the id and the version of os-release (`centos`, `7.9`): distributions that number their releases by one number keep it in all."""
    for row in _rows():
        wanted = release(row.version)
        if distribution_id in row.ids and wanted and release(version)[: len(wanted)] == wanted:
            return row
    return None
