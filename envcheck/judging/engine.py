"""diagnose(): the pure function from facts and requirements to a report."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from envcheck import __version__
from envcheck.facts.claims import TOLD
from envcheck.facts.snapshot import Completeness, Snapshot, known
from envcheck.judging.case import Case
from envcheck.judging.causes import Judged, concerning, trace
from envcheck.judging.keeping_out import leave_to_leaks
from envcheck.judging.predictions import no_surer_than_predicted
from envcheck.judging.rule import Found, NotEvaluated, Outcome, Passed, Rule, Unasked
from envcheck.judging.usable_gpus import framework_reaches_gpu
from envcheck.knowledge import TABLES_DATE
from envcheck.parsers.expression import regex
from envcheck.profiles.model import Level, Requirement
from envcheck.report import (
    SCHEMA,
    Area,
    Certainty,
    Finding,
    Gap,
    Ignored,
    Origin,
    Pass,
    Report,
    Role,
    Severity,
    Status,
    Target,
)


class Choice(msgspec.Struct, frozen=True):
    """Which rules are asked, and which findings are not wanted.

    `select` holds names of areas and rules, empty for all; what is selected by name is required: it must be evaluated.
    `ignore` maps a rule's name to the reason why its findings are ignored. `about` holds names of packages: only findings that concern
    them, or are the cause of one that does, are told, and of what was not evaluated what was asked for; None for all.
    """

    select: frozenset[str] = frozenset()
    ignore: Mapping[str, str] = msgspec.field(default_factory=dict)
    about: frozenset[str] | None = None

    def takes(self, rule: Rule | Unasked) -> bool:
        """Whether the rule is asked at all."""
        return not self.select or rule.name in self.select or rule.area.value in self.select


_ALL = Choice()


def diagnose(
    snapshot: Snapshot,
    rules: Sequence[Rule | Unasked],
    requirements: Iterable[Requirement] = (),
    profiles: Iterable[str] = (),
    choice: Choice = _ALL,
) -> Report:
    """Judges the facts: no clock, no I/O; a rule that crashes is "not evaluated" and hides no other."""
    case = Case(snapshot, tuple(requirements))
    judged: list[Judged] = []
    passed: list[Pass] = []
    gaps: list[Gap] = []
    ignored: list[Ignored] = []
    names: Counter[str] = Counter()
    for rule in rules:
        if not choice.takes(rule):
            continue
        if isinstance(rule, Unasked):
            gaps.append(_gap(rule, rule.gap, choice))
            continue
        for outcome in _ask(rule, case):
            if isinstance(outcome, Found):
                if rule.name in choice.ignore:
                    ignored.append(_ignored(rule, outcome, choice))
                else:
                    found = leave_to_leaks(snapshot, rule.name, no_surer_than_predicted(_no_surer_than_told(outcome)))
                    judged.append(Judged(_identifier(rule, outcome, names), rule, found))
            elif isinstance(outcome, Passed):
                passed.append(_pass(rule, outcome))
            elif isinstance(outcome, NotEvaluated):
                gaps.append(_gap(rule, outcome, choice))
    findings = tuple(_finding(entry) for entry in concerning(choice.about, trace(judged)))
    return Report(
        schema=SCHEMA,
        envcheck=__version__,
        tables=TABLES_DATE,
        status=_status(snapshot, findings, gaps),
        target=_target(snapshot),
        profiles=tuple(profiles),
        selected=tuple(sorted(choice.select)),
        findings=findings,
        not_evaluated=tuple(gap for gap in gaps if choice.about is None or gap.required or gap.area is Area.SMOKE),
        passed=tuple(passed),
        ignored=tuple(ignored),
        facts=snapshot,
    )


def _ask(rule: Rule, case: Case) -> list[Outcome]:
    """What the rule said; of one that crashes, what it had said by then and that it crashed."""
    outcomes: list[Outcome] = []
    try:
        for outcome in rule.check(case):
            outcomes.append(outcome)  # noqa: PERF402 - extend() would lose what came before a crash
    except Exception as error:  # noqa: BLE001 - one broken rule must not take the report with it
        crash = f"the rule itself crashed: {type(error).__name__}: {error}"
        outcomes.append(NotEvaluated("", crash, ("report this as a bug of envcheck",)))
    return outcomes


def _no_surer_than_told(found: Found) -> Found:
    """What was computed from somebody's words, and not from a program's, is likely at the most."""
    told = [proof for proof in found.evidence if proof.source.endswith(TOLD)]
    if not told or found.symptoms or found.certainty is Certainty.LIKELY:
        return found
    confirm = tuple(dict.fromkeys(f"{proof.value}: so far only told, not shown by a program" for proof in told))
    return replace(found, certainty=Certainty.LIKELY, would_confirm=(*found.would_confirm, *confirm))


_PATH = regex(r"(?<!\S)(?:~|[A-Za-z]:)?(?:[/\\][^/\\\s]+)*[/\\](?P<last>[^/\\\s]+)")


def _identifier(rule: Rule, found: Found, before: Counter[str]) -> str:
    """Stable for the same rule and subject; a second finding with both the same gets a number.

    Of a path only its last part stands in it: an identifier is shared, and the folders above may name a person.
    """
    subject = _PATH.sub(r"\g<last>", found.subject) if "/" in found.subject or "\\" in found.subject else found.subject
    words = re.sub(r"[^A-Za-z0-9.+-]+", "-", subject).strip("-").lower()
    base = f"{rule.name}:{words}" if words else rule.name
    before[base] += 1
    return f"{base}#{before[base]}" if before[base] > 1 else base


def _finding(judged: Judged) -> Finding:
    found = judged.found
    return Finding(
        id=judged.id,
        rule=judged.rule.name,
        area=judged.rule.area,
        severity=found.severity,
        certainty=found.certainty,
        role=Role.CONSEQUENCE if judged.because_of else Role.PRIMARY,
        because_of=judged.because_of,
        subject=found.subject,
        message=found.message,
        evidence=(*found.evidence, *found.context),
        would_confirm=found.would_confirm,
        requirement=_origin(found.requirement),
        remedies=found.remedies,
    )


def _ignored(rule: Rule, outcome: Found, choice: Choice) -> Ignored:
    return Ignored(rule=rule.name, subject=outcome.subject, reason=choice.ignore[rule.name], requirement=_origin(outcome.requirement))


def _pass(rule: Rule, outcome: Passed) -> Pass:
    origin = _origin(outcome.requirement)
    return Pass(rule=rule.name, subject=outcome.subject, area=rule.area, message=outcome.message, requirement=origin)


def _gap(rule: Rule | Unasked, outcome: NotEvaluated, choice: Choice) -> Gap:
    must = outcome.requirement is not None and outcome.requirement.level is Level.MUST
    return Gap(
        rule=rule.name,
        subject=outcome.subject,
        area=rule.area,
        reason=outcome.reason,
        needs=outcome.needs,
        required=must or outcome.required or rule.name in choice.select,
        requirement=_origin(outcome.requirement),
    )


def _origin(requirement: Requirement | None) -> Origin | None:
    if requirement is None:
        return None
    document = requirement.document
    return Origin(
        profile=requirement.profile,
        level=requirement.level.value,
        file=document.file if document else "",
        line=document.line if document else requirement.line,
        source=requirement.today.source if requirement.today else "",
    )


def _target(snapshot: Snapshot) -> Target:
    python = snapshot.python
    return Target(
        python=known(python.executable, ""),
        version=known(python.version, ""),
        environment=known(python.environment, ""),
        chosen_because=known(python.chosen_because, ""),
    )


def _status(snapshot: Snapshot, findings: Sequence[Finding], gaps: Sequence[Gap]) -> Status:
    """Healthy is said only of what was really looked at."""
    if any(finding.severity is not Severity.INFO for finding in findings):
        return Status.PROBLEMS
    if any(gap.required for gap in gaps):
        return Status.UNKNOWN
    looked = snapshot.live and snapshot.observed.packages is Completeness.COMPLETE
    return Status.HEALTHY if looked or framework_reaches_gpu(snapshot) else Status.UNKNOWN
