"""own-check-fails: the command of a check that a profile names does not end and print as the profile says."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Smoke
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.signals import SIGNALS
from envcheck.judging.wording import full_stop, one_line
from envcheck.prescribing.install import by_hand
from envcheck.profiles.model import Level, Requirement
from envcheck.report import Area, Proof, Remedy, Severity, Step

MANUAL = Manual(
    checks="Whether each check that a profile names passes: its command ends in its time with the exit code that the profile says, and "
    "prints each of the texts that it says. Without the option --allow-commands no command of a profile from elsewhere is run.",
    why="What a team needs of its machines is more than a document can say: that the data are mounted, that the licence server answers, "
    "that its own model gives the known numbers.",
    example="The check data-loader of the profile our-cluster fails: it ended with exit code 3, not 0.",
    fix="Run the command by itself, in the folder of the profile's file, and look at what it prints.",
    ignore_when="The check is for machines of another kind; better is a profile of its own for those.",
    sources=("the profile itself: `envcheck profiles show FILE`",),
)

_HOW = {
    "failed": "fails",
    "crashed": "crashes",
    "timed_out": "hangs",
    "unkillable": "hangs",
    "killed_for_memory": "takes the memory away",
}
_NOT_RUN = ("absent", "skipped")
_PREFIX = "smoke["


def check(case: Case) -> Iterator[Outcome]:
    """One outcome per check of the profiles; of results whose profile is not given, what failed is a warning."""
    wanted = {requirement.fact.removeprefix(_PREFIX).removesuffix("].status"): requirement for requirement in case.required(_PREFIX)}
    results = {f"{smoke.framework}:{smoke.variant}@": smoke for smoke in case.facts.smoke if smoke.command}
    if not wanted and not results:
        yield NotApplicable("no profile names a check")
    for key in dict.fromkeys((*wanted, *results)):
        yield _outcome(case, key, results.get(key), wanted.get(key))


def _outcome(case: Case, key: str, smoke: Smoke | None, requirement: Requirement | None) -> Outcome:
    name, _, profile = key.removesuffix("@").partition(":")
    subject = f"{name} of {profile}"
    if smoke is None:
        return NotEvaluated(subject, "it runs a command on the machine itself, and no result of that is known", (), requirement)
    if smoke.status == "passed":
        return Passed(subject, "it passed", requirement)
    if smoke.status in _NOT_RUN or smoke.status not in _HOW:
        return NotEvaluated(subject, one_line(smoke.reason) or "it was not run", (), requirement)
    signal = smoke.notes.get("signal", "")
    meaning = f" ({SIGNALS[signal]})" if signal in SIGNALS else ""
    return Found(
        subject=subject,
        message=full_stop(f"The check {name} of the profile {profile} {_HOW[smoke.status]}: {one_line(smoke.reason)}{meaning}"),
        severity=Severity.ERROR if requirement is not None and requirement.level is Level.MUST else Severity.WARNING,
        evidence=tuple(_evidence(case, key, smoke)),
        remedies=(_remedy(smoke, requirement),),
        about=(name,),
        requirement=requirement,
    )


def _remedy(smoke: Smoke, requirement: Requirement | None) -> Remedy:
    """The command is offered only to who has named its profile: a saved snapshot may be anybody's."""
    summary = "run it by itself, in the folder of its profile, and look at what it prints"
    return by_hand(summary, *((Step(run=smoke.command),) if requirement is not None else ()))


def _evidence(case: Case, key: str, smoke: Smoke) -> Iterator[Proof]:
    yield case.proof(f"smoke[{key}].status", smoke.status)
    for stream in ("standard error", "standard output"):
        if smoke.notes.get(stream):
            yield Proof(fact=f"its last words on {stream}", value=smoke.notes[stream], source=case.facts.source_of(f"smoke[{key}]"))


RULE = Rule(
    name="own-check-fails",
    title="A check that a profile names does not pass",
    area=Area.SMOKE,
    layer=Layer.COMPUTE,
    manual=MANUAL,
    check=check,
)
