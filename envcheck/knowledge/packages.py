"""Releases of the packages around the frameworks: their Pythons, platforms and requirements, as their metadata says."""

from functools import cache

import msgspec

from envcheck.knowledge.specifiers import accepts
from envcheck.knowledge.table import Row, load
from envcheck.knowledge.versions import is_below, is_same, release, series
from envcheck.parsers.python.metadata import normalise

_ANY_PYTHON = "py3"
_ANY_PLATFORM = "any"
_LINUX = "linux_x86_64"
_PLATFORMS = frozenset({_LINUX, "linux_aarch64", "macos_arm64", "macos_x86_64", "win_amd64", "win_arm64"})


class Release(Row, frozen=True, kw_only=True):
    """One release.

    `python`: the CPythons with a wheel ("3.13t" free-threaded, "3.12+" that and all later ones, "py3" any); `platforms`: those of its
    wheels ("linux_x86_64", "macos_arm64", "win_amd64" …, "any"), none where there is a source distribution only; `glibc_min`:
    that of the wheels for linux_x86_64; `requires`: PEP 508.
    """

    name: str
    version: str
    requires_python: str
    python: tuple[str, ...]
    platforms: tuple[str, ...]
    glibc_min: str
    requires: tuple[str, ...]

    @property
    def pythons(self) -> tuple[str, ...]:
        """The Pythons with a wheel by their names ("3.9", "3.13t"), among those that any row of the table names."""
        return tuple(python for python in _every_python() if self._serves(python))

    def is_for(self, platform: str) -> bool:
        """Whether there is a wheel for that platform, with whatever Python; also where it is not told, or not one that the table names."""
        return platform not in _PLATFORMS or bool({platform, _ANY_PLATFORM} & set(self.platforms))

    def serves(self, python: str, platform: str = "", glibc: str = "") -> bool:
        """Whether there is a wheel for that Python (`3.12.4`) on that platform, with that glibc; what is empty excludes nothing."""
        if not self.is_for(platform):
            return False
        # Pure Python needs no glibc, whatever the compiled wheels beside it need.
        if platform == _LINUX and _ANY_PLATFORM not in self.platforms and glibc and is_below(glibc, self.glibc_min):
            return False
        return not python or self._serves(series(python))

    def _serves(self, python: str) -> bool:
        return accepts(self.requires_python, python.rstrip("t")) and any(_covers(tag, python) for tag in self.python)


class _Table(msgspec.Struct, frozen=True):
    release: tuple[Release, ...]


@cache
def _every_python() -> tuple[str, ...]:
    named = {tag for rows in _by_name().values() for row in rows for tag in row.python if release(tag) and not tag.endswith("+")}
    return tuple(sorted(named, key=lambda tag: (release(tag.rstrip("t")), tag)))


@cache
def _by_name() -> dict[str, tuple[Release, ...]]:
    found: dict[str, list[Release]] = {}
    for row in load("packages", _Table).release:
        found.setdefault(normalise(row.name), []).append(row)
    return {name: tuple(rows) for name, rows in found.items()}


def releases_of(name: str) -> tuple[Release, ...]:
    """The known releases of a package, the newest first; empty where the table does not have it."""
    return _by_name().get(normalise(name), ())


def find(name: str, version: str) -> Release | None:
    """The row of exactly that release; the numbers decide, not what stands behind them."""
    return next((row for row in releases_of(name) if is_same(row.version, version)), None)


def newest_for(name: str, python: str = "", platform: str = "", glibc: str = "") -> Release | None:
    """The newest release with a wheel for that Python on that platform with that glibc."""
    return next((row for row in releases_of(name) if row.serves(python, platform, glibc)), None)


def _covers(tag: str, python: str) -> bool:
    if tag.endswith("+"):  # the stable interface, which a free-threaded Python does not have
        return not python.endswith("t") and not is_below(python, tag[:-1])
    return tag in (_ANY_PYTHON, python)
