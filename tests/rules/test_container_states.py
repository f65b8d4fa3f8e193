"""Machines that are containers, run WSL, or are in a job: what was observed, and the one cause that is named; healthy ones get none."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.report import Severity
from tests.rules.rule_words import causes_about_gpus, judged

TORCH = {
    "builds": {"torch": {"version": "2.9.0+cu128", "cuda": "12.8"}},
    "packages": [{"name": "torch", "version": "2.9.0+cu128", "state": "ok"}],
}
LOOKED = dict.fromkeys(("packages", "accelerators", "tools", "variables", "modules", "devices"), "complete")
LINUX = {"os": "Linux", "machine": "x86_64", "libc": "glibc 2.39", "distribution_id": "ubuntu", "container": None, "wsl": None, "job": None}
DOCKER = {**LINUX, "container": "docker"}
CARD = {
    "index": 0,
    "vendor": "nvidia",
    "backend": "cuda",
    "pci_address": "0000:01:00.0",
    "name": "NVIDIA L4",
    "compute_capability": "8.9",
    "driver": "nvidia",
}
WORKS = {
    "driver_version": "580.95.05",
    "cuda_version": "13.0",
    "kernel_module_version": "580.95.05",
    "library_version": "580.95.05",
    "state": "ok",
    "libcuda_path": "/usr/lib/x86_64-linux-gnu/libcuda.so.1",
    "libcuda_loadable": True,
    "nvml_path": "/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1",
}
ABSENT = {"kernel_module_version": "580.95.05", "libcuda_path": None, "nvml_path": None}
NODES = [{"path": path, "mode": "crw-rw-rw-", "accessible": True} for path in ("/dev/nvidia0", "/dev/nvidiactl", "/dev/nvidia-uvm")]
NO_DRIVER_SAID = {
    "kind": "driver-not-found",
    "text": "Found no NVIDIA driver on your system.",
    "subject": "torch",
    "details": {"vendor": "nvidia"},
}


def machine(**facts: Any) -> Snapshot:
    return msgspec.convert({"live": True, "observed": LOOKED, "system": LINUX, **TORCH, **facts}, Snapshot)


SICK = {
    "no --gpus": ("container-without-gpu-device", machine(system=DOCKER, accelerators=[CARD], nvidia=ABSENT)),
    "no --gpus, and no driver version": (
        "container-without-gpu-device",
        machine(system=DOCKER, accelerators=[CARD], nvidia={**ABSENT, "driver_version": None}),
    ),
    "void": (
        "container-without-gpu-device",
        machine(system=DOCKER, accelerators=[CARD], nvidia=ABSENT, variables={"NVIDIA_VISIBLE_DEVICES": "void"}),
    ),
    "none": (
        "container-without-gpu-device",
        machine(
            system=DOCKER,
            accelerators=[CARD],
            nvidia={**WORKS, "driver_version": None, "state": "no-devices"},
            devices=NODES[1:],
            variables={"NVIDIA_VISIBLE_DEVICES": "none"},
            symptoms=[{"kind": "nvml-error", "text": "No devices were found", "code": 6, "details": {"code": "6", "name": "NOT_FOUND"}}],
        ),
    ),
    "capabilities without compute": (
        "container-without-gpu-device",
        machine(
            system=DOCKER,
            accelerators=[CARD],
            devices=NODES,
            nvidia={**WORKS, "libcuda_path": None, "libcuda_loadable": False},
            variables={"NVIDIA_DRIVER_CAPABILITIES": "utility"},
        ),
    ),
    "a pod": ("container-without-gpu-device", machine(system={**LINUX, "container": "kubernetes"}, accelerators=[CARD], nvidia=ABSENT)),
    "apptainer": ("container-without-gpu-device", machine(system={**LINUX, "container": "apptainer"}, accelerators=[CARD], nvidia=ABSENT)),
    "an AMD card without kfd": (
        "container-without-gpu-device",
        machine(
            system=DOCKER,
            accelerators=[{"index": 0, "vendor": "amd", "backend": "rocm", "driver": "amdgpu"}],
            builds={"torch": {"version": "2.9.0+rocm6.4", "rocm": "6.4"}},
        ),
    ),
    "its own libraries": (
        "nvml-container-library-mismatch",
        machine(
            system=DOCKER,
            accelerators=[CARD],
            devices=NODES,
            nvidia={**WORKS, "driver_version": None, "library_version": "575.57.08", "state": "driver-library-mismatch"},
            symptoms=[{"kind": "nvml-error", "text": "Driver/library version mismatch", "code": 18, "details": {"code": "18"}}],
        ),
    ),
    "lost devices": (
        "container-lost-gpu-devices",
        machine(
            system=DOCKER,
            accelerators=[CARD],
            nvidia={**WORKS, "driver_version": None, "state": "container-lost-devices"},
            devices=[{**node, "accessible": False, "error": "EPERM"} for node in NODES],
            symptoms=[{"kind": "nvml-error", "text": "Unknown Error", "code": 999, "details": {"code": "999"}}],
        ),
    ),
    "an index out of range": (
        "cuda-visible-devices",
        machine(accelerators=[CARD], nvidia=WORKS, devices=NODES, modules=["nvidia"], variables={"CUDA_VISIBLE_DEVICES": "3"}),
    ),
    "WSL 1": ("wsl1-no-gpu", machine(system={**LINUX, "wsl": 1, "kernel": "4.4.0-19041-Microsoft"}, symptoms=[NO_DRIVER_SAID])),
    "WSL 2 without dxg": (
        "wsl2-driver-libraries-missing",
        machine(system={**LINUX, "wsl": 2}, nvidia={"libcuda_path": None}, symptoms=[NO_DRIVER_SAID]),
    ),
    "WSL 2 without libraries": (
        "wsl2-driver-libraries-missing",
        machine(
            system={**LINUX, "wsl": 2},
            nvidia={"libcuda_path": None},
            devices=[{"path": "/dev/dxg", "accessible": True}],
            symptoms=[NO_DRIVER_SAID],
        ),
    ),
    "a Linux driver in WSL 2": (
        "wsl2-driver-libraries-missing",
        machine(
            system={**LINUX, "wsl": 2},
            devices=[{"path": "/dev/dxg", "accessible": True}],
            nvidia={
                "driver_version": None,
                "package_version": "550.120-0ubuntu0.24.04.1",
                "libcuda_path": "/usr/lib/x86_64-linux-gnu/libcuda.so.1",
                "libcuda_loadable": True,
            },
            symptoms=[
                {"kind": "nvml-error", "text": "couldn't communicate", "code": 9, "details": {"code": "9", "name": "DRIVER_NOT_LOADED"}}
            ],
        ),
    ),
    "libcuda outside of the loader's path": (
        "libcuda-not-on-loader-path",
        machine(
            system={**LINUX, "wsl": 2},
            devices=[{"path": "/dev/dxg", "accessible": True}],
            accelerators=[{**CARD, "state": "ok"}],
            nvidia={**WORKS, "libcuda_path": "/usr/lib/wsl/lib/libcuda.so.1", "libcuda_loadable": False, "kernel_module_version": None},
        ),
    ),
    "a job without GPUs": (
        "gpu-hidden-by-job",
        machine(
            system={**LINUX, "scheduler": "slurm", "job": "4711"},
            modules=["nvidia"],
            accelerators=[
                {**CARD, "index": number, "state": "denied", "visible": False, "pci_address": f"0000:0{number}:00.0"} for number in range(4)
            ],
            nvidia={"kernel_module_version": "580.95.05", "library_version": "580.95.05", "libcuda_loadable": True},
            variables={"CUDA_VISIBLE_DEVICES": ""},
            devices=[{"path": f"/dev/nvidia{number}", "accessible": False, "error": "EPERM"} for number in range(4)],
        ),
    ),
}


@pytest.mark.parametrize("name", SICK)
def test_a_machine_has_one_cause(name: str) -> None:
    expected, snapshot = SICK[name]
    assert causes_about_gpus(judged(snapshot)) == [expected]


CPU = {"builds": {"torch": {"version": "2.9.0+cpu", "cuda": None}}, "packages": [{"name": "torch", "version": "2.9.0+cpu", "state": "ok"}]}
FOUR = [{**CARD, "index": number, "state": "ok", "visible": number < 2, "pci_address": f"0000:0{number + 1}:00.0"} for number in range(4)]
WELL = {
    "a container with --gpus all": machine(
        system=DOCKER,
        accelerators=[{**CARD, "state": "ok"}],
        nvidia=WORKS,
        devices=NODES,
        modules=["nvidia"],
        variables={"NVIDIA_VISIBLE_DEVICES": "all", "NVIDIA_DRIVER_CAPABILITIES": "compute,utility"},
    ),
    "a CI container without any GPU": machine(system=DOCKER),
    "a CI container without any GPU, for the CPU": machine(system=DOCKER, **CPU),
    "a container for the CPU on a host with a GPU": machine(
        system=DOCKER, accelerators=[{**CARD, "state": "hidden", "visible": False}], nvidia=ABSENT, **CPU
    ),
    "Colab with a GPU": machine(
        system={**DOCKER, "distribution_id": "ubuntu"},
        accelerators=[{**CARD, "name": "Tesla T4", "state": "ok"}],
        nvidia=WORKS,
        devices=NODES,
        modules=["nvidia"],
        variables={"COLAB_GPU": "1", "NVIDIA_VISIBLE_DEVICES": "all", "NVIDIA_DRIVER_CAPABILITIES": "compute,utility"},
    ),
    "Colab without one": machine(system=DOCKER, variables={"COLAB_GPU": "", "NVIDIA_VISIBLE_DEVICES": "all"}),
    "WSL 2 with a GPU": machine(
        system={**LINUX, "wsl": 2},
        accelerators=[{**CARD, "state": "ok", "driver": None}],
        devices=[{"path": "/dev/dxg", "accessible": True}],
        nvidia={
            "driver_version": "581.57",
            "cuda_version": "13.0",
            "state": "ok",
            "kernel_module_version": None,
            "libcuda_path": "/usr/lib/wsl/lib/libcuda.so.1",
            "libcuda_loadable": True,
        },
    ),
    "WSL 2 without one": machine(
        system={**LINUX, "wsl": 2}, nvidia={"libcuda_path": None}, devices=[{"path": "/dev/dxg", "accessible": True}]
    ),
    "WSL 1 for the CPU": machine(system={**LINUX, "wsl": 1}, **CPU),
    "a Slurm job with one of eight cards": machine(
        system={**LINUX, "scheduler": "slurm", "job": "4711"},
        nvidia=WORKS,
        modules=["nvidia"],
        accelerators=[
            {
                **CARD,
                "index": number,
                "state": "ok" if not number else "hidden",
                "visible": not number,
                "pci_address": f"0000:0{number}:00.0",
            }
            for number in range(8)
        ],
        variables={"CUDA_VISIBLE_DEVICES": "0", "SLURM_JOB_GPUS": "5"},
        devices=NODES,
    ),
    "a job for the CPU on a node with cards": machine(
        system={**LINUX, "scheduler": "slurm", "job": "4711"},
        nvidia=WORKS,
        modules=["nvidia"],
        **CPU,
        accelerators=[{**CARD, "index": number, "state": "denied", "visible": False} for number in range(4)],
        variables={"CUDA_VISIBLE_DEVICES": ""},
    ),
    "two cards of four": machine(
        accelerators=FOUR, nvidia=WORKS, devices=NODES, modules=["nvidia"], variables={"CUDA_VISIBLE_DEVICES": "0,1"}
    ),
    "cards hidden on purpose": machine(
        accelerators=FOUR, nvidia=WORKS, devices=NODES, modules=["nvidia"], variables={"CUDA_VISIBLE_DEVICES": "-1"}
    ),
}


@pytest.mark.parametrize("name", WELL)
def test_a_healthy_one_gets_neither_error_nor_warning(name: str) -> None:
    report = judged(WELL[name])
    assert [(finding.rule, finding.message) for finding in report.findings if finding.severity is not Severity.INFO] == []
    assert not [gap for gap in report.not_evaluated if "crashed" in gap.reason]
