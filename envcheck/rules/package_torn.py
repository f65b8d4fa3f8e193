"""package-torn: an installation or update that stopped half-way."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Completeness, Package, PackageState, Snapshot, known
from envcheck.judging.case import Case
from envcheck.judging.gaps import PACKAGES_AS_FILES
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, Outcome, Passed, Rule
from envcheck.judging.wording import counted, full_stop, titled
from envcheck.knowledge.frameworks import import_of, is_framework
from envcheck.prescribing.install import by_hand, replace
from envcheck.report import Area, Remedy, Severity

MANUAL = Manual(
    checks="Whether an installation stopped half-way: two versions of one distribution in the same folder, files that its own list names "
    "and that are not there, or a folder that pip renamed to `~name` and never removed.",
    why="Half of an old version and half of a new one fail in ways that look like anything else: an undefined symbol, a missing attribute, "
    "a crash. Package managers list such an installation as if it were whole.",
    example="torch-2.7.1.dist-info and torch-2.8.0.dist-info side by side, after an update was interrupted with Ctrl-C.",
    fix="Remove the distribution and install it again. Leftovers named `~…` in site-packages can be deleted by hand.",
    ignore_when="Never for a framework; a leftover `~name` beside a whole installation only costs disk space.",
    sources=(
        "https://packaging.python.org/en/latest/specifications/recording-installed-packages/",
        "https://pip.pypa.io/en/stable/cli/pip_uninstall/",
    ),
)

# How the detail ends where what the distribution brought has been removed by somebody else.
_FILES_GONE = "which is not there"
# How it begins where only a folder was left that pip had set aside to delete it.
_LEFTOVER = "left over from an interrupted removal"
MAX_COPIES = 4


def check(case: Case) -> Iterator[Outcome]:
    """One finding per torn distribution. A pasted list of packages does not show whether they are whole."""
    facts = case.facts
    if facts.observed.packages is Completeness.NONE:
        yield PACKAGES_AS_FILES
        return
    torn = [package for package in facts.packages if package.state is PackageState.TORN]
    for package in torn:
        yield _finding(case, package)
    if not torn and facts.live:
        yield Passed("installed packages", f"{counted(len(facts.packages), 'package')}, none half-installed")
    elif not torn:
        yield NotApplicable("a list of packages does not show whether they are whole")


def _finding(case: Case, package: Package) -> Found:
    facts = case.facts
    name = titled(package.name, package.version)
    debris = _is_debris(package)
    if debris and not isinstance(package.version, str):
        message = f"A removal that was interrupted left something behind: {_left_over(package)}"
    elif debris:
        message = f"{name} has a folder beside it that nothing uses: {package.detail}"
    else:
        message = f"{name} is half-installed: {package.detail or 'an installation or update of it stopped half-way'}"
    return Found(
        subject=name,
        message=full_stop(message),
        severity=Severity.INFO if debris else _severity(facts, package),
        evidence=(case.proof(f"packages[{package.name}].state", package.detail or "torn"),),
        remedies=(_sweep(package) if debris else _remedy(facts, package),),
        # Debris is no cause of what is wrong with the package itself.
        about=(package.detail,) if debris else (package.name, import_of(package.name)),
    )


def _is_debris(package: Package) -> bool:
    """A removal left something behind, and the package was then installed as a whole; or nothing but the leftover says what it was."""
    return package.detail.startswith(_LEFTOVER) and (isinstance(package.version, str) or package.name.startswith("~"))


def _severity(facts: Snapshot, package: Package) -> Severity:
    """What the import said decides; where it was not tried, a framework without its files cannot work, the rest may."""
    statuses = [entry.status for entry in facts.imports if entry.name == import_of(package.name)]
    if statuses:
        return Severity.WARNING if "imported" in statuses else Severity.ERROR
    return Severity.ERROR if is_framework(package.name) and _FILES_GONE in package.detail else Severity.WARNING


def _left_over(package: Package) -> str:
    return package.detail.removeprefix(_LEFTOVER).lstrip(": ")


def _sweep(package: Package) -> Remedy:
    return by_hand("delete what was left over", f"delete {_left_over(package)} in {known(package.location, 'site-packages')}")


def _remedy(facts: Snapshot, package: Package) -> Remedy:
    """Each uninstallation removes one of several records; only then is the next installation a whole one."""
    from envcheck.prescribing.same_build import install_again, same_build

    if package.manager == "system":
        return by_hand(f"install {package.name} again with the package manager of the operating system")
    summary = f"install {package.name} again as a whole"
    copies = [other for other in package.others if other.endswith(f" at {known(package.location, '')}")]
    if copies:
        requirement, index = same_build(facts, package)
        return replace(facts, [package.name], requirement, summary=summary, index=index, records=1 + len(copies[:MAX_COPIES]))
    return install_again(facts, package, summary)


RULE = Rule(
    name="package-torn",
    title="A package is half-installed",
    area=Area.PACKAGES,
    layer=Layer.PYTHON,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-import-fails", "framework-import-crashes", "requirement-of-package-unmet"}),
)
