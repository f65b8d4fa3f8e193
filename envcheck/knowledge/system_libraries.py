"""Which package of a distribution has a library that Python packages expect the operating system to have."""

from functools import cache

import msgspec

from envcheck.knowledge.table import Row, load
from envcheck.parsers.expression import regex

_NUMBER = regex(r"\.so[.\d]*$")
# Debian and its kin keep the interpreter's own library in a package of its own name.
_PYTHON = regex(r"(libpython3\.\d{1,2})m?\.so\.1\.0$")


class SystemLibrary(Row, frozen=True, kw_only=True):
    """One library; empty: no package of that manager's is known to have it."""

    name: str
    apt: str
    dnf: str
    apk: str
    zypper: str
    pacman: str
    conda: str

    def packages(self) -> dict[str, tuple[str, ...]]:
        """By the program that installs it."""
        named = {"apt-get": self.apt, "dnf": self.dnf, "apk": self.apk, "zypper": self.zypper, "pacman": self.pacman}
        return {manager: (package,) for manager, package in named.items() if package}


class _Table(msgspec.Struct, frozen=True):
    library: tuple[SystemLibrary, ...]


@cache
def _libraries() -> dict[str, SystemLibrary]:
    return {row.name: row for row in load("system_libraries", _Table).library}


def find_system_library(file: str) -> SystemLibrary | None:
    """The row of a library's file name, with folders before it or without; None: it is in no table."""
    base = file.rpartition("/")[2]
    return _libraries().get(base) or _libraries().get(_NUMBER.sub(".so", base))


def python_library(file: str) -> str | None:
    """`libpython3.10` of `libpython3.10.so.1.0`, the shared library of an interpreter."""
    found = _PYTHON.match(file.rpartition("/")[2])
    return found[1] if found else None
