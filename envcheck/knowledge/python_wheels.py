"""For which Pythons and platforms a package has wheels on PyPI."""

from collections.abc import Iterator
from functools import cache

import msgspec

from envcheck.facts.snapshot import Snapshot, known
from envcheck.knowledge import packages, tensorflow, torch
from envcheck.knowledge.table import Confidence, Row, load
from envcheck.knowledge.versions import is_below, is_same, release, series

_SYSTEMS = {"Linux": "linux", "Darwin": "macos", "Windows": "windows"}
_COMMONEST = {"windows": "win_amd64", "macos": "macos_arm64"}
_ANY_PYTHON = "py3"


class Wheel(Row, frozen=True, kw_only=True):
    """The Pythons that a release has a wheel for on one platform, from that glibc or macOS on; `libc` is "musl" for Alpine's and its kin.

    `later` are the Pythons whose wheels need a newer system than that: "3.14:10.15".
    """

    package: str
    version: str
    os: str
    machine: str
    python: tuple[str, ...]
    requires_python: str
    libc: str = ""
    glibc_min: str = ""
    macos: str = ""
    later: tuple[str, ...] = ()

    def oldest_system(self, python: str) -> str:
        """The glibc or macOS that its wheel for a Python (`3.14t`) needs; empty: any."""
        exceptions = dict(entry.split(":", 1) for entry in self.later)
        return exceptions.get(python, self.glibc_min or self.macos)

    def serves(self, python: str) -> bool:
        """Whether that Python (`3.12.4`) has a wheel."""
        if _ANY_PYTHON in self.python:
            return not is_below(series(python), self.requires_python.lstrip(">= "))
        return series(python) in self.python


class Span(Row, frozen=True, kw_only=True):
    """The first and the last release of torch with a wheel for a Python on one system; no last: the newest has one."""

    python: str
    os: str
    first: str
    last: str

    def holds(self, version: str) -> bool:
        """Whether that release lies between them."""
        return not is_below(version, self.first) and (not self.last or not is_below(self.last, version))


class _Table(msgspec.Struct, frozen=True):
    wheel: tuple[Wheel, ...]


class _Spans(msgspec.Struct, frozen=True):
    span: tuple[Span, ...]


class Platform(msgspec.Struct, frozen=True):
    """A system, its processor and its C library, as the table names them; empty: not known."""

    os: str = ""
    machine: str = ""
    libc: str = ""

    @property
    def name(self) -> str:
        """As the table of packages names it; empty: not known, or one of which that table tells nothing, such as Alpine."""
        system = {"linux": "linux", "macos": "macos", "windows": "win"}.get(self.os, "")
        return f"{system}_{self.machine}" if system and self.machine and not self.libc else ""

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


@cache
def _spans() -> tuple[Span, ...]:
    return load("torch_pythons", _Spans).span


def _spanned(version: str, platform: Platform) -> tuple[str, ...]:
    """The Pythons that a release of torch has a wheel for there; on an unknown system those that have one everywhere."""
    systems = (platform.os,) if platform.os else tuple(_SYSTEMS.values())
    held = {(row.python, row.os) for row in _spans() if row.holds(version)}
    return tuple(sorted((python for python in {python for python, _ in held} if all((python, os) in held for os in systems)), key=release))


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


def wheel_platform(facts: Snapshot) -> str:
    """The platform as wheels name it; what is not known is taken for the commonest."""
    here = platform_of(facts)
    if here.os and here.machine:
        return f"{'win' if here.os == 'windows' else here.os}_{here.machine}"
    return _COMMONEST.get(here.os, "linux_x86_64")


def wheels_of(package: str) -> tuple[Wheel, ...]:
    """Every row of a package, the newest release first."""
    return tuple(row for row in _rows() if row.package == package)


def is_listed(package: str) -> bool:
    """Whether a table has wheels of the package at all."""
    return any(row.package == package for row in _rows()) or any(row.platforms for row in packages.releases_of(package))


def has_wheels_for(package: str, platform: Platform) -> bool:
    """Whether any of the listed releases of a listed package has a wheel for the platform, with whatever Python."""
    if rows := wheels_of(package):
        return any(platform.has(row) for row in rows)
    return any(row.is_for(platform.name) for row in packages.releases_of(package) if row.platforms)


def pythons_of(package: str, version: str, platform: Platform) -> tuple[tuple[str, ...], bool]:
    """The Pythons that a release (or, for an empty version, the newest) has wheels for there, and whether that is sure."""
    rows = [row for row in _rows() if row.package == package and platform.has(row)]
    version = version or (rows[0].version if rows else "")
    chosen = [row for row in rows if is_same(row.version, version)]
    if chosen:
        pythons = {python for row in chosen for python in row.python}
        return tuple(sorted(pythons, key=release)), all(row.confidence is Confidence.HIGH for row in chosen)
    if package == "torch" and release(version) and (spanned := _spanned(version, platform)):
        return spanned, True
    for found in _older(package):
        if is_same(found.version, version):
            return found.python, found.confidence is Confidence.HIGH
    listed = packages.find(package, version) if version else packages.newest_for(package)
    return (listed.pythons, listed.confidence is Confidence.HIGH) if listed is not None and listed.platforms else ((), False)


def newest_for(package: str, python: str, platform: Platform) -> str | None:
    """The newest release with a wheel for a Python on a platform; None: none is known."""
    for row in _rows():
        if row.package == package and platform.has(row) and row.serves(python):
            return row.version
    if is_listed(package) and not has_wheels_for(package, platform):
        return _last_for_intel_macs(package, python) if platform.name == "macos_x86_64" else None
    older = next((row.version for row in _older(package) if series(python) in row.python), None)
    listed = packages.newest_for(package, python, platform.name) if older is None else None
    return listed.version if listed is not None else older


def _last_for_intel_macs(package: str, python: str) -> str | None:
    """Torch has ended its wheels for them, which the newest releases therefore do not show."""
    rows = torch.releases() if package == "torch" else ()
    return next((row.version for row in rows if row.macos_x86_64 and series(python) in row.python), None)


def _older(package: str) -> Iterator[torch.Release | tensorflow.Release]:
    """Rows of the frameworks' own tables, which reach further back and speak of no platform."""
    yield from torch.releases() if package == "torch" else tensorflow.releases() if package == "tensorflow" else ()
