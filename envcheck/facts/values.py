"""What every fact is made of: a value, known absence (`None`), or not known (`UNSET`)."""

from typing import TypeVar

import msgspec
from msgspec import UNSET, UnsetType

_T = TypeVar("_T")


def known(value: _T | UnsetType | None, default: _T) -> _T:
    """The value, or the default where it is unknown or known to be absent."""
    return default if value is UNSET or value is None else value


def in_seconds(seconds: float) -> str:
    """A time that was waited, as text without its unit: 0.1 → "0.1", 5 → "5", 61.4 → "61"."""
    return f"{seconds:.1f}".removesuffix(".0") if 0.05 <= seconds < 10 else f"{seconds:.0f}"


class Fact(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The base of every group of facts."""
