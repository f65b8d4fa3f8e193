"""doctor on machines that are made of files, one for each state of a card and its driver: the whole way from the files to the one cause."""

import json
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.examined import ROOT, Environment
from tests.fake_driver import FakeDriver, recorded, written
from tests.probes.fake_machine import FakeMachine, run_on

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="lays Linux's files over one another")
CARD, RTX_3090 = "0000:01:00.0", "10de:2204"
NAVI31, ARC = "1002:744c", "8086:56a0"
MODULE = "usr/lib/modules/{}/updates/dkms/nvidia.ko.zst"
Made = Callable[[FakeMachine], object]


def installed(machine: FakeMachine, *, kernel: str = platform.release(), state: str = "installed") -> None:
    """A driver that is on the disk and not loaded."""
    machine.pci(CARD, RTX_3090)
    machine.library("libnvidia-ml.so.1", "580.95.05")
    machine.library("libcuda.so.1", "580.95.05")
    machine.dpkg({"nvidia-driver-580": ("580.95.05-0ubuntu1", "installed"), "nvidia-dkms-580": ("580.95.05-0ubuntu1", state)})
    machine.write(MODULE.format(kernel), "")


def secure_boot(machine: FakeMachine) -> None:
    installed(machine)
    machine.secure_boot(on=True)


def nouveau(machine: FakeMachine) -> None:
    machine.pci(CARD, RTX_3090, driver="nouveau")
    machine.modules("nouveau")


def upgraded(machine: FakeMachine) -> None:
    machine.nvidia_module("580.95.05")
    machine.pci(CARD, RTX_3090, driver="nvidia")
    machine.nvidia_card(CARD)
    machine.library("libnvidia-ml.so.1", "580.105.08")
    machine.library("libcuda.so.1", "580.105.08")


def without_a_node(machine: FakeMachine) -> None:
    """The kernel's files are the host's; nothing was passed in."""
    machine.nvidia_module()
    machine.pci(CARD, RTX_3090, driver="nvidia")
    machine.write(f"proc/driver/nvidia/gpus/{CARD}/information", f"Model: \t NVIDIA GeForce RTX 3090\nBus Location: \t {CARD}\n")


def half_upgraded(machine: FakeMachine) -> None:
    installed(machine, state="half-configured")


def older_module(machine: FakeMachine) -> None:
    installed(machine, kernel="6.8.0-31-generic")


def working_card(machine: FakeMachine) -> None:
    machine.nvidia_module("590.48.01")
    machine.pci("0000:83:00.0", "10de:2335", "030200", driver="nvidia")
    machine.nvidia_card("0000:83:00.0", 0, name="NVIDIA H200")


CUDA, ROCM, XPU = "2.9.1+cu128", "2.9.1+rocm6.4", "2.9.1+xpu"
DOCKER = {"container": "docker"}
WORKS = recorded("h200")
# How NVIDIA's libraries answer where their kernel module does not run, or is another.
NOT_LOADED, OTHER = "error nvmlInit 9\nerror cuInit 100\n", "error nvmlInit 18\nerror cuInit 803\n"
# Its making, the build of torch that wants it, how the driver's libraries answer, variables, and the one right cause.
STATES: dict[str, tuple[Made, str, str, dict[str, str], str]] = {
    "a card without a driver": (lambda machine: machine.pci(CARD, RTX_3090), CUDA, "", {}, "no-nvidia-driver"),
    "nouveau has the card": (nouveau, CUDA, "", {}, "no-nvidia-driver"),
    "the driver is not loaded": (installed, CUDA, NOT_LOADED, {}, "nvidia-kernel-module-not-loaded"),
    "Secure Boot": (secure_boot, CUDA, NOT_LOADED, {}, "nvidia-kernel-module-not-loaded"),
    "half an upgrade": (half_upgraded, CUDA, NOT_LOADED, {}, "nvidia-kernel-module-not-loaded"),
    "a module for another kernel": (older_module, CUDA, NOT_LOADED, {}, "nvidia-kernel-module-not-loaded"),
    "a library of another version": (upgraded, CUDA, OTHER, {}, "nvml-driver-library-mismatch"),
    "a container without --gpus": (without_a_node, CUDA, "", DOCKER, "container-without-gpu-device"),
    "NVIDIA_VISIBLE_DEVICES=void": (without_a_node, CUDA, "", {**DOCKER, "NVIDIA_VISIBLE_DEVICES": "void"}, "container-without-gpu-device"),
    "capabilities without compute": (
        working_card,
        CUDA,
        "",
        {**DOCKER, "NVIDIA_VISIBLE_DEVICES": "all", "NVIDIA_DRIVER_CAPABILITIES": "utility"},
        "container-without-gpu-device",
    ),
    "a list that names no card": (working_card, CUDA, WORKS, {"CUDA_VISIBLE_DEVICES": "7"}, "cuda-visible-devices"),
    "a UUID that no card has": (working_card, CUDA, WORKS, {"CUDA_VISIBLE_DEVICES": "GPU-99999999"}, "cuda-visible-devices"),
    "a malformed list": (working_card, CUDA, WORKS, {"CUDA_VISIBLE_DEVICES": "cuda:0"}, "cuda-visible-devices"),
    "amdgpu is not loaded": (lambda machine: machine.pci("0000:03:00.0", NAVI31), ROCM, "", {}, "amdgpu-not-loaded"),
    "an Arc without a driver": (lambda machine: machine.pci("0000:03:00.0", ARC), XPU, "", {}, "intel-gpu-not-usable"),
}


def report_on(machine: FakeMachine, target: Environment, torch: str, variables: dict[str, str]) -> dict[str, Any]:
    target.add("torch", torch)
    (target.site / "torch.py").unlink()
    build = {"cu": "cuda = '12.8'", "ro": "hip = '6.4.1'", "xp": "xpu = '20250101'"}[torch.partition("+")[2][:2]]
    version = target.site / "torch" / "version.py"
    version.parent.mkdir()
    version.write_text(f"__version__ = '{torch}'\ncuda = None\nhip = None\nxpu = None\n{build}\n")
    version.with_name("__init__.py").write_text("")
    (target.site / f"torch-{torch}.dist-info" / "RECORD").write_text("torch/__init__.py,,\ntorch/version.py,,\n")
    command = [sys.executable, "-m", "envcheck", "doctor", "--quick", "--python", target.python, "--format", "json"]
    done = run_on(machine, command, {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **variables})
    assert done.stdout, done.stderr
    assert "Traceback" not in done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


@pytest.fixture
def libraries(fake_driver: FakeDriver, tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """What makes a driver's libraries answer as a text says; "" for a machine that has none."""

    def libraries(text: str) -> dict[str, str]:
        return fake_driver.variables(written(tmp_path, text), "nvml", "cuda") if text else {}

    return libraries


@pytest.mark.parametrize("name", STATES)
def test_files_of_a_state_lead_to_its_one_cause(
    name: str, target: Environment, tmp_path: Path, libraries: Callable[[str], dict[str, str]]
) -> None:
    make, torch, driver, variables, rule = STATES[name]
    machine = FakeMachine(tmp_path / "machine")
    make(machine)
    report = report_on(machine, target, torch, {**libraries(driver), **variables})
    primary = [
        finding["rule"]
        for finding in report["findings"]
        if finding["role"] == "primary" and finding["severity"] != "info" and finding["area"] in ("gpu", "container")
    ]
    assert primary == [rule]
