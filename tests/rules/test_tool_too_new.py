"""tool-too-new: versions of programs against upper bounds."""

from envcheck.facts.snapshot import Snapshot, System, Tool
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.profiles.model import Level, Operator, Requirement
from envcheck.rules.tool_too_new import RULE


def judge(*tools: Tool, operator: Operator = Operator.AT_MOST) -> Outcome:
    requirement = Requirement(fact="tools[java].version", operator=operator, level=Level.SHOULD, bound="21", profile="lab")
    (outcome,) = RULE.check(Case(Snapshot(tools=tools, system=System(os="Darwin")), (requirement,)))
    return outcome


def test_a_java_that_may_be_refused_is_found() -> None:
    found = judge(Tool(name="java", version="25.0.3"))
    assert isinstance(found, Found)
    assert found.message == "java: 25.0.3; the profile lab recommends 21 or older."
    assert found.remedies[0].steps[0].run == ("brew", "install", "openjdk@21")


def test_the_whole_series_of_the_bound_passes() -> None:
    assert isinstance(judge(Tool(name="java", version="21.0.9")), Passed)
    assert isinstance(judge(Tool(name="java", version="22")), Found)


def test_a_program_that_did_not_tell_its_version_is_not_evaluated() -> None:
    assert isinstance(judge(Tool(name="java")), NotEvaluated)


def test_absence_and_lower_bounds_are_other_rules_matters() -> None:
    assert isinstance(judge(), NotApplicable)
    assert isinstance(judge(Tool(name="java", version="8"), operator=Operator.AT_LEAST), NotApplicable)
