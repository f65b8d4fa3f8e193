"""framework-end-of-life: the last release of the installed series, at the time of the facts."""

import pytest

from envcheck.facts.snapshot import Package, PackageState, Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.report import Severity
from envcheck.rules.framework_end_of_life import RULE

TODAY = "2026-11-21T09:00:00Z"


def judge(*packages: tuple[str, str], taken: str = TODAY) -> list[Outcome]:
    return list(
        RULE.check(
            Case(
                Snapshot(
                    taken=taken, packages=tuple(Package(name=name, version=version, state=PackageState.OK) for name, version in packages)
                )
            )
        )
    )


@pytest.mark.parametrize(
    ("name", "version", "words"),
    [
        ("torch", "2.1.0+cu118", "the last release of 2.1 was 2.1.2 in December 2023"),
        ("torch", "1.13.1", "the last release of 1.13 was 1.13.1 in December 2022"),
        ("tensorflow", "2.10.0", "the last release of 2.10 was 2.10.1 in November 2022"),
        ("tensorflow-gpu", "1.15.0", "the last release of 1.15 was 1.15.5 in January 2021"),
        ("jax", "0.3.25", "the last release of 0.3 was 0.3.25 in November 2022"),
    ],
)
def test_a_series_without_releases_for_years_is_a_hint(name: str, version: str, words: str) -> None:
    (found,) = judge((name, version))
    assert isinstance(found, Found)
    assert found.severity is Severity.INFO
    assert words in found.message


@pytest.mark.parametrize(("name", "version"), [("torch", "2.14.1"), ("torch", "2.6.0+cu124"), ("tensorflow", "2.21.0"), ("jax", "0.12.0")])
def test_a_series_with_a_release_of_the_last_two_years_passes(name: str, version: str) -> None:
    assert [type(outcome) for outcome in judge((name, version))] == [Passed]


@pytest.mark.parametrize(("taken", "outcome"), [("2025-12-31T00:00:00Z", Passed), ("2026-01-01T00:00:00Z", Found)])
def test_two_years_are_counted_by_months(taken: str, outcome: type[Outcome]) -> None:
    assert [type(each) for each in judge(("torch", "2.1.2"), taken=taken)] == [outcome]


def test_the_newest_series_never_ends() -> None:
    assert [type(outcome) for outcome in judge(("torch", "2.15.0"), taken="2099-01-01T00:00:00Z")] == [Passed]


def test_each_framework_is_judged_by_itself() -> None:
    outcomes = judge(("torch", "2.0.1"), ("tensorflow", "2.21.0"))
    assert [type(outcome) for outcome in outcomes] == [Found, Passed]


def test_a_version_that_is_not_known_and_a_series_of_no_table_are_not_evaluated() -> None:
    assert [type(outcome) for outcome in judge(("torch", "9.9.0"))] == [NotEvaluated]
    assert [type(outcome) for outcome in RULE.check(Case(Snapshot(packages=(Package(name="torch", state=PackageState.OK),))))] == [
        NotEvaluated
    ]


def test_without_a_framework_it_does_not_apply() -> None:
    assert [type(outcome) for outcome in judge(("numpy", "1.21.0"))] == [NotApplicable]
