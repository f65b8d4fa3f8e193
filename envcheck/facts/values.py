"""What every fact is made of: a value, known absence (`None`), or not known (`UNSET`)."""

from typing import TypeVar

import msgspec
from msgspec import UNSET, UnsetType

_T = TypeVar("_T")


def known(value: _T | UnsetType | None, default: _T) -> _T:
    """The value, or the default where it is unknown or known to be absent."""
    return default if value is UNSET or value is None else value


class Fact(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The base of every group of facts."""
