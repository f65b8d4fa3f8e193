"""tables-out-of-date: the tables' day against the day of the facts, and no clock."""

import datetime as dt

import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.engine import diagnose
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.knowledge import TABLES_DATE
from envcheck.report import Severity
from envcheck.rules import tables_out_of_date
from envcheck.rules.tables_out_of_date import RULE


def judge(taken: str) -> list[Outcome]:
    return list(RULE.check(Case(Snapshot(taken=taken))))


def test_facts_long_after_the_tables_are_a_hint_with_both_days() -> None:
    (found,) = judge("2099-03-01T10:00:00Z")
    assert isinstance(found, Found)
    assert found.severity is Severity.INFO
    assert TABLES_DATE in found.message
    assert "2099-03-01" in found.message
    assert "upgrade envcheck" in found.remedies[0].summary


def test_facts_of_the_tables_time_and_older_ones_pass() -> None:
    assert [type(outcome) for outcome in judge(f"{TABLES_DATE}T00:00:00Z")] == [Passed]
    assert [type(outcome) for outcome in judge("2019-01-01T00:00:00Z")] == [Passed]


@pytest.mark.parametrize(
    ("tables", "last_day"),
    [("2026-11-21", "2027-05-21"), ("2026-08-31", "2027-02-28"), ("2027-08-31", "2028-02-29"), ("2026-06-30", "2026-12-30")],
)
def test_six_months_to_the_day_are_not_yet_too_old(monkeypatch: pytest.MonkeyPatch, tables: str, last_day: str) -> None:
    monkeypatch.setattr(tables_out_of_date, "TABLES_DATE", tables)
    following = (dt.date.fromisoformat(last_day) + dt.timedelta(days=1)).isoformat()
    assert [type(outcome) for outcome in judge(f"{last_day}T23:59:59Z")] == [Passed]
    assert [type(outcome) for outcome in judge(f"{following}T00:00:00Z")] == [Found]


def test_without_a_time_there_is_nothing_to_be_said() -> None:
    assert [type(outcome) for outcome in judge("")] == [NotApplicable]


@pytest.mark.parametrize("taken", ["yesterday", "2026-13-45T00:00:00Z", "\x00" * 50, "9" * 10_000])
def test_a_time_that_is_none_is_not_evaluated(taken: str) -> None:
    assert [type(outcome) for outcome in judge(taken)] == [NotEvaluated]


def test_the_hint_makes_no_report_a_problem() -> None:
    with_it = diagnose(Snapshot(taken="2099-03-01T10:00:00Z"), [RULE])
    without = diagnose(Snapshot(taken=""), [RULE])
    assert [finding.rule for finding in with_it.findings] == ["tables-out-of-date"]
    assert with_it.status is without.status
