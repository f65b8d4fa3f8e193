from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty
from envcheck.rules.nvml_driver_library_mismatch import RULE


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


SAID = {
    "kind": "nvml-error",
    "text": "Failed to initialize NVML: Driver/library version mismatch",
    "code": 18,
    "details": {"code": "18", "name": "LIB_RM_VERSION_MISMATCH"},
}


@pytest.mark.parametrize(
    "symptom",
    [
        SAID,
        {"kind": "cuda-error", "text": "unsupported display driver / cuda driver combination", "code": 803},
        {"kind": "nvml-error", "text": "NVMLError_LibRmVersionMismatch", "details": {"name": "LIB_RM_VERSION_MISMATCH"}},
    ],
)
def test_the_drivers_own_word_decides(symptom: dict[str, Any]):
    (found,) = judge(symptom)
    assert isinstance(found, Found)
    assert found.certainty is Certainty.CERTAIN
    assert found.remedies[0].steps[0].run == ("sudo", "reboot")


def test_both_versions_are_named_where_they_are_known():
    details = {**SAID["details"], "library_version": "550.107.02", "kernel_module_version": "550.90.07"}
    assert "550.107.02 and 550.90.07" in judge({**SAID, "details": details})[0].message
    assert "550.107 and 550.90.07" in judge(SAID, nvidia={"driver_version": "550.107", "kernel_module_version": "550.90.07"})[0].message


@pytest.mark.parametrize(
    ("driver", "module", "expected"),
    [
        ("550.107.02", "550.90.07", Found),
        ("550.90.07", "550.90.07", Passed),
        ("550.90", "550.90.07", Passed),  # a source that cuts the version
        ("550.91", "550.90.07", Found),
    ],
)
def test_two_versions_are_compared(driver: str, module: str, expected: type):
    assert isinstance(judge(nvidia={"driver_version": driver, "kernel_module_version": module})[0], expected)


def test_in_a_container_it_may_be_the_images_own_libraries():
    (found,) = judge(SAID, system={"os": "Linux", "container": "docker"})
    assert found.certainty is Certainty.LIKELY
    assert found.would_confirm
    assert "host" in found.remedies[0].summary


def test_debians_kin_are_told_how_to_hold_the_packages():
    assert any("apt-mark hold" in step.do for step in judge(SAID, system={"os": "Linux", "distribution_id": "ubuntu"})[0].remedies[0].steps)
    assert not any("apt-mark" in step.do for step in judge(SAID, system={"os": "Linux", "distribution_id": "fedora"})[0].remedies[0].steps)


def test_half_a_driver_cannot_be_compared():
    assert isinstance(judge(nvidia={"driver_version": "550.90.07"})[0], NotEvaluated)


@pytest.mark.parametrize("nvidia", [{}, {"driver_version": None}, {"driver_version": "550.90.07", "kernel_module_version": None}])
def test_without_two_halves_there_is_no_question(nvidia: dict[str, Any]):
    assert isinstance(judge(nvidia=nvidia)[0], NotApplicable)


def test_other_errors_of_cuda_and_nvml_are_passed_over():
    assert isinstance(judge({"kind": "cuda-error", "text": "18", "code": 18})[0], NotApplicable)
    assert isinstance(judge({"kind": "nvml-error", "text": "803", "code": 803})[0], NotApplicable)


@pytest.mark.parametrize(
    ("nvidia", "expected"),
    [
        ({"library_version": "580.105.08"}, Found),
        ({"package_version": "580.105.08-0ubuntu0.24.04.1"}, Found),
        ({"package_version": "3:580.95.05-1"}, Passed),
        ({"library_version": "580.95.05", "driver_version": "580.95.05"}, Passed),
        ({"library_version": "580.105.08", "state": "ok"}, Passed),
        ({"library_version": "580.105.08", "libcuda_path": "/usr/local/cuda/compat/libcuda.so.1"}, Passed),
        ({"library_version": "580.105.08", "jetson": "Jetson AGX Orin"}, NotApplicable),
    ],
)
def test_a_computed_mismatch(nvidia: dict[str, Any], expected: type):
    (outcome,) = judge(live=True, nvidia={"kernel_module_version": "580.95.05", **nvidia})
    assert isinstance(outcome, expected)
    if isinstance(outcome, Found):
        assert outcome.certainty is Certainty.CERTAIN
        assert "580.105.08 and 580.95.05" in outcome.message


@pytest.mark.parametrize("system", [{"os": "Windows"}, {"os": "Linux", "wsl": 2}])
def test_two_numbers_are_normal_where_the_driver_is_windowss(system: dict[str, Any]):
    nvidia = {"kernel_module_version": "595.71.01", "driver_version": "596.36"}
    assert isinstance(judge(nvidia=nvidia, system=system)[0], NotApplicable)


def test_the_modules_may_be_exchanged_without_a_reboot():
    reload = judge(SAID, system={"os": "Linux", "distribution_id": "fedora"})[0].remedies[1]
    assert [step.run for step in reload.steps if step.run][:2] == [
        ("sudo", "rmmod", "nvidia_drm", "nvidia_modeset", "nvidia_uvm", "nvidia"),
        ("sudo", "modprobe", "nvidia"),
    ]
    first = judge(SAID, system={"os": "Linux", "distribution_id": "fedora"})[0].remedies[0]
    assert first.steps[1].run[1:3] == ("dnf", "versionlock")
