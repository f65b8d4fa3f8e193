"""tool-too-old: versions of programs against lower bounds."""

from envcheck.facts.snapshot import Snapshot, Tool
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.profiles.model import Level, Operator, Requirement
from envcheck.rules.tool_too_old import RULE


def judge(*tools: Tool, operator: Operator = Operator.AT_LEAST) -> Outcome:
    requirement = Requirement(fact="tools[java].version", operator=operator, level=Level.MUST, bound="17", profile="lab")
    (outcome,) = RULE.check(Case(Snapshot(tools=tools), (requirement,)))
    return outcome


def test_an_old_java_is_found_by_its_old_way_of_counting() -> None:
    found = judge(Tool(name="java", version="1.8.0_292"))
    assert isinstance(found, Found)
    assert found.message == "java: 1.8.0_292; the profile lab needs 17 or newer."
    assert any("JAVA_HOME" in step.do for step in found.remedies[0].steps)


def test_the_bound_itself_passes() -> None:
    assert isinstance(judge(Tool(name="java", version="17")), Passed)
    assert isinstance(judge(Tool(name="java", version="16.0.2")), Found)


def test_a_program_that_did_not_tell_its_version_is_not_evaluated() -> None:
    gap = judge(Tool(name="java", version=None))
    assert isinstance(gap, NotEvaluated)
    assert gap.needs == ("the output of java --version",)


def test_absence_and_upper_bounds_are_other_rules_matters() -> None:
    assert isinstance(judge(), NotApplicable)
    assert isinstance(judge(Tool(name="java", version="25"), operator=Operator.AT_MOST), NotApplicable)
