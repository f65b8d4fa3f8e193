"""What installers said of a distribution that they found no file for, put together and in comparable form."""

import re
from collections.abc import Sequence

import msgspec

from envcheck.facts.claims import TOLD
from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom
from envcheck.knowledge.python_wheels import has_wheels_for, is_listed, platform_of, pythons_of
from envcheck.knowledge.versions import is_below, is_unfinished, release, series
from envcheck.parsers.expression import regex

_NAME = regex(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_BOUND = regex(r"(===|==|~=|<=|>=|<|>)\s*([\w.*+!-]+)")
_WHEEL = regex(r"(?P<name>[\w.]+)-(?P<version>[\w.+!]+)(?:-\d\w*)?-(?P<python>[\w.]+)-(?P<abi>[\w.]+)-(?P<platform>[\w.]+)\.whl")
_EXACT = ("==", "===", "~=")
_PYTHON_TAG = regex(r"(?:cp|pypy|pp)(?P<major>[23])_?(?P<minor>\d{1,2})")
_CONDA_NAMES = {"pytorch": "torch", "pytorch-cpu": "torch", "pytorch-gpu": "torch"}
# What PyPI has of these below that are source archives that nobody can build: as good as nothing.
_SOURCES_ONLY = {"torch": "0.2"}


class Refusal(msgspec.Struct):
    """One distribution that no file was found for.

    `exact`, `lowest` and `highest` are the versions of the requirement; `offered` those that were found (None: not told), `cut` that the
    newest of them are not shown; `what` is the tag that fits nowhere, "abi" or "platform"; `have` this Python's own tag, `tags` those that
    there are, `need` the Python that it is built for, `wheel` the parts of a file's name.
    """

    name: str
    symptoms: list[Symptom] = msgspec.field(default_factory=list)
    exact: str = ""
    lowest: str = ""
    highest: str = ""
    offered: tuple[str, ...] | None = None
    cut: bool = False
    what: str = ""
    have: str = ""
    tags: tuple[str, ...] = ()
    need: str = ""
    wheel: dict[str, str] = msgspec.field(default_factory=dict)

    @property
    def asked(self) -> str:
        """`torch 1.13.1`, or the name alone where no version was asked for."""
        return f"{self.name} {self.exact}" if self.exact else self.name

    @property
    def too_old(self) -> str:
        """The oldest version that there is, where all that there are lie above what was asked for; else empty."""
        bound = self.exact or self.highest
        oldest = self.offered[0] if self.offered else ""
        return oldest if bound and oldest and (is_below(bound, oldest) or (not self.exact and not is_below(oldest, bound))) else ""

    @property
    def too_new(self) -> str:
        """The newest version that there is, where all that there are lie below what was asked for; else empty."""
        bound = self.exact or self.lowest
        newest = self.offered[-1] if self.offered and not self.cut else ""
        return newest if bound and newest and is_below(newest, bound) else ""


def gather(symptoms: Sequence[Symptom]) -> list[Refusal]:
    """One refusal for each distribution, out of all that was said of it."""
    found: dict[str, Refusal] = {}
    for symptom in symptoms:
        requirement = symptom.details.get("requirement", "")
        wheel = _WHEEL.fullmatch(requirement)
        named = wheel["name"] if wheel else (match[0] if (match := _NAME.match(requirement)) else "")
        name = re.sub(r"[-_.]+", "-", named).lower().rstrip("-")
        name = _CONDA_NAMES.get(name, name)
        if name:
            refusal = found.setdefault(name, Refusal(name))
            refusal.symptoms.append(symptom)
            _add(refusal, symptom, requirement, wheel)
    return list(found.values())


def asked_for(facts: Snapshot) -> list[Refusal]:
    """Releases that a command or a Dockerfile names, of which nothing shows that they came, without a wheel for the Python or for musl."""
    python, platform = series(known(facts.python.version, "")), platform_of(facts)
    found = list[Refusal]()
    for package in facts.packages if not facts.live else ():
        version = known(package.version, "").partition("+")[0]
        fact = f"packages[{package.name}].{'version' if version else 'channel'}"
        if not isinstance(package.channel, str) or not facts.source_of(fact).endswith(TOLD):
            continue
        pythons, sure = pythons_of(package.name, version, platform) if python and release(version) else ((), False)
        outside = sure and python not in pythons and any(release(entry) for entry in pythons)
        unserved = platform.libc and is_listed(package.name) and not has_wheels_for(package.name, platform)
        if outside or unserved:
            found.append(Refusal(package.name, exact=version))
    return found


def _add(refusal: Refusal, symptom: Symptom, requirement: str, wheel: re.Match[str] | None) -> None:
    details = symptom.details
    if wheel is not None:
        refusal.wheel, refusal.exact = wheel.groupdict(), refusal.exact or wheel["version"]
    for operator, version in _BOUND.findall(requirement) if wheel is None else ():
        if operator in _EXACT:
            refusal.exact = refusal.exact or version
        elif operator.startswith(">"):
            refusal.lowest = refusal.lowest or version
        else:
            refusal.highest = refusal.highest or version
    if "versions" in details and refusal.offered is None:
        refusal.offered = _offered(refusal.name, details["versions"])
        refusal.cut = details["versions"].endswith("…")
    refusal.what = refusal.what or details.get("what", "")
    refusal.have = refusal.have or details.get("have", "")
    refusal.need = refusal.need or details.get("need", "")
    refusal.tags = refusal.tags or tuple(filter(None, details.get("tags", "").split(", ")))


def _offered(name: str, versions: str) -> tuple[str, ...]:
    """The versions of pip's list, the oldest first; empty where it says "none"."""
    listed = [version.strip() for version in versions.split(",")]
    useless = _SOURCES_ONLY.get(name)
    numbered = [version for version in listed if release(version) and not (useless and is_below(version, useless))]
    finished = [version for version in numbered if not is_unfinished(version)] or numbered
    return tuple(sorted(finished, key=release))


def pythons_of_tags(tags: Sequence[str]) -> tuple[str, ...]:
    """`cp310`, `cp311` → 3.10, 3.11; tags of platforms give none."""
    found = {f"{match['major']}.{match['minor']}" for tag in tags if (match := _PYTHON_TAG.match(tag))}
    return tuple(sorted(found, key=release))


def platform_in(tag: str) -> tuple[str, str]:
    """`win_amd64`, `manylinux_2_28_x86_64`, `macosx_11_0_arm64` → the system and the processor; `any` → neither."""
    os = next((name for start, name in (("win", "windows"), ("macosx", "macos")) if tag.startswith(start)), "")
    os = os or ("linux" if "linux" in tag else "")
    return os, next((name for name in ("x86_64", "amd64", "aarch64", "arm64", "universal2") if tag.endswith(name)), "")


def same_machine(one: str, other: str) -> bool:
    """Whether two words for processors mean one; Apple's universal files are for both."""
    same = {"amd64": "x86_64", "arm64": "aarch64"}
    return one == "universal2" or same.get(one, one) == same.get(other, other)
