"""Which machines are x86, which wheels need AVX, and which processors are known to lack it, for texts that give no flags."""

import re
from functools import cache

import msgspec

from envcheck.facts.snapshot import Package
from envcheck.knowledge.table import Row, load
from envcheck.knowledge.versions import is_below

# The first release of a wheel that is compiled with AVX; conda's builds are made otherwise.
_FIRST_WITH_AVX = {"tensorflow": "1.6", "tensorflow-cpu": "1.15", "jaxlib": "0"}
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


def needs_avx(package: Package) -> bool:
    """Whether an installed distribution is known to be compiled with AVX."""
    first = _FIRST_WITH_AVX.get(package.name)
    return first is not None and package.manager != "conda" and isinstance(package.version, str) and not is_below(package.version, first)
