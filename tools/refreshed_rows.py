"""What an index says of the rows of each table: fields that changed, and rows of releases that came since.

Only what metadata tells is written. A release's requirements never change once it is published, so only those of new ones are read.
A field of a new row that metadata does not tell (what a wheel was tested with, say) is taken over from the row before it, which the new
row then says of itself: its confidence is medium, until a person has looked.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from package_index import PackageIndex
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version
from requirements_told import Requirements, names_of
from toml_rows import Row, TomlRows, Value, written
from wheel_files import Place, Release, releases_of

_BOOKKEEPING = ("confidence", "reservation", "source", "checked")
_FLOORS = ("glibc", "glibc_aarch64", "glibc_min", "macos", "macos_arm64", "macos_x86_64")
_MAX_NEW = 40
_LINUX = Place("linux", "x86_64")


@dataclass
class Refreshing:
    """One run: the index, the date of it, and what was found out (`changes` are what `--write` writes, `notes` are for people)."""

    index: PackageIndex
    date: str
    changes: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _known: dict[str, list[Release]] = field(default_factory=dict)

    def releases(self, project: str) -> list[Release]:
        """The final releases of a project, the newest first."""
        name = canonicalize_name(project)
        if name not in self._known:
            self._known[name] = releases_of(name, self.index.files(name))
            if not self._known[name]:
                self.notes.append(f"{project}: the index has no release of it")
        return self._known[name]

    def find(self, project: str, version: str) -> Release | None:
        """That release of a project."""
        wanted = version_of(version)
        return next((release for release in self.releases(project) if release.version == wanted), None)

    def requirements(self, project: str, release: Release) -> Requirements | None:
        """What it requires; None: the index does not tell."""
        lines = self.index.requirements(canonicalize_name(project), str(release.version), release.files)
        if lines is None:
            self.notes.append(f"{project} {release.version}: the index does not tell what it requires, so it was left out")
        return None if lines is None else Requirements(lines)

    def compare(self, table: TomlRows, array: str, number: int, told: Row, title: str) -> None:
        """Changes the fields of a row that metadata tells otherwise; fields that the row does not have are not its subject."""
        row = table.rows(array)[number]
        changed: Row = {
            key: value for key, value in told.items() if key in row and not (_agree(row[key], value) or _is_surer(key, row[key], value))
        }
        if changed:
            self.changes += [f"~ {title}: {key} {written(row[key])} -> {written(value)}" for key, value in changed.items()]
            table.change(array, number, {**changed, "checked": self.date})

    def add(self, table: TomlRows, array: str, number: int, told: Row, title: str, source: str, like: int | None = None) -> None:
        """Puts a row before that of the number (or behind the last), with the fields that the row there, or the one named, has."""
        rows = table.rows(array)
        pattern = rows[min(number, len(rows) - 1) if like is None else like]
        row: Row = {key: told.get(key, value) for key, value in pattern.items() if key not in _BOOKKEEPING}
        row |= {key: value for key, value in told.items() if value and key not in row and any(key in each for each in rows)}
        untold = [key for key in row if key not in told]
        row["confidence"] = "medium" if untold else "high"
        if untold:
            row["reservation"] = f"{' and '.join(untold)}: taken over from the release before, not looked up"
        row |= {"source": source, "checked": self.date}
        table.insert(array, number, row)
        shown = ", ".join(f"{key} {written(value)}" for key, value in row.items() if key in told)
        self.changes.append(f"+ {title}: {shown}" + (f" (to be looked up: {', '.join(untold)})" if untold else ""))


def version_of(text: Value) -> Version:
    """A row's version, by which releases are compared; what is none is the oldest."""
    try:
        return Version(str(text))
    except InvalidVersion:
        return Version("0")


def newer_than(releases: list[Release], known: Iterable[Value], *, every: bool = False) -> list[Release]:
    """The releases newer than all known ones, the oldest first; of each series only the newest, unless `every` one counts."""
    newest = max(map(version_of, known), default=Version("0"))
    fresh = [release for release in releases if release.version > newest][:_MAX_NEW]
    if not every:
        fresh = list({release.version.release[:2]: release for release in reversed(fresh)}.values())
    return sorted(fresh, key=lambda release: release.version)


def refresh_packages(run: Refreshing, table: TomlRows) -> None:
    """packages.toml: of each package the rows there are, and the newest release of each series that came since."""
    for name in dict.fromkeys(str(row["name"]) for row in table.rows("release")):
        releases = run.releases(name)
        _compare_all(run, table, "release", name, _of_package)
        numbers = _numbers(table, "release", name)
        rows = [table.rows("release")[number] for number in numbers]
        wanted = names_of(line for row in rows for line in _texts(row["requires"]))
        for release in newer_than(releases, (row["version"] for row in rows)):
            if (required := run.requirements(name, release)) is not None:
                told = {"name": name, "version": str(release.version), **_of_package(release)}
                told["requires"] = required.lines(wanted, release.python())
                run.add(table, "release", numbers[0], told, f"{name} {release.version}", _source(name, release))


def refresh_wheels(run: Refreshing, table: TomlRows) -> None:
    """python_wheels.toml: a row for each place that a release has wheels for."""
    for name in dict.fromkeys(str(row["package"]) for row in table.rows("wheel")):
        for number in _numbers(table, "wheel", name, key="package"):
            row = table.rows("wheel")[number]
            release = run.find(name, str(row["version"]))
            place = Place(str(row["os"]), str(row["machine"]), str(row.get("libc", "")))
            if release is not None:
                run.compare(table, "wheel", number, _of_place(release, place), f"{name} {row['version']} {place.name}")
        first = _numbers(table, "wheel", name, key="package")[0]
        known = [row["version"] for row in table.rows("wheel") if row["package"] == name]
        for release in newer_than(run.releases(name), known, every=True):
            for place in sorted(release.pythons, reverse=True):
                if place.os:
                    told: Row = {"package": name, "version": str(release.version), "os": place.os, "machine": place.machine}
                    told |= {"libc": place.libc, **_of_place(release, place)}
                    run.add(table, "wheel", first, told, f"{name} {release.version} {place.name}", _source(name, release))


def refresh_torch(run: Refreshing, table: TomlRows) -> None:
    """torch_releases.toml: every release, the companions that are pinned to it, and the CUDA that a plain install brings."""

    def told_of(release: Release) -> Row:
        return {"python": list(release.python(_LINUX)), "requires_python": release.requires_python, **_floors(release)}

    _compare_all(run, table, "release", "torch", told_of)
    fresh = newer_than(run.releases("torch"), (row["version"] for row in table.rows("release")), every=True)
    pinned = _pinned_to_torch(run, fresh)
    for release in fresh:
        if (required := run.requirements("torch", release)) is not None:
            told = {"version": str(release.version), **told_of(release), **_brought(required)}
            told |= {name: pinned.get((name, release.version.public), []) for name in ("torchvision", "torchaudio")}
            run.add(table, "release", 0, told, f"torch {release.version}", _source("torch", release))


def _pinned_to_torch(run: Refreshing, torches: list[Release]) -> dict[tuple[str, str], list[str]]:
    """The companions by the torches that each takes; only the newest ones can take a torch that is new."""
    pinned: dict[tuple[str, str], list[str]] = {}
    for name in ("torchvision", "torchaudio") if torches else ():
        for release in run.releases(name)[: len(torches) + 2]:
            required = run.requirements(name, release)
            specifier = required.specifier("torch") if required is not None else None
            for torch in torches:
                if specifier and torch.version in SpecifierSet(specifier):
                    pinned.setdefault((name, torch.version.public), []).append(str(release.version))
    return pinned


def refresh_tensorflow(run: Refreshing, table: TomlRows) -> None:
    """tensorflow_releases.toml: every release, with the CUDA that its extra brings and the Keras that it requires."""
    # A row without platforms is one that is not offered, since a person has not read what its wheels are compiled for.
    unread = {version_of(row["version"]) for row in table.rows("release") if not row["platforms"]}

    def told_of(release: Release) -> Row:
        platforms = [] if release.version in unread else release.platforms()
        return {
            "python": list(release.python()),
            "requires_python": release.requires_python,
            "platforms": list(platforms),
            **_floors(release),
        }

    _compare_all(run, table, "release", "tensorflow", told_of)
    for release in newer_than(run.releases("tensorflow"), (row["version"] for row in table.rows("release")), every=True):
        if (required := run.requirements("tensorflow", release)) is not None:
            told = {"version": str(release.version), **told_of(release), "extra": "and-cuda" in required.extras()}
            told["windows_gpu"] = False  # since 2.11 no wheel for Windows has CUDA
            told |= {key: [specifier] for key in ("keras", "numpy", "protobuf") if (specifier := required.specifier(key))}
            told |= {"cuda": value} if (value := required.cuda("and-cuda")) else {}
            told |= {"cudnn": ".".join(value.split(".")[:2])} if (value := required.nvidia("cudnn", "and-cuda")) else {}
            run.add(table, "release", 0, told, f"tensorflow {release.version}", _source("tensorflow", release))


def refresh_jax(run: Refreshing, table: TomlRows) -> None:
    """jax_releases.toml: the releases with the jaxlib that each takes, and the CUDA plugins."""

    def of_library(specifier: str) -> Row:
        library = next((each for each in run.releases("jaxlib") if specifier and each.version in SpecifierSet(specifier)), None)
        return {} if library is None else {"python": list(library.python()), "platforms": list(library.platforms()), **_floors(library)}

    for number, row in enumerate(table.rows("release")):
        run.compare(table, "release", number, of_library(str(row["jaxlib"])), f"jax {row['version']}")
    for release in newer_than(run.releases("jax"), (row["version"] for row in table.rows("release"))):
        required = run.requirements("jax", release)
        if required is not None and (specifier := required.specifier("jaxlib")):
            extras = sorted(extra for extra in required.extras() if re.fullmatch(r"(?:cuda|rocm)\d+(?:-local)?", extra))
            told: Row = {"version": str(release.version), "requires_python": release.requires_python, "jaxlib": specifier}
            told |= {"extras": list(extras), **of_library(specifier)}
            run.add(table, "release", 0, told, f"jax {release.version}", f"{_source('jax', release)}; PyPI metadata of its jaxlib")
    for name in dict.fromkeys(str(row["name"]) for row in table.rows("plugin")):
        _compare_all(run, table, "plugin", name, lambda release: {"requires_python": release.requires_python})
        numbers = _numbers(table, "plugin", name)
        for release in newer_than(run.releases(name), (table.rows("plugin")[number]["version"] for number in numbers)):
            if (required := run.requirements(name, release)) is not None:
                told = {"name": name, "version": str(release.version), "requires_python": release.requires_python}
                cudnn = next((each for each in ("nvidia-cudnn-cu12", "nvidia-cudnn-cu13") if required.specifier(each, "with-cuda")), "")
                told |= {"cudnn": required.specifier(cudnn, "with-cuda") or ""} if cudnn else {}
                run.add(table, "plugin", numbers[0], told, f"{name} {release.version}", _source(name, release))


def refresh_transformers(run: Refreshing, table: TomlRows) -> None:
    """transformers_torch.toml: the oldest torch that the extra of that name takes."""
    for release in newer_than(run.releases("transformers"), (row["version"] for row in table.rows("release"))):
        required = run.requirements("transformers", release)
        if required is not None and (bound := required.lower_bound("torch", "torch")):
            told: Row = {"version": str(release.version), "torch_min": bound}
            run.add(table, "release", 0, told, f"transformers {release.version}", _source("transformers", release))


def refresh_release_dates(run: Refreshing, table: TomlRows) -> None:
    """release_dates.toml: of each series its last release, and the day of that."""
    for name in dict.fromkeys(str(row["name"]) for row in table.rows("series")):
        known = {str(table.rows("series")[number]["series"]): number for number in _numbers(table, "series", name)}
        told = {_series(release): _last(name, release) for release in reversed(run.releases(name)) if release.released}
        for series, number in known.items():
            if series in told:
                run.compare(table, "series", number, told[series], f"{name} {series}")
        newest = max(map(version_of, known))
        for series in sorted((each for each in told if version_of(each) > newest), key=version_of):
            source = f"PyPI metadata of {name}=={told[series]['last']}"
            run.add(table, "series", _numbers(table, "series", name)[0], told[series], f"{name} {series}", source)


def _series(release: Release) -> str:
    return f"{release.version.major}.{release.version.minor}"


def _last(name: str, release: Release) -> Row:
    return {"name": name, "series": _series(release), "last": str(release.version), "released": release.released}


REFRESHERS: dict[str, Callable[[Refreshing, TomlRows], None]] = {
    "packages": refresh_packages,
    "python_wheels": refresh_wheels,
    "torch_releases": refresh_torch,
    "tensorflow_releases": refresh_tensorflow,
    "jax_releases": refresh_jax,
    "transformers_torch": refresh_transformers,
    "release_dates": refresh_release_dates,
}


def _compare_all(run: Refreshing, table: TomlRows, array: str, name: str, told_of: Callable[[Release], Row]) -> None:
    """Every row of a package with what its release's files say; what the index has not, or has withdrawn, is only noted."""
    for number in _numbers(table, array, name):
        version = str(table.rows(array)[number]["version"])
        release = run.find(name, version)
        if release is not None:
            run.compare(table, array, number, told_of(release), f"{name} {version}")
        elif run.releases(name):
            run.notes.append(f"{name} {version}: the index has no such final release, or it was withdrawn")


def _numbers(table: TomlRows, array: str, name: str, key: str = "name") -> list[int]:
    """The rows of a package; of a table that is about one package alone, all."""
    return [number for number, row in enumerate(table.rows(array)) if row.get(key, name) == name]


def _of_package(release: Release) -> Row:
    python, platforms = release.python(), release.platforms()
    return {
        "requires_python": release.requires_python,
        "python": list(python),
        "platforms": list(platforms),
        "glibc_min": release.floor(_LINUX),
    }


def _of_place(release: Release, place: Place) -> Row:
    return {
        "python": list(release.python(place)),
        "requires_python": release.requires_python,
        "glibc_min": release.floor(place) if place.os == "linux" else "",
        "macos": release.floor(place) if place.os == "macos" else "",
        "later": list(release.later(place)),
    }


def _floors(release: Release) -> Row:
    """The oldest glibc and macOS that its wheels install on, by the names that the frameworks' tables have for them."""
    return {
        "glibc": release.floor(_LINUX),
        "glibc_aarch64": release.floor(Place("linux", "aarch64")),
        "macos_arm64": release.floor(Place("macos", "arm64")),
        "macos_x86_64": release.floor(Place("macos", "x86_64")),
    }


def _brought(required: Requirements) -> Row:
    """The libraries of NVIDIA's that come with a plain install."""
    told = {"pypi_cuda": required.cuda(), "cudnn": required.nvidia("cudnn"), "nccl": required.nvidia("nccl")}
    told |= {"triton": required.lower_bound("triton")}
    return {key: value for key, value in told.items() if value}


def _agree(value: Value, told: Value) -> bool:
    """Whether they say the same, in whatever order; a specifier of a row that metadata does not tell is a person's word and stays."""
    if told in ("", []):
        return True
    if isinstance(value, list) and isinstance(told, list):
        return sorted(value) == sorted(told)
    if isinstance(value, str) and isinstance(told, str):
        try:
            return value == told or SpecifierSet(value) == SpecifierSet(told)
        except InvalidSpecifier:
            return False
    return value == told


def _is_surer(key: str, value: Value, told: Value) -> bool:
    """Whether a row asks for more than the tag of a wheel promises: torch's said manylinux1 for years, and needed a newer glibc."""
    return key in _FLOORS and bool(value) and version_of(value) > version_of(told)


def _texts(value: Value) -> Iterator[str]:
    yield from value if isinstance(value, list) else ()


def _source(name: str, release: Release) -> str:
    return f"PyPI metadata of {name}=={release.version}"
