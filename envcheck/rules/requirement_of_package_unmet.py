"""requirement-of-package-unmet: what an installed framework says that it needs is missing or of another version."""

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from envcheck.facts.snapshot import Completeness, Package, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.gaps import REQUIREMENTS
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, Outcome, Passed, Rule
from envcheck.judging.wording import full_stop, titled
from envcheck.knowledge.frameworks import exclusive_group, import_of, is_framework
from envcheck.knowledge.packages import releases_of
from envcheck.knowledge.specifiers import split_requirement
from envcheck.prescribing.install import by_hand, install, manager_for
from envcheck.report import Area, Certainty, Remedy, Severity

if TYPE_CHECKING:
    from packaging.requirements import Requirement

MANUAL = Manual(
    checks="Whether everything that an installed framework names in its own metadata (Requires-Dist) is installed, in a version that it "
    "accepts, for this interpreter and this platform. Extras are not required.",
    why="A package manager resolves what it is asked for at that moment. A later installation of something else may replace or remove "
    "what an earlier one needed, and pip only prints a line about it.",
    example="transformers 4.56.0 needs huggingface-hub<1.0, and a later installation brought 1.2.0.",
    fix="Install the framework's requirement again, in the version that the framework accepts.",
    ignore_when="The framework works and the bound is known to be too careful, or its libraries come from the system on purpose.",
    sources=(
        "https://packaging.python.org/en/latest/specifications/dependency-specifiers/",
        "https://pip.pypa.io/en/stable/cli/pip_check/",
    ),
)

# They name one release of the other; rules of their own say what that means.
_HAVE_OWN_RULE = {("torchvision", "torch"), ("torchaudio", "torch"), ("torchtext", "torch"), ("torch", "triton"), ("jax", "jaxlib")}
# The CUDA libraries that torch names one release of: rules of their own say which of them matter.
_OWN_LIBRARIES = ("nvidia-cudnn-cu", "nvidia-nccl-cu")
# What a framework asks of these is judged by rules of their own, which know what comes of it.
_JUDGED_ELSEWHERE = frozenset({"python", "torch", "jax", "jaxlib", "keras", "protobuf"})
# More than any framework has, and longer than any line of theirs: metadata is data from outside.
MAX_REQUIREMENTS, LONGEST_REQUIREMENT = 400, 2000


class _Unmet(msgspec.Struct, frozen=True):
    """One requirement that is not fulfilled; `have` None: it is not installed."""

    name: str
    text: str
    have: Package | None


def check(case: Case) -> Iterator[Outcome]:
    """One finding per framework and requirement; of a text, what pip said of them."""
    facts = case.facts
    frameworks = [package for package in facts.packages if is_framework(package.name)]
    if not frameworks and facts.observed.packages is Completeness.COMPLETE:
        yield NotApplicable("no framework is installed")
        return
    if facts.python.requirements_met is True and not facts.live:
        yield from tuple(_complaints(case)) or (Passed("installed packages", "pip check found nothing amiss"),)
        return
    told = [package for package in frameworks if isinstance(package.requires, tuple)]
    environment = _marker_environment(facts)
    if not told or environment is None or facts.observed.packages is not Completeness.COMPLETE:
        gap = replace(REQUIREMENTS, reason="what the installed packages need is not known") if environment else REQUIREMENTS
        yield from tuple(_complaints(case)) or (gap,)
        return
    for package in told:
        unmet = list(_unmet(facts, package, environment))
        for requirement in unmet:
            yield _finding(case, package, requirement)
        if not unmet:
            yield Passed(titled(package.name, package.version), "what it needs is installed")


def _complaints(case: Case) -> Iterator[Found]:
    """What pip printed at the end of an installation or of a check. It is true, and may still not be what fails."""
    for symptom in case.said(SymptomKind.VERSION_CONFLICT):
        if _is_pips(symptom) and not _was_mended(case.facts, symptom):
            yield _complaint(case, symptom)


def _is_pips(symptom: Symptom) -> bool:
    details = symptom.details
    by = details.get("by", "").partition(" ")[0].lower()
    return symptom.subject == "pip" and is_framework(by) and details["package"].lower() not in _JUDGED_ELSEWHERE


def _was_mended(facts: Snapshot, symptom: Symptom) -> bool:
    """The same text shows another version than pip complained of."""
    package = facts.package(symptom.details["package"].lower())
    have = symptom.details.get("have", "")
    return package is not None and isinstance(package.version, str) and bool(have) and package.version != have


def _complaint(case: Case, symptom: Symptom) -> Found:
    details = symptom.details
    name, by = details["package"].lower(), details["by"]
    have = details.get("have", "")
    wanted = f"{name}{details.get('need', '')}"
    return Found(
        subject=f"{by}: {name}",
        message=full_stop(f"{by} needs {wanted}, and {f'{name} {have} is installed' if have else 'it is not installed'}"),
        severity=Severity.WARNING,
        certainty=Certainty.LIKELY,
        evidence=(spoken(symptom),),
        would_confirm=(f"the program that fails uses {by.partition(' ')[0]}, and its traceback goes through {name}",),
        remedies=(_for_complaint(case.facts, name, wanted, by.partition(" ")[0]),),
        about=(name, import_of(name)),
    )


def _for_complaint(facts: Snapshot, name: str, wanted: str, by: str) -> Remedy:
    """A text can name any package: a command is only given for one that frameworks are known to need."""
    summary = f"install the {name} that {by} accepts"
    if (
        is_framework(name)
        or releases_of(name)
        or any(split_requirement(need)[0] == name for row in releases_of(by) for need in row.requires)
    ):
        return install(facts, wanted, summary=summary, manager=manager_for(facts, name))
    return by_hand(summary, f"see that {wanted} is the package that {by} means, and install it")


def _marker_environment(facts: Snapshot) -> dict[str, str] | None:
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


def _unmet(facts: Snapshot, package: Package, environment: dict[str, str]) -> Iterator[_Unmet]:
    from packaging.utils import canonicalize_name

    for requirement in _requirements(package):
        name = canonicalize_name(requirement.name)
        if (package.name, name) in _HAVE_OWN_RULE or not _applies(requirement, environment):
            continue
        have = _provider(facts, name)
        if _is_anothers_business(package, have) or (have is not None and name.startswith(_OWN_LIBRARIES)):
            continue
        if have is None or not _accepts(requirement, have):
            yield _Unmet(name, f"{requirement.name}{requirement.specifier}", have)


def _requirements(package: Package) -> Iterator["Requirement"]:
    """Lines that are no requirements are passed over: old metadata has them, and what nests too deeply is none either."""
    from packaging.requirements import InvalidRequirement, Requirement

    for line in known(package.requires, ())[:MAX_REQUIREMENTS]:
        with contextlib.suppress(InvalidRequirement, RecursionError):
            if len(line) <= LONGEST_REQUIREMENT:
                yield Requirement(line)


def _applies(requirement: "Requirement", environment: dict[str, str]) -> bool:
    from packaging.markers import UndefinedComparison, UndefinedEnvironmentName

    if requirement.marker is None:
        return True
    try:
        return requirement.marker.evaluate(environment)
    except (UndefinedComparison, UndefinedEnvironmentName):
        return False


def _provider(facts: Snapshot, name: str) -> Package | None:
    """The distribution, or another of its group that brings the same module (opencv-python-headless for opencv-python)."""
    group = exclusive_group(name)
    names = (name, *(group.distributions if group else ()))
    return next((package for each in names if (package := facts.package(each)) is not None), None)


def _accepts(requirement: "Requirement", have: Package) -> bool:
    """A version that is not known, or is none, is not held against it."""
    from packaging.version import InvalidVersion, Version

    if not isinstance(have.version, str) or requirement.url:
        return True
    try:
        return requirement.specifier.contains(Version(have.version), prereleases=True)
    except InvalidVersion:
        return True


def _is_anothers_business(package: Package, have: Package | None) -> bool:
    """Packagers of conda and Linux resolve by their own records, and leave names of the index behind that they do not follow."""
    return package.manager in ("conda", "system") and (have is None or have.manager == package.manager)


def _finding(case: Case, package: Package, unmet: _Unmet) -> Found:
    facts = case.facts
    name = titled(package.name, package.version)
    has = f"{unmet.have.name} {known(unmet.have.version, 'of another version')} is installed" if unmet.have else "it is not installed"
    works = any(entry.name == import_of(package.name) and entry.status == "imported" for entry in facts.imports)
    target = unmet.have.name if unmet.have else unmet.name
    return Found(
        subject=f"{name}: {unmet.name}",
        message=full_stop(f"{name} needs {unmet.text}, and {has}"),
        severity=Severity.ERROR if unmet.have is None and not works else Severity.WARNING,
        evidence=(
            case.proof(f"packages[{package.name}].requires", unmet.text),
            case.proof(f"packages[{target}].version", known(unmet.have.version, "unknown") if unmet.have else "not installed"),
        ),
        remedies=(
            install(
                facts,
                unmet.text.replace(unmet.name, target, 1) if unmet.have else unmet.text,
                summary=f"install the version that {package.name} accepts" if unmet.have else f"install {unmet.name}",
                manager=manager_for(facts, target),
            ),
        ),
        about=(unmet.name, import_of(unmet.name)),
    )


RULE = Rule(
    name="requirement-of-package-unmet",
    title="A framework's own requirement is not fulfilled",
    area=Area.PACKAGES,
    layer=Layer.COMPANIONS,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-import-fails"}),
)
