"""Every state of NVIDIA's driver and cards on a host: exactly its own cause is primary."""

from typing import Any

import pytest

from envcheck.report import Area, Finding, Report, Role, Severity
from tests.rules.nvidia_machines import (
    ABSENT,
    H100,
    MISMATCH,
    NO_DEVICE,
    NO_DRIVER_SAID,
    NOT_LOADED,
    RUNNING,
    SMI_FAILED,
    UBUNTU,
    card,
    judged,
    machine,
    nodes,
    said,
)

ABOUT_GPUS = (Area.GPU, Area.CONTAINER)
STATES: dict[str, tuple[dict[str, Any], str, str]] = {
    "a card without any driver": (
        machine(
            nvidia=ABSENT, accelerators=[card(driver=None, state="no-driver")], modules=["ext4"], devices=[], symptoms=[NO_DRIVER_SAID]
        ),
        "no-nvidia-driver",
        "no NVIDIA driver answers",
    ),
    "a card of which only the bus tells, its address in the name's place": (
        machine(
            nvidia=ABSENT,
            accelerators=[{"index": 0, "vendor": "nvidia", "backend": "cuda", "driver": None, "state": "no-driver", "pci_id": "10de:2204"}],
            modules=["ext4"],
            devices=[],
        ),
        "no-nvidia-driver",
        "no NVIDIA driver answers",
    ),
    "nouveau has the card and no driver is installed": (
        machine(nvidia=ABSENT, accelerators=[card(driver="nouveau", state="other-driver")], modules=["nouveau"], devices=[]),
        "no-nvidia-driver",
        "which nouveau has",
    ),
    "nouveau has the card although the driver is installed": (
        machine(
            nvidia=NOT_LOADED,
            accelerators=[card(driver="nouveau", state="other-driver")],
            modules=["nouveau"],
            devices=[],
            symptoms=[SMI_FAILED],
        ),
        "nvidia-kernel-module-not-loaded",
        "nouveau",
    ),
    "Secure Boot refuses the module": (
        machine(
            nvidia=NOT_LOADED,
            system={**UBUNTU, "secure_boot": True},
            accelerators=[card(driver=None, state="no-driver")],
            modules=["ext4"],
            devices=[],
            symptoms=[SMI_FAILED, NO_DRIVER_SAID],
        ),
        "nvidia-kernel-module-not-loaded",
        "Secure Boot",
    ),
    "a kernel update without a module": (
        machine(
            nvidia={**NOT_LOADED, "module_kernels": ["6.8.0-84-generic"]},
            accelerators=[card(driver=None, state="no-driver")],
            modules=["ext4"],
            devices=[],
            symptoms=[SMI_FAILED],
        ),
        "nvidia-kernel-module-not-loaded",
        "6.8.0-85-generic, only for 6.8.0-84-generic",
    ),
    "half an upgrade": (
        machine(
            nvidia={**NOT_LOADED, "packages_unfinished": ["nvidia-dkms-580"]},
            accelerators=[card(driver=None, state="no-driver")],
            modules=["ext4"],
            devices=[],
        ),
        "nvidia-kernel-module-not-loaded",
        "stopped half-way",
    ),
    "half an upgrade, told by two versions": (
        machine(
            nvidia={**NOT_LOADED, "package_version": "575.64.03-0ubuntu1"},
            accelerators=[card(driver=None, state="no-driver")],
            modules=["ext4"],
            devices=[],
        ),
        "nvidia-kernel-module-not-loaded",
        "stopped half-way",
    ),
    "libraries of another version than the loaded module, measured": (
        machine(
            nvidia={
                **RUNNING,
                "driver_version": None,
                "cuda_version": None,
                "library_version": "580.105.08",
                "state": "driver-library-mismatch",
            },
            symptoms=[MISMATCH, said("cuda-error", "unsupported display driver / cuda driver combination", 803, "torch")],
        ),
        "nvml-driver-library-mismatch",
        "580.105.08 and 580.95.05",
    ),
    "libraries of another version, only computed": (
        machine(
            nvidia={**RUNNING, "driver_version": None, "cuda_version": None, "library_version": "580.105.08", "state": "unknown-error"}
        ),
        "nvml-driver-library-mismatch",
        "580.105.08 and 580.95.05",
    ),
    "permission denied on the device nodes": (
        machine(
            nvidia={**RUNNING, "driver_version": None, "cuda_version": None, "state": "denied"},
            accelerators=[card(state="denied")],
            devices=nodes("EACCES"),
            symptoms=[said("nvml-error", "Failed to initialize NVML: Insufficient Permissions", 4, name="NO_PERMISSION"), NO_DEVICE],
        ),
        "nvidia-device-denied",
        "group video",
    ),
    "fallen off the bus": (
        machine(
            accelerators=[card(state="lost"), card(index=1)],
            symptoms=[
                said(
                    "nvml-error",
                    "Unable to determine the device handle for GPU0: GPU is lost",
                    15,
                    device="0000:01:00.0",
                    name="GPU_IS_LOST",
                ),
                said("gpu-xid", "NVRM: Xid (PCI:0000:01:00): 79, GPU has fallen off the bus.", 79, "kernel", device="0000:01:00"),
            ],
        ),
        "gpu-lost",
        "1 of 2 GPUs still answer",
    ),
    "the only card is lost": (
        machine(
            nvidia={**RUNNING, "state": "gpu-lost"},
            accelerators=[card(state="lost")],
            symptoms=[NO_DEVICE, said("nvml-error", "No devices were found", 6, name="NOT_FOUND")],
        ),
        "gpu-lost",
        "NVIDIA GeForce RTX 3090",
    ),
    "a card that the driver could not start": (
        machine(nvidia={**RUNNING, "state": "no-devices"}, accelerators=[card(state="lost")], symptoms=[NO_DEVICE]),
        "gpu-lost",
        "GPU 0",
    ),
    "no fabric manager on an NVSwitch machine": (
        machine(
            nvidia={**RUNNING, "nvswitches": 4, "fabric_manager": None},
            accelerators=[card(H100, index, fabric="in-progress") for index in range(8)],
            symptoms=[said("cuda-error", "Error 802: system not yet initialized", 802, "torch", name="cudaErrorSystemNotReady")],
        ),
        "fabricmanager-not-running",
        "not installed",
    ),
    "a fabric manager of another version": (
        machine(
            nvidia={**RUNNING, "nvswitches": 6, "fabric_manager": "stopped", "fabric_manager_version": "580.82.07"},
            accelerators=[card("NVIDIA A100-SXM4-80GB", index) for index in range(8)],
        ),
        "fabricmanager-not-running",
        "580.82.07",
    ),
    "after suspend": (
        machine(
            symptoms=[
                said("cuda-error", "failed call to cuInit: CUDA_ERROR_UNKNOWN: unknown error", 999, "tensorflow", name="cudaErrorUnknown"),
                said("resumed", "PM: suspend exit", subject="kernel", reason="PM: suspend exit"),
            ]
        ),
        "driver-state-after-suspend",
        "has slept",
    ),
    "compute mode exclusive, and somebody is on the card": (
        machine(
            accelerators=[card(compute_mode="exclusive-process", processes=[{"pid": 4242, "name": "python"}])],
            symptoms=[
                said("cuda-error", "CUDA-capable device(s) is/are busy or unavailable", 46, "torch", name="cudaErrorDevicesUnavailable")
            ],
        ),
        "gpu-in-exclusive-mode",
        "python (4242)",
    ),
    "compute mode prohibited": (
        machine(accelerators=[card(compute_mode="prohibited")], symptoms=[NO_DEVICE]),
        "gpu-in-exclusive-mode",
        "forbids programs",
    ),
    "MIG without instances": (
        machine(accelerators=[card("NVIDIA A100-SXM4-40GB", mig="enabled", mig_devices=[])], symptoms=[NO_DEVICE]),
        "mig-without-instances",
        "without any instance",
    ),
    "a virtual GPU that is made for desktops": (
        machine(accelerators=[card("GRID T4-2B", virtualization="vgpu")], symptoms=[NO_DEVICE]),
        "vgpu-without-cuda",
        "B series",
    ),
    "the card is kept for a virtual machine": (
        machine(
            nvidia=ABSENT, accelerators=[card(driver="vfio-pci", state="other-driver")], modules=["vfio_pci"], symptoms=[NO_DRIVER_SAID]
        ),
        "gpu-passed-through",
        "kept for a virtual machine",
    ),
    "memory that can no longer be mended": (
        machine(accelerators=[card("NVIDIA A100-SXM4-80GB", ecc="enabled", remapping_failed=True, ecc_errors=3)]),
        "gpu-memory-failing",
        "no longer be replaced",
    ),
    "slowed down by heat": (
        machine(accelerators=[card("Tesla T4", throttle_reasons=["hw-thermal"], temperature_c=93.0)]),
        "gpu-throttled",
        "93 °C",
    ),
}


def primary_about_gpus(report: Report) -> list[Finding]:
    return [
        finding
        for finding in report.findings
        if finding.role is Role.PRIMARY and finding.severity is not Severity.INFO and finding.area in ABOUT_GPUS
    ]


@pytest.mark.parametrize("name", STATES)
def test_a_state_has_its_one_right_primary_cause(name: str):
    facts, rule, word = STATES[name]
    report = judged(facts)
    (primary,) = primary_about_gpus(report)
    assert primary.rule == rule
    assert word in primary.message
    assert report.findings[0].rule == rule
    assert primary.remedies
    assert not [gap for gap in report.not_evaluated if "crashed" in gap.reason]


@pytest.mark.parametrize("name", STATES)
def test_without_a_word_of_any_program_no_second_cause_is_named(name: str):
    facts, rule, _word = STATES[name]
    found = primary_about_gpus(judged({**facts, "symptoms": []}))
    assert [finding.rule for finding in found] in ([], [rule])
