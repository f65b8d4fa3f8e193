from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty, Severity
from envcheck.rules.hsa_override_gfx_version import RULE

TORCH = {"torch": {"version": "2.8.0+rocm6.4", "rocm": "6.4"}}
FAILED = {"kind": "cuda-error", "text": "HIP error: invalid device function", "code": 98, "details": {}}


def card(index: int = 0, **fields: Any) -> dict[str, Any]:
    return {"index": index, "vendor": "amd", **fields}


NAVI31, NAVI22 = card(architecture="gfx1100", name="Radeon RX 7900 XTX"), card(architecture="gfx1031", name="Radeon RX 6700 XT")


def judge(value: str | None, *cards: dict[str, Any], symptoms: tuple[dict[str, Any], ...] = (), **facts: Any) -> Any:
    variables = {} if value is None else {"HSA_OVERRIDE_GFX_VERSION": value}
    snapshot = {"accelerators": cards, "variables": variables, "symptoms": symptoms, **facts}
    (outcome,) = RULE.check(Case(msgspec.convert(snapshot, Snapshot)))
    return outcome


def test_a_target_of_another_family_is_wrong():
    found = judge("10.3.0", NAVI31, builds=TORCH)
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.CERTAIN)
    assert "gfx1030" in found.message
    assert judge("10.3.0", NAVI31).severity is Severity.WARNING
    assert judge("10.3.0", NAVI31, symptoms=(FAILED,)).severity is Severity.ERROR


def test_a_card_that_is_known_by_its_name_only():
    found = judge("10.3.0", card(name="Radeon RX 7600"), builds=TORCH)
    assert "gfx1102" in found.message
    assert any("11.0.0" in " ".join(step.run) for remedy in found.remedies for step in remedy.steps)


def test_a_relative_that_the_build_has_no_code_for_is_what_it_is_for():
    assert isinstance(judge("10.3.0", NAVI22, builds=TORCH), Passed)


def test_a_target_that_the_build_has_needs_none():
    found = judge("11.0.0", card(architecture="gfx1101", name="Radeon RX 7800 XT"), builds=TORCH)
    assert (found.severity, found.certainty) == (Severity.WARNING, Certainty.LIKELY)
    own = {"torch": {"rocm": "6.0", "arch_list": ["gfx1030", "gfx1100"]}}
    assert isinstance(judge("11.0.0", card(architecture="gfx1101"), builds=own), Passed)
    with_flags = {"torch": {"rocm": "6.0", "arch_list": ["gfx90a:xnack-", "gfx1101"]}}
    assert isinstance(judge("11.0.0", card(architecture="gfx1101"), builds=with_flags), Found)


def test_its_own_target_changes_nothing():
    assert isinstance(judge("11.0.0", NAVI31, builds=TORCH), Passed)


def test_beside_a_card_the_processors_graphics_do_not_count():
    built_in = card(1, architecture="gfx1036", integrated=True)
    assert isinstance(judge("11.0.0", NAVI31, built_in, builds=TORCH), Passed)
    assert isinstance(judge("10.3.0", NAVI31, built_in, builds=TORCH), Found)


@pytest.mark.parametrize("value", ["gfx1030", "10.3", "10.3.0.0", "yes", "10.3.99"])
def test_what_is_no_version(value: str):
    assert "three parts" in judge(value, NAVI22).message


def test_without_a_value_a_card_or_a_target():
    assert isinstance(judge(None, NAVI31), NotApplicable)
    assert isinstance(judge("", NAVI31), NotApplicable)
    assert isinstance(judge("10.3.0"), NotApplicable)
    assert isinstance(judge("10.3.0", card(name="AMD Radeon Graphics")), NotEvaluated)
