"""What rules say of a profile's requirements: one outcome per fact, its severity, and the sentence."""

from collections.abc import Callable, Iterable, Iterator

from envcheck.judging.case import Case
from envcheck.judging.comparison import Comparison, Met
from envcheck.judging.requirements import compare
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.knowledge.frameworks import import_of
from envcheck.knowledge.versions import is_below
from envcheck.profiles.model import Level, Operator, Requirement
from envcheck.profiles.vocabulary import parse_fact
from envcheck.report import Certainty, Remedy, Severity

Remedies = Callable[[Requirement, Comparison], tuple[Remedy, ...]]

VERBS = {Level.MUST: "needs", Level.SHOULD: "recommends", Level.HINT: "asks for"}
_SEVERITIES = {Level.MUST: Severity.ERROR, Level.SHOULD: Severity.WARNING, Level.HINT: Severity.INFO}
# Of a hint that is missed by this much it is time to warn.
_LITTLE = 0.5


def judge(case: Case, requirements: Iterable[Requirement], thing: str, remedies: Remedies, *, together: bool = False) -> Iterator[Outcome]:
    """One outcome for each fact: of several requirements on it the most binding one that is not met speaks, and names the others.

    `thing` begins the sentence ("Memory"); empty: the subject does. `together`: all of them are one matter. Where nothing is asked for,
    the rule does not apply.
    """
    groups = _grouped(requirements, together=together)
    if not groups:
        yield NotApplicable("no profile asks for it")
    for group in groups:
        compared = [(entry, compare(entry, case.facts)) for entry in group]
        yield _outcome(compared, thing, remedies)


def _grouped(requirements: Iterable[Requirement], *, together: bool) -> list[list[Requirement]]:
    """Requirements on the same fact, the most binding first; instruction sets and backends are a matter each of its own.

    A package's presence and its version are one matter.
    """
    groups: dict[tuple[str, str], list[Requirement]] = {}
    for entry in requirements:
        member = entry.asked if entry.operator is Operator.INCLUDES else ""
        key = ("", "") if together else (entry.fact.removesuffix(".version"), member)
        groups.setdefault(key, []).append(entry)
    return [sorted(group, key=lambda entry: (entry.level.rank, not entry.asked)) for group in groups.values()]


def _outcome(compared: list[tuple[Requirement, Comparison]], thing: str, remedies: Remedies) -> Outcome:
    missed = [(entry, comparison) for entry, comparison in compared if comparison.met is Met.NO]
    if missed:
        requirement, comparison = missed[0]
        return Found(
            subject=comparison.subject,
            message=sentence(missed, thing),
            severity=severity(requirement, comparison),
            certainty=Certainty.LIKELY if comparison.would_confirm else Certainty.CERTAIN,
            evidence=comparison.evidence,
            would_confirm=comparison.would_confirm,
            remedies=remedies(requirement, comparison),
            about=_about(requirement),
            requirement=requirement,
        )
    for requirement, comparison in compared:
        if comparison.met is Met.UNKNOWN:
            return NotEvaluated(comparison.subject, comparison.reason, comparison.needs, requirement)
    for requirement, comparison in compared:
        if comparison.met is Met.YES:
            asked = f", {comparison.need} {_PARTICIPLES[requirement.level]}" if requirement.asked else ""
            return Passed(comparison.subject, comparison.have + asked, requirement)
    return NotApplicable(compared[0][1].reason)


def _about(requirement: Requirement) -> tuple[str, ...]:
    """The distributions and import packages that a requirement concerns."""
    fact = parse_fact(requirement.fact)
    members = fact.members if fact is not None and fact.collection == "packages" else ()
    return tuple(dict.fromkeys((*members, *map(import_of, members))))


_PARTICIPLES = {Level.MUST: "needed", Level.SHOULD: "recommended", Level.HINT: "asked for"}


def severity(requirement: Requirement, comparison: Comparison) -> Severity:
    """How bad it is: what a machine has but does not lend is only told; of a hint less than half is a warning."""
    if comparison.limited:
        return Severity.INFO
    if requirement.level is Level.HINT and comparison.share is not None and comparison.share < _LITTLE:
        return Severity.WARNING
    return _SEVERITIES[requirement.level]


def sentence(missed: list[tuple[Requirement, Comparison]], thing: str) -> str:
    """`Memory: 6.2 GB; the profile system-minimum needs 8 GB, deep-learning recommends 16 GB.`"""
    comparison = missed[0][1]
    missed = [entry for entry in missed if entry[0].asked] or missed  # who needs a version needs it installed, too
    asked = dict.fromkeys(f"{entry.profile} {VERBS[entry.level]} {other.need}".strip() for entry, other in missed)
    return f"{thing or comparison.subject}: {comparison.have}; the profile {', '.join(asked)}."


def by_age(case: Case, requirements: Iterable[Requirement], *, too_new: bool) -> Iterator[Requirement]:
    """Of requirements on versions those that are missed by being too new, or too old; `==` belongs where the installed one puts it."""
    for entry in requirements:
        newer = entry.operator is Operator.AT_MOST
        if entry.operator is Operator.EQUALS:
            newer = _is_above(entry, compare(entry, case.facts))
        if newer is too_new:
            yield entry


def _is_above(requirement: Requirement, comparison: Comparison) -> bool:
    return comparison.met is Met.NO and is_below(requirement.asked, comparison.have)
