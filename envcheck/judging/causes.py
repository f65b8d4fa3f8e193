"""Which finding is the cause and which its consequence, and the order in which causes are named."""

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from envcheck.judging.rule import Found, Rule
from envcheck.report import Certainty, Severity


class Judged(msgspec.Struct, frozen=True):
    """A finding with the rule that made it and its place in the report."""

    id: str
    rule: Rule
    found: Found
    because_of: tuple[str, ...] = ()


def trace(findings: Sequence[Judged]) -> list[Judged]:
    """The findings in the order in which they are told, each consequence with the ids of its causes, after all roots.

    Deeper layers are asked first, and nothing becomes a cause of what it follows from: two rules that explain each other make no circle.
    """
    causes: dict[str, set[str]] = {judged.id: set() for judged in findings}
    for cause in sorted(findings, key=lambda judged: (judged.rule.layer, judged.id)):
        for effect in findings:
            if effect.id != cause.id and explains(cause, effect) and not _follows(cause.id, effect.id, causes):
                causes[effect.id].add(cause.id)
    linked = [
        Judged(judged.id, judged.rule, replace(judged.found, severity=_worst(judged, findings, causes)), tuple(sorted(causes[judged.id])))
        for judged in findings
    ]
    return sorted(linked, key=lambda judged: (bool(judged.because_of), *_rank(judged)))


def concerning(names: frozenset[str] | None, told: Sequence[Judged]) -> list[Judged]:
    """Of the findings those that concern one of these packages, with all their causes; all of them for None."""
    if names is None:
        return list(told)
    by_id = {judged.id: judged for judged in told}
    wanted, open_ids = set[str](), [judged.id for judged in told if names & set(judged.found.about)]
    while open_ids:
        current = open_ids.pop()
        if current not in wanted:
            wanted.add(current)
            open_ids += by_id[current].because_of
    return [judged for judged in told if judged.id in wanted]


def explains(cause: Judged, effect: Judged) -> bool:
    """Whether the effect's rule or one of its symptoms follows from the cause, and both concern the same packages.

    A hint explains no warning and no error, unless it brings the very packages: they would be told after it, as if nothing worse were
    the matter. A symptom that two findings
    have heard makes none of them the cause where one names the other as what follows from it.
    """
    if not _may_explain(cause, effect):
        return False
    if (
        cause.rule.name == effect.rule.name
        or effect.rule.name in cause.rule.explains
        or (effect.rule.alike and _explains_alike(cause, effect))
    ):
        return True
    kinds = {symptom.kind.value for symptom in effect.found.symptoms}
    return bool(cause.rule.explains & kinds) and not (cause.rule.name in effect.rule.explains and _may_explain(effect, cause))


def _explains_alike(cause: Judged, effect: Judged) -> bool:
    """The effect only tells that something did not work; who has heard the same words and knows more of them names the cause."""
    if cause.rule.alike:
        return False
    heard = any(symptom in effect.found.symptoms for symptom in cause.found.symptoms)
    return heard or effect.rule.alike in cause.rule.explains or cause.rule.name == effect.rule.alike


def _may_explain(cause: Judged, effect: Judged) -> bool:
    concerned, affected = set(cause.found.about), set(effect.found.about)
    hint = cause.found.severity is Severity.INFO and effect.found.severity is not Severity.INFO
    same_rule = cause.rule.name == effect.rule.name
    if (same_rule and cause.found.subject not in effect.found.follows) or (hint and affected.isdisjoint(cause.found.brings)):
        return False
    return not concerned or not affected or bool(concerned & affected)


def _worst(cause: Judged, findings: Sequence[Judged], causes: dict[str, set[str]]) -> Severity:
    """A cause is as bad as the worst that follows from it."""
    following = [cause, *(effect for effect in findings if effect.id != cause.id and _follows(effect.id, cause.id, causes))]
    return min((judged.found.severity for judged in following), key=lambda severity: severity.rank)


def _follows(descendant: str, ancestor: str, causes: dict[str, set[str]]) -> bool:
    """Whether `ancestor` is among the causes of `descendant`, at any distance."""
    open_ids, seen = [descendant], set[str]()
    while open_ids:
        current = open_ids.pop()
        if current == ancestor:
            return True
        if current not in seen:
            seen.add(current)
            open_ids += causes[current]
    return False


def _rank(judged: Judged) -> tuple[bool, bool, bool, bool, int, int, str, str]:
    """Hints come last, and of them those that nobody spoke of; then certainty, a direct symptom, severity, the deeper layer, the name."""
    found = judged.found
    hint = found.severity is Severity.INFO
    return (
        hint,
        hint and not found.symptoms,
        found.certainty is Certainty.LIKELY,
        not found.symptoms,
        found.severity.rank,
        judged.rule.layer,
        judged.rule.name,
        judged.id,
    )
