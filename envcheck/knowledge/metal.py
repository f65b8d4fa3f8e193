"""Which macOS torch's Metal backend needs."""

from functools import cache

import msgspec

from envcheck.knowledge.table import Row, load
from envcheck.knowledge.versions import is_below


class MpsRelease(Row, frozen=True, kw_only=True):
    """From this release of torch on, MPS needs that macOS."""

    torch: str
    macos: str


class _Table(msgspec.Struct, frozen=True):
    release: tuple[MpsRelease, ...]


@cache
def _rows() -> tuple[MpsRelease, ...]:
    return load("torch_mps", _Table).release


def oldest_macos(torch: str) -> str:
    """The oldest macOS on which that torch has MPS; of a version that is not known, the oldest for any."""
    fitting = [row for row in _rows() if not is_below(torch, row.torch)]
    return (fitting or list(_rows()[:1]))[-1].macos


def newest_need() -> str:
    """What torch of today needs."""
    return _rows()[-1].macos
