"""toolkit-below-requirement: toolkits on the disk against what profiles ask for."""

from envcheck.facts.snapshot import Snapshot, Toolkit
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.profiles.load import load_profile, resolve
from envcheck.profiles.model import Level, Operator, Requirement
from envcheck.rules.toolkit_below_requirement import RULE

NEEDED = Requirement(fact="toolkits[cuda].version", operator=Operator.AT_LEAST, level=Level.MUST, bound="12.6", profile="lab")


def judge(*versions: str, requirement: Requirement = NEEDED) -> Outcome:
    toolkits = tuple(Toolkit(name="cuda", version=version) for version in versions)
    (outcome,) = RULE.check(Case(Snapshot(toolkits=toolkits), (requirement,)))
    return outcome


def test_an_old_toolkit_is_found() -> None:
    found = judge("11.2", "12.4")
    assert isinstance(found, Found)
    assert found.message == "cuda: 11.2, 12.4; the profile lab needs 12.6 or newer."


def test_one_that_fits_is_enough_and_the_bound_itself_fits() -> None:
    assert isinstance(judge("11.2", "12.6"), Passed)
    assert isinstance(judge("12.5"), Found)


def test_none_seen_is_not_evaluated() -> None:
    assert isinstance(judge(), NotEvaluated)


def test_the_toolkit_of_the_documents_is_no_requirement_any_more() -> None:
    asked = [entry for entry in resolve([load_profile("cuda")]) if entry.fact.startswith("toolkits[")]
    assert len(asked) == 2
    assert all(isinstance(judge(requirement=entry), NotApplicable) for entry in asked)
