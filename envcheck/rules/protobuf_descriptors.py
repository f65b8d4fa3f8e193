"""protobuf-descriptors: code that an old protoc generated meets protobuf 4 or newer."""

from collections.abc import Iterator

from msgspec.structs import replace

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, Outcome, Passed, Rule
from envcheck.judging.speakers import speaker_of
from envcheck.knowledge.versions import major
from envcheck.prescribing.install import by_hand, install, manager_for
from envcheck.prescribing.shared import bounds_on, excluding, in_words
from envcheck.report import Area, Certainty, Remedy, Step

MANUAL = Manual(
    checks="Whether a package's generated protobuf code was refused by the installed protobuf.",
    why="From version 4 on protobuf refuses code that a protoc before 3.19 generated. Older TensorFlow and many other packages contain "
    "such code.",
    example="TypeError: Descriptors cannot not be created directly, from tensorflow 2.8 beside protobuf 4.21.2.",
    fix="Pin protobuf to 3.20, or upgrade the package whose code was refused.",
    ignore_when="Never: the package cannot be imported.",
    sources=("https://developers.google.com/protocol-buffers/docs/news/2022-05-06#python-updates",),
)

_LAST_OLD = "3.20.*"
_FIRST_STRICT = 4


def check(case: Case) -> Iterator[Outcome]:
    """Only what was refused counts: not every package beside protobuf 4 has old code."""
    said = tuple(case.said(SymptomKind.PROTOBUF_DESCRIPTORS))
    if said:
        yield _found(case, said)
        return
    protobuf = case.facts.package("protobuf")
    if protobuf is None:
        yield NotApplicable("no program said that its protobuf code was refused")
    else:
        yield Passed(f"protobuf {known(protobuf.version, '')}".strip(), "no generated code was refused")


def _found(case: Case, said: tuple[Symptom, ...]) -> Found:
    facts = case.facts
    package = facts.package("protobuf")
    version = known(package.version, "") if package is not None else ""
    # A program with a protobuf of its own, or another environment than the one listed.
    contradicted = bool(version) and major(version) < _FIRST_STRICT
    who = next((name for name in map(speaker_of, said) if name not in ("", "google", "protobuf")), "")
    evidence = [spoken(symptom) for symptom in said]
    if version:
        evidence.append(case.proof("packages[protobuf].version", version))
    return Found(
        "protobuf" if contradicted else f"protobuf {version}".strip(),
        f"{who or 'A package'} brings code that was generated for protobuf 3, and protobuf {_taken(version, contradicted)} refuses it.",
        certainty=Certainty.LIKELY if contradicted else Certainty.CERTAIN,
        evidence=tuple(evidence),
        would_confirm=("pip show protobuf, in the environment of the program, names version 4 or newer",) if contradicted else (),
        remedies=_remedies(facts, who),
        symptoms=said,
        about=tuple(filter(None, ("protobuf", who))),
    )


def _taken(version: str, contradicted: bool) -> str:
    return version if version and not contradicted else f"{_FIRST_STRICT} or newer"


def _remedies(facts: Snapshot, who: str) -> tuple[Remedy, ...]:
    package = who or "the package"
    upgrade = by_hand(f"upgrade {package}", f"install a release of {package} that was generated for protobuf 4 or newer")
    refusing = excluding(f"=={_LAST_OLD}", bounds_on(facts, "protobuf"))
    if refusing:
        reason = f"an older protobuf is no way back: {in_words(refusing, 'protobuf')}"
        return (replace(upgrade, steps=(*upgrade.steps, Step(do=reason))),)
    manager = manager_for(facts, "protobuf")
    return (install(facts, f"protobuf=={_LAST_OLD}", summary="install the last protobuf that takes old code", manager=manager), upgrade)


RULE = Rule(
    name="protobuf-descriptors",
    title="protobuf refuses old generated code",
    area=Area.PACKAGES,
    layer=Layer.COMPANIONS,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-import-fails", "import-failed", "requirement-of-package-unmet"}),
)
