"""driver-state-after-suspend: CUDA's unknown error on a machine that has slept."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty
from envcheck.rules.driver_state_after_suspend import RULE


def judge(*symptoms: dict[str, Any], **facts: Any) -> Any:
    (outcome,) = RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot)))
    return outcome


UNKNOWN = {"kind": "cuda-error", "text": "failed call to cuInit: CUDA_ERROR_UNKNOWN", "code": 999, "details": {"code": "999"}}
SLEPT = {"kind": "resumed", "text": "after resuming from suspend", "details": {"reason": "resuming from suspend"}}


def test_both_words_together_make_it_likely() -> None:
    found = judge(UNKNOWN, SLEPT)
    assert isinstance(found, Found)
    assert found.certainty is Certainty.LIKELY
    assert len(found.evidence) == 2
    assert [step.run for step in found.remedies[0].steps if step.run] == [
        ("sudo", "rmmod", "nvidia_uvm"),
        ("sudo", "modprobe", "nvidia_uvm"),
        ("sudo", "reboot"),
    ]
    assert any("NVreg_PreserveVideoMemoryAllocations=1" in step.do for step in found.remedies[1].steps)


def test_an_unknown_error_alone_decides_nothing() -> None:
    gap = judge(UNKNOWN)
    assert isinstance(gap, NotEvaluated)
    assert gap.needs


@pytest.mark.parametrize(
    "symptoms",
    [
        (),
        (SLEPT,),
        (SLEPT, {"kind": "cuda-error", "text": "100", "code": 100}),
        (SLEPT, {"kind": "nvml-error", "text": "999", "code": 999}),
    ],
)
def test_sleep_alone_or_with_another_error_is_another_matter(symptoms: tuple[dict[str, Any], ...]) -> None:
    assert isinstance(judge(*symptoms), NotApplicable)


@pytest.mark.parametrize(
    ("system", "word"),
    [({"os": "Windows"}, "restart Windows"), ({"os": "Linux", "wsl": 2}, "restart Windows"), ({"container": "docker"}, "host")],
)
def test_the_remedy_is_for_this_system(system: dict[str, Any], word: str) -> None:
    assert word in judge(UNKNOWN, SLEPT, system=system).remedies[0].summary


def test_a_machine_that_slept_and_computes_is_well() -> None:
    assert isinstance(judge(SLEPT, builds={"torch": {"cuda_available": True}}), Passed)
    assert isinstance(judge(SLEPT, builds={"torch": {"cuda_available": False}}), NotApplicable)
    assert isinstance(judge(SLEPT, UNKNOWN, builds={"torch": {"cuda_available": True}}), Found)


@pytest.mark.parametrize(("code", "expected"), [(719, Found), (700, Found), (46, Found), (2, NotApplicable), (59, NotApplicable)])
def test_memory_that_was_lost_over_the_sleep_is_told_by_other_errors(code: int, expected: type) -> None:
    failed = {"kind": "cuda-error", "text": "CUDA error", "code": code}
    outcome = judge(failed, SLEPT)
    assert isinstance(outcome, expected)
    assert isinstance(judge(failed), NotApplicable)
    if isinstance(outcome, Found):
        assert (outcome.certainty, outcome.message) == (Certainty.LIKELY, "CUDA fails since the machine has slept.")
