"""Loading a table of compatibility facts: JSON that a checked-in step writes from the TOML beside it."""

import enum
import os
from typing import TypeVar

import msgspec

FOLDER = os.path.join(os.path.dirname(__file__), "tables")  # noqa: PTH118, PTH120 - pathlib is a twentieth of a short run

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
    with open(os.path.join(FOLDER, f"{name}.json"), "rb") as file:  # noqa: PTH118, PTH123 - as above
        return msgspec.json.decode(file.read(), type=shape)
