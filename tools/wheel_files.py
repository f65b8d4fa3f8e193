"""What the names of a release's files tell: for which Pythons and platforms it has wheels, and from which glibc or macOS on."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from package_index import IndexFile
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.tags import Tag
from packaging.utils import InvalidSdistFilename, InvalidWheelFilename, parse_sdist_filename, parse_wheel_filename
from packaging.version import Version

_MANYLINUX = {"manylinux1": (2, 5), "manylinux2010": (2, 12), "manylinux2014": (2, 17)}
_MACHINES = {"linux": ("x86_64", "aarch64"), "macos": ("arm64", "x86_64"), "windows": ("amd64", "arm64", "win32")}
# In the order of the tables.
PLATFORMS = ("any", "linux_x86_64", "linux_aarch64", "macos_arm64", "macos_x86_64", "win_amd64", "win_arm64")
_PLAIN = re.compile(r"[\x20-\x7e]{0,200}")
_MAX_TAGS = 60


@dataclass(frozen=True, order=True)
class Place:
    """A system, its processor and (on Linux) its C library: "" for glibc, "musl" for Alpine's; all empty: any."""

    os: str = ""
    machine: str = ""
    libc: str = ""

    @property
    def name(self) -> str:
        """As most tables write it: `linux_x86_64`, `macos_arm64`, `win_amd64`, `any`."""
        return f"{self.os.replace('windows', 'win')}_{self.machine}" if self.os else "any"


@dataclass
class Release:
    """One release: its files, and what they say."""

    version: Version
    files: list[IndexFile] = field(default_factory=list)
    pythons: dict[Place, set[str]] = field(default_factory=dict)
    floors: dict[Place, dict[str, tuple[int, int]]] = field(default_factory=dict)

    @property
    def requires_python(self) -> str:
        """Its Requires-Python; empty where it names none, or nothing that is a specifier."""
        for file in self.files:
            if file.requires_python and _is_specifier(file.requires_python):
                return file.requires_python.replace(" ", "")
        return ""

    @property
    def released(self) -> str:
        """The day of its first file; empty where the index does not tell."""
        return min((file.uploaded for file in self.files if file.uploaded), default="")

    def python(self, *places: Place) -> list[str]:
        """The Pythons with a wheel in those places (none named: in any but musl's), in order: `3.12`, `3.13t`, `3.12+`, `py3`."""
        chosen = places or tuple(place for place in self.pythons if not place.libc)
        return sorted({tag for place in chosen for tag in self.pythons.get(place, ())}, key=_order)

    def platforms(self) -> list[str]:
        """The places it has wheels for, by name, without musl's and 32-bit Windows."""
        names = {place.name for place in self.pythons if not place.libc and place.machine != "win32"}
        return sorted(names, key=PLATFORMS.index)

    def floor(self, place: Place) -> str:
        """The oldest glibc or macOS that a wheel installs on there; empty: there is no wheel, or one that asks for none."""
        return _dotted(min(self.floors.get(place, {}).values(), default=None))

    def later(self, place: Place) -> list[str]:
        """The Pythons whose wheels all need a newer one than that: `3.14:10.15`."""
        floors = self.floors.get(place, {})
        lowest = min(floors.values(), default=(0, 0))
        return [f"{python}:{_dotted(floors[python])}" for python in sorted(floors, key=_order) if floors[python] > lowest]


def releases_of(project: str, files: Iterable[IndexFile]) -> list[Release]:
    """The final releases of a project, the newest first, without those that were withdrawn as a whole."""
    found: dict[Version, Release] = {}
    for file in files:
        if file.yanked:
            continue
        named = _named(file.name)
        if named is None or named[0] != project or named[1].is_prerelease or named[1].local:
            continue
        release = found.setdefault(named[1], Release(named[1]))
        release.files.append(file)
        for tag in named[2]:
            _take(release, tag)
    return [found[version] for version in sorted(found, reverse=True)]


def _named(name: str) -> tuple[str, Version, list[Tag]] | None:
    """Project, version and tags of a file; None: it is neither wheel nor source distribution."""
    try:
        if name.endswith(".whl"):
            project, version, _, tags = parse_wheel_filename(name)
            return (str(project), version, list(tags)) if len(tags) <= _MAX_TAGS else None
        project, version = parse_sdist_filename(name)
    except (InvalidWheelFilename, InvalidSdistFilename):
        return None
    return str(project), version, []


def _take(release: Release, tag: Tag) -> None:
    python = _python_of(tag)
    if not python:
        return
    for place, floor in _places_of(tag.platform):
        release.pythons.setdefault(place, set()).add(python)
        if floor is not None:
            floors = release.floors.setdefault(place, {})
            floors[python] = min(floor, floors.get(python, floor))


def _python_of(tag: Tag) -> str:
    """`cp312-cp312` → "3.12", `cp314-cp314t` → "3.14t", `cp312-abi3` → "3.12+", `py3-none` → "py3"; empty: none of CPython."""
    if tag.interpreter.startswith("py3"):
        return "py3"
    if tag.interpreter == "cp27":
        return "2.7"
    found = re.fullmatch(r"cp3(\d{1,2})", tag.interpreter)
    if found is None:
        return ""
    ending = "+" if tag.abi == "abi3" else "t" if tag.abi.endswith("t") else ""
    return f"3.{found[1]}{ending}"


def _places_of(platform: str) -> list[tuple[Place, tuple[int, int] | None]]:
    """Where a wheel of that platform tag installs, and the oldest glibc or macOS there."""
    if platform == "any":
        return [(Place(), None)]
    if platform.startswith("win"):
        machine = "win32" if platform == "win32" else platform.removeprefix("win_")
        return [(Place("windows", machine), None)] if machine in _MACHINES["windows"] else []
    system, _, rest = platform.partition("_")
    if system == "macosx":
        named = re.fullmatch(r"(\d{1,2})_(\d{1,2})_(\w{1,20})", rest)
        machines = () if named is None else _MACHINES["macos"] if named[3] == "universal2" else (named[3],)
        return [(Place("macos", each), (int(named[1]), int(named[2]))) for each in machines if named and each in _MACHINES["macos"]]
    found = re.fullmatch(r"(manylinux|musllinux)_(\d{1,2})_(\d{1,3})_(x86_64|aarch64)", platform)
    if found is not None:
        musl = found[1] == "musllinux"
        return [(Place("linux", found[4], "musl" if musl else ""), None if musl else (int(found[2]), int(found[3])))]
    glibc = _MANYLINUX.get(system)
    return [(Place("linux", rest), glibc)] if glibc and rest in _MACHINES["linux"] else []


def _dotted(floor: tuple[int, int] | None) -> str:
    return f"{floor[0]}.{floor[1]}" if floor else ""


def _order(tag: str) -> tuple[int, int, str]:
    found = re.match(r"(\d)\.(\d+)(.?)", tag)
    return (int(found[1]), int(found[2]), found[3]) if found else (0, 0, tag)


def _is_specifier(text: str) -> bool:
    try:
        SpecifierSet(text)
    except InvalidSpecifier:
        return False
    return _PLAIN.fullmatch(text) is not None
