"""preload-misleads: LD_PRELOAD names a library that is not there, or an allocator that does not get on with what is loaded."""

import re
from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.parsers.expression import regex
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Proof, Remedy, Severity, Step

MANUAL = Manual(
    checks="Whether the libraries of LD_PRELOAD are there, and whether a process that ended badly had another allocator loaded by it.",
    why="The loader takes the libraries of LD_PRELOAD before all others, into every program. One that is missing is passed over with a "
    "line of error for each program. An allocator (tcmalloc, jemalloc) replaces malloc and free; memory that was given by another one "
    "before, or by a library that has its own inside, cannot be freed by it, and the process ends.",
    example="ERROR: ld.so: object 'libtcmalloc.so.4' from LD_PRELOAD cannot be preloaded (cannot open shared object file): ignored.",
    fix="Unset LD_PRELOAD where the program is started, or name a file that is there.",
    ignore_when="The line of error is all that happens, and the library was only to make things faster.",
    sources=(
        "https://man7.org/linux/man-pages/man8/ld.so.8.html",
        "https://github.com/gperftools/gperftools/wiki",
        "https://github.com/jemalloc/jemalloc/wiki/Getting-Started",
    ),
)

_VARIABLE = "LD_PRELOAD"
_ALLOCATOR = regex(r"(?:^|/)lib(?P<name>tcmalloc|jemalloc|mimalloc|hoard|tbbmalloc)[\w.-]{0,60}$")
_ENDED = ("SIGABRT", "SIGSEGV", "SIGILL")


def check(case: Case) -> Iterator[Outcome]:
    """The loader's word and the allocator's, then a bad end under one that was preloaded."""
    facts = case.facts
    ignored = tuple(case.said(SymptomKind.PRELOAD_IGNORED))
    mixed = tuple(case.said(SymptomKind.ALLOCATORS_MIXED))
    preloaded = _preloaded(facts)
    allocator = next((found["name"] for name in preloaded if (found := _ALLOCATOR.search(name))), "")
    if known(facts.system.os, "Linux") != "Linux":
        yield NotApplicable("this system has no LD_PRELOAD")
    elif ignored or mixed:
        yield from (_ignored(case, symptom) for symptom in ignored)
        yield from (_mixed(case, symptom.details["allocator"], (symptom,), Severity.ERROR) for symptom in mixed[:1])
    elif not preloaded:
        yield NotApplicable("nothing is preloaded, as far as is known")
    elif allocator and (ended := tuple(symptom for symptom in case.said(SymptomKind.SIGNAL) if symptom.details.get("signal") in _ENDED)):
        yield _mixed(case, allocator, ended, Severity.WARNING)
    elif facts.live:
        yield Passed(_VARIABLE, "no program complained of it")
    else:
        yield NotEvaluated(
            _VARIABLE,
            "whether its libraries are there is not known",
            ("the whole output of the program, with the lines of the loader (ld.so)",),
        )


def _preloaded(facts: Snapshot) -> list[str]:
    return [name for name in re.split(r"[: ]+", facts.variables.get(_VARIABLE, "")) if name]


def _ignored(case: Case, symptom: Symptom) -> Found:
    library = symptom.details["library"]
    return Found(
        library,
        f"LD_PRELOAD names {library}, which the loader cannot open: it is passed over, and the program runs without it.",
        severity=Severity.WARNING,
        evidence=(spoken(symptom), *_of_variable(case)),
        remedies=_remedies(f"or install the package that brings {library.rpartition('/')[2]}, and name the file as it lies there"),
        symptoms=(symptom,),
    )


def _mixed(case: Case, allocator: str, said: tuple[Symptom, ...], severity: Severity) -> Found:
    told = said[0].kind is SymptomKind.ALLOCATORS_MIXED
    what = f"{allocator} was to free memory that another allocator had given" if told else f"the process ended with {allocator} preloaded"
    return Found(
        allocator,
        f"{what[0].upper()}{what[1:]}: two allocators in one process do not get on.",
        severity=severity,
        certainty=Certainty.LIKELY,
        evidence=(*map(spoken, said), *_of_variable(case)),
        would_confirm=("the program works with LD_PRELOAD unset",),
        remedies=_remedies("and import the package that brings its own allocator before all others, or update it"),
        symptoms=said if told else (),
    )


def _of_variable(case: Case) -> tuple[Proof, ...]:
    value = case.facts.variables.get(_VARIABLE, "")
    return (case.proof(f"variables[{_VARIABLE}]", value),) if value else ()


def _remedies(otherwise: str) -> tuple[Remedy, ...]:
    unset = Step(run=("unset", _VARIABLE))
    return (by_hand("start the program without LD_PRELOAD", unset, "in the script, unit or image that sets it too", otherwise),)


RULE = Rule(
    name="preload-misleads",
    title="LD_PRELOAD names what is missing or does not fit",
    area=Area.SYSTEM,
    layer=Layer.LOADING,
    manual=MANUAL,
    check=check,
)
