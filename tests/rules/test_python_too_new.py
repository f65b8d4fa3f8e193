"""python-too-new: the version of Python against upper bounds."""

from envcheck.facts.snapshot import Python, Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.profiles.model import Level, Operator, Requirement
from envcheck.rules.python_too_new import RULE


def judge(version: str | None, operator: Operator, bound: str) -> Outcome:
    python = Python() if version is None else Python(version=version)
    requirement = Requirement(fact="python.version", operator=operator, level=Level.MUST, bound=bound, profile="lab")
    (outcome,) = RULE.check(Case(Snapshot(python=python), (requirement,)))
    return outcome


def test_a_python_without_wheels_is_found() -> None:
    found = judge("3.14.0", Operator.AT_MOST, "3.13")
    assert isinstance(found, Found)
    assert found.message == "Python: 3.14.0; the profile lab needs 3.13 or older."
    assert found.remedies[0].steps[-1].run[0] == "python3.12"


def test_the_whole_series_of_the_bound_passes() -> None:
    assert isinstance(judge("3.13.9", Operator.AT_MOST, "3.13"), Passed)
    assert isinstance(judge("3.12.1", Operator.AT_MOST, "3.13"), Passed)


def test_lower_bounds_are_another_rules_matter_and_exact_ones_belong_to_their_side() -> None:
    assert isinstance(judge("3.9.1", Operator.AT_LEAST, "3.13"), NotApplicable)
    assert isinstance(judge("3.12.1", Operator.EQUALS, "3.13"), NotApplicable)
    assert isinstance(judge("3.14.1", Operator.EQUALS, "3.13"), Found)


def test_an_unknown_version_is_not_evaluated() -> None:
    assert isinstance(judge(None, Operator.AT_MOST, "3.13"), NotEvaluated)
