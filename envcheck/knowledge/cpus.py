"""Processors that are known to lack AVX, for texts that give a model's name and no flags."""

import re
from functools import cache

import msgspec

from envcheck.knowledge.table import Row, load


class WithoutAvx(Row, frozen=True, kw_only=True):
    """A family of processors without AVX."""

    pattern: str
    name: str


class _Table(msgspec.Struct, frozen=True):
    cpu: tuple[WithoutAvx, ...]


@cache
def _rows() -> tuple[WithoutAvx, ...]:
    return load("cpus_without_avx", _Table).cpu


def find_cpu_without_avx(model: str) -> WithoutAvx | None:
    """The row of a model's printed name (`Intel(R) Celeron(R) N4505 @ 2.00GHz`)."""
    return next((row for row in _rows() if re.search(row.pattern, model, re.IGNORECASE)), None)
