"""tool-missing: programs that profiles ask for."""

from envcheck.facts.snapshot import Completeness, Observed, Python, Snapshot, System, Tool, Unknown, UnknownReason
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.profiles.model import Level, Operator, Requirement
from envcheck.report import Step
from envcheck.rules.tool_missing import RULE

ALL = Observed(tools=Completeness.COMPLETE)
JAVA = Requirement(fact="tools[java].version", operator=Operator.AT_LEAST, level=Level.MUST, bound="17", profile="lab")
GIT = Requirement(fact="tools[git]", operator=Operator.INSTALLED, level=Level.SHOULD, profile="lab")
DEBIAN = System(os="Linux", distribution_id="ubuntu", distribution_like=("debian",))


def judge(snapshot: Snapshot, requirement: Requirement) -> Outcome:
    (outcome,) = RULE.check(Case(snapshot, (requirement,)))
    return outcome


def test_a_missing_program_is_found_with_the_command_of_the_system() -> None:
    found = judge(Snapshot(observed=ALL, system=DEBIAN), JAVA)
    assert isinstance(found, Found)
    assert found.message == "java: not found; the profile lab needs 17 or newer."
    assert found.remedies[0].summary == "install a Java runtime 17"
    assert found.remedies[0].steps[0] == Step(run=("sudo", "apt-get", "install", "--yes", "openjdk-17-jre-headless"), root=True)


def test_in_a_conda_environment_conda_installs_it() -> None:
    found = judge(Snapshot(observed=ALL, system=DEBIAN, python=Python(environment="conda", prefix="/opt/conda/envs/ml")), JAVA)
    assert isinstance(found, Found)
    assert found.remedies[0].manager == "conda"
    assert "openjdk==17.*" in found.remedies[0].steps[0].run


def test_a_program_that_is_there_passes_whatever_its_version() -> None:
    snapshot = Snapshot(observed=ALL, tools=(Tool(name="git", version=None, path="/usr/bin/git"),))
    assert isinstance(judge(snapshot, GIT), Passed)


def test_the_version_of_what_is_there_is_another_rules_matter() -> None:
    assert isinstance(judge(Snapshot(observed=ALL, tools=(Tool(name="java", version="11"),)), JAVA), NotApplicable)


def test_nobody_looked_or_the_question_failed_is_not_evaluated() -> None:
    unknown = Unknown(fact="tools[git]", reason=UnknownReason.DENIED)
    assert isinstance(judge(Snapshot(), GIT), NotEvaluated)
    assert isinstance(judge(Snapshot(observed=ALL, unknown=(unknown,)), GIT), NotEvaluated)
