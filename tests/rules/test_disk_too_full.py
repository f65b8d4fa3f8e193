"""disk-too-full: free space against what profiles ask for."""

from envcheck.facts.snapshot import Completeness, Disk, Observed, Python, Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.profiles.model import Level, Operator, Requirement
from envcheck.rules.disk_too_full import RULE

GB = 10**9


def need(purpose: str, bound: str = "10 GB") -> Requirement:
    fact = f"disks[{purpose}].free_bytes"
    return Requirement(fact=fact, operator=Operator.AT_LEAST, level=Level.MUST, bound=bound, profile="lab")


def judge(requirements: tuple[Requirement, ...], **free: int) -> list[Outcome]:
    disks = tuple(Disk(purpose=purpose, path=f"/{purpose}", free_bytes=count) for purpose, count in free.items())
    return list(RULE.check(Case(Snapshot(disks=disks, python=Python(executable="/env/bin/python")), requirements)))


def test_a_full_volume_is_found_with_its_path_and_a_command_that_makes_room() -> None:
    (found,) = judge((need("environment"),), environment=round(4.2 * GB))
    assert isinstance(found, Found)
    assert found.message == "Disk: 4.2 GB free on /environment (the environment); the profile lab needs 10 GB."
    assert found.remedies[0].steps[0].run == ("/env/bin/python", "-m", "pip", "cache", "purge")


def test_every_volume_is_judged_by_itself() -> None:
    environment, temp = judge((need("environment"), need("temp", "5 GB")), environment=20 * GB, temp=2 * GB)
    assert isinstance(environment, Passed)
    assert isinstance(temp, Found)
    assert temp.message == "Disk: 2 GB free on /temp (temporary files); the profile lab needs 5 GB."
    assert any("TMPDIR" in step.do for step in temp.remedies[0].steps)


def test_exactly_what_is_asked_is_enough_and_a_byte_less_is_not() -> None:
    assert isinstance(judge((need("environment"),), environment=10 * GB)[0], Passed)
    assert isinstance(judge((need("environment"),), environment=10 * GB - 1)[0], Found)


def test_a_volume_that_nobody_looked_at_is_not_evaluated() -> None:
    (gap,) = judge((need("temp"),), environment=20 * GB)
    assert isinstance(gap, NotEvaluated)
    assert gap.needs == ("the output of df",)


def test_a_cache_that_is_not_there_needs_no_room() -> None:
    complete = Observed(disks=Completeness.COMPLETE)
    (outcome,) = RULE.check(Case(Snapshot(observed=complete), (need("pip-cache"),)))
    assert isinstance(outcome, NotApplicable)
    (outcome,) = RULE.check(Case(Snapshot(observed=complete), (need("temp"),)))
    assert isinstance(outcome, NotEvaluated)


def test_without_a_requirement_it_does_not_apply() -> None:
    (outcome,) = judge((), environment=1)
    assert isinstance(outcome, NotApplicable)
