"""framework-import-hangs: importing a framework does not come back."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Import, known
from envcheck.facts.symptoms import SymptomKind
from envcheck.facts.values import in_seconds
from envcheck.judging.case import Case, spoken
from envcheck.judging.imports_tried import none_ended_so
from envcheck.judging.rule import Found, Layer, Manual, Outcome, Rule
from envcheck.judging.wording import full_stop, titled
from envcheck.knowledge.frameworks import distributions_of, installed_for
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Severity, Step

MANUAL = Manual(
    checks="Whether importing an installed framework comes back within the time limit, and whether it can be ended.",
    why="An import that hangs waits for something: a driver, a network file system, a lock that a dead process left behind. One that "
    "cannot even be killed sleeps inside the kernel, mostly in a device driver.",
    example='import torch stands at ctypes.CDLL("libcuda.so.1") for more than 60 s after the driver was updated without a reboot.',
    fix="Look at the frame where it stands. Try again with a longer limit, since a first import from a slow disk can take minutes; a "
    "process that cannot be killed needs a reboot.",
    ignore_when="The disk is known to be slow and a longer --timeout lets the import pass.",
    sources=("https://docs.python.org/3/library/faulthandler.html",),
)


def check(case: Case) -> Iterator[Outcome]:
    """One finding per framework; a limit that was passed proves less than a process that cannot be killed."""
    facts = case.facts
    hanging = [entry for entry in facts.imports if entry.status in ("timed_out", "unkillable")]
    for entry in hanging:
        yield _finding(case, entry)
    if not hanging:
        yield none_ended_so(facts, "all came back")


def _finding(case: Case, entry: Import) -> Found:
    facts = case.facts
    symptoms = tuple(symptom for symptom in facts.symptoms if symptom.subject == entry.name)
    ending = next((each for each in symptoms if each.kind in (SymptomKind.TIMED_OUT, SymptomKind.UNKILLABLE)), None)
    details = ending.details if ending else {}
    frame = f"; it stands at {details['frame']}" if details.get("frame") else ""
    stuck = entry.status == "unkillable"
    seconds = known(entry.seconds, 0.0)
    if stuck:
        message = f"import {entry.name} hangs and cannot be killed: it sleeps inside the kernel or a driver{frame}"
    else:
        message = f"import {entry.name} did not come back {f'within {in_seconds(seconds)} s' if seconds else 'in time'}{frame}"
    package = installed_for(facts, entry.name)
    longer = Step(
        run=("envcheck", "doctor", "--python", known(facts.python.executable, "python"), "--timeout", f"{max(300, seconds * 5):.0f}")
    )
    return Found(
        subject=titled(package.name, package.version) if package else entry.name,
        message=full_stop(message),
        severity=Severity.ERROR,
        certainty=Certainty.CERTAIN if stuck else Certainty.LIKELY,
        evidence=(case.proof(f"imports[{entry.name}].status", entry.status), *(spoken(symptom) for symptom in symptoms)),
        would_confirm=() if stuck else ("a second run with a longer --timeout",),
        remedies=(by_hand("restart the machine", Step(do="reboot")) if stuck else by_hand("try again with a longer limit", longer),),
        symptoms=symptoms,
        about=(entry.name, *distributions_of(entry.name)),
    )


RULE = Rule(
    name="framework-import-hangs",
    title="Importing a framework does not come back",
    area=Area.FRAMEWORKS,
    layer=Layer.LOADING,
    manual=MANUAL,
    check=check,
)
