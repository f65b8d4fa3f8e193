"""package-broken: a distribution whose metadata cannot be read."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Completeness, Package, PackageState, Snapshot
from envcheck.judging.case import Case
from envcheck.judging.gaps import PACKAGES_AS_METADATA
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, Outcome, Passed, Rule
from envcheck.judging.wording import counted, full_stop, listed, titled
from envcheck.knowledge.frameworks import import_of, is_framework
from envcheck.prescribing.install import by_hand, install, manager_for
from envcheck.report import Area, Remedy, Severity

MANUAL = Manual(
    checks="Whether the metadata of every installed distribution can be read: its name and its version.",
    why="Package managers decide by metadata. A distribution that has none that is usable cannot be updated, removed or depended on, and "
    "libraries that ask for versions at import time (transformers does) fail on it.",
    example="A METADATA file of 0 bytes, left behind by a full disk or by an installation that was interrupted.",
    fix="Install the same distribution again over the damaged one. pip cannot remove what has no list of files, so it has to be told to "
    "pass over what is installed.",
    ignore_when="The folder was put there by hand and is not a distribution at all.",
    sources=(
        "https://packaging.python.org/en/latest/specifications/recording-installed-packages/",
        "https://packaging.python.org/en/latest/specifications/core-metadata/",
    ),
)


def check(case: Case) -> Iterator[Outcome]:
    """A finding for each framework, and one for all others together."""
    facts = case.facts
    if facts.observed.packages is Completeness.NONE and not any(package.state is PackageState.BROKEN for package in facts.packages):
        yield PACKAGES_AS_METADATA
        return
    if facts.observed.packages is Completeness.COMPLETE and not facts.packages:
        yield NotApplicable("no package is installed")
        return
    broken = [package for package in facts.packages if package.state is PackageState.BROKEN]
    frameworks = [package for package in broken if is_framework(package.name)]
    others = [package for package in broken if not is_framework(package.name)]
    for package in frameworks:
        yield _finding(case, [package], Severity.WARNING if _works(facts, package) else Severity.ERROR)
    if others:
        yield _finding(case, others, Severity.WARNING)
    if not broken:
        yield Passed("installed packages", f"the metadata of {counted(len(facts.packages), 'package')} can be read")


def _finding(case: Case, packages: list[Package], severity: Severity) -> Found:
    names = [titled(package.name, package.version) for package in packages]
    detail = f": {packages[0].detail}" if len(packages) == 1 and packages[0].detail else ""
    verb = "is" if len(names) == 1 else "are"
    return Found(
        subject=listed(names),
        message=full_stop(f"{listed(names)} {verb} installed with metadata that cannot be used{detail}"),
        severity=severity,
        evidence=tuple(case.proof(f"packages[{package.name}].state", package.detail or "broken") for package in packages),
        remedies=tuple(_remedies(case.facts, packages)),
        about=tuple(name for package in packages for name in (package.name, import_of(package.name))),
    )


def _works(facts: Snapshot, package: Package) -> bool:
    """It was imported here in spite of its metadata."""
    return any(entry.status == "imported" and entry.name == import_of(package.name) for entry in facts.imports)


def _remedies(facts: Snapshot, packages: list[Package]) -> Iterator[Remedy]:
    """One for the default index, and one for each other index that has the same build again."""
    from envcheck.prescribing.same_build import same_build

    managers = {manager_for(facts, package.name) for package in packages}
    builds = [same_build(facts, package) for package in packages]
    if len(managers) > 1 or any(package.manager == "system" for package in packages):
        names = listed([package.name for package in packages])
        yield by_hand(f"install {names} again, each by the package manager that brought it")
        return
    conda = managers == {"conda"}
    for index in [None] if conda else dict.fromkeys(index for _, index in builds):
        requirements = [requirement for requirement, its in builds if conda or its == index]
        yield install(
            facts,
            *requirements,
            summary="install again by conda" if conda else "install again over what is damaged",
            manager=next(iter(managers)),
            index=index,
            reinstall=conda,
            over_damaged=not conda,
            dependencies=False,
        )


RULE = Rule(
    name="package-broken",
    title="The metadata of an installed package cannot be read",
    area=Area.PACKAGES,
    layer=Layer.PYTHON,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-import-fails", "requirement-of-package-unmet"}),
)
