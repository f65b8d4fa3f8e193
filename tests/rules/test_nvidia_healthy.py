"""Machines with NVIDIA cards that are well, each in its own way: none of them gets an error or a warning."""

from typing import Any

import pytest

from envcheck.report import Severity
from tests.rules.nvidia_machines import ABSENT, EIGHT, H100, NOT_LOADED, RUNNING, UBUNTU, card, judged, machine, nodes

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
