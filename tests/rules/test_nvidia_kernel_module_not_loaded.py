from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty
from envcheck.rules.nvidia_kernel_module_not_loaded import RULE


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


SMI = {
    "kind": "nvml-error",
    "text": "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.",
    "code": 9,
    "details": {"code": "9", "name": "DRIVER_NOT_LOADED"},
}


def failed(reason: str = "", module: str = "nvidia") -> dict[str, Any]:
    return {"kind": "kernel-module-failed", "text": "modprobe", "details": {"module": module, "reason": reason}}


def test_a_driver_that_cannot_be_talked_to_is_found():
    (found,) = judge(SMI)
    assert isinstance(found, Found)
    assert found.certainty is Certainty.CERTAIN
    assert "modprobe" in " ".join(found.remedies[0].steps[0].run)


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ({"modules": ["nouveau", "drm"]}, "nouveau"),
        ({}, "its kernel module does not run."),
    ],
)
def test_who_holds_the_card_is_said(facts: dict[str, Any], word: str):
    assert word in judge(SMI, **facts)[0].message


@pytest.mark.parametrize(
    ("reason", "word"),
    [
        ("another driver owns the device", "nouveau"),
        ("Required key not available", "Secure Boot"),
        ("not signed", "Secure Boot"),
    ],
)
def test_the_kernels_reason_is_told(reason: str, word: str):
    assert word in judge(failed(reason))[0].message


def test_another_makers_module_is_not_asked_for():
    assert isinstance(judge(failed("not found", module="amdgpu"))[0], NotApplicable)


def test_an_installed_driver_without_its_module_is_found_from_facts_alone():
    assert isinstance(judge(nvidia={"driver_version": "550.54.14", "kernel_module_version": None})[0], Found)
    facts = {"nvidia": {"driver_version": "550.54.14"}, "modules": ["ext4"], "observed": {"modules": "complete"}}
    assert isinstance(judge(**facts)[0], Found)
    assert isinstance(judge(**{**facts, "observed": {"modules": "partial"}})[0], NotEvaluated)


def test_in_a_container_it_is_only_likely():
    (found,) = judge(nvidia={"driver_version": "550.54.14", "kernel_module_version": None}, system={"container": "docker", "os": "Linux"})
    assert found.certainty is Certainty.LIKELY
    assert found.would_confirm


@pytest.mark.parametrize(
    "facts", [{"nvidia": {"kernel_module_version": "550.54.14"}}, {"modules": ["nvidia"], "nvidia": {"driver_version": "1"}}]
)
def test_a_loaded_module_passes(facts: dict[str, Any]):
    assert isinstance(judge(**facts)[0], Passed)


def test_a_driver_of_which_no_more_is_known_cannot_be_judged():
    assert isinstance(judge(nvidia={"driver_version": "550.54.14"})[0], NotEvaluated)


@pytest.mark.parametrize("system", [{"os": "Windows"}, {"os": "Darwin"}, {"os": "Linux", "wsl": 2}])
def test_without_a_linux_module_there_is_no_question(system: dict[str, Any]):
    assert isinstance(judge(nvidia={"driver_version": "550.54.14", "kernel_module_version": None}, system=system)[0], NotApplicable)


@pytest.mark.parametrize(("code", "name"), [(18, "LIB_RM_VERSION_MISMATCH"), (12, "LIBRARY_NOT_FOUND"), (15, "GPU_IS_LOST")])
def test_other_troubles_of_nvml_are_left_to_their_rules(code: int, name: str):
    assert isinstance(
        judge({"kind": "nvml-error", "text": name, "code": code, "details": {"code": str(code), "name": name}})[0], NotApplicable
    )


@pytest.mark.parametrize("more", [{"builds": {"torch": {"cuda": "12.6", "cuda_available": True}}}, {"modules": ["nvgpu"]}])
def test_the_gpu_of_a_jetson_has_another_module(more: dict[str, Any]):
    jetson = {"driver_version": "540.4.0", "kernel_module_version": None}
    (outcome,) = judge(live=True, nvidia=jetson, system={"os": "Linux", "machine": "aarch64"}, observed={"modules": "complete"}, **more)
    assert isinstance(outcome, Passed)


INSTALLED = {"kernel_module_version": None, "library_version": "580.95.05", "module_kernels": ["6.8.0-85-generic"]}


@pytest.mark.parametrize(
    ("system", "nvidia", "card", "command"),
    [
        ({"secure_boot": True}, {}, None, "mokutil --import /var/lib/shim-signed/mok/MOK.der"),
        ({}, {"module_kernels": ["6.8.0-84-generic"]}, None, "linux-headers-6.8.0-85-generic"),
        ({}, {"packages_unfinished": ["nvidia-dkms-580"]}, None, "dpkg --configure -a"),
        ({}, {}, "nouveau", "update-initramfs -u"),
        ({}, {}, None, "modprobe nvidia"),
    ],
)
def test_each_reason_has_its_own_remedy(system: dict[str, Any], nvidia: dict[str, Any], card: str | None, command: str):
    ubuntu = {"os": "Linux", "distribution_id": "ubuntu", "kernel": "6.8.0-85-generic", "container": None, **system}
    cards = [{"index": 0, "vendor": "nvidia", "name": "NVIDIA A10", "driver": card}]
    (found,) = judge(live=True, system=ubuntu, nvidia={**INSTALLED, **nvidia}, accelerators=cards)
    assert isinstance(found, Found)
    assert command in "\n".join(" ".join(step.run) for step in found.remedies[0].steps)


@pytest.mark.parametrize(
    "facts",
    [
        {"live": True, "observed": {"accelerators": "complete"}},
        {"accelerators": [{"index": 0, "vendor": "nvidia", "driver": "vfio-pci"}]},
    ],
)
def test_driver_packages_without_a_card_for_them_are_no_fault(facts: dict[str, Any]):
    assert isinstance(judge(nvidia=INSTALLED, **facts)[0], NotApplicable)


def test_a_machine_without_any_driver_has_no_module_to_miss():
    absent = {"kernel_module_version": None, "library_version": None, "package_version": None, "module_kernels": []}
    assert isinstance(judge(SMI, nvidia=absent)[0], NotApplicable)
    assert isinstance(judge(nvidia={**INSTALLED, "jetson": "Jetson AGX Orin"})[0], Passed)
    assert isinstance(judge(nvidia={**INSTALLED, "state": "ok"})[0], Passed)
