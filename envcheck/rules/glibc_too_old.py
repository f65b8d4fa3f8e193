"""glibc-too-old: the system's glibc is older than a binary needs."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Rule
from envcheck.judging.speakers import speaker_of
from envcheck.knowledge.versions import is_below, release
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Remedy

MANUAL = Manual(
    checks="Whether the system's C library has every version of symbols (GLIBC) that a compiled module needs.",
    why="glibc belongs to the operating system and cannot be replaced on its own. A binary built on a newer system needs that newer glibc.",
    example="/lib64/libc.so.6: version `GLIBC_2.28' not found, on CentOS 7 with glibc 2.17.",
    fix="Use a newer distribution or a container image, or an older build of the module. Do not replace the system's glibc.",
    ignore_when="Never: the module cannot be loaded.",
    sources=("https://peps.python.org/pep-0600/", "PyPI metadata of torch==2.6.0 and torch==2.7.0: from 2.7 on glibc 2.28 is needed"),
)

_PREFIX = "GLIBC_"


def check(case: Case) -> Iterator[Outcome]:
    """One finding for all that was missed: there is one glibc."""
    missing = list(case.said(SymptomKind.SYMBOL_VERSION_MISSING))
    mine = tuple(symptom for symptom in missing if symptom.details.get("version", "").startswith(_PREFIX))
    if mine:
        yield _found(case, mine)
    elif any("libc.so" in symptom.details.get("library", "") and not symptom.details.get("version") for symptom in missing):
        yield NotEvaluated("glibc", "which version of symbols was missing is not known", ("give the whole line of the error",))
    else:
        yield NotApplicable("no program missed a version of glibc")


def _found(case: Case, symptoms: tuple[Symptom, ...]) -> Found:
    facts = case.facts
    needs = [symptom.details["version"].removeprefix(_PREFIX) for symptom in symptoms]
    need = max(needs, key=release)
    have = known(facts.system.libc, "").removeprefix("glibc").strip() if isinstance(facts.system.libc, str) else ""
    # A system whose glibc is new enough has a second, older one that was loaded in its place.
    contradicted = bool(release(have)) and not is_below(have, need)
    who = speaker_of(symptoms[0]) or symptoms[0].details.get("needed_by", "") or "A compiled module"
    here = "another, older one was loaded" if contradicted else f"this system has {have}" if have else "this system's is older"
    evidence = [spoken(symptom) for symptom in symptoms]
    if have:
        evidence.append(case.proof("system.libc", facts.system.libc))
    return Found(
        "glibc",
        f"{who} needs glibc {need}, but {here}.",
        certainty=Certainty.LIKELY if contradicted else Certainty.CERTAIN,
        evidence=tuple(evidence),
        would_confirm=("ldd --version in the same shell prints an older version",) if contradicted else (),
        remedies=(_remedy(facts, need),),
        symptoms=symptoms,
        about=tuple(dict.fromkeys(filter(None, map(speaker_of, symptoms)))),
    )


def _remedy(facts: Snapshot, need: str) -> Remedy:
    system = known(facts.system.distribution, "") or "this distribution"
    return by_hand(
        f"use a system with glibc {need} or newer",
        f"run it in a container image or on a distribution with glibc {need} or newer: {system} keeps the one it came with",
        "or install an older release of the module, or conda-forge's build of it, which is made for older systems",
    )


RULE = Rule(
    name="glibc-too-old",
    title="The system's glibc is too old",
    area=Area.SYSTEM,
    layer=Layer.LOADING,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-import-fails", "import-failed", "libstdcxx-too-old"}),
)
