"""framework-in-another-environment: what is missing here is installed in an environment nearby."""

import re
from collections.abc import Iterator

from envcheck.facts.environment import NAMED
from envcheck.facts.snapshot import Completeness, NearbyEnvironment, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.gaps import PACKAGES_NOT_ALL
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.wording import full_stop, listed, titled
from envcheck.knowledge.frameworks import FRAMEWORKS, TENSOR_FRAMEWORKS, distributions_of, installed_for
from envcheck.parsers.expression import regex
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Remedy, Severity, Step

MANUAL = Manual(
    checks="Whether the examined environment lacks every tensor framework, or one that a program asked for, while another environment "
    "nearby has it.",
    why="No module named torch most often does not mean that torch was never installed, but that another Python is running than the one it "
    "was installed into: an environment that was not activated, an IDE or a notebook with its own interpreter.",
    example="The examined Python is /usr/bin/python3 without torch; .venv in the project has torch 2.8.0.",
    fix="Run the program with the interpreter of the environment that has the framework, or activate that environment.",
    ignore_when="This environment is not meant to have a framework.",
    sources=("https://docs.python.org/3/library/venv.html",),
)

_USER_SITE = regex(r"[/\\]python(\d+\.\d+)[/\\]site-packages$", re.IGNORECASE)
_INTERPRETER = regex(r"[/\\]python[\d.]*(?:\.exe)?$", re.IGNORECASE)


def check(case: Case) -> Iterator[Outcome]:
    """A hint where nothing was asked for, or this very environment was named; an error where a program missed what stands nearby."""
    facts = case.facts
    asked = {name: symptoms for name in FRAMEWORKS if (symptoms := _missed(case, name)) is not None and installed_for(facts, name) is None}
    bare = not any(installed_for(facts, name) for name in TENSOR_FRAMEWORKS)
    if not asked and not bare:
        yield NotApplicable("the examined environment has a tensor framework")
    elif facts.observed.packages is not Completeness.COMPLETE:
        yield PACKAGES_NOT_ALL
    elif not isinstance(facts.python.nearby, tuple):
        yield NotEvaluated("", "other environments were not looked for", ("a run of envcheck doctor on the machine itself",))
    else:
        yield from _look_around(case, facts.python.nearby, asked)


def _missed(case: Case, name: str) -> tuple[Symptom, ...] | None:
    """The words of programs that did not find a framework; None: nobody asked for it."""
    said = tuple(each for each in case.said(SymptomKind.MODULE_NOT_FOUND) if each.details.get("module") == name)
    absent = any(entry.name == name and entry.status == "absent" for entry in case.facts.imports)
    return said if said or absent else None


def _look_around(case: Case, nearby: tuple[NearbyEnvironment, ...], asked: dict[str, tuple[Symptom, ...]]) -> Iterator[Outcome]:
    found = False
    # Who names an environment means that one: what others have is good to know, and no cause.
    severity = Severity.INFO if known(case.facts.python.chosen_because, "") == NAMED else Severity.ERROR
    for name, symptoms in asked.items():
        for environment in [each for each in nearby if _has(each, name)][:1]:
            found = True
            yield _finding(case, environment, (name,), severity, symptoms)
    if found:
        return
    having = [each for each in nearby if any(_has(each, name) for name in TENSOR_FRAMEWORKS)]
    if having and not asked:
        names = tuple(name for name in TENSOR_FRAMEWORKS if _has(having[0], name))
        yield _finding(case, having[0], names, Severity.INFO, (), missed=False)
    else:
        yield Passed("environments nearby", "none of them has what is missing here")


def _has(environment: NearbyEnvironment, name: str) -> bool:
    return any(distribution in environment.frameworks for distribution in distributions_of(name))


def _finding(
    case: Case,
    environment: NearbyEnvironment,
    names: tuple[str, ...],
    severity: Severity,
    symptoms: tuple[Symptom, ...],
    *,
    missed: bool = True,
) -> Found:
    facts = case.facts
    here = known(facts.python.executable, "the examined Python")
    there = [
        titled(each, environment.frameworks[each]) for name in names for each in distributions_of(name) if each in environment.frameworks
    ]
    verb = "is" if len(there) == 1 else "are"
    lacks = f"{here} does not have {names[0]}" if missed else f"{here} has no tensor framework"
    return Found(
        subject=listed(names),
        message=full_stop(f"{lacks}; {listed(there)} {verb} installed in {environment.path}"),
        severity=severity,
        evidence=(
            *(spoken(symptom) for symptom in symptoms),
            case.proof("python.nearby", f"{environment.path}: {listed(there)}"),
        ),
        remedies=(_remedy(facts, environment),),
        symptoms=symptoms,
        about=tuple(each for name in names for each in (name, *distributions_of(name))),
    )


def _remedy(facts: Snapshot, environment: NearbyEnvironment) -> Remedy:
    """A user's site folder has no interpreter in it; its path says for which Python it is."""
    version = _USER_SITE.search(environment.path)
    if version:
        return by_hand(f"run the program with Python {version[1]}, which reads {environment.path}")
    return by_hand(f"use the Python of {environment.path}", Step(run=(_interpreter(facts, environment),)))


def _interpreter(facts: Snapshot, environment: NearbyEnvironment) -> str:
    """The interpreter inside an environment's folder; `path` may already be one."""
    path = environment.path.rstrip("/\\")
    if _INTERPRETER.search(path):
        return path
    if facts.system.os == "Windows":
        return f"{path}\\python.exe" if environment.environment == "conda" else f"{path}\\Scripts\\python.exe"
    return f"{path}/bin/python"


RULE = Rule(
    name="framework-in-another-environment",
    title="The framework is installed in another environment",
    area=Area.PYTHON,
    layer=Layer.PYTHON,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-absent", "framework-import-fails", "module-not-found", "package-missing"}),
)
