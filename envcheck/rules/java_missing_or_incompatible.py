"""java-missing-or-incompatible: Spark or H2O finds no Java, or one that it does not run on."""

from collections.abc import Iterator

import msgspec

from envcheck.facts.snapshot import Completeness, Package, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.wording import titled
from envcheck.knowledge.java import COMMONEST, Framework, find_javas, is_known_to_any, java_to_install
from envcheck.knowledge.versions import is_below, release
from envcheck.parsers.text.tool_versions import java_feature
from envcheck.prescribing.programs import install_java
from envcheck.report import Area, Certainty, Proof, Severity

MANUAL = Manual(
    checks="Whether the Java that Spark and H2O start is there, and of a release that the installed one runs on.",
    why="Both are programs for the Java virtual machine; their Python packages only talk to it. Each release of theirs runs on a few "
    "releases of Java: an older one cannot read their classes, a newer one refuses what they do inside it.",
    example="Java gateway process exited before sending its port number; java -version says 1.8.0_392 and pyspark is 4.0.0, which needs "
    "17 or 21.",
    fix="Install a Java that the installed Spark or H2O names, and let JAVA_HOME lead to it.",
    ignore_when="Spark runs on another machine and is reached by Spark Connect.",
    sources=(
        "https://spark.apache.org/docs/latest/",
        "https://spark.apache.org/docs/3.5.2",
        "https://docs.h2o.ai/h2o/latest-stable/h2o-docs/welcome.html#java-requirements",
    ),
)

_TITLES = {"pyspark": "Spark", "h2o": "H2O"}
_ABSENT = ("not found", "JAVA_HOME is not set", "JAVA_HOME leads nowhere")
_OLD, _NEW = 8, 18
_FIRST_OF_TODAY = "3.8"  # the oldest Python of a Spark that needs no Java older than 17
# The newest Java kept up for years that still had what Spark missed.
_NEWEST = {"closed module": 11, "inner class changed": 17, "no security manager": 21}
_NEEDS = ("the output of java -version", "the output of pip show pyspark")


class _Java(msgspec.Struct, frozen=True):
    """The Java that answered; `missing`: it is known that there is none."""

    version: str
    feature: int | None
    missing: bool


def check(case: Case) -> Iterator[Outcome]:
    """What was said decides; where nothing was said, the installed framework against the Java that is there."""
    facts = case.facts
    java = _java(facts)
    frameworks = [package for name in _TITLES if (package := facts.package(name)) is not None]
    said = tuple(symptom for symptom in case.said(SymptomKind.JAVA_FAILED) if symptom.subject in _TITLES or frameworks or _decides(symptom))
    if said:
        yield _failed(case, said, frameworks, java)
    elif not frameworks:
        yield NotApplicable("nothing shows Spark or H2O")
    else:
        for package in frameworks:
            yield _compared(case, package, java)


def _decides(symptom: Symptom) -> bool:
    """Whether the words speak of a release of Java, and not only of a program that is not there."""
    return symptom.details.get("reason") not in _ABSENT


def _java(facts: Snapshot) -> _Java:
    tool = next((tool for tool in facts.tools if tool.name == "java"), None)
    version = known(tool.version, None) if tool is not None else None
    missing = tool is None and facts.observed.tools is Completeness.COMPLETE and facts.why_unknown("tools[java]") is None
    return _Java(version or "", java_feature(version) if version else None, missing)


def _row(package: Package | None) -> Framework | None:
    return find_javas(package.name, known(package.version, "")) if package is not None else None


def _compared(case: Case, package: Package, java: _Java) -> Outcome:
    row, name = _row(package), titled(package.name, package.version)
    if _computed(case.facts, package) and (row is None or java.feature is None or java.missing):
        return Passed(
            name, f"its smoke test has just computed with {f'Java {java.version}' if java.version else 'the Java of this machine'}"
        )
    if java.missing:
        return Found(
            name,
            f"{name} is installed, and no Java was found for it.",
            severity=Severity.WARNING,
            evidence=(case.proof(f"packages[{package.name}]", known(package.version, "installed")), case.proof("tools[java]", "not found")),
            remedies=(install_java(case.facts, java_to_install(row)),),
            about=(package.name,),
        )
    if java.feature is None or row is None:
        what = "the Java that it would use" if java.feature is None else "which Java this release runs on"
        return NotEvaluated(name, f"{what} is not known", _NEEDS[:1] if java.feature is None else ())
    if java.feature in row.java:
        return Passed(name, f"Java {java.feature}, {row.in_words} needed")
    return Found(
        name,
        f"{name} runs on Java {row.in_words}, and the Java here is {java.version}.",
        severity=Severity.WARNING,
        certainty=Certainty.CERTAIN if row.sure else Certainty.LIKELY,
        evidence=_proofs(case, package, java, row),
        would_confirm=() if row.sure else (f"the Java requirements of {name}",),
        remedies=(install_java(case.facts, java_to_install(row)),),
        about=(package.name,),
    )


def _computed(facts: Snapshot, package: Package) -> bool:
    """What ran here is worth more than what no table says."""
    return any(test.framework == package.name and not test.command and test.status == "passed" for test in facts.smoke)


def _proofs(case: Case, package: Package | None, java: _Java, row: Framework | None) -> tuple[Proof, ...]:
    return (
        *((case.proof("tools[java].version", java.version),) if java.version else ()),
        *((case.proof(f"packages[{package.name}].version", known(package.version, "installed")),) if package is not None else ()),
        *((Proof(fact=f"Java for {row.package} {row.series}", value=row.in_words, source=row.source),) if row is not None else ()),
    )


def _failed(case: Case, said: tuple[Symptom, ...], frameworks: list[Package], java: _Java) -> Found:
    """The words that decide most come first: those of a release, then those of a Java that is not there, then the bare exit."""
    facts = case.facts
    told = min(said, key=_vagueness)
    subject = next((symptom.subject for symptom in (told, *said) if symptom.subject in _TITLES), "")
    package = next((package for package in frameworks if package.name == subject or not subject), None)
    who = _TITLES.get(subject or (package.name if package is not None else ""), "The program")
    row = _row(package)
    message, sure, wanted = _cause(told, who, java, row, _usual(facts, row))
    return Found(
        who,
        message,
        certainty=Certainty.CERTAIN if sure else Certainty.LIKELY,
        evidence=(*map(spoken, said), *_proofs(case, package, java, row)),
        would_confirm=() if sure else _would_confirm(who),
        remedies=(install_java(facts, wanted),),
        symptoms=said,
        about=tuple(filter(None, (subject or (package.name if package is not None else ""),))),
    )


def _vagueness(symptom: Symptom) -> int:
    reason = symptom.details.get("reason", "")
    return 2 if reason == "gateway exited" else 1 if reason in _ABSENT else 0


def _would_confirm(who: str) -> tuple[str, ...]:
    return (
        "java -version fails, or names a release that this Spark does not run on" if who == "Spark" else "java -version",
        "the lines that the Java program printed above the exception",
    )


def _usual(facts: Snapshot, row: Framework | None) -> int:
    """The Java to install; of an unknown Spark beside an old Python the one that those of its time run on."""
    python = known(facts.python.version, "")
    old = row is None and bool(release(python)) and is_below(python, _FIRST_OF_TODAY)
    return _OLD if old else java_to_install(row)


def _cause(told: Symptom, who: str, java: _Java, row: Framework | None, wanted: int) -> tuple[str, bool, int]:
    """The sentence, whether it is sure, and the Java to install."""
    reason = told.details.get("reason", "")
    have, need = told.details.get("have", ""), told.details.get("need", "")
    if reason == "class file version":
        here = f", and the Java that ran is {have}" if have else ", and an older Java ran"
        return f"{who} was compiled for Java {need}{here}.", True, max(wanted, int(need))
    if reason == "class file too new":
        return f"{who} cannot read the classes of Java {have}, which is newer than it knows.", True, wanted if row else _older_than(have)
    if reason == "module left out":
        return f"{who} needs Java's module {told.details['module']}, which the Java that ran was made without.", True, wanted
    if reason in _NEWEST:
        return _too_new(who, _NEWEST[reason], have, java, row), True, wanted if row else _older_than(have)
    if reason == "release refused":
        needs = f"runs on Java {need.replace('-', ' to ')}" if need else "does not run on this Java"
        return f"{who} {needs}{f', and the Java here is {have}' if have else ''}.", True, _within(need, wanted)
    if reason in _ABSENT and not java.version:
        where = f": {told.details['path']}" if "path" in told.details else ""
        found = "finds no Java" if reason == "not found" else reason.replace("JAVA_HOME", "finds no Java, because JAVA_HOME") + where
        return f"{who} {found}.", True, wanted
    return _exited(who, java, row, wanted)


def _too_new(who: str, newest: int, have: str, java: _Java, row: Framework | None) -> str:
    """The words come from a Java above `newest`; what `java -version` shows may be another one than what ran."""
    ran = f"{java.version}" if java.feature is not None and java.feature > newest else f"{have} or newer"
    shown = f" (java -version shows {java.version}, which is not what ran)" if java.feature is not None and java.feature <= newest else ""
    if row is not None and max(row.java) <= newest:
        return f"{who} runs on Java {row.in_words}; the Java that ran is {ran}{shown}."
    return f"{who} needs Java {newest} or older; the Java that ran is {ran}{shown}."


def _exited(who: str, java: _Java, row: Framework | None, wanted: int) -> tuple[str, bool, int]:
    if java.missing:
        return f"{who} could not start: no Java was found.", True, wanted
    if java.feature is None:
        return f"{who} could not start its Java program: there is no Java, or one of a release that it does not run on.", False, wanted
    if row is not None and java.feature not in row.java:
        return f"{who} runs on Java {row.in_words}, and the Java here is {java.version}.", row.sure, wanted
    if row is None and not is_known_to_any(java.feature):
        return f"{who} could not start on Java {java.version}, which no release of it names.", True, _older_than(str(java.feature))
    return (
        f"{who} could not start its Java program, though Java {java.version} was seen: JAVA_HOME may lead to another one.",
        False,
        wanted if row is not None or java.feature != wanted else java.feature,
    )


def _older_than(java: str) -> int:
    """Of an unknown Spark: one that refuses Java 9 to 17 is old and runs on 8 for sure, one that refuses a newer one runs on 17."""
    feature = java_feature(java) or _NEW
    return COMMONEST if feature >= _NEW else _OLD


def _within(need: str, wanted: int) -> int:
    """The Java to install, within the bounds that were printed."""
    first, _, last = need.partition("-")
    return (
        min(max(wanted, int(first)), int(last)) if first.isdigit() and last.isdigit() and not int(first) <= wanted <= int(last) else wanted
    )


RULE = Rule(
    name="java-missing-or-incompatible",
    title="Spark or H2O has no Java that it runs on",
    area=Area.FRAMEWORKS,
    layer=Layer.LOADING,
    manual=MANUAL,
    check=check,
    explains=frozenset({"java-failed", "framework-import-fails", "import-failed", "tool-missing", "tool-too-old", "tool-too-new"}),
)
