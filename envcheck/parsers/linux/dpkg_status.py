"""Packages of the driver in dpkg's list /var/lib/dpkg/status, which is some megabytes long: it is read line by line.

Package: nvidia-driver-550
Status: install ok half-configured
Architecture: amd64
Version: 550.120-0ubuntu0.24.04.1
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

# What is neither installed nor gone: an installation that was broken off, or that waits for something.
UNFINISHED = ("half-installed", "unpacked", "half-configured", "triggers-awaited", "triggers-pending")


class Package:
    """One package: its version as dpkg has it, and the last word of its status."""

    __slots__ = ("name", "state", "version")

    def __init__(self, name: str) -> None:
        self.name = name
        self.state = ""
        self.version = ""


def parse_dpkg_status(lines: Iterable[str], prefixes: tuple[str, ...]) -> Iterator[Package]:
    """Those whose name begins with one of the prefixes, complete or cut, one per architecture."""
    package: Package | None = None
    for line in lines:
        if line.startswith("Package: "):
            if package is not None:
                yield package
            name = line[len("Package: ") :].strip()
            package = Package(name) if name.startswith(prefixes) else None
        elif package is not None and line.startswith("Status: "):
            package.state = line.split()[-1] if len(line.split()) > 1 else ""
        elif package is not None and line.startswith("Version: "):
            package.version = line[len("Version: ") :].strip()
    if package is not None:
        yield package


def upstream_version(version: str) -> str:
    """`1:550.120-0ubuntu0.24.04.1` → "550.120": without the epoch and the distribution's own revision."""
    return version.rpartition(":")[2].partition("-")[0].partition("+")[0].partition("~")[0]
