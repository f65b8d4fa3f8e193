"""python-end-of-life: compared with the time at which the facts were taken."""

import pytest

from envcheck.facts.snapshot import Python, Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotEvaluated, Outcome, Passed
from envcheck.report import Severity
from envcheck.rules.python_end_of_life import RULE


def judge(version: str, taken: str = "2026-11-21T09:00:00Z") -> list[Outcome]:
    return list(RULE.check(Case(Snapshot(taken=taken, python=Python(version=version)))))


def test_a_python_without_fixes_is_a_hint_with_the_month() -> None:
    (found,) = judge("3.9.18")
    assert isinstance(found, Found)
    assert found.severity is Severity.INFO
    assert "since October 2025" in found.message


@pytest.mark.parametrize("version", ["2.7.18", "3.8.18", "3.10.13", "3.6.9 |Anaconda, Inc.| (default)"])
def test_all_that_have_ended_are_found(version: str) -> None:
    assert [type(outcome) for outcome in judge(version)] == [Found]


@pytest.mark.parametrize("version", ["3.11.7", "3.12.1", "3.14.0rc1", "3.99.0"])
def test_those_that_go_on_pass_and_so_do_newer_ones_than_the_schedule(version: str) -> None:
    assert [type(outcome) for outcome in judge(version)] == [Passed]


@pytest.mark.parametrize(("taken", "outcome"), [("2026-10-31T23:59:59Z", Passed), ("2026-11-01T00:00:00Z", Found)])
def test_the_last_month_itself_is_not_yet_the_end(taken: str, outcome: type[Outcome]) -> None:
    assert [type(each) for each in judge("3.10.13", taken)] == [outcome]


def test_it_is_not_evaluated_without_a_version() -> None:
    assert [type(outcome) for outcome in RULE.check(Case(Snapshot(taken="2026-11-21")))] == [NotEvaluated]


@pytest.mark.parametrize(("version", "outcome"), [("3.8.10", Found), ("3.13.2", Passed)])
def test_of_a_text_without_a_date_that_of_the_tables_counts(version: str, outcome: type) -> None:
    assert [type(entry) for entry in judge(version, taken="")] == [outcome]
    assert [type(outcome) for outcome in judge("unknown")] == [NotEvaluated]
