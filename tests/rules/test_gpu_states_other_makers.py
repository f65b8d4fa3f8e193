"""The states of AMD's, Apple's, Intel's and Google's accelerators: each has its own cause, and a healthy machine has none."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.report import Severity
from tests.rules.rule_words import judged, one_cause

LINUX = {
    "os": "Linux",
    "machine": "x86_64",
    "distribution_id": "ubuntu",
    "distribution_like": ["debian"],
    "distribution_version": "24.04",
    "kernel": "6.8.0-85-generic",
    "libc": "glibc 2.39",
    "container": None,
    "wsl": None,
    "virtual_machine": None,
    "job": None,
}
LOOKED = dict.fromkeys(("packages", "accelerators", "tools", "variables", "modules", "devices", "toolkits"), "complete")
NAVI31 = {"index": 0, "vendor": "amd", "backend": "rocm", "name": "AMD Radeon RX 7900 XTX", "architecture": "gfx1100", "driver": "amdgpu"}
NAVI31 = {
    **NAVI31,
    "state": "ok",
    "pci_address": "0000:03:00.0",
    "pci_id": "1002:744c",
    "memory_bytes": 25_753_026_560,
    "integrated": False,
}
BUILT_IN = {**NAVI31, "index": 1, "name": "AMD Radeon Graphics", "architecture": "gfx1036", "integrated": True, "pci_id": "1002:164e"}
BUILT_IN = {**BUILT_IN, "pci_address": "0000:13:00.0", "unified_memory": True}
KFD = {"path": "/dev/kfd", "mode": "crw-rw----", "group": "render", "member": True, "accessible": True}
RENDER = {**KFD, "path": "/dev/dri/renderD128"}
REFUSED = [{**node, "member": False, "accessible": False, "error": "EACCES"} for node in (KFD, RENDER)]
ROCM = {"torch": {"version": "2.9.1+rocm6.4", "rocm": "6.4", "arch_list": ["gfx1030", "gfx1100", "gfx1101", "gfx90a", "gfx942"]}}
NO_HIP = {
    "kind": "cuda-error",
    "text": "No HIP GPUs are available",
    "code": 100,
    "subject": "torch",
    "details": {"name": "hipErrorNoDevice"},
}
ARC = {"index": 0, "vendor": "intel", "backend": "xpu", "name": "Intel Arc A770", "driver": "xe", "state": "ok", "pci_id": "8086:56a0"}
XPU = {"torch": {"version": "2.9.1+xpu", "xpu": "20250101"}}
NO_XPU = {"kind": "device-not-found", "text": "XPU device count is zero!", "subject": "torch", "details": {"backend": "xpu"}}
MAC = {"os": "Darwin", "machine": "arm64", "distribution": "macOS 14.5", "distribution_version": "14.5", "container": None, "wsl": None}
M2 = {"index": 0, "vendor": "apple", "backend": "metal", "name": "Apple M2 Pro", "unified_memory": True, "metal": "metal3", "state": "ok"}
TPU = {"index": 0, "vendor": "google", "backend": "tpu", "name": "Google TPU v5e", "state": "ok", "pci_id": "1ae0:0063"}


def radeon(**facts: Any) -> dict[str, Any]:
    base = {"live": True, "observed": LOOKED, "system": LINUX, "accelerators": [NAVI31], "builds": ROCM, "devices": [KFD, RENDER]}
    return {**base, "modules": ["amdgpu"], "amd": {"driver_version": "6.10.5", "state": "ok", "rocm_version": "6.4.1"}, **facts}


def arc(**facts: Any) -> dict[str, Any]:
    base = {"live": True, "observed": LOOKED, "system": LINUX, "accelerators": [ARC], "builds": XPU, "devices": [RENDER], "modules": ["xe"]}
    return {**base, "intel": {"state": "ok", "level_zero_version": "1.21.9"}, **facts}


def mac(**facts: Any) -> dict[str, Any]:
    python = {"version": "3.12.8", "platform": "macosx-11.0-arm64"}
    base = {"live": True, "observed": LOOKED, "system": MAC, "cpu": {"model": "Apple M2 Pro", "vendor": "Apple"}, "accelerators": [M2]}
    return {
        **base,
        "apple": {"chip": "Apple M2 Pro", "metal": "metal3"},
        "python": python,
        "builds": {"torch": {"version": "2.9.1"}},
        **facts,
    }


def bare(**facts: Any) -> dict[str, Any]:
    return {"live": True, "observed": LOOKED, "system": LINUX, "builds": {}, "devices": [], **facts}


# What is the matter, and the one right cause.
STATES: dict[str, tuple[dict[str, Any], str]] = {
    "the user is not in the group render": (
        radeon(devices=REFUSED, accelerators=[{**NAVI31, "state": "denied"}], amd={"state": "denied"}, symptoms=[NO_HIP]),
        "kfd-permission",
    ),
    "the module is not loaded": (
        radeon(
            modules=["ext4"],
            devices=[],
            accelerators=[{**NAVI31, "driver": None, "state": "no-driver"}],
            amd={"driver_version": None, "state": "driver-not-loaded"},
            symptoms=[NO_HIP],
        ),
        "amdgpu-not-loaded",
    ),
    "the driver has the card and offers no computing": (
        radeon(devices=[RENDER], amd={"driver_version": "6.10.5", "state": "no-kfd"}, symptoms=[NO_HIP]),
        "amdgpu-not-loaded",
    ),
    "a container without /dev/kfd": (
        radeon(system={**LINUX, "container": "docker"}, devices=[], modules=["amdgpu"], amd={"state": "no-kfd"}, symptoms=[NO_HIP]),
        "container-without-gpu-device",
    ),
    "a target of another family is pretended": (radeon(variables={"HSA_OVERRIDE_GFX_VERSION": "10.3.0"}), "hsa-override-gfx-version"),
    "HIP_VISIBLE_DEVICES names a card that is not there": (
        radeon(variables={"HIP_VISIBLE_DEVICES": "4"}, symptoms=[NO_HIP]),
        "rocm-visible-devices",
    ),
    "ROCR_VISIBLE_DEVICES names a card that is not there": (
        radeon(variables={"ROCR_VISIBLE_DEVICES": "4"}, symptoms=[NO_HIP]),
        "rocm-visible-devices",
    ),
    "a card that no build has code for": (
        radeon(
            accelerators=[{**NAVI31, "name": "AMD Radeon RX 580", "architecture": "gfx803", "pci_id": "1002:67df"}],
            symptoms=[{"kind": "cuda-error", "text": "HIP error: invalid device function", "code": 98, "subject": "torch"}],
        ),
        "gpu-too-old",
    ),
    "no Level Zero": (arc(intel={"state": "no-level-zero"}, symptoms=[NO_XPU]), "intel-gpu-not-usable"),
    "the render node of an Intel GPU is refused": (
        arc(intel={"state": "denied"}, devices=REFUSED[1:], accelerators=[{**ARC, "state": "denied"}], symptoms=[NO_XPU]),
        "intel-gpu-not-usable",
    ),
    "an Intel GPU without a kernel driver": (
        arc(intel={"state": "driver-not-loaded"}, accelerators=[{**ARC, "driver": None, "state": "no-driver"}], modules=[], devices=[]),
        "intel-gpu-not-usable",
    ),
    "ONEAPI_DEVICE_SELECTOR leaves the CPU only": (
        arc(variables={"ONEAPI_DEVICE_SELECTOR": "opencl:cpu"}, symptoms=[NO_XPU]),
        "oneapi-device-selector",
    ),
    "a Python for Intel under Rosetta": (
        mac(
            system={**MAC, "machine": "x86_64", "rosetta": True},
            python={"version": "3.12.8", "platform": "macosx-10.9-x86_64"},
            builds={"torch": {"version": "2.2.2"}},
        ),
        "x86-python-on-apple-silicon",
    ),
    "macOS is too old for Metal in torch": (
        mac(
            system={**MAC, "distribution": "macOS 12.1", "distribution_version": "12.1"},
            builds={"torch": {"version": "2.1.0"}},
            symptoms=[
                {
                    "kind": "version-conflict",
                    "text": "The MPS backend is supported on MacOS 12.3+",
                    "subject": "torch",
                    "details": {"package": "macos", "need": ">=12.3"},
                }
            ],
        ),
        "mps-unavailable",
    ),
}


@pytest.mark.parametrize("name", STATES)
def test_a_state_of_another_maker_s_card_has_one_cause(name: str) -> None:
    facts, rule = STATES[name]
    assert one_cause(facts) == rule


HEALTHY: dict[str, dict[str, Any]] = {
    "a Radeon": radeon(),
    "a Radeon beside the processor's own GPU": radeon(accelerators=[NAVI31, BUILT_IN], variables={"HIP_VISIBLE_DEVICES": "0"}),
    "a Radeon that only shows pictures": radeon(
        builds={}, devices=REFUSED, accelerators=[{**NAVI31, "state": "denied"}], amd={"state": "denied"}
    ),
    "an Arc": arc(),
    "the graphics of a laptop, and torch for the CPU": arc(
        accelerators=[{**ARC, "name": "Intel Iris Xe", "integrated": True, "driver": "i915"}],
        intel={"state": "no-level-zero"},
        builds={"torch": {"version": "2.9.1+cpu", "cuda": None}},
    ),
    "a Mac": mac(),
    "a Mac with Intel's processor": mac(
        system={**MAC, "machine": "x86_64", "rosetta": False},
        cpu={"model": "Intel(R) Core(TM) i9-9980HK CPU @ 2.40GHz"},
        accelerators=[{"index": 0, "vendor": "amd", "name": "AMD Radeon Pro 5500M", "metal": "metal3"}],
        python={"version": "3.12.8", "platform": "macosx-10.9-x86_64"},
        builds={"torch": {"version": "2.2.2"}},
        apple={},
    ),
    "a TPU VM": bare(
        accelerators=[TPU],
        devices=[{"path": "/dev/accel0", "accessible": True}],
        variables={"TPU_WORKER_ID": "0", "PJRT_DEVICE": "TPU"},
    ),
    "a card of a maker that no framework here has a build for": bare(
        accelerators=[{"index": 0, "vendor": "Habana Labs Ltd.", "name": "Gaudi2", "driver": "habanalabs", "state": "ok"}]
    ),
}


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_machine_of_another_maker_gets_no_error_and_no_warning(name: str) -> None:
    report = judged(msgspec.convert(HEALTHY[name], Snapshot))
    assert [(finding.rule, finding.message) for finding in report.findings if finding.severity is not Severity.INFO] == []
    assert not [gap for gap in report.not_evaluated if "crashed" in gap.reason]
