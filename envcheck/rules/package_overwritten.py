"""package-overwritten: two distributions that wrote the same files."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Completeness, Overwrite, Package, Snapshot, known
from envcheck.judging.case import Case
from envcheck.judging.gaps import PACKAGES_AS_METADATA
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, Outcome, Passed, Rule
from envcheck.judging.wording import counted, listed, titled
from envcheck.knowledge.frameworks import EXCLUSIVE_GROUPS, ExclusiveGroup, exclusive_group, import_of, installed_among
from envcheck.knowledge.versions import series
from envcheck.prescribing.install import by_hand, replace
from envcheck.report import Area, Remedy, Severity

MANUAL = Manual(
    checks="Whether two installed distributions claim the same file with different contents, and whether more than one of a group is "
    "installed that can only be installed one at a time (opencv-python and its variants, tensorflow and tensorflow-cpu, xgboost and "
    "xgboost-cpu, and others).",
    why="The one installed last wins, whatever the lists say, and removing either of them removes files of the other: the import then "
    "fails although the package manager says that everything is in order.",
    example="opencv-python and opencv-python-headless are installed; after one of them is removed, import cv2 fails and pip check finds "
    "nothing.",
    fix="Remove all of them, then install the one that is wanted. Removing only one breaks the other.",
    ignore_when="The shared files are not used by programs, such as examples and tests.",
    sources=(
        "https://github.com/opencv/opencv-python#installation-and-usage",
        "https://packaging.python.org/en/latest/specifications/recording-installed-packages/",
    ),
)

# Folders at the top of site-packages that careless distributions install by mistake; nothing imports from them.
_UNUSED = frozenset({"tests", "test", "testing", "docs", "doc", "examples", "example", "benchmarks", "scripts", "tools", "licenses"})
_LOADED = (".py", ".pyd", ".dll", ".dylib", ".so", ".pyi")


def check(case: Case) -> Iterator[Outcome]:
    """A finding per group of distributions, whether their files were compared or only their names are known."""
    facts = case.facts
    if facts.observed.packages is Completeness.NONE:
        yield PACKAGES_AS_METADATA
        return
    if facts.observed.packages is Completeness.COMPLETE and not facts.packages and not facts.overwrites:
        yield NotApplicable("no package is installed")
        return
    found = [*_groups(case), *_strangers(case)]
    yield from found
    if not found:
        yield Passed("installed packages", "none of them overwrites another")


def _groups(case: Case) -> Iterator[Found]:
    """Members of one exclusive group beside each other. ONNX Runtime has a rule of its own."""
    for group in EXCLUSIVE_GROUPS:
        members = list(installed_among(case.facts, group.distributions))
        if group.module != "onnxruntime" and len(members) > 1 and not _fitted_together(members):
            yield _group_finding(case, group, members)


def _fitted_together(members: list[Package]) -> bool:
    """Packagers of conda and Linux build one package and give it several names of the index, so that dependents are content."""
    return all(member.manager in ("conda", "system") for member in members) or _is_empty_shell(members)


def _is_empty_shell(members: list[Package]) -> bool:
    """From 2.12 on tensorflow-gpu is a note that pip refuses to install; where a list has it all the same, it holds no files."""
    return {member.name for member in members} == {"tensorflow", "tensorflow-gpu"} and any(
        member.name == "tensorflow-gpu" and known(member.version, "").startswith("2.12") for member in members
    )


def _group_finding(case: Case, group: ExclusiveGroup, members: list[Package]) -> Found:
    facts = case.facts
    names = [titled(member.name, member.version) for member in members]
    quantity = "both" if len(names) == 2 else "all"
    broken = any(entry.name == group.module and entry.status != "imported" for entry in facts.imports)
    return Found(
        subject=listed([member.name for member in members]),
        message=f"{listed(names)} {quantity} bring the module {group.module}: each overwrites the files of the others; only one may stay.",
        severity=Severity.ERROR if broken else Severity.INFO if _is_one_release(group, members) else Severity.WARNING,
        evidence=tuple(case.proof(f"packages[{member.name}].version", known(member.version, "installed")) for member in members),
        remedies=(_keep_one(facts, group, members),),
        about=(group.module, *(member.name for member in members)),
    )


def _is_one_release(group: ExclusiveGroup, members: list[Package]) -> bool:
    """The variants of OpenCV in one release serve alike, whoever has won: images for notebooks have all of them."""
    return group.module == "cv2" and len({series(known(member.version, member.name)) for member in members}) == 1


def _keep_one(facts: Snapshot, group: ExclusiveGroup, members: list[Package]) -> Remedy:
    """Removes all, then installs the member that serves most: of OpenCV the one with contrib, headless only where all are."""
    keep = members[0]
    if group.module == "cv2":
        headless = all("headless" in member.name for member in members)
        keep = max(members, key=lambda member: ("contrib" in member.name, ("headless" in member.name) is headless))
    version = f"=={keep.version}" if isinstance(keep.version, str) and "+" not in keep.version else ""
    return replace(
        facts, [member.name for member in members], f"{keep.name}{version}", summary=f"remove all of them, then install {keep.name} alone"
    )


def _strangers(case: Case) -> Iterator[Found]:
    """Distributions of no known group that claim the same files with different contents."""
    for overwrite in case.facts.overwrites:
        groups = {exclusive_group(name) for name in overwrite.distributions}
        of_one_group = len(groups) == 1 and None not in groups
        if not of_one_group and _matters(overwrite):
            yield _stranger_finding(case, overwrite)


def _matters(overwrite: Overwrite) -> bool:
    """Whether a program loads such a file: not a licence, and not from a folder of tests that was installed by mistake."""
    parts = overwrite.example.replace("\\", "/").split("/")
    if not overwrite.example or parts[0].lower() in _UNUSED:
        return not overwrite.example
    return len(parts) > 1 and (overwrite.example.endswith(_LOADED) or ".so." in parts[-1])


def _stranger_finding(case: Case, overwrite: Overwrite) -> Found:
    names = listed(overwrite.distributions)
    example = f" ({overwrite.example})" if overwrite.example else ""
    return Found(
        subject=names,
        message=f"{names} claim {counted(overwrite.files, 'file')} with different contents{example}: the one installed last has won.",
        severity=Severity.INFO if overwrite.example.endswith("/__init__.py") else Severity.WARNING,
        evidence=(case.proof("overwrites", f"{names}: {overwrite.files}"),),
        remedies=(
            by_hand(
                f"decide which of {names} is needed",
                f"remove {'both' if len(overwrite.distributions) == 2 else 'all'} of them, then install that one again",
            ),
        ),
        about=tuple(name for each in overwrite.distributions for name in (each, import_of(each))),
    )


RULE = Rule(
    name="package-overwritten",
    title="Two packages wrote the same files",
    area=Area.PACKAGES,
    layer=Layer.PYTHON,
    manual=MANUAL,
    check=check,
    explains=frozenset({"package-torn", "framework-import-fails", "framework-import-crashes", "framework-absent"}),
)
