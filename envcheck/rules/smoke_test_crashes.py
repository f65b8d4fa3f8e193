"""smoke-test-crashes: a framework that was imported ends its process when it is to compute."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Smoke, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, Outcome, Rule
from envcheck.judging.signals import how_it_ended
from envcheck.judging.smoke_results import (
    concerned,
    heard,
    key_of,
    manual_of,
    name_of,
    once_more,
    others,
    package_of,
    place_of,
    subject_of,
    tested,
)
from envcheck.judging.wording import full_stop
from envcheck.prescribing.install import by_hand
from envcheck.prescribing.same_build import install_again
from envcheck.report import Area, Remedy, Severity

MANUAL = Manual(
    checks="Whether a framework's first computation ends the process: by a signal, by an exit, or because it took the memory away.",
    why="A crash leaves no exception that a program could report. It comes from compiled code: an instruction that the processor does not "
    "have, libraries of two versions in one process, a driver that gives up, or memory that is not there.",
    example="The smoke test of tensorflow on cuda:0 crashed with SIGABRT (it gave up by itself) when it computed.",
    fix="Look at the cause that the report names before this finding. The layer, the signal and the innermost frame say where to look.",
    ignore_when="The framework is not used on this device.",
    sources=("https://docs.python.org/3/library/faulthandler.html", "https://man7.org/linux/man-pages/man7/signal.7.html"),
)

_ENDINGS = (SymptomKind.SIGNAL, SymptomKind.EXITED, SymptomKind.KILLED_FOR_MEMORY)


def check(case: Case) -> Iterator[Outcome]:
    """One finding per device at which the process ended."""
    crashed = tested(case.facts, "crashed", "killed_for_memory")
    for smoke in crashed:
        yield _finding(case, smoke)
    yield from others(case.facts, "it did not crash", found=bool(crashed))


def _finding(case: Case, smoke: Smoke) -> Found:
    said = heard(case.facts, smoke)
    ending = next((symptom for symptom in said if symptom.kind in _ENDINGS), None)
    return Found(
        subject=subject_of(case.facts, smoke),
        message=full_stop(f"The smoke test of {name_of(smoke)}{place_of(smoke)} {how_it_ended(ending)}{_place(smoke, ending)}"),
        severity=Severity.ERROR,
        evidence=(case.proof(f"smoke[{key_of(smoke)}].status", smoke.status), *map(spoken, said)),
        remedies=_remedies(case, smoke),
        symptoms=said,
        about=concerned(smoke),
    )


def _place(smoke: Smoke, ending: Symptom | None) -> str:
    frame = ending.details.get("frame", "") if ending is not None else ""
    return f", in the layer {known(smoke.layer, 'devices')!r}{f' at {frame}' if frame else ''}"


def _remedies(case: Case, smoke: Smoke) -> tuple[Remedy, ...]:
    if smoke.status == "killed_for_memory":
        return (by_hand("give it more memory: end other programs, or raise the limit of the container or job"),)
    package, means = package_of(case.facts, smoke), manual_of(smoke)
    again = by_hand("look at what this layer tells, and test again", *([means] if means else []), once_more(case.facts, smoke))
    clean = (install_again(case.facts, package, f"install {package.name} again"),) if package else ()
    return (again, *clean)


RULE = Rule(
    name="smoke-test-crashes",
    title="A framework crashes when it computes",
    area=Area.SMOKE,
    layer=Layer.COMPUTE,
    manual=MANUAL,
    check=check,
    alike="framework-import-crashes",
)
