"""driver-end-of-life: the branch of NVIDIA's driver, at the time of the facts."""

import pytest

from envcheck.facts.accelerators import Accelerator, Nvidia
from envcheck.facts.snapshot import Snapshot, System
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.report import Certainty, Severity
from envcheck.rules.driver_end_of_life import RULE

TODAY = "2026-11-21T09:00:00Z"
LINUX = System(os="Linux")


def judge(driver: str, *, taken: str = TODAY, capability: str = "8.6", system: System = LINUX) -> list[Outcome]:
    card = Accelerator(index=0, vendor="nvidia", name="a card", compute_capability=capability)
    return list(RULE.check(Case(Snapshot(taken=taken, nvidia=Nvidia(driver_version=driver), accelerators=(card,), system=system))))


@pytest.mark.parametrize(
    ("driver", "words"),
    [
        ("550.54.15", "branch 550, which has had no fixes since August 2025 at the latest"),
        ("535.183.01", "branch 535, which has had no fixes since June 2026"),
        ("450.80.02", "branch 450, which has had no fixes since July 2023"),
    ],
)
def test_a_branch_without_fixes_is_a_hint(driver: str, words: str) -> None:
    (found,) = judge(driver)
    assert isinstance(found, Found)
    assert found.severity is Severity.INFO
    assert found.certainty is Certainty.CERTAIN
    assert words in found.message
    assert "branch 580" in found.remedies[0].summary


@pytest.mark.parametrize("driver", ["580.65.06", "580", "595.45.04"])
def test_a_branch_that_gets_fixes_passes(driver: str) -> None:
    assert [type(outcome) for outcome in judge(driver)] == [Passed]


@pytest.mark.parametrize(("taken", "outcome"), [("2026-06-30T23:59:59Z", Passed), ("2026-07-01T00:00:00Z", Found)])
def test_the_last_month_itself_is_not_yet_the_end(taken: str, outcome: type[Outcome]) -> None:
    assert [type(each) for each in judge("535.183.01", taken=taken)] == [outcome]


def test_a_card_of_which_every_branch_has_ended_needs_no_update() -> None:
    (found,) = judge("470.256.02", capability="3.7")
    assert isinstance(found, Found)
    assert "use another card" in found.remedies[0].summary


def test_a_card_before_turing_is_sent_to_the_last_branch_for_it() -> None:
    (found,) = judge("525.105.17", capability="7.0")
    assert isinstance(found, Found)
    assert "branch 580" in found.remedies[0].summary


def test_windows_numbers_are_put_to_their_branch_and_only_likely() -> None:
    (found,) = judge("551.61", system=System(os="Windows"))
    assert isinstance(found, Found)
    assert "branch 550" in found.message
    assert found.certainty is Certainty.LIKELY
    assert found.would_confirm


def test_under_wsl_the_driver_is_windows_own() -> None:
    (found,) = judge("537.58", system=System(os="Linux", wsl=2))
    assert isinstance(found, Found)
    assert "on Windows" in found.remedies[0].summary


def test_a_branch_of_no_table_is_not_evaluated() -> None:
    assert [type(outcome) for outcome in judge("540.4.0")] == [NotEvaluated]
    assert [type(outcome) for outcome in judge("999.1")] == [NotEvaluated]


def test_a_card_without_a_driver_version_is_not_evaluated() -> None:
    card = Accelerator(index=0, vendor="nvidia", name="NVIDIA A100")
    assert [type(outcome) for outcome in RULE.check(Case(Snapshot(taken=TODAY, accelerators=(card,))))] == [NotEvaluated]


def test_without_anything_of_nvidias_it_does_not_apply() -> None:
    assert [type(outcome) for outcome in RULE.check(Case(Snapshot(taken=TODAY)))] == [NotApplicable]
