"""python-too-old: the version of Python against lower bounds."""

from envcheck.facts.snapshot import Python, Snapshot, System
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.profiles.model import Level, Operator, Requirement, Today
from envcheck.rules.python_too_old import RULE

TODAY = Today("3.9 has ended", "calendar", "3.10")


def need(operator: Operator, bound: str, today: Today | None = None) -> Requirement:
    return Requirement(fact="python.version", operator=operator, level=Level.MUST, bound=bound, today=today, profile="lab")


def judge(python: Python, *requirements: Requirement, os: str = "Linux") -> Outcome:
    (outcome,) = RULE.check(Case(Snapshot(python=python, system=System(os=os)), requirements))
    return outcome


def test_an_old_python_is_found_by_what_holds_today() -> None:
    found = judge(Python(version="3.9.18"), need(Operator.AT_LEAST, "3.9", TODAY))
    assert isinstance(found, Found)
    assert found.message == "Python: 3.9.18; the profile lab needs 3.10 or newer."
    assert found.remedies[0].steps[-1].run == ("python3.12", "-m", "venv", ".venv-3.12")


def test_the_new_environment_is_made_the_way_this_one_was() -> None:
    requirement = need(Operator.AT_LEAST, "3.13")
    conda = judge(Python(version="3.9.18", environment="conda"), requirement)
    uv = judge(Python(version="3.9.18", created_by="uv"), requirement)
    windows = judge(Python(version="3.9.18"), requirement, os="Windows")
    assert isinstance(conda, Found)
    assert conda.remedies[0].steps[0].run == ("conda", "create", "--name", "python3.13", "python=3.13")
    assert isinstance(uv, Found)
    assert uv.remedies[0].steps[0].run == ("uv", "venv", "--python", "3.13", ".venv-3.13")
    assert isinstance(windows, Found)
    assert windows.remedies[0].steps[-1].run[:2] == ("py", "-3.13")


def test_the_proposed_python_keeps_to_upper_bounds_too() -> None:
    found = judge(Python(version="3.9.18"), need(Operator.AT_LEAST, "3.10"), need(Operator.AT_MOST, "3.11"))
    assert isinstance(found, Found)
    assert found.remedies[0].steps[-1].run[0] == "python3.11"


def test_the_bound_itself_is_enough_and_its_pre_release_too() -> None:
    assert isinstance(judge(Python(version="3.10.0"), need(Operator.AT_LEAST, "3.10")), Passed)
    assert isinstance(judge(Python(version="3.15.0rc1"), need(Operator.AT_LEAST, "3.15")), Passed)
    assert isinstance(judge(Python(version="3.9.99"), need(Operator.AT_LEAST, "3.10")), Found)


def test_upper_bounds_are_another_rules_matter() -> None:
    assert isinstance(judge(Python(version="3.14.0"), need(Operator.AT_MOST, "3.13")), NotApplicable)
    assert isinstance(judge(Python(version="3.14.0"), need(Operator.EQUALS, "3.13")), NotApplicable)
    assert isinstance(judge(Python(version="3.12.0"), need(Operator.EQUALS, "3.13")), Found)


def test_an_unknown_version_is_not_evaluated() -> None:
    assert isinstance(judge(Python(), need(Operator.AT_LEAST, "3.10")), NotEvaluated)
