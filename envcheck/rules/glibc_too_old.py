"""glibc-too-old: the system's glibc is older than a binary needs."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.imports_tried import imported_without
from envcheck.judging.rule import Found, Layer, Manual, NotEvaluated, Outcome, Rule
from envcheck.judging.speakers import speaker_of
from envcheck.judging.system_floors import GLIBC, Floor, missed_floor
from envcheck.judging.wheel_refusals import Refusal, gather
from envcheck.knowledge.frameworks import import_of
from envcheck.knowledge.versions import is_below, release
from envcheck.prescribing.install import by_hand, install, manager_for
from envcheck.report import Area, Certainty, Remedy

MANUAL = Manual(
    checks="Whether the system's C library has every version of symbols (GLIBC) that a compiled module needs, and is as new as the wheels "
    "that an installer did not find.",
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
    refused = [
        (refusal, floor)
        for refusal in gather(tuple(case.said(SymptomKind.NO_MATCHING_DISTRIBUTION)))
        if (floor := missed_floor(case.facts, refusal)) is not None and floor.system == GLIBC
    ]
    solver = tuple(_of_solver(case)) if not mine else ()
    if mine or solver:
        yield _found(case, mine or solver)
    elif refused:
        for refusal, floor in refused:
            yield _not_installable(case, refusal, floor)
    elif any("libc.so" in symptom.details.get("library", "") and not symptom.details.get("version") for symptom in missing):
        yield NotEvaluated("glibc", "which version of symbols was missing is not known", ("give the whole line of the error",))
    else:
        yield imported_without(case.facts, "glibc", "no import missed a version of it", "no program missed a version of glibc")


def _of_solver(case: Case) -> Iterator[Symptom]:
    """What conda found no build of for this glibc: it names those that would fit, too, so that the number decides."""
    have = known(case.facts.system.libc, "").removeprefix("glibc").strip()
    for symptom in case.said(SymptomKind.VERSION_CONFLICT):
        if symptom.details.get("package") == "glibc" and known(case.facts.system.os, "Linux") == "Linux":
            missing = is_below(have, symptom.details["need"]) if release(have) else symptom.details.get("reason") == "missing"
            if missing:
                yield symptom


def _found(case: Case, symptoms: tuple[Symptom, ...]) -> Found:
    facts = case.facts
    needs = [symptom.details.get("version", symptom.details.get("need", "")).removeprefix(_PREFIX) for symptom in symptoms]
    need = max(needs, key=release)
    have = known(facts.system.libc, "").removeprefix("glibc").strip() if isinstance(facts.system.libc, str) else ""
    # A system whose glibc is new enough has a second, older one that was loaded in its place.
    contradicted = bool(release(have)) and not is_below(have, need)
    who = (
        symptoms[0].details.get("by", "")
        or speaker_of(symptoms[0]).removeprefix("conda")
        or symptoms[0].details.get("needed_by", "")
        or "A package"
    )
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


def _not_installable(case: Case, refusal: Refusal, floor: Floor) -> Found:
    """An installer passes over the wheels that need a newer glibc, as if they did not exist."""
    facts = case.facts
    return Found(
        "glibc",
        f"The wheels of {refusal.asked} need glibc {floor.need}, and this system has {floor.have}, so that none was found for it.",
        certainty=Certainty.CERTAIN if floor.sure else Certainty.LIKELY,
        evidence=(*map(spoken, refusal.symptoms), *floor.evidence),
        would_confirm=() if floor.sure else ("ldd --version", "python -m pip debug --verbose lists no tag that a file of this release has"),
        remedies=(_remedy(facts, floor.need), *_older(facts, refusal)),
        symptoms=tuple(refusal.symptoms),
        about=(refusal.name, import_of(refusal.name)),
    )


def _older(facts: Snapshot, refusal: Refusal) -> tuple[Remedy, ...]:
    """What the installer has found is for this glibc."""
    if not refusal.too_new:
        return ()
    wanted = f"{refusal.name}=={refusal.too_new}"
    return (
        install(facts, wanted, summary=f"install {wanted}, which has a wheel for this glibc", manager=manager_for(facts, refusal.name)),
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
    explains=frozenset({"framework-import-fails", "import-failed", "libstdcxx-too-old", "no-wheel-for-python"}),
)
