"""Which machines are x86, and which processors are known to lack AVX, for texts that give a model's name and no flags."""

import re
from functools import cache

import msgspec

from envcheck.knowledge.table import Row, load

_X86 = ("x86_64", "amd64", "i386", "i686", "x86")


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


def is_x86(machine: str) -> bool:
    """Whether `system.machine` is an x86 processor, of 32 or 64 bits."""
    return machine.lower() in _X86
