"""static-tls-exhausted: a library that is loaded late finds no room in the block for the threads' own variables."""

from collections.abc import Iterator

from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.imports_tried import none_tried
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, Outcome, Passed, Rule
from envcheck.judging.speakers import speaker_of
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Step

MANUAL = Manual(
    checks="Whether the loader of Linux said that it cannot allocate memory in the static TLS block.",
    why="Libraries such as OpenMP's keep variables for each thread in a block whose size is fixed when the program starts. What is loaded "
    "later shares a small reserve, and several such libraries use it up; on ARM (Jetson, Raspberry Pi) and with old releases of glibc "
    "soonest. It has nothing to do with the machine's memory.",
    example="ImportError: …/scikit_learn.libs/libgomp-d22c30c5.so.1.0.0: cannot allocate memory in static TLS block",
    fix="Load that library first: import its package before all others, or name the file in LD_PRELOAD.",
    ignore_when="Never: the import fails.",
    sources=(
        "https://www.gnu.org/software/libc/manual/html_node/Dynamic-Linking-Tunables.html",
        "https://github.com/scikit-learn/scikit-learn/issues/28362",
    ),
)


def check(case: Case) -> Iterator[Outcome]:
    """One finding for each library that found no room."""
    said = [symptom for symptom in case.said(SymptomKind.LIBRARY_NOT_FOUND) if symptom.details.get("reason") == "static TLS"]
    for symptom in said:
        yield _found(symptom)
    if said:
        return
    if any(entry.status == "imported" for entry in case.facts.imports):
        yield Passed("static TLS", "every import found room")
    else:
        yield none_tried(case.facts) if case.facts.live else NotApplicable("no library missed room for its threads' variables")


def _found(symptom: Symptom) -> Found:
    path = symptom.details["library"]
    name = path.rpartition("/")[2]
    speaker = speaker_of(symptom)
    return Found(
        name,
        f"{name} was loaded too late: the static TLS block of this process has no room left for it.",
        evidence=(spoken(symptom),),
        remedies=(
            by_hand(
                f"load {name} before everything else",
                f"import {speaker or 'the package that brings it'} in the first line of the program, before torch and others",
                "or start the program with it:",
                Step(run=("export", f"LD_PRELOAD={path}")),
            ),
            by_hand("give the block more room", Step(run=("export", "GLIBC_TUNABLES=glibc.rtld.optional_static_tls=16384"))),
        ),
        symptoms=(symptom,),
    )


RULE = Rule(
    name="static-tls-exhausted",
    title="No room for a library's thread variables",
    area=Area.SYSTEM,
    layer=Layer.LOADING,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-import-fails", "import-failed"}),
)
