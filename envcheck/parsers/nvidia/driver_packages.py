"""Packages of NVIDIA's driver in what the package managers of Linux print.

ii  nvidia-driver-550   550.90.07-0ubuntu0.22.04.1   amd64   NVIDIA driver metapackage               dpkg -l
iU  libnvidia-compute-550:amd64   550.90.07-0ubuntu0.22.04.1   amd64   NVIDIA libcompute package     unpacked, not configured
nvidia-driver-550/jammy-updates,now 550.90.07-0ubuntu0.22.04.1 amd64 [installed,automatic]           apt list
nvidia-driver-cuda-550.90.07-1.el9.x86_64                                                            rpm -qa
nvidia-utils 550.90.07-1                                                                             pacman -Q
Upgrade: libnvidia-compute-550:amd64 (550.54.14-0ubuntu0.22.04.1, 550.90.07-0ubuntu0.22.04.1)        apt's history.log
Setting up nvidia-utils-550 (550.90.07-0ubuntu0.22.04.1) ...                                         apt
"""

from __future__ import annotations

import re

from envcheck.parsers.expression import regex

_LONGEST = 20_000
_NAME = r"(?P<name>[a-z0-9][A-Za-z0-9+.-]{1,80})"
_DPKG = regex(rf"^\s*(?P<wish>[uirph])(?P<state>[ncHUFWti])(?P<error>R?) {{1,3}}{_NAME}(?::\w+)?\s+(?P<version>\S{{3,80}})(?:\s|$)")
_APT = regex(rf"^\s*{_NAME}/\S{{0,120}}\s+(?P<version>\d\S{{2,80}})\s+\w+\s+\[(?P<state>[^\]]{{0,80}})\]", words=("[",))
_RPM = regex(
    rf"^\s*{_NAME}-(?:\d+:)?(?P<version>\d{{3}}\.\d+(?:\.\d+)?)-\S{{1,60}}\.(?:x86_64|aarch64|noarch|ppc64le)\s*$",
    words=(".x86_64", ".aarch64", ".noarch", ".ppc64le"),
)
_PACMAN = regex(
    rf"^\s*(?:(?:local|extra|core|community)/)?{_NAME} (?P<version>\d{{3}}\.\d+(?:\.\d+)?-\d\S{{0,20}})(?:\s\[installed\])?\s*$"
)
_SETTING_UP = regex(rf"^\s*Setting up {_NAME}(?::\w+)? \((?P<version>[^()\s]{{3,80}})\)", words=("setting up ",))
_HISTORY = regex(r"^\s*(?:Upgrade|Install|Reinstall): ", words=("upgrade: ", "install: "))
_CHANGED = regex(rf"{_NAME}:\w+ \((?:[^(),\s]{{1,80}}, )?(?P<version>\d[^(),\s]{{2,80}})(?:, automatic)?\)")
_RELEASE = regex(r"(?:\d+:)?(?P<release>\d{3}\.\d{1,4}(?:\.\d{1,4})?)(?![\d.])")
# What holds the driver's libraries says best which version programs will meet; then the tools, then what only draws the others in.
_BEST_FIRST = (
    regex(
        r"libnvidia-compute-\d+|libnvidia-ml1|libcuda1|nvidia-compute-G\d+|xorg-x11-drv-nvidia-cuda-libs|nvidia-driver-cuda-libs|nvidia-utils"
    ),
    regex(r"nvidia-utils-\d+|nvidia-compute-utils-\d+|nvidia-smi|nvidia-driver-cuda|xorg-x11-drv-nvidia-cuda|nvidia-driver-libs"),
    regex(
        r"nvidia-driver(?:-\d+)?|nvidia-headless-(?:no-dkms-)?\d+|cuda-drivers(?:-\d+)?|xorg-x11-drv-nvidia|nvidia-video-G\d+|nvidia-gl-G\d+"
    ),
    regex(
        r"nvidia-dkms(?:-\d+)?|nvidia-open(?:-\d+|-dkms|-lts)?|nvidia-lts|nvidia|akmod-nvidia|kmod-nvidia\S*|nvidia-kmod\S*"
        r"|nvidia-kernel-(?:open-)?dkms|nvidia-kernel-(?:source|common)-\d+|nvidia-open-driver-G\d+\S*|nvidia-driver-G\d+\S*|libnvidia-[a-z]+-\d+"
    ),
)
_VARIANT = regex(r"-(?:open|server|server-open|xlib)$|-kmp-default$")
_UNFINISHED = "HUF"


class DriverPackage:
    """One package; `rank` 0 says best which version the driver's libraries have. `printed`: a list, not a log, has it."""

    __slots__ = ("finished", "installed", "line", "name", "printed", "rank", "version")

    def __init__(self, name: str, version: str, line: int) -> None:
        self.name = name
        self.version = version
        self.line = line
        self.rank = 0
        self.installed = True
        self.finished = True
        self.printed = True


def parse_driver_packages(lines: list[str]) -> list[DriverPackage]:
    """Every package of NVIDIA's driver that is listed, in the order of the text; of a log the last word on each."""
    packages: list[DriverPackage] = []
    for number, line in enumerate(lines):
        if ("nvidia" in line or "cuda" in line) and len(line) <= _LONGEST:
            packages += _of_line(line, number)
    return packages


def _of_line(line: str, number: int) -> list[DriverPackage]:
    dpkg = _DPKG.match(line)
    if dpkg is not None:
        package = _package(dpkg, number)
        if package is not None:
            package.installed = dpkg.group("state") not in "nc"
            package.finished = dpkg.group("state") not in _UNFINISHED and not dpkg.group("error")
        return [package] if package is not None else []
    apt = _APT.match(line)
    if apt is not None:
        package = _package(apt, number)
        listed = "installed" in apt.group("state") or "upgradable from" in apt.group("state")
        return [package] if package is not None and listed and "upgradable" not in apt.group("state") else []
    for expression in (_RPM, _PACMAN):
        found = expression.match(line)
        if found is not None:
            package = _package(found, number)
            return [package] if package is not None else []
    logged = list(_CHANGED.finditer(line)) if _HISTORY.match(line) else [found for found in (_SETTING_UP.match(line),) if found]
    packages = [package for found in logged if (package := _package(found, number)) is not None]
    for package in packages:
        package.printed = False
    return packages


def _package(found: re.Match[str], number: int) -> DriverPackage | None:
    name = _VARIANT.sub("", found.group("name"))
    rank = next((rank for rank, expression in enumerate(_BEST_FIRST) if expression.fullmatch(name)), None)
    release = _RELEASE.match(found.group("version"))
    if rank is None or release is None:
        return None
    package = DriverPackage(found.group("name"), release.group("release"), number)
    package.rank = rank
    return package
