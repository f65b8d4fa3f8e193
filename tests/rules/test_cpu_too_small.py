"""cpu-too-small: cores against what profiles ask for."""

from envcheck.facts.snapshot import Cpu, Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.profiles.model import Level, Operator, Requirement
from envcheck.report import Severity
from envcheck.rules.cpu_too_small import RULE


def judge(cpu: Cpu, level: Level = Level.SHOULD) -> Outcome:
    requirement = Requirement(fact="cpu.physical_cores", operator=Operator.AT_LEAST, level=level, bound="4", profile="lab")
    (outcome,) = RULE.check(Case(Snapshot(cpu=cpu), (requirement,)))
    return outcome


def test_too_few_cores_are_found() -> None:
    found = judge(Cpu(physical_cores=2, logical_cores=4))
    assert isinstance(found, Found)
    assert found.message == "CPU: 2 physical cores; the profile lab recommends 4 cores."
    assert found.severity is Severity.WARNING


def test_four_cores_are_enough_for_four() -> None:
    assert isinstance(judge(Cpu(physical_cores=4, usable_cores=4)), Passed)
    assert isinstance(judge(Cpu(physical_cores=3)), Found)


def test_a_container_that_lends_fewer_is_only_told() -> None:
    found = judge(Cpu(physical_cores=16, usable_cores=2), Level.MUST)
    assert isinstance(found, Found)
    assert found.severity is Severity.INFO
    assert found.message == "CPU: 2 of 16 physical cores may be used here; the profile lab needs 4 cores."


def test_an_unknown_number_of_cores_is_not_evaluated() -> None:
    assert isinstance(judge(Cpu(logical_cores=4)), NotEvaluated)


def test_without_a_requirement_it_does_not_apply() -> None:
    (outcome,) = RULE.check(Case(Snapshot(cpu=Cpu(physical_cores=1))))
    assert isinstance(outcome, NotApplicable)
