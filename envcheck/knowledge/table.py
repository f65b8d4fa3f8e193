"""Loading a table of compatibility facts: JSON that a checked-in step writes from the TOML beside it."""

import enum
from pathlib import Path
from typing import TypeVar

import msgspec

FOLDER = Path(__file__).parent / "tables"

_T = TypeVar("_T")


class Confidence(str, enum.Enum):
    """How sure a row is; only a high one may make a finding certain."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """The base of every row: where it is from, when that was read, and how sure it is (`reservation` says why not surer)."""

    confidence: Confidence
    source: str
    checked: str
    reservation: str = ""


def load(name: str, shape: type[_T]) -> _T:
    """The table of that name, every row checked against its type."""
    return msgspec.json.decode((FOLDER / f"{name}.json").read_bytes(), type=shape)
