"""What installed distributions require of each other by their own metadata, as it applies to the examined interpreter."""

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from envcheck.facts.snapshot import Package, Snapshot, known
from envcheck.knowledge.frameworks import exclusive_group

if TYPE_CHECKING:
    from packaging.requirements import Requirement

# More than any framework has, and longer than any line of theirs: metadata is data from outside.
MAX_REQUIREMENTS, LONGEST_REQUIREMENT = 400, 2000


def marker_environment(facts: Snapshot) -> dict[str, str] | None:
    """The variables of environment markers for the examined interpreter, None where they are not all known."""
    python, system = facts.python, facts.system
    if not (isinstance(python.version, str) and isinstance(system.os, str) and isinstance(system.machine, str)):
        return None
    version = python.version.split()[0]
    implementation = known(python.implementation, "CPython")
    implementation = {"cpython": "CPython", "pypy": "PyPy"}.get(implementation.lower(), implementation)
    return {
        "python_version": ".".join(version.split(".")[:2]),
        "python_full_version": version,
        "implementation_name": implementation.lower(),
        "implementation_version": version,
        "platform_python_implementation": implementation,
        "os_name": "nt" if system.os == "Windows" else "posix",
        "sys_platform": {"Windows": "win32", "Darwin": "darwin"}.get(system.os, system.os.lower()),
        "platform_system": system.os,
        "platform_machine": system.machine,
        "platform_release": known(system.kernel, ""),
        "platform_version": "",
        "extra": "",
    }


def requirements_of(package: Package, naming: str = "") -> Iterator["Requirement"]:
    """Lines that are no requirements are passed over: old metadata has them, and what nests too deeply is none either.

    `naming` takes only those that begin with a name, before anything is parsed.
    """
    from packaging.requirements import InvalidRequirement, Requirement

    for line in known(package.requires, ())[:MAX_REQUIREMENTS]:
        if len(line) > LONGEST_REQUIREMENT or not _plain(line).startswith(naming):
            continue
        with contextlib.suppress(InvalidRequirement, RecursionError):
            yield Requirement(line)


def _plain(line: str) -> str:
    return line.lower().replace("_", "-").replace(".", "-")


def applies(requirement: "Requirement", environment: dict[str, str]) -> bool:
    """Whether its marker holds for the interpreter; an extra's does not."""
    from packaging.markers import UndefinedComparison, UndefinedEnvironmentName

    if requirement.marker is None:
        return True
    try:
        return requirement.marker.evaluate(environment)
    except (UndefinedComparison, UndefinedEnvironmentName):
        return False


def provider(facts: Snapshot, name: str) -> Package | None:
    """The distribution, or another of its group that brings the same module (opencv-python-headless for opencv-python)."""
    group = exclusive_group(name)
    names = (name, *(group.distributions if group else ()))
    return next((package for each in names if (package := facts.package(each)) is not None), None)


def accepts(requirement: "Requirement", have: Package) -> bool:
    """A version that is not known, or is none, is not held against it."""
    from packaging.version import InvalidVersion, Version

    if not isinstance(have.version, str) or requirement.url:
        return True
    try:
        return requirement.specifier.contains(Version(have.version), prereleases=True)
    except InvalidVersion:
        return True


def is_anothers_business(package: Package, have: Package | None) -> bool:
    """Packagers of conda and Linux resolve by their own records, and leave names of the index behind that they do not follow."""
    return package.manager in ("conda", "system") and (have is None or have.manager == package.manager)


def asked_of(facts: Snapshot, name: str) -> Iterator[tuple[Package, "Requirement"]]:
    """Each installed distribution that bounds the versions of another, with what it says of it."""
    from packaging.utils import canonicalize_name

    environment = marker_environment(facts)
    if environment is None:
        return
    have = provider(facts, name)
    for package in facts.packages:
        if package.name == name or is_anothers_business(package, have):
            continue
        for requirement in requirements_of(package, name):
            if canonicalize_name(requirement.name) == name and requirement.specifier and applies(requirement, environment):
                yield package, requirement
