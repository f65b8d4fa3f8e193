"""gpu-throttled: what slows a GPU down to protect it."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Severity
from envcheck.rules.gpu_throttled import RULE


def judge(*cards: dict[str, Any]) -> list[Any]:
    listed = [{"index": index, "vendor": "nvidia", "name": "Tesla T4", **card} for index, card in enumerate(cards)]
    return list(RULE.check(Case(msgspec.convert({"accelerators": listed}, Snapshot))))


def test_heat_and_the_power_supply_are_two_findings() -> None:
    hot, braked = judge({"throttle_reasons": ["hw-thermal"], "temperature_c": 93.0}, {"throttle_reasons": ["hw-power-brake"]})
    assert isinstance(hot, Found)
    assert isinstance(braked, Found)
    assert (hot.message, hot.severity) == ("GPU 0 (Tesla T4) is slowed down by heat (93 °C).", Severity.WARNING)
    assert braked.message == "GPU 1 (Tesla T4) is slowed down by the power supply."


@pytest.mark.parametrize("reasons", [[], ["idle"], ["power-cap"], ["sw-thermal", "power-cap"], ["application-clocks"]])
def test_what_is_normal_passes(reasons: list[str]) -> None:
    (outcome,) = judge({"throttle_reasons": reasons})
    assert isinstance(outcome, Passed)


def test_cards_that_do_not_tell_are_not_judged() -> None:
    (outcome,) = judge({})
    assert isinstance(outcome, NotApplicable)


@pytest.mark.parametrize(("reason", "outcome"), [("denied", NotEvaluated), ("crashed", NotEvaluated), ("unsupported", NotApplicable)])
def test_a_card_that_was_asked_in_vain_is_not_one_without_the_answer(reason: str, outcome: type) -> None:
    card = {"index": 0, "vendor": "nvidia", "name": "Tesla T4"}
    why = {"fact": "accelerators[0].throttle_reasons", "reason": reason, "detail": "Insufficient Permissions"}
    (told,) = RULE.check(Case(msgspec.convert({"accelerators": [card], "live": True, "unknown": [why]}, Snapshot)))
    assert isinstance(told, outcome)
    assert not isinstance(told, NotEvaluated) or "Insufficient Permissions" in told.reason
