"""framework-absent: a framework that was asked for is not installed."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, Outcome, Passed, Rule
from envcheck.knowledge.frameworks import FRAMEWORKS, distributions_of, installed_for
from envcheck.prescribing.install import by_hand
from envcheck.prescribing.required import install_framework
from envcheck.report import Area, Remedy, Severity

MANUAL = Manual(
    checks="Whether the frameworks that a profile, an option or a failing program asked for are installed.",
    why="Nothing else about a framework can be judged before it is there. That a framework is absent is no problem by itself: only what "
    "was asked for is reported.",
    example="--smoke torch was given, and the environment has no torch.",
    fix="Install it into this environment, or examine the environment that has it.",
    ignore_when="The framework was named by mistake.",
    sources=("https://packaging.python.org/en/latest/tutorials/installing-packages/",),
)


def check(case: Case) -> Iterator[Outcome]:
    """One finding per framework. Where a requirement of a profile speaks of the package itself, that is left to it."""
    facts = case.facts
    asked = [name for name in FRAMEWORKS if _asked_for(case, name)]
    asked += [entry.name for entry in facts.imports if entry.status == "absent" and entry.name not in FRAMEWORKS]
    missing = [name for name in asked if installed_for(facts, name) is None]
    absent = [name for name in missing if not _required_by_profile(case, name)]
    if not absent:
        yield NotApplicable("the requirement of a profile speaks of it") if missing else _nothing_absent(facts, asked)
    for name in absent:
        yield _finding(case, name)


def _nothing_absent(facts: Snapshot, asked: list[str]) -> Outcome:
    there = [entry.name for entry in facts.imports if entry.status != "absent"]
    if there or asked:
        return Passed("frameworks", "those that were asked for are installed")
    return NotApplicable("nobody asked for a framework that is not there")


def _words(case: Case, name: str) -> tuple[Symptom, ...]:
    return tuple(each for each in case.said(SymptomKind.MODULE_NOT_FOUND) if each.details.get("module") == name)


def _asked_for(case: Case, name: str) -> bool:
    return bool(_words(case, name)) or any(entry.name == name and entry.status == "absent" for entry in case.facts.imports)


def _required_by_profile(case: Case, name: str) -> bool:
    named = {f"packages[{distribution}]" for distribution in distributions_of(name)}
    return any(requirement.fact.removesuffix(".version") in named for requirement in case.required("packages["))


def _finding(case: Case, name: str) -> Found:
    facts = case.facts
    symptoms = _words(case, name)
    distribution = distributions_of(name)[0]
    python = known(facts.python.executable, "the Python that ran this")
    return Found(
        subject=name,
        message=f"{distribution} was asked for and is not installed in {python}.",
        severity=Severity.ERROR,
        evidence=(case.proof(f"packages[{distribution}]", "not installed"), *(spoken(symptom) for symptom in symptoms)),
        remedies=(_remedy(case, name),),
        symptoms=symptoms,
        about=(name, *distributions_of(name)),
    )


def _remedy(case: Case, name: str) -> Remedy:
    """A module's name is not that of a distribution: only one that is known is installed, in the build that fits the machine."""
    if name not in FRAMEWORKS:
        return by_hand(f"find out which distribution brings the module {name}, and install it")
    return install_framework(case, distributions_of(name)[0])


RULE = Rule(
    name="framework-absent",
    title="A framework that was asked for is not installed",
    area=Area.FRAMEWORKS,
    layer=Layer.BUILD,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-import-fails"}),
)
