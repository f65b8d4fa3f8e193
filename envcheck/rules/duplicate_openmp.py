"""duplicate-openmp: two OpenMP runtimes are loaded into one process."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.imports_tried import imported_without
from envcheck.judging.rule import Found, Layer, Manual, NotEvaluated, Outcome, Rule
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Remedy, Step

MANUAL = Manual(
    checks="Whether a program ended because Intel's or LLVM's OpenMP runtime was loaded twice.",
    why="Each package brings an OpenMP of its own. Two of the kind that checks for it end the program, because wrong results would be "
    "possible.",
    example="OMP: Error #15: Initializing libiomp5md.dll, but found libiomp5md.dll already initialized.",
    fix="Install numpy, MKL and torch from one channel, or take the extra copy away; with conda, nomkl leaves only one.",
    ignore_when="Never; KMP_DUPLICATE_LIB_OK=TRUE goes on at one's own risk, with crashes and wrong results possible.",
    sources=("https://openmp.llvm.org/", "https://scikit-learn.org/stable/faq.html"),
)


def check(case: Case) -> Iterator[Outcome]:
    """Only a program that ended of it counts."""
    said = tuple(case.said(SymptomKind.DUPLICATE_RUNTIME))
    mine = tuple(symptom for symptom in said if symptom.details.get("runtime", "").lower() == "openmp")
    if mine:
        yield _found(case, mine)
    elif any(not symptom.details.get("runtime") for symptom in said):
        yield NotEvaluated("OpenMP", "which runtime was loaded twice is not known", ("give the whole line of the error",))
    else:
        # Several copies in one process (libgomp twice, say) are normal: only what ended a program counts.
        yield imported_without(
            case.facts, "OpenMP", "no import ended for want of a single one", "no program said that OpenMP was loaded twice"
        )


def _found(case: Case, said: tuple[Symptom, ...]) -> Found:
    library, other = said[0].details.get("library", ""), said[0].details.get("other", "")
    copies = f" ({library} and {other})" if library and other and library != other else f" ({library})" if library else ""
    return Found(
        "OpenMP",
        f"Two copies of the OpenMP runtime were loaded into one process{copies}.",
        certainty=Certainty.CERTAIN if case.facts.live else Certainty.LIKELY,
        evidence=tuple(spoken(symptom) for symptom in said),
        would_confirm=() if case.facts.live else ("a search for libiomp5*, libomp* below the environment's folder finds several",),
        remedies=_remedies(case.facts),
        symptoms=said,
    )


def _remedies(facts: Snapshot) -> tuple[Remedy, ...]:
    find = "find the copies: search the environment's folder for files named libiomp5* and libomp*"
    if known(facts.python.environment, "") == "conda" or (facts.package("mkl") is not None and facts.package("pip") is None):
        where = ("--prefix", facts.python.prefix) if isinstance(facts.python.prefix, str) else ()
        nomkl = Step(run=("conda", "install", "--yes", *where, "--channel", "conda-forge", "nomkl"))
        return (by_hand("leave one OpenMP in the environment", nomkl, "or install numpy, scipy and torch from one channel only", find),)
    return (
        by_hand(
            "leave one OpenMP in the environment",
            find,
            "reinstall the packages that they belong to from one index, or remove the one not needed",
        ),
    )


RULE = Rule(
    name="duplicate-openmp",
    title="Two OpenMP runtimes in one process",
    area=Area.FRAMEWORKS,
    layer=Layer.LOADING,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-import-crashes", "framework-import-fails"}),
)
