"""pip-of-another-python: where a plain pip installs."""

from envcheck.facts.snapshot import PipCommand, Python, Snapshot
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.report import Severity
from envcheck.rules.pip_of_another_python import RULE


def judge(pip: PipCommand | None, *symptoms: Symptom) -> list[Outcome]:
    python = Python(executable="/env/bin/python", pip=pip)
    return list(RULE.check(Case(Snapshot(python=python, symptoms=symptoms))))


ELSEWHERE = PipCommand(executable="/usr/bin/pip", python="/usr/bin/python3", same_environment=False)


def test_a_pip_that_installs_elsewhere_is_a_hint_with_the_right_command() -> None:
    (found,) = judge(ELSEWHERE)
    assert isinstance(found, Found)
    assert found.severity is Severity.INFO
    assert found.message == "/usr/bin/pip, the pip that PATH finds, installs into /usr/bin/python3, not into /env/bin/python."
    assert found.remedies[0].steps[0].run[:3] == ("/env/bin/python", "-m", "pip")


def test_it_is_a_warning_where_a_module_is_missing() -> None:
    missing = Symptom(kind=SymptomKind.MODULE_NOT_FOUND, text="No module named 'torch'", details={"module": "torch"})
    (found,) = judge(ELSEWHERE, missing)
    assert isinstance(found, Found)
    assert found.severity is Severity.WARNING
    assert found.would_confirm == ("whether the missing package is installed in /usr/bin/python3",)


def test_the_environments_own_pip_passes() -> None:
    assert [type(each) for each in judge(PipCommand(executable="/env/bin/pip", python="/env/bin/python", same_environment=True))] == [
        Passed
    ]


def test_without_pip_on_path_the_question_does_not_arise() -> None:
    assert [type(outcome) for outcome in judge(None)] == [NotApplicable]


def test_a_pip_whose_python_could_not_be_told_leaves_it_open() -> None:
    assert [type(outcome) for outcome in judge(PipCommand(executable="/usr/bin/pip", python=None))] == [NotEvaluated]


def test_it_is_not_evaluated_where_path_was_not_looked_at() -> None:
    assert [type(outcome) for outcome in RULE.check(Case(Snapshot()))] == [NotEvaluated]
