"""What rules say of requirements: the severity, the sentence, one outcome per fact."""

import pytest

from envcheck.facts.snapshot import Memory, Snapshot
from envcheck.judging.case import Case
from envcheck.judging.demands import judge
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.profiles.model import Level, Operator, Requirement
from envcheck.profiles.vocabulary import FACTS, Kind
from envcheck.report import Severity
from envcheck.rules import all_rules


def need(bound: str, level: Level, profile: str = "lab", fact: str = "memory.total_bytes") -> Requirement:
    return Requirement(fact=fact, operator=Operator.AT_LEAST, level=level, bound=bound, profile=profile)


def judged(total: int | None, *requirements: Requirement) -> list[Outcome]:
    memory = Memory() if total is None else Memory(total_bytes=total)
    return list(judge(Case(Snapshot(memory=memory), requirements), requirements, "Memory", lambda _requirement, _comparison: ()))


@pytest.mark.parametrize(
    ("level", "total", "severity", "verb"),
    [
        (Level.MUST, 6_200_000_000, Severity.ERROR, "needs"),
        (Level.SHOULD, 6_200_000_000, Severity.WARNING, "recommends"),
        (Level.HINT, 6_200_000_000, Severity.INFO, "asks for"),
        (Level.HINT, 4_000_000_000, Severity.INFO, "asks for"),
        (Level.HINT, 3_999_999_999, Severity.WARNING, "asks for"),
    ],
)
def test_severity_follows_the_level_and_a_hint_warns_below_half(level: Level, total: int, severity: Severity, verb: str) -> None:
    (found,) = judged(total, need("8 GB", level))
    assert isinstance(found, Found)
    assert found.severity is severity
    assert f"lab {verb} 8 GB." in found.message


def test_several_requirements_on_one_fact_make_one_finding_that_names_all_that_is_missed() -> None:
    should, must = need("16 GB", Level.SHOULD, "deep-learning"), need("8 GB", Level.MUST, "system-minimum")
    (found,) = judged(6_200_000_000, should, must)
    assert isinstance(found, Found)
    assert found.message == "Memory: 6.2 GB; the profile system-minimum needs 8 GB, deep-learning recommends 16 GB."
    assert found.requirement is must


def test_what_is_met_is_not_named_with_what_is_missed() -> None:
    (found,) = judged(12_000_000_000, need("16 GB", Level.SHOULD, "deep-learning"), need("8 GB", Level.MUST, "system-minimum"))
    assert isinstance(found, Found)
    assert found.message == "Memory: 12 GB; the profile deep-learning recommends 16 GB."
    assert found.severity is Severity.WARNING


def test_what_is_met_passes_with_the_number() -> None:
    (passed,) = judged(16_800_000_000, need("8 GB", Level.MUST))
    assert passed == Passed("memory", "16.8 GB, 8 GB needed", need("8 GB", Level.MUST))


def test_an_unknown_fact_keeps_the_most_binding_requirement() -> None:
    (gap,) = judged(None, need("16 GB", Level.SHOULD), need("8 GB", Level.MUST))
    assert isinstance(gap, NotEvaluated)
    assert gap.requirement is not None
    assert gap.requirement.level is Level.MUST


def test_without_requirements_the_rule_does_not_apply() -> None:
    assert judged(1) == [NotApplicable("no profile asks for it")]


def test_every_fact_that_a_profile_may_speak_of_is_judged_by_some_rule() -> None:
    samples = {Kind.SIZE: "8 GB", Kind.COUNT: "4", Kind.VERSION: "2.8", Kind.WORD: "Linux", Kind.WORDS: "cuda", Kind.PRESENCE: ""}
    members = {"disks": "environment", "toolkits": "cuda", "packages": "torch", "tools": "java"}
    operators = {Kind.WORD: Operator.EQUALS, Kind.WORDS: Operator.INCLUDES, Kind.PRESENCE: Operator.INSTALLED}
    for shape, kind in FACTS.items():
        fact = shape.replace("[]", f"[{members.get(shape.partition('[')[0], '')}]")
        operator = operators.get(kind, Operator.AT_LEAST)
        requirement = Requirement(fact=fact, operator=operator, level=Level.MUST, bound=samples[kind], profile="lab")
        case = Case(Snapshot(), (requirement,))
        outcomes = [outcome for rule in all_rules() for outcome in rule.check(case)]
        concerned = [outcome for outcome in outcomes if getattr(outcome, "requirement", None) == requirement]
        assert concerned, fact
        assert all(isinstance(outcome, NotEvaluated) for outcome in concerned), fact
