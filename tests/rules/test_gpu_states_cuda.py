"""CUDA on disk and the variables that hide cards, under all rules: each state has its own cause, and a healthy machine has none."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.messages import parse_message
from envcheck.report import Severity
from tests.rules.rule_words import judged, one_cause

UUIDS = ("GPU-5c4b1111-0000-0000-0000-000000000001", "GPU-5c4b2222-0000-0000-0000-000000000002")
MIG_UUID = "MIG-41b3359c-e721-56e5-8009-12e5797ed514"
LOOKED = dict.fromkeys(("packages", "accelerators", "tools", "variables", "modules", "devices", "toolkits"), "complete")
LINUX = {"os": "Linux", "machine": "x86_64", "distribution_id": "ubuntu", "distribution_version": "24.04", "kernel": "6.8.0-85-generic"}
DRIVER = {
    "driver_version": "580.95.05",
    "cuda_version": "13.0",
    "kernel_module_version": "580.95.05",
    "library_version": "580.95.05",
    "libcuda_path": "/usr/lib/x86_64-linux-gnu/libcuda.so.1",
    "libcuda_loadable": True,
    "nvml_path": "/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1",
    "nvml_loadable": True,
    "state": "ok",
}
NODES = [{"path": path, "mode": "crw-rw-rw-", "accessible": True} for path in ("/dev/nvidia0", "/dev/nvidiactl", "/dev/nvidia-uvm")]
NO_DEVICE = "RuntimeError: No CUDA GPUs are available"
NO_CUDA_HOME = "OSError: CUDA_HOME environment variable is not set. Please set it to your CUDA install root."
NO_NVCC = "FileNotFoundError: [Errno 2] No such file or directory: '/usr/local/cuda-11.8/bin/nvcc'"
OLD_CUDNN = (
    "Loaded runtime CuDNN library: 8.9.4 but source was compiled with: 9.1.0.  CuDNN library needs to have matching major version and "
    "equal or higher minor version."
)
CUDNN_WHEEL = {"name": "cudnn", "version": "9.10.2", "path": "/env/lib/python3.12/site-packages/nvidia/cudnn/lib/libcudnn.so.9"}
CUDNN_SYSTEM = {"name": "cudnn", "version": "8.9.4", "path": "/usr/local/cuda/lib64/libcudnn.so.8", "found_by": ["LD_LIBRARY_PATH"]}


def card(index: int, **more: Any) -> dict[str, Any]:
    told = {"vendor": "nvidia", "backend": "cuda", "name": "NVIDIA A100-SXM4-40GB", "compute_capability": "8.0", "driver": "nvidia"}
    return {"index": index, **told, "state": "ok", "uuid": UUIDS[index], "pci_address": f"0000:0{index + 1}:00.0", **more}


def machine(*texts: str, **facts: Any) -> dict[str, Any]:
    said = [msgspec.to_builtins(symptom) for text in texts for symptom in parse_message(text, subject="torch")]
    base = {"live": True, "observed": LOOKED, "system": {**LINUX, "container": None, "wsl": None, "virtual_machine": None, "job": None}}
    found = {"accelerators": [card(0), card(1)], "nvidia": DRIVER, "devices": NODES, "modules": ["nvidia", "nvidia_uvm"]}
    return {**base, **found, "builds": {"torch": {"version": "2.9.1+cu128", "cuda": "12.8"}}, "symptoms": said, **facts}


def hidden(value: str, *texts: str, **facts: Any) -> dict[str, Any]:
    return machine(*texts, variables={"CUDA_VISIBLE_DEVICES": value}, **facts)


SLICED = {"accelerators": [card(0, mig="enabled", mig_devices=[{"uuid": MIG_UUID, "profile": "3g.20gb"}])]}
STATES: dict[str, tuple[dict[str, Any], str]] = {
    "an index that no card has": (hidden("7", NO_DEVICE), "cuda-visible-devices"),
    "an index that no card has, and nothing ran": (hidden("7"), "cuda-visible-devices"),
    "a UUID that no card has": (hidden("GPU-99999999-0000-0000-0000-000000000009", NO_DEVICE), "cuda-visible-devices"),
    "a MIG device that is not there": (
        hidden("MIG-00000000-e721-56e5-8009-12e5797ed514", NO_DEVICE, **SLICED),
        "cuda-visible-devices",
    ),
    "empty, and a program misses the cards": (hidden("", NO_DEVICE), "cuda-visible-devices"),
    "malformed": (hidden("cuda:0", NO_DEVICE), "cuda-visible-devices"),
    "a list that is cut by its first wrong entry": (hidden("1,5,0"), "cuda-visible-devices"),
    "nouveau has the card, and of NVIDIA's there is a toolkit only": (
        machine(
            accelerators=[card(0, driver="nouveau", state="other-driver")],
            nvidia={"kernel_module_version": None, "package_version": None, "libcuda_path": None, "nvml_path": None},
            modules=["nouveau"],
            devices=[],
            toolkits=[{"name": "cuda", "version": "12.8.1", "path": "/usr/local/cuda-12.8", "found_by": ["system"]}],
        ),
        "no-nvidia-driver",
    ),
    "a container without the card, in which the kernel still tells the driver's version": (
        machine(
            accelerators=[card(0, state="hidden", visible=False)],
            nvidia={"driver_version": "580.95.05", "kernel_module_version": "580.95.05", "libcuda_path": None, "nvml_path": None},
            system={**LINUX, "container": "docker"},
            devices=[],
        ),
        "container-without-gpu-device",
    ),
    "something compiles and no toolkit is there": (machine(NO_CUDA_HOME), "cuda-toolkit-missing"),
    "something compiles and CUDA_HOME leads nowhere": (
        machine(
            NO_NVCC,
            variables={"CUDA_HOME": "/usr/local/cuda-11.8"},
            toolkits=[{"name": "cuda", "version": "12.8.1", "path": "/usr/local/cuda-12.8", "found_by": ["system"]}],
        ),
        "cuda-home-points-nowhere",
    ),
    "something compiles, CUDA_HOME leads nowhere, and there is no toolkit": (
        machine(NO_NVCC, variables={"CUDA_HOME": "/usr/local/cuda-11.8"}),
        "cuda-toolkit-missing",
    ),
    "an older cuDNN comes before the wheel's": (
        machine(
            OLD_CUDNN,
            variables={"LD_LIBRARY_PATH": "/usr/local/cuda/lib64"},
            toolkits=[CUDNN_WHEEL, {**CUDNN_SYSTEM, "loaded": True, "shadows": CUDNN_WHEEL["path"]}],
        ),
        "ld-library-path-shadows-wheel-libs",
    ),
}


@pytest.mark.parametrize("name", STATES)
def test_a_state_of_cuda_has_its_one_right_primary_cause(name: str) -> None:
    facts, rule = STATES[name]
    assert one_cause(facts) == rule


HEALTHY: dict[str, dict[str, Any]] = {
    "a wheel without any toolkit": machine(),
    "a wheel beside a toolkit of another CUDA": machine(toolkits=[{"name": "cuda", "version": "13.0.2", "path": "/usr/local/cuda-13.0"}]),
    "two copies of cuDNN, of which the wheel's is loaded": machine(toolkits=[{**CUDNN_WHEEL, "loaded": True}, CUDNN_SYSTEM]),
    "the second card by its number": hidden("1"),
    "a card by the beginning of its UUID": hidden("GPU-5c4b2"),
    "a MIG device by its UUID": hidden(MIG_UUID, **SLICED),
    "all hidden on purpose": hidden(""),
}


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_state_of_cuda_gets_no_error_and_no_warning(name: str) -> None:
    report = judged(msgspec.convert(HEALTHY[name], Snapshot))
    assert [(finding.rule, finding.message) for finding in report.findings if finding.severity is not Severity.INFO] == []
