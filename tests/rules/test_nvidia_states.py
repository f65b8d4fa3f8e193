"""Every state of NVIDIA's driver and cards on a host: exactly its own cause is primary, and a healthy machine has none."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.engine import diagnose
from envcheck.report import Area, Finding, Report, Role, Severity
from envcheck.rules import all_rules

ABOUT_GPUS = (Area.GPU, Area.CONTAINER)
UBUNTU = {
    "os": "Linux",
    "machine": "x86_64",
    "distribution": "Ubuntu 24.04.3 LTS",
    "distribution_id": "ubuntu",
    "distribution_like": ["debian"],
    "distribution_version": "24.04",
    "kernel": "6.8.0-85-generic",
    "libc": "glibc 2.39",
    "container": None,
    "wsl": None,
    "virtual_machine": None,
    "secure_boot": False,
}
LOOKED = {"packages": "complete", "accelerators": "complete", "modules": "complete", "devices": "complete", "variables": "complete"}
TORCH = {"torch": {"version": "2.9.1+cu128", "cuda": "12.8"}}
DRIVER = "580.95.05"
RUNNING = {
    "driver_version": DRIVER,
    "cuda_version": "13.0",
    "kernel_module_version": DRIVER,
    "library_version": DRIVER,
    "package_version": f"{DRIVER}-0ubuntu0.24.04.2",
    "libcuda_path": "/usr/lib/x86_64-linux-gnu/libcuda.so.1",
    "libcuda_loadable": True,
    "nvml_path": "/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1",
    "nvml_loadable": True,
    "module_kernels": ["6.8.0-85-generic"],
    "packages_unfinished": [],
    "state": "ok",
    "fabric_manager": None,
    "nvswitches": 0,
    "jetson": None,
}
ABSENT = {
    "driver_version": None,
    "kernel_module_version": None,
    "library_version": None,
    "package_version": None,
    "libcuda_path": None,
    "nvml_path": None,
    "module_kernels": [],
    "packages_unfinished": [],
}
NOT_LOADED = {**RUNNING, "driver_version": None, "cuda_version": None, "kernel_module_version": None, "state": "driver-not-loaded"}


def card(name: str = "NVIDIA GeForce RTX 3090", index: int = 0, **more: Any) -> dict[str, Any]:
    told = {
        "vendor": "nvidia",
        "backend": "cuda",
        "name": name,
        "driver": "nvidia",
        "state": "ok",
        "pci_address": f"0000:{index + 1:02x}:00.0",
    }
    return {"index": index, **told, **more}


def said(kind: str, text: str, code: int | None = None, subject: str = "nvidia-smi", **details: str) -> dict[str, Any]:
    numbered = {"code": str(code)} if code is not None else {}
    return {"kind": kind, "text": text, "subject": subject, "code": code, "details": {**numbered, **details}}


def nodes(error: str = "", paths: tuple[str, ...] = ("/dev/nvidia0", "/dev/nvidiactl", "/dev/nvidia-uvm")) -> list[dict[str, Any]]:
    told = {"mode": "crw-rw----", "group": "video", "member": False, "accessible": False, "error": error}
    free = {"mode": "crw-rw-rw-", "group": "root", "member": True, "accessible": True}
    return [{"path": path, **(told if error else free)} for path in paths]


NO_DRIVER_SAID = said("driver-not-found", "Found no NVIDIA driver on your system.", subject="torch", vendor="nvidia")
SMI_FAILED = said(
    "nvml-error", "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.", 9, name="DRIVER_NOT_LOADED"
)
NO_DEVICE = said("cuda-error", "no CUDA-capable device is detected", 100, "torch", name="cudaErrorNoDevice")
MISMATCH = said("nvml-error", "Failed to initialize NVML: Driver/library version mismatch", 18, name="LIB_RM_VERSION_MISMATCH")
H100 = "NVIDIA H100 80GB HBM3"
EIGHT = {"nvidia": {**RUNNING, "nvswitches": 4, "fabric_manager": "running", "fabric_manager_version": DRIVER}}


def machine(**facts: Any) -> dict[str, Any]:
    base = {"live": True, "system": UBUNTU, "observed": LOOKED, "accelerators": [card()], "nvidia": RUNNING, "builds": TORCH}
    return {**base, "modules": ["nvidia", "nvidia_uvm"], "devices": nodes(), **facts}


# What is the matter, the one right cause, and a word that its message has.
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


def judged(facts: dict[str, Any]) -> Report:
    return diagnose(msgspec.convert(facts, Snapshot), all_rules())


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


HEALTHY: dict[str, dict[str, Any]] = {
    "a laptop with an RTX 3090": machine(
        accelerators=[card("NVIDIA GeForce RTX 3090", memory_bytes=25_769_803_776, throttle_reasons=["idle"])]
    ),
    "a laptop with an integrated GPU beside": machine(
        accelerators=[
            card("NVIDIA GeForce RTX 4060 Laptop GPU"),
            {"index": 1, "vendor": "intel", "name": "Intel Iris Xe", "driver": "i915", "state": "ok", "integrated": True},
        ]
    ),
    "a DGX with H100 whose fabric is set up": machine(
        **EIGHT,
        accelerators=[card(H100, index, fabric="completed", ecc="enabled", ecc_errors=0, remapping_failed=False) for index in range(8)],
    ),
    "an HGX with A100, which say nothing of the fabric": machine(
        **EIGHT, accelerators=[card("NVIDIA A100-SXM4-80GB", index, fabric="not-supported") for index in range(8)]
    ),
    "H100 as PCIe cards without a fabric manager": machine(
        accelerators=[card("NVIDIA H100 PCIe", index, fabric="not-supported") for index in range(2)]
    ),
    "H200 in MIG mode with instances": machine(
        accelerators=[
            card("NVIDIA H200", mig="enabled", mig_devices=[{"profile": "3g.71gb", "memory_bytes": 76_000_000_000}], fabric="completed")
        ]
    ),
    "a Jetson Orin": machine(
        system={**UBUNTU, "machine": "aarch64", "distribution_version": "22.04", "kernel": "5.15.148-tegra"},
        nvidia={"driver_version": "540.4.0", "cuda_version": "12.6", "kernel_module_version": None, "library_version": "540.4.0"}
        | {"jetson": "NVIDIA Jetson AGX Orin Developer Kit", "l4t_version": "36.4.3", "module_kernels": []},
        accelerators=[{"index": 0, "vendor": "nvidia", "backend": "cuda", "name": "Orin (nvgpu)", "unified_memory": True, "state": "ok"}],
        modules=["nvgpu", "nvmap"],
        devices=[],
        builds={},
    ),
    "a GB10": machine(
        system={**UBUNTU, "machine": "aarch64"},
        accelerators=[card("NVIDIA GB10", compute_capability="12.1", unified_memory=True)],
        builds={"torch": {"version": "2.9.1+cu130", "cuda": "13.0", "cuda_available": True}},
    ),
    "a guest with a vGPU of the C series": machine(
        system={**UBUNTU, "virtual_machine": "kvm"}, accelerators=[card("GRID V100D-8C", virtualization="vgpu", memory_bytes=8_589_934_592)]
    ),
    "WSL 2": machine(
        system={**UBUNTU, "wsl": 2, "kernel": "6.6.87.2-microsoft-standard-WSL2"},
        nvidia={
            "driver_version": "581.57",
            "cuda_version": "13.0",
            "kernel_module_version": None,
            "library_version": "580.95.05",
            "state": "ok",
        }
        | {"libcuda_path": "/usr/lib/wsl/lib/libcuda.so.1", "libcuda_loadable": True, "nvml_path": "/usr/lib/wsl/lib/libnvidia-ml.so.1"},
        accelerators=[{"index": 0, "vendor": "nvidia", "backend": "cuda", "name": "NVIDIA GeForce RTX 5090", "state": "ok"}],
        modules=["dxgkrnl"],
        devices=[{"path": "/dev/dxg", "mode": "crw-rw-rw-", "accessible": True}],
    ),
    "a server without any GPU": machine(nvidia=ABSENT, accelerators=[], modules=["ext4"], devices=[], builds={}),
    "a login node with a CUDA build": machine(
        system={**UBUNTU, "login_node": True, "scheduler": "slurm"}, nvidia=ABSENT, accelerators=[], modules=["lustre"], devices=[]
    ),
    "a login node with the driver's packages": machine(
        system={**UBUNTU, "login_node": True, "scheduler": "slurm"},
        nvidia={**NOT_LOADED, "state": "driver-not-loaded"},
        accelerators=[],
        modules=["lustre"],
        devices=[],
    ),
    "a GPU that a scheduler has set to one program at a time": machine(
        accelerators=[card("NVIDIA L40S", compute_mode="exclusive-process", throttle_reasons=["power-cap"])]
    ),
    "libraries for forward compatibility": machine(
        nvidia={**RUNNING, "driver_version": "535.183.01", "kernel_module_version": "535.183.01", "cuda_version": "12.2"}
        | {"library_version": "580.95.05", "libcuda_path": "/usr/local/cuda/compat/libcuda.so.1", "package_version": None},
        accelerators=[card("NVIDIA A100-SXM4-80GB")],
    ),
    "an administrator has given one card of two to this user": machine(
        accelerators=[card(index=0), card(index=1, state="denied")],
        devices=[*nodes(), *nodes("EACCES", ("/dev/nvidia1",))],
    ),
    "a host that keeps its only card for a guest": machine(
        nvidia=ABSENT, accelerators=[card(driver="vfio-pci", state="other-driver")], modules=["vfio_pci"], devices=[], builds={}
    ),
}


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_machine_gets_no_error_and_no_warning(name: str):
    report = judged(HEALTHY[name])
    assert [(finding.rule, finding.message) for finding in report.findings if finding.severity is not Severity.INFO] == []
    assert not [gap for gap in report.not_evaluated if "crashed" in gap.reason]
