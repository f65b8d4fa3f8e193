"""requirement-of-package-unmet: what an installed framework says that it needs is missing or of another version."""

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from envcheck.facts.snapshot import Completeness, Package, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.gaps import REQUIREMENTS
from envcheck.judging.installed_requirements import accepts, applies, is_anothers_business, marker_environment, provider, requirements_of
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, Outcome, Passed, Rule
from envcheck.judging.wording import full_stop, titled
from envcheck.knowledge.frameworks import import_of, is_framework
from envcheck.prescribing.install import by_hand, install, manager_for
from envcheck.prescribing.shared import Bound, bounds_on, choose_shared, excluding, in_words, install_shared
from envcheck.report import Area, Certainty, Remedy, Severity

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


class _Unmet(msgspec.Struct, frozen=True):
    """One requirement that is not fulfilled; `have` None: it is not installed."""

    name: str
    versions: str
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
    environment = marker_environment(facts)
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
    from envcheck.knowledge.packages import releases_of
    from envcheck.knowledge.specifiers import split_requirement

    summary = f"install the {name} that {by} accepts"
    if (
        is_framework(name)
        or releases_of(name)
        or any(split_requirement(need)[0] == name for row in releases_of(by) for need in row.requires)
    ):
        return install(facts, wanted, summary=summary, manager=manager_for(facts, name))
    return by_hand(summary, f"see that {wanted} is the package that {by} means, and install it")


def _unmet(facts: Snapshot, package: Package, environment: dict[str, str]) -> Iterator[_Unmet]:
    from packaging.utils import canonicalize_name

    for requirement in requirements_of(package):
        name = canonicalize_name(requirement.name)
        if (package.name, name) in _HAVE_OWN_RULE or not applies(requirement, environment):
            continue
        have = provider(facts, name)
        if is_anothers_business(package, have) or (have is not None and name.startswith(_OWN_LIBRARIES)):
            continue
        if have is None or not accepts(requirement, have):
            yield _Unmet(name, str(requirement.specifier), f"{requirement.name}{requirement.specifier}", have)


def _finding(case: Case, package: Package, unmet: _Unmet) -> Found:
    facts = case.facts
    name = titled(package.name, package.version)
    has = f"{unmet.have.name} {known(unmet.have.version, 'of another version')} is installed" if unmet.have else "it is not installed"
    works = any(entry.name == import_of(package.name) and entry.status == "imported" for entry in facts.imports)
    target = unmet.have.name if unmet.have else unmet.name
    others = bounds_on(facts, unmet.name, but=(package.name,))
    excluded = excluding(unmet.versions, others)
    return Found(
        subject=f"{name}: {unmet.name}",
        message=full_stop(f"{name} needs {unmet.text}, and {has}{_against(excluded, unmet.name)}"),
        severity=Severity.ERROR if unmet.have is None and not works else Severity.WARNING,
        evidence=(
            case.proof(f"packages[{package.name}].requires", unmet.text),
            case.proof(f"packages[{target}].version", known(unmet.have.version, "unknown") if unmet.have else "not installed"),
            *(case.proof(f"packages[{bound.by}].requires", unmet.name + bound.versions) for bound in excluded),
        ),
        remedies=(_remedy(facts, Bound(package.name, known(package.version, ""), unmet.versions), others, unmet, target),),
        about=(unmet.name, import_of(unmet.name)),
    )


def _remedy(facts: Snapshot, wanted: Bound, others: tuple[Bound, ...], unmet: _Unmet, target: str) -> Remedy:
    """A version that the other installed packages accept too; where there is none, together with what holds it back."""
    summary = f"install the version that {wanted.by} accepts" if unmet.have else f"install {unmet.name}"
    if not unmet.versions:
        return install(facts, unmet.text, summary=summary, manager=manager_for(facts, target))
    return install_shared(facts, choose_shared(target, wanted, others), target, summary)


def _against(excluded: tuple[Bound, ...], name: str) -> str:
    """`; scipy 1.11.4 needs numpy<1.28.0: as they are, both cannot be met`."""
    return f"; {in_words(excluded, name)}: as they are, {'both' if len(excluded) == 1 else 'all'} cannot be met" if excluded else ""


RULE = Rule(
    name="requirement-of-package-unmet",
    title="A framework's own requirement is not fulfilled",
    area=Area.PACKAGES,
    layer=Layer.COMPANIONS,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-import-fails"}),
)
