"""wheel-for-another-platform: a compiled module was made for another processor or another kind of system."""

from collections.abc import Iterator

from envcheck.facts.snapshot import known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.imports_tried import none_tried
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, Outcome, Passed, Rule
from envcheck.judging.speakers import speaker_of
from envcheck.judging.wording import full_stop
from envcheck.knowledge.frameworks import distributions_of, installed_for
from envcheck.prescribing.install import by_hand
from envcheck.prescribing.same_build import install_again
from envcheck.report import Area, Remedy, Severity

MANUAL = Manual(
    checks="Whether a program said that a compiled file is for another architecture: mach-o file of the wrong type, wrong ELF class, "
    "or not a valid Win32 application.",
    why="A wheel holds machine code for one processor and one kind of system. An environment that was copied from another machine, or "
    "made by an interpreter that ran under emulation, keeps code that the present interpreter cannot load.",
    example="An environment made under Rosetta and used by an arm64 Python: have 'x86_64', need 'arm64e' or 'arm64'.",
    fix="Install the package again with the interpreter that uses it, without the cache, or make the environment anew.",
    ignore_when="Never: the file cannot be loaded.",
    sources=("https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/",),
)

_BAD_FORMAT = 193  # ERROR_BAD_EXE_FORMAT


def check(case: Case) -> Iterator[Outcome]:
    """One finding per program that said so; where imports were tried and none did, the rule has passed."""
    said = [symptom for symptom in case.said(SymptomKind.WRONG_ARCHITECTURE, SymptomKind.DLL_LOAD_FAILED) if _is_of_another(symptom)]
    for symptom in said:
        yield _finding(case, symptom)
    tried = [entry.name for entry in case.facts.imports if entry.status != "absent"]
    if not said and tried:
        yield Passed("compiled modules", "no import met one of another platform")
    elif not said:
        yield none_tried(case.facts) if case.facts.live else NotApplicable("no program complained of another platform's file")


def _is_of_another(symptom: Symptom) -> bool:
    """Windows' number says so of 32 and 64 bits that meet."""
    return symptom.kind is SymptomKind.WRONG_ARCHITECTURE or symptom.code == _BAD_FORMAT


def _finding(case: Case, symptom: Symptom) -> Found:
    library = symptom.details.get("library", symptom.details.get("module", "a compiled module"))
    have, need = symptom.details.get("have"), symptom.details.get("need")
    kinds = f" It is for {have}, and {need} is needed." if have and need else ""
    who = symptom.subject or speaker_of(symptom) or "the program"
    return Found(
        subject=symptom.subject or library,
        message=full_stop(f"{who} cannot load {library}, which was made for another platform") + kinds,
        severity=Severity.ERROR,
        evidence=(
            spoken(symptom),
            *((case.proof("system.machine", case.facts.system.machine),) if known(case.facts.system.machine, "") else ()),
        ),
        remedies=(_remedy(case, symptom),),
        symptoms=(symptom,),
        about=(symptom.subject, *distributions_of(symptom.subject)) if symptom.subject else (),
    )


def _remedy(case: Case, symptom: Symptom) -> Remedy:
    if symptom.details.get("need") == "musl":
        return by_hand(
            "use a system with glibc, for which nearly all wheels are made",
            "take an image such as python:3.12-slim in place of one with alpine in its name",
            "a compatibility package for glibc (gcompat) does not suffice for compiled Python packages",
        )
    package = installed_for(case.facts, symptom.subject) if symptom.subject else None
    if package is None:
        return by_hand("make the environment anew with the interpreter that uses it")
    return install_again(case.facts, package, f"install {package.name} again for this platform", dependencies=True)


RULE = Rule(
    name="wheel-for-another-platform",
    title="A compiled module was made for another platform",
    area=Area.PACKAGES,
    layer=Layer.BUILD,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-import-fails", "wrong-architecture"}),
)
