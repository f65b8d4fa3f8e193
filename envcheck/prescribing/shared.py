"""A release of a distribution that several others depend on: one that all of them accept, else which of them has to be newer first."""

import contextlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from envcheck.facts.snapshot import Snapshot, known
from envcheck.judging.installed_requirements import asked_of
from envcheck.judging.wording import listed, titled
from envcheck.prescribing.install import install, manager_for
from envcheck.report import Remedy

if TYPE_CHECKING:
    from packaging.specifiers import Specifier, SpecifierSet
    from packaging.version import Version

# Metadata is data from outside: more bounds than these, or longer ones, nobody's packages have.
_MOST_BOUNDS, _MOST_PARTS = 300, 20
_LOWEST, _HIGHEST = (">=", ">"), ("<=", "<")


class Bound(msgspec.Struct, frozen=True):
    """What an installed distribution requires of the shared one: `scipy`, "1.11.4", "<1.28.0,>=1.21.6"."""

    by: str
    version: str
    versions: str

    @property
    def title(self) -> str:
        """`scipy 1.11.4`."""
        return titled(self.by, self.version)


class Choice(msgspec.Struct, frozen=True):
    """`requirement` is the shared distribution as the rest accept it; `outdated` hold it below that, and have to be newer first."""

    requirement: str
    outdated: tuple[Bound, ...] = ()


def bounds_on(facts: Snapshot, name: str, *, but: Iterable[str] = ()) -> tuple[Bound, ...]:
    """What the installed distributions require of one, those in `but` left out."""
    without = frozenset(but)
    found = (
        Bound(package.name, known(package.version, ""), str(requirement.specifier))
        for package, requirement in asked_of(facts, name)
        if package.name not in without and len(requirement.specifier) <= _MOST_PARTS
    )
    return tuple(islice(found, _MOST_BOUNDS))


def choose_shared(name: str, wanted: Bound, others: Iterable[Bound]) -> Choice:
    """The versions that `wanted` and the others accept. Of two that exclude each other the one that stays below is outdated."""
    outdated: list[Bound] = []
    kept = [wanted]
    for other in others:
        refused = [each for each in kept if not _together(each.versions, other.versions)]
        if not refused:
            kept.append(other)
        elif any(_is_below(other.versions, each.versions) for each in refused):
            outdated.append(other)
        else:
            outdated += refused
            kept = [*(each for each in kept if each not in refused), other]
    # Where each two agree and all of them do not, there is no version either: what is wanted then speaks alone.
    if not _together(*(each.versions for each in kept)):
        kept = kept[:1]
    return Choice(name + _merged([each.versions for each in kept]), tuple(dict.fromkeys(each for each in outdated if each.by)))


def excluding(versions: str, others: Iterable[Bound]) -> tuple[Bound, ...]:
    """Those that accept none of these versions."""
    return tuple(other for other in others if not _together(versions, other.versions))


def install_shared(facts: Snapshot, choice: Choice, name: str, summary: str) -> Remedy:
    """One command: one after the other, each would undo what the one before it did."""
    manager = manager_for(facts, name)
    if not choice.outdated:
        return install(facts, choice.requirement, summary=summary, manager=manager)
    newer = dict.fromkeys(bound.by for bound in choice.outdated)
    upgrade = () if manager == "conda" else ("--upgrade",)
    return install(
        facts,
        *upgrade,
        *newer,
        choice.requirement,
        summary=f"upgrade {listed(list(newer))} together with {name}: one alone breaks the other",
        manager=manager,
    )


def refuses_numpy_1(facts: Snapshot) -> tuple[Bound, ...]:
    """What is installed and asks for NumPy 2."""
    return excluding("<2", bounds_on(facts, "numpy"))


def install_numpy_1(facts: Snapshot, summary: str) -> Remedy | None:
    """NumPy 1 as all that is installed accepts it; None where something asks for NumPy 2."""
    others = bounds_on(facts, "numpy")
    if excluding("<2", others):
        return None
    return install_shared(facts, choose_shared("numpy", Bound("", "", "<2"), others), "numpy", summary)


def install_beside(facts: Snapshot, name: str, versions: str, summary: str) -> Remedy:
    """These versions of a distribution, together with newer releases of what accepts none of them because it is older."""
    return install_shared(facts, choose_shared(name, Bound("", "", versions), bounds_on(facts, name)), name, summary)


def in_words(outdated: Iterable[Bound], name: str) -> str:
    """`scipy 1.11.4 needs numpy<1.28.0,>=1.21.6`."""
    return listed([f"{bound.title} needs {name}{bound.versions}" for bound in outdated])


@lru_cache(maxsize=4096)
def _together(*versions: str) -> bool:
    """Whether some version satisfies all: one of those that are named, one after it, or the first of all."""
    from packaging.specifiers import SpecifierSet

    every = [SpecifierSet(each) for each in versions]
    return any(all(each.contains(version, prereleases=True) for each in every) for version in _candidates(every))


def _candidates(every: Iterable["SpecifierSet"]) -> Iterator["Version"]:
    from packaging.version import InvalidVersion, Version

    yield Version("0")
    named = {specifier.version.removesuffix(".*") for each in every for specifier in each}
    for text in sorted(named):
        with contextlib.suppress(InvalidVersion):  # an arbitrary equality, "===", may have any words
            version = Version(text)
            yield version
            yield Version(f"{version.base_version}.0.0.1")
            yield Version(".".join(map(str, (*version.release[:-1], version.release[-1] + 1))))


def _is_below(one: str, other: str) -> bool:
    """Whether the versions of the one end where those of the other begin."""
    from packaging.specifiers import SpecifierSet

    first, second = SpecifierSet(one), SpecifierSet(other)
    versions = tuple(_candidates((first, second)))
    of_first = [version for version in versions if first.contains(version, prereleases=True)]
    of_second = [version for version in versions if second.contains(version, prereleases=True)]
    return bool(of_first and of_second) and max(of_first) < max(of_second)


def _merged(versions: Iterable[str]) -> str:
    """All bounds in one, without those that say no more than another; the first one is left as it is where the others add nothing."""
    from packaging.specifiers import SpecifierSet

    first, *others = (SpecifierSet(each) for each in versions)
    kept = list(first)
    for specifier in (specifier for other in others for specifier in other):
        if not any(_implies(each, specifier) for each in kept):
            kept = [*(each for each in kept if not _implies(specifier, each)), specifier]
    return str(first) if kept == list(first) else ",".join(str(each) for each in sorted(kept, key=_place))


def _implies(one: "Specifier", other: "Specifier") -> bool:
    """Whether what the first accepts is accepted by the second, as far as their signs tell."""
    from packaging.version import Version

    if one == other:
        return True
    if "*" in one.version + other.version or "===" in (one.operator, other.operator):
        return False
    if one.operator == "==":
        return other.contains(one.version, prereleases=True)
    have, need = Version(one.version), Version(other.version)
    if one.operator in (*_LOWEST, "~=") and other.operator in _LOWEST:
        return have > need or (have == need and (other.operator == ">=" or one.operator == ">"))
    if one.operator in _HIGHEST and other.operator in _HIGHEST:
        return have < need or (have == need and (other.operator == "<=" or one.operator == "<"))
    if other.operator == "!=":
        return (one.operator in _LOWEST and have > need) or (one.operator in _HIGHEST and have < need)
    return False


def _place(specifier: "Specifier") -> tuple[int, str]:
    """Lower bounds first, as people write them."""
    return {">=": 0, ">": 0, "~=": 0, "==": 0, "<": 1, "<=": 1}.get(specifier.operator, 2), specifier.version
