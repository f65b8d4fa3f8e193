"""Machines with NVIDIA cards as a saved snapshot has them: a running driver, an absent one, the words of programs, all of it to be changed.

The facts of a healthy one are what a test starts from; each state changes what it is about.
"""

from typing import Any

import msgspec

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.engine import diagnose
from envcheck.report import Report
from envcheck.rules import all_rules

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


def judged(facts: dict[str, Any]) -> Report:
    return diagnose(msgspec.convert(facts, Snapshot), all_rules())
