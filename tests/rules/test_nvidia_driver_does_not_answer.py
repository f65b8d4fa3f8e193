"""nvidia-driver-does-not-answer: libraries of the driver that hang, crash or fail when envcheck itself asks them."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty, Severity
from envcheck.rules.nvidia_driver_does_not_answer import RULE

CARD = {"index": 0, "vendor": "nvidia", "name": "NVIDIA H200", "driver": "nvidia"}
BUILT_FOR_CUDA = {"builds": {"torch": {"version": "2.8.0+cu128", "cuda": "12.8"}}}


def judge(*symptoms: dict[str, Any], **facts: Any) -> Any:
    told = {"live": True, "accelerators": [CARD], "symptoms": symptoms, **facts}
    (outcome,) = RULE.check(Case(msgspec.convert(told, Snapshot)))
    return outcome


def ended(subject: str, kind: str = "timed-out") -> dict[str, Any]:
    return {"kind": kind, "subject": subject, "text": f"{subject} did not answer", "details": {"stage": "start", "asked_by": "envcheck"}}


UNKNOWN_ERROR = {
    "kind": "cuda-error",
    "subject": "CUDA",
    "code": 999,
    "text": "failed call to cuInit: CUDA_ERROR_UNKNOWN: unknown error",
    "details": {"asked_by": "envcheck"},
}


@pytest.mark.parametrize(
    ("said", "facts", "severity", "certainty", "words"),
    [
        ((ended("NVML"),), BUILT_FOR_CUDA, Severity.WARNING, Certainty.LIKELY, "NVML does not come back"),
        ((ended("NVML"), ended("CUDA")), BUILT_FOR_CUDA, Severity.ERROR, Certainty.LIKELY, "do not come back"),
        ((ended("NVML"), ended("CUDA", "unkillable")), {}, Severity.WARNING, Certainty.LIKELY, "do not come back"),
        ((ended("NVML", "signal"), ended("CUDA", "signal")), BUILT_FOR_CUDA, Severity.ERROR, Certainty.CERTAIN, "library crash"),
        ((UNKNOWN_ERROR,), BUILT_FOR_CUDA, Severity.ERROR, Certainty.CERTAIN, "unknown error (999)"),
        ((UNKNOWN_ERROR,), {}, Severity.WARNING, Certainty.CERTAIN, "unknown error (999)"),
    ],
)
def test_it_is_found_by_how_the_libraries_end(
    said: tuple[dict[str, Any], ...], facts: dict[str, Any], severity: Severity, certainty: Certainty, words: str
) -> None:
    found = judge(*said, **facts)
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (severity, certainty)
    assert words in found.message
    assert len(found.symptoms) == len(said)


def test_the_missing_node_of_the_memory_module_is_named() -> None:
    there = {"devices": [{"path": "/dev/nvidia-uvm"}], "observed": {"devices": "complete"}}
    assert "/dev/nvidia-uvm" in judge(UNKNOWN_ERROR, observed={"devices": "complete"}).message
    assert "/dev/nvidia-uvm" not in judge(UNKNOWN_ERROR, **there).message
    assert "/dev/nvidia-uvm" not in judge(UNKNOWN_ERROR).message


def test_a_hint_on_persistence_mode_is_given_to_a_driver_that_may_only_be_slow() -> None:
    assert any("nvidia-smi" in step.run for remedy in judge(ended("NVML")).remedies for step in remedy.steps)
    assert len(judge(ended("NVML", "signal")).remedies) == 1


def test_a_driver_that_answers_passes() -> None:
    assert isinstance(judge(nvidia={"driver_version": "580.95.05"}), Passed)


def test_what_programs_said_in_a_report_is_not_its_matter() -> None:
    assert isinstance(judge({**UNKNOWN_ERROR, "details": {}}, live=False), NotApplicable)
    assert isinstance(judge(accelerators=[]), NotApplicable)


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "unkillable", "subject": "kernel", "text": "INFO: task nvidia-smi:4411 blocked", "details": {"stage": "nvidia-smi"}},
        {"kind": "gpu-xid", "subject": "kernel", "code": 119, "text": "NVRM: Xid (PCI:0000:1b:00): 119", "details": {"code": "119"}},
    ],
    ids=["hung task", "GSP"],
)
def test_the_kernels_log_tells_of_a_text(said: dict[str, Any]) -> None:
    found = judge(said, live=False, accelerators=[])
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.CERTAIN)


def test_another_event_of_the_card_is_another_matter() -> None:
    xid = {"kind": "gpu-xid", "subject": "kernel", "code": 31, "text": "NVRM: Xid (PCI:0000:1b:00): 31", "details": {"code": "31"}}
    assert isinstance(judge(xid, live=False, accelerators=[]), NotApplicable)


def test_a_loaded_driver_that_was_not_heard_is_not_one_that_answers() -> None:
    loaded = {"kernel_module_version": "580.95.05"}
    why = {"fact": "nvidia.driver_version", "reason": "denied", "detail": "Insufficient Permissions"}
    outcome = judge(nvidia=loaded, unknown=[why])
    assert isinstance(outcome, NotEvaluated)
    assert "Insufficient Permissions" in outcome.reason
    assert isinstance(judge(nvidia={**loaded, "driver_version": None}), NotApplicable)
    assert isinstance(judge(nvidia=loaded, live=False), NotApplicable)


def test_a_table_of_nvidia_smi_is_an_answer() -> None:
    assert isinstance(judge(live=False, nvidia={"driver_version": "580.95.05", "state": "ok"}), Passed)
    assert isinstance(judge(live=False, nvidia={"driver_version": "580.95.05"}), NotApplicable)
