"""gpu-memory-failing: errors in the memory of a GPU that could not be corrected."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Severity
from envcheck.rules.gpu_memory_failing import RULE


def judge(*symptoms: dict[str, Any], **card: Any) -> Any:
    cards = [{"index": 0, "vendor": "nvidia", "name": "NVIDIA A100-SXM4-80GB", **card}] if card else []
    (outcome,) = RULE.check(Case(msgspec.convert({"accelerators": cards, "symptoms": symptoms}, Snapshot)))
    return outcome


def xid(code: int) -> dict[str, Any]:
    return {"kind": "gpu-xid", "text": f"NVRM: Xid (PCI:0000:07:00): {code}", "code": code, "details": {"code": str(code)}}


MET = {"kind": "cuda-error", "text": "uncorrectable ECC error encountered", "code": 214, "details": {"code": "214"}}


@pytest.mark.parametrize(
    ("symptoms", "card", "severity"),
    [
        ((), {"remapping_failed": True, "ecc_errors": 0}, Severity.ERROR),
        ((MET,), {}, Severity.ERROR),
        ((xid(48),), {}, Severity.ERROR),
        ((xid(95),), {"ecc_errors": 2}, Severity.ERROR),
        ((), {"retirement_pending": True}, Severity.INFO),
        ((), {"ecc_errors": 1}, Severity.WARNING),
        ((xid(63),), {}, Severity.WARNING),
    ],
)
def test_what_cannot_be_mended_is_worse_than_what_the_next_reset_mends(
    symptoms: tuple[dict[str, Any], ...], card: dict[str, Any], severity: Severity
) -> None:
    found = judge(*symptoms, **card)
    assert isinstance(found, Found)
    assert found.severity is severity


def test_a_card_is_replaced_only_where_its_spare_memory_is_used_up() -> None:
    assert "replaced" in judge(remapping_failed=True).remedies[0].summary
    assert "reset" in judge(retirement_pending=True).remedies[0].summary


@pytest.mark.parametrize(
    "card", [{"ecc_errors": 0}, {"ecc_errors": 0, "retired_pages": 2, "retirement_pending": False}, {"remapping_failed": False}]
)
def test_memory_without_open_errors_passes(card: dict[str, Any]) -> None:
    assert isinstance(judge(**card), Passed)


@pytest.mark.parametrize("symptoms", [(), (xid(79),), (xid(31),)])
def test_cards_that_tell_nothing_are_not_judged(symptoms: tuple[dict[str, Any], ...]) -> None:
    assert isinstance(judge(*symptoms, ecc="disabled"), NotApplicable)


@pytest.mark.parametrize(("reason", "outcome"), [("denied", NotEvaluated), ("timed_out", NotEvaluated), ("unsupported", NotApplicable)])
def test_a_card_that_was_asked_in_vain_is_not_one_without_the_answer(reason: str, outcome: type) -> None:
    card = {"index": 0, "vendor": "nvidia", "name": "NVIDIA A100-SXM4-80GB"}
    facts = {"accelerators": [card], "live": True, "unknown": [{"fact": "accelerators[0].ecc_errors", "reason": reason}]}
    (told,) = RULE.check(Case(msgspec.convert(facts, Snapshot)))
    assert isinstance(told, outcome)
    assert not isinstance(told, NotEvaluated) or "A100" in told.reason
