from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty, Severity
from envcheck.rules.amdgpu_not_loaded import RULE

CARD = {"index": 0, "vendor": "amd", "backend": "rocm", "name": "AMD Radeon RX 7900 XTX", "architecture": "gfx1100"}
TORCH = {"torch": {"version": "2.8.0+rocm6.4", "rocm": "6.4"}}
NVIDIA = {"index": 0, "vendor": "nvidia", "name": "NVIDIA A100"}


def said(kind: str, **details: str) -> dict[str, Any]:
    return {"kind": kind, "text": f"said {kind}", "subject": "rocminfo", "details": details}


NOT_LOADED = said("kernel-module-failed", module="amdgpu", reason="not loaded")
NO_KFD = said("device-not-found", path="/dev/kfd")


def judge(*symptoms: dict[str, Any], **facts: Any) -> Any:
    (outcome,) = RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot)))
    return outcome


def test_rocminfos_word_is_enough():
    found = judge(NOT_LOADED)
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.CERTAIN)
    assert ("sudo", "modprobe", "amdgpu") in [step.run for step in found.remedies[0].steps]


def test_a_monitor_that_asks_for_amd_on_an_nvidia_machine_means_nothing():
    assert isinstance(judge(NOT_LOADED, accelerators=[NVIDIA]), NotApplicable)
    assert isinstance(judge(NOT_LOADED, nvidia={"driver_version": "580.95.05"}), NotApplicable)


@pytest.mark.parametrize("system", [{"os": "Linux", "wsl": 2}, {"os": "Windows"}, {"os": "Darwin"}])
def test_where_the_driver_is_no_linux_module_there_is_no_question(system: dict[str, Any]):
    assert isinstance(judge(NOT_LOADED, system=system, accelerators=[CARD]), NotApplicable)


@pytest.mark.parametrize(
    ("driver", "builds", "severity"),
    [(None, TORCH, Severity.ERROR), ("radeon", TORCH, Severity.ERROR), ("vfio-pci", TORCH, Severity.ERROR), (None, {}, Severity.INFO)],
)
def test_a_card_without_the_driver(driver: str | None, builds: dict[str, Any], severity: Severity):
    found = judge(accelerators=[{**CARD, "driver": driver}], builds=builds, live=True)
    assert isinstance(found, Found)
    assert found.severity is severity
    assert driver is None or driver in found.message


@pytest.mark.parametrize("driver", ["radeon", "vfio-pci"])
def test_a_card_of_which_nobody_asks_computing_is_left_alone(driver: str):
    assert isinstance(judge(accelerators=[{**CARD, "driver": driver}], live=True), NotApplicable)


def test_a_driver_that_offers_no_computing():
    card = {**CARD, "driver": "amdgpu"}
    assert judge(accelerators=[card], amd={"state": "no-kfd"}, builds=TORCH, live=True).severity is Severity.ERROR
    assert isinstance(judge(accelerators=[card], amd={"state": "no-kfd"}, live=True), Passed)
    container = {"os": "Linux", "container": "docker"}
    assert isinstance(judge(accelerators=[card], amd={"state": "no-kfd"}, builds=TORCH, system=container, live=True), Passed)


def test_atomics_are_named():
    found = judge(said("kernel-module-failed", module="amdgpu", reason="PCI rejects atomics", device="1002:744c"), accelerators=[CARD])
    assert "atomics" in found.message
    assert "slot" in found.remedies[0].steps[0].do


@pytest.mark.parametrize("symptom", [NO_KFD, said("driver-not-found", vendor="amd", reason="no supported GPU")])
def test_what_has_several_causes_is_only_likely(symptom: dict[str, Any]):
    assert judge(symptom).certainty is Certainty.LIKELY


@pytest.mark.parametrize(
    "facts",
    [
        {"accelerators": [{**CARD, "driver": "amdgpu"}], "amd": {"state": "ok", "driver_version": "6.12.12"}, "live": True},
        {"accelerators": [{**CARD, "driver": "amdgpu"}], "amd": {"state": "denied"}, "builds": TORCH, "live": True},
        {"accelerators": [CARD], "builds": {"torch": {"rocm": "6.4", "cuda_available": True}}},
        {"accelerators": [CARD], "modules": ["amdgpu", "drm"]},
    ],
)
def test_a_driver_at_work_passes(facts: dict[str, Any]):
    assert isinstance(judge(**facts), Passed)


def test_a_card_of_which_no_more_is_known_cannot_be_judged():
    assert isinstance(judge(accelerators=[CARD]), NotEvaluated)


def test_nvidias_troubles_are_not_its():
    assert isinstance(judge(said("driver-not-found", vendor="nvidia")), NotApplicable)
    assert isinstance(judge(said("kernel-module-failed", module="nvidia"), accelerators=[NVIDIA]), NotApplicable)
