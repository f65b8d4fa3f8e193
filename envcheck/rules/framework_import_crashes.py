"""framework-import-crashes: importing a framework ends the process."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Import, Snapshot
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.imports_tried import none_ended_so
from envcheck.judging.rule import Found, Layer, Manual, Outcome, Rule
from envcheck.judging.signals import SIGNALS, how_it_ended
from envcheck.judging.wording import full_stop, titled
from envcheck.knowledge.frameworks import FRAMEWORKS, distributions_of, installed_for
from envcheck.prescribing.install import by_hand
from envcheck.prescribing.same_build import install_again
from envcheck.report import Area, Certainty, Remedy, Severity

MANUAL = Manual(
    checks="Whether importing an installed framework ends the process: by a signal, by an exit, or because it took the memory away.",
    why="A crash leaves no exception that a program could report. It comes from compiled code: an instruction that the processor does not "
    "have, libraries of two versions in one process, a damaged file, or memory that is not there.",
    example="import tensorflow ends with SIGILL on a processor without AVX.",
    fix="Look at the cause that the report names before this finding. The signal and the innermost Python frame say where to look.",
    ignore_when="The framework is not used in this environment; removing it is then better.",
    sources=("https://docs.python.org/3/library/faulthandler.html", "https://man7.org/linux/man-pages/man7/signal.7.html"),
)

_ENDINGS = (SymptomKind.SIGNAL, SymptomKind.EXITED, SymptomKind.KILLED_FOR_MEMORY)


def check(case: Case) -> Iterator[Outcome]:
    """One finding per framework."""
    facts = case.facts
    crashed = [entry for entry in facts.imports if entry.status in ("crashed", "killed_for_memory")]
    for entry in crashed:
        yield _finding(case, entry)
    said = tuple(symptom for symptom in case.said(SymptomKind.SIGNAL) if symptom.subject in FRAMEWORKS and not facts.live)
    for symptom in () if facts.imports else said:
        yield _pasted(case, symptom)
    if not crashed and (facts.imports or not said):
        yield none_ended_so(facts, "none crashed")


def _pasted(case: Case, symptom: Symptom) -> Found:
    """A shell's word on a process whose last known deed was an import; other rules know the causes."""
    name = symptom.subject
    package = installed_for(case.facts, name)
    signal = symptom.details.get("signal", "a signal")
    meaning = f" ({SIGNALS[signal]})" if signal in SIGNALS else ""
    again = (install_again(case.facts, package, f"install {package.name} again"),) if package else ()
    return Found(
        subject=titled(package.name, package.version) if package else name,
        message=full_stop(f"The process ended with {signal}{meaning} when {name} was imported, or soon after"),
        certainty=Certainty.LIKELY,
        evidence=(spoken(symptom),),
        would_confirm=(f"python -X faulthandler -c 'import {name}' ends so, and names the file where it happens",),
        remedies=again,
        symptoms=(symptom,),
        about=(name, *distributions_of(name)),
    )


def _finding(case: Case, entry: Import) -> Found:
    facts = case.facts
    symptoms = tuple(symptom for symptom in facts.symptoms if symptom.subject == entry.name)
    ending = next((symptom for symptom in symptoms if symptom.kind in _ENDINGS), None)
    package = installed_for(facts, entry.name)
    return Found(
        subject=titled(package.name, package.version) if package else entry.name,
        message=full_stop(f"import {entry.name} {_in_words(entry, ending)}{_place(ending)}"),
        severity=Severity.ERROR,
        evidence=(case.proof(f"imports[{entry.name}].status", entry.status), *(spoken(symptom) for symptom in symptoms)),
        remedies=_remedies(facts, entry),
        symptoms=symptoms,
        about=(entry.name, *distributions_of(entry.name)),
    )


def _in_words(entry: Import, ending: Symptom | None) -> str:
    if ending is None and entry.status == "killed_for_memory":
        return "was stopped because it took the memory away"
    return how_it_ended(ending)


def _place(ending: Symptom | None) -> str:
    """The innermost frame says more than the stage."""
    if ending is None:
        return ""
    frame, stage = ending.details.get("frame"), ending.details.get("stage")
    return f", at {frame}" if frame else f", while {stage}" if stage and not stage.startswith("importing ") else ""


def _remedies(facts: Snapshot, entry: Import) -> tuple[Remedy, ...]:
    if entry.status == "killed_for_memory":
        return (by_hand("give it more memory: end other programs, or raise the limit of the container or job"),)
    package = installed_for(facts, entry.name)
    if package is None:
        return ()
    return (install_again(facts, package, f"install {package.name} again"),)


RULE = Rule(
    name="framework-import-crashes",
    title="Importing a framework crashes",
    area=Area.FRAMEWORKS,
    layer=Layer.LOADING,
    manual=MANUAL,
    check=check,
)
