"""environment-passed-over: what came first and could not be used."""

from envcheck.facts.snapshot import Python, Snapshot, Unknown, UnknownReason
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.report import Severity
from envcheck.rules.environment_passed_over import RULE

CHOSEN = Python(executable="/usr/bin/python3", chosen_because="python3 of PATH")


def judge(*unknown: Unknown, live: bool = True, python: Python = CHOSEN) -> list[Outcome]:
    return list(RULE.check(Case(Snapshot(unknown=unknown, live=live, python=python))))


def passed_over(path: str, reason: str) -> Unknown:
    return Unknown(fact=f"python.candidates[{path}]", reason=UnknownReason.UNPARSABLE, detail=reason)


def test_a_dead_environment_is_a_warning_that_says_what_was_examined_in_its_place() -> None:
    (found,) = judge(passed_over("/project/.venv", "has no interpreter"))
    assert isinstance(found, Found)
    assert found.severity is Severity.WARNING
    assert found.subject == "/project/.venv"
    assert found.message == "/project/.venv has no interpreter; /usr/bin/python3 was examined in its place."
    assert found.remedies[0].steps[0].do == "delete /project/.venv"


def test_one_that_was_only_not_trusted_is_not_to_be_deleted() -> None:
    (found,) = judge(passed_over("/project/.venv", "came with the project's repository, so nothing in it is run"))
    assert isinstance(found, Found)
    assert [step.run for step in found.remedies[0].steps] == [("envcheck", "doctor", "--python", "/project/.venv")]


def test_a_path_with_brackets_stays_whole() -> None:
    (found,) = judge(passed_over("/a[1]/.venv", "is gone"))
    assert isinstance(found, Found)
    assert found.subject == "/a[1]/.venv"


def test_other_unknown_facts_are_none_of_its_business() -> None:
    assert [type(each) for each in judge(Unknown(fact="python.kernels", reason=UnknownReason.DENIED))] == [Passed]


def test_nothing_passed_over_passes_with_the_reason_of_the_choice() -> None:
    (passed,) = judge()
    assert isinstance(passed, Passed)
    assert passed.message == "chosen: python3 of PATH"


def test_of_a_pasted_text_nothing_was_chosen() -> None:
    assert [type(outcome) for outcome in judge(live=False)] == [NotApplicable]


def test_it_is_not_evaluated_where_the_choice_is_not_known() -> None:
    assert [type(outcome) for outcome in judge(python=Python())] == [NotEvaluated]
