"""For which Pythons and platforms a package has wheels on PyPI."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import msgspec

from envcheck.facts.snapshot import Snapshot, known
from envcheck.knowledge import tensorflow, torch
from envcheck.knowledge.table import Confidence, Row, load
from envcheck.knowledge.versions import is_below, is_same, release, series

_SYSTEMS = {"Linux": "linux", "Darwin": "macos", "Windows": "windows"}
_ANY_PYTHON = "py3"


class Wheel(Row, frozen=True, kw_only=True):
    """The Pythons that a release has a wheel for on one platform; `libc` is "musl" for Alpine's and its kin."""

    package: str
    version: str
    os: str
    machine: str
    python: tuple[str, ...]
    requires_python: str
    libc: str = ""

    def serves(self, python: str) -> bool:
        """Whether that Python (`3.12.4`) has a wheel."""
        if _ANY_PYTHON in self.python:
            return not is_below(series(python), self.requires_python.lstrip(">= "))
        return series(python) in self.python


class _Table(msgspec.Struct, frozen=True):
    wheel: tuple[Wheel, ...]


@dataclass(frozen=True)
class Platform:
    """A system, its processor and its C library, as the table names them; empty: not known."""

    os: str = ""
    machine: str = ""
    libc: str = ""

    def has(self, row: Wheel) -> bool:
        """Whether a row's wheels may be for this platform: what is not known excludes none."""
        if self.os and row.os != self.os:
            return False
        if self.machine and row.machine != self.machine:
            return False
        return row.libc == self.libc if self.os == "linux" else not row.libc or not self.os


@cache
def _rows() -> tuple[Wheel, ...]:
    return load("python_wheels", _Table).wheel


def platform_of(facts: Snapshot) -> Platform:
    """The machine's platform, as far as it is known; on a Mac what Python was made for counts."""
    os = _SYSTEMS.get(known(facts.system.os, ""), "")
    machine = known(facts.system.machine, "").lower()
    if os == "macos" and known(facts.python.platform, "").endswith("x86_64"):
        machine = "x86_64"
    same = {"windows": {"x86_64": "amd64", "aarch64": "arm64"}, "linux": {"amd64": "x86_64", "arm64": "aarch64"}}
    alpine = known(facts.system.distribution_id, "") == "alpine" or "alpine" in known(facts.system.container_image, "")
    musl = known(facts.system.libc, "").startswith("musl") or alpine
    os = os or ("linux" if musl else "")
    return Platform(os, same.get(os, {}).get(machine, machine), "musl" if os == "linux" and musl else "")


def is_listed(package: str) -> bool:
    """Whether the table has the package at all."""
    return any(row.package == package for row in _rows())


def has_wheels_for(package: str, platform: Platform) -> bool:
    """Whether any of the listed releases of a listed package has a wheel for the platform, with whatever Python."""
    return any(row.package == package and platform.has(row) for row in _rows())


def pythons_of(package: str, version: str, platform: Platform) -> tuple[tuple[str, ...], bool]:
    """The Pythons that a release (or, for an empty version, the newest) has wheels for there, and whether that is sure."""
    rows = [row for row in _rows() if row.package == package and platform.has(row)]
    version = version or (rows[0].version if rows else "")
    chosen = [row for row in rows if is_same(row.version, version)]
    if chosen:
        pythons = {python for row in chosen for python in row.python}
        return tuple(sorted(pythons, key=release)), all(row.confidence is Confidence.HIGH for row in chosen)
    for found in _older(package):
        if is_same(found.version, version):
            return found.python, found.confidence is Confidence.HIGH
    return (), False


def newest_for(package: str, python: str, platform: Platform) -> str | None:
    """The newest release with a wheel for a Python on a platform; None: none is known."""
    for row in _rows():
        if row.package == package and platform.has(row) and row.serves(python):
            return row.version
    if is_listed(package) and not has_wheels_for(package, platform):
        return None
    return next((row.version for row in _older(package) if series(python) in row.python), None)


def _older(package: str) -> Iterator[torch.Release | tensorflow.Release]:
    """Rows of the frameworks' own tables, which reach further back and speak of no platform."""
    yield from torch.releases() if package == "torch" else tensorflow.releases() if package == "tensorflow" else ()
