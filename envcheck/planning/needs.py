"""What the packages of a plan ask of one another, and of what they share: NumPy, protobuf, Keras and the like."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

import msgspec

from envcheck.choosing.build import Build, Companion
from envcheck.choosing.machine import Place
from envcheck.knowledge.frameworks import TENSOR_FRAMEWORKS
from envcheck.knowledge.package_pairs import find_pair
from envcheck.knowledge.packages import Release, find, releases_of
from envcheck.knowledge.specifiers import accepts, split_requirement
from envcheck.knowledge.versions import release
from envcheck.parsers.expression import regex

_EXTRA = regex(r"extra == ['\"][\w.-]+['\"]")
_PYTHON = regex(r"python_version (?P<sign><=|>=|==|!=|<|>) ['\"](?P<version>[\d.]+)['\"]")
_LOWER = regex(r"(?P<sign>>=|==|~=|<=|>)(?P<version>[\d.]+)")
_KERAS, _TENSORFLOW = "keras", "tensorflow"
# In a pair's table this stands for every framework of that name, whichever distribution brings it.
_PARTNERS = ("torch", "tensorflow")


class Need(msgspec.Struct, frozen=True):
    """One requirement: `who` ("pandas 3.1.1") needs `what` in the range `specifier`."""

    who: str
    what: str
    specifier: str
    source: str

    @property
    def words(self) -> str:
        """`pandas 3.1.1 needs numpy>=2.0.2`."""
        return f"{self.who} needs {self.what}{self.specifier}"


class Clash(msgspec.Struct, frozen=True):
    """Why builds do not go together: a sentence without its full stop."""

    words: str
    source: str


def find_clash(builds: tuple[Build, ...], place: Place) -> Clash | None:
    """The first thing that one of the builds asks for and the others do not allow."""
    planned = {build.distribution: build for build in builds}
    shared: dict[str, list[Need]] = {}
    for need in needs_of(builds, place.python):
        build = planned.get(need.what)
        if build is None:
            shared.setdefault(need.what, []).append(need)
        elif build.version and not accepts(need.specifier, build.version):
            return Clash(f"{need.words}, and {need.what} {build.version} is the newest that fits", need.source)
    for what, needs in shared.items():
        if (clash := _of_shared(what, needs, place)) is not None:
            return clash
    return None


def needs_of(builds: tuple[Build, ...], python: str) -> Iterator[Need]:
    """All that is asked for; what belongs to an extra only where the package is in the plan anyway."""
    planned = {build.distribution for build in builds}
    for build in builds:
        who = f"{build.distribution} {build.version}"
        listed = build.version and build.distribution not in TENSOR_FRAMEWORKS  # they have tables of their own
        row = find(build.distribution, build.version) if listed else None
        if row is not None:
            yield from _of_metadata(row, who, python, planned)
        for companion in build.companions:
            yield Need(who, companion.name, companion.requirement.removeprefix(companion.name), build.why[-1].source)
        for partner in _PARTNERS:
            others = partner in planned and partner != build.distribution
            if others and (pair := find_pair(build.distribution, build.version, partner)) is not None:
                yield Need(who, partner, pair.specifier, pair.source)
        if build.distribution == _TENSORFLOW:
            yield from _of_tensorflow(build.version, who)


def pins(builds: tuple[Build, ...], place: Place) -> tuple[Companion, ...]:
    """What has to be kept below some version is named with the one that serves all; the rest is left to the installer."""
    bounded = {companion.name for build in builds for companion in build.companions if _is_range(companion)}
    bounded -= {build.distribution for build in builds}
    found = []
    for name in sorted(bounded):
        specifiers = [need.specifier for need in needs_of(builds, place.python) if need.what == name]
        row = next((row for row in _fitting(name, specifiers) if _serves(row, place)), None)
        found.append(Companion(name, row.version if row is not None else ",".join(dict.fromkeys(specifiers))))
    return tuple(found)


def _is_range(companion: Companion) -> bool:
    return companion.version.startswith(("<", ">"))


def _of_metadata(row: Release, who: str, python: str, planned: set[str]) -> Iterator[Need]:
    for line in row.requires:
        name, specifier = split_requirement(line)
        if specifier and _applies(line.partition(";")[2].strip(), python, wanted=name in planned):
            yield Need(who, name, specifier, row.source)


def _applies(marker: str, python: str, *, wanted: bool) -> bool:
    """Of a marker that is about anything else nothing follows."""
    if not marker:
        return True
    if _EXTRA.fullmatch(marker):
        return wanted
    found = _PYTHON.fullmatch(marker)
    return found is not None and bool(python) and accepts(found["sign"] + found["version"], python.rstrip("t"))


def _of_tensorflow(version: str, who: str) -> Iterator[Need]:
    from envcheck.knowledge.tensorflow import find_release

    row = find_release(version)
    if row is not None and row.keras:
        yield Need(who, _KERAS, ",".join(row.keras), row.source)


def _of_shared(what: str, needs: list[Need], place: Place) -> Clash | None:
    specifiers = [need.specifier for need in needs]
    if not _may_be_met(specifiers):
        first, second = next(
            ((one, other) for one in needs for other in needs if not _may_be_met([one.specifier, other.specifier])), (needs[0], needs[-1])
        )
        return Clash(f"{first.words}, and {second.words}", second.source)
    rows = _fitting(what, specifiers)
    if rows and place.python and not any(_serves(row, place) for row in rows) and _is_newer_than_all(place.python, rows[0]):
        tightest = next((need for need in needs if not accepts(need.specifier, _releases(what)[0].version)), needs[0])
        return Clash(f"{tightest.words}, which has no wheel for Python {place.python}", tightest.source)
    return None


@lru_cache(maxsize=512)
def _releases(name: str) -> tuple[Release, ...]:
    return releases_of(name)


def _fitting(name: str, specifiers: Iterable[str]) -> list[Release]:
    return [row for row in _releases(name) if all(accepts(specifier, row.version) for specifier in specifiers)]


def _serves(row: Release, place: Place) -> bool:
    return place.python in row.pythons or row.serves(place.python.rstrip("t"), place.platform)


def _is_newer_than_all(python: str, row: Release) -> bool:
    """An older release than those of the table may serve an older Python, and none a newer one."""
    return bool(row.pythons) and all(release(python.rstrip("t")) > release(other.rstrip("t")) for other in row.pythons)


def _may_be_met(specifiers: list[str]) -> bool:
    """Whether any version is in all the ranges: if one is, so is one of their bounds, or what comes right behind it."""
    bounds = {found["version"] for specifier in specifiers for found in _LOWER.finditer(specifier)}
    tried = ("0", *bounds, *(f"{bound}.1" for bound in bounds))
    return any(all(accepts(specifier, version) for specifier in specifiers) for version in tried)
