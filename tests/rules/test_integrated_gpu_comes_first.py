from typing import Any

import msgspec

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty, Severity
from envcheck.rules.integrated_gpu_comes_first import RULE

TORCH = {"torch": {"version": "2.8.0+rocm6.4", "rocm": "6.4"}}


def built_in(index: int) -> dict[str, Any]:
    return {"index": index, "vendor": "amd", "name": "AMD Radeon Graphics", "architecture": "gfx1036", "integrated": True}


def discrete(index: int) -> dict[str, Any]:
    return {"index": index, "vendor": "amd", "name": "AMD Radeon RX 7900 XTX", "architecture": "gfx1100", "integrated": False}


def judge(*cards: dict[str, Any], **facts: Any) -> Any:
    (outcome,) = RULE.check(Case(msgspec.convert({"accelerators": cards, "builds": TORCH, **facts}, Snapshot)))
    return outcome


def test_it_is_a_hint():
    found = judge(built_in(0), discrete(1))
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.INFO, Certainty.LIKELY)
    assert found.remedies[0].steps[0].run == ("export", "ROCR_VISIBLE_DEVICES=1")


def test_it_counts_amds_cards_only():
    nvidia = {"index": 0, "vendor": "nvidia"}
    assert judge(nvidia, built_in(1), discrete(2)).remedies[0].steps[0].run[1] == "ROCR_VISIBLE_DEVICES=1"


def test_a_card_that_comes_first_passes():
    assert isinstance(judge(discrete(0), built_in(1)), Passed)
    assert isinstance(judge(built_in(0), discrete(1), variables={"HIP_VISIBLE_DEVICES": "1"}), Passed)


def test_one_of_them_alone_is_no_question():
    assert isinstance(judge(built_in(0)), NotApplicable)
    assert isinstance(judge(discrete(0), discrete(1)), NotApplicable)
    assert isinstance(judge(built_in(0), discrete(1), builds={}), NotApplicable)


def refused(target: str) -> dict[str, Any]:
    return {
        "kind": "arch-not-supported",
        "text": f"Illegal seek for GPU arch : {target}",
        "details": {"backend": "rocm", "capability": target},
    }


def test_a_program_that_took_it_and_was_refused_is_an_error():
    found = judge(built_in(0), discrete(1), symptoms=[refused("gfx1036")])
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.CERTAIN)
    assert found.remedies[0].steps[0].run[1] == "ROCR_VISIBLE_DEVICES=1"


def test_a_program_that_the_card_refused_is_another_matter():
    assert judge(built_in(0), discrete(1), symptoms=[refused("gfx1100")]).severity is Severity.INFO


def unplaced(index: int) -> dict[str, Any]:
    return {"index": index, "vendor": "amd", "name": "AMD Radeon Graphics"}


def test_whether_one_of_two_is_part_of_the_processor_has_to_be_known():
    outcome = judge(unplaced(0), discrete(1))
    assert isinstance(outcome, NotEvaluated)
    assert outcome.needs == ("rocminfo",)
    assert isinstance(judge(unplaced(0), discrete(1), builds={}), NotApplicable)
    assert isinstance(judge(unplaced(0)), NotApplicable)
    assert isinstance(judge(unplaced(0), discrete(1), variables={"ROCR_VISIBLE_DEVICES": "1"}), Passed | NotApplicable)
