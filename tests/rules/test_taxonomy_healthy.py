"""Machines on which nothing is wrong: none of the rules of the failure taxonomy may say otherwise."""

from importlib import import_module
from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.engine import diagnose
from envcheck.judging.rule import Rule
from envcheck.report import Severity

MODULES = (
    "cpu_only_wheel",
    "jax_cpu_only_jaxlib",
    "jax_native_windows_no_gpu",
    "jax_plugin_version_mismatch",
    "rocm_gfx_not_in_wheel",
    "transformers_torch_too_old",
    "xgboost_no_cuda",
    "driver_too_old",
    "no_nvidia_driver",
    "nvidia_kernel_module_not_loaded",
    "nvml_driver_library_mismatch",
    "gpu_arch_not_in_wheel",
    "torch_family_version_mismatch",
    "libstdcxx_too_old",
    "glibc_too_old",
    "numpy2_abi",
    "numpy_abi_mismatch",
    "protobuf_descriptors",
    "compiled_extension_torch_abi_mismatch",
    "extension_wants_other_cuda_runtime",
    "cuda_runtime_lib_missing",
    "duplicate_openmp",
    "shm_too_small",
    "cudnn_version_mismatch",
    "cpu_no_avx",
    "disk_full_during_install",
)
RULES: list[Rule] = [import_module(f"envcheck.rules.{name}").RULE for name in MODULES]

STOCK = ["sm_50", "sm_60", "sm_70", "sm_75", "sm_80", "sm_86", "sm_90"]
LINUX = {"os": "Linux", "machine": "x86_64", "libc": "glibc 2.35", "container": None, "wsl": None}
WINDOWS = {"os": "Windows", "machine": "AMD64"}
LOOKED = {"packages": "complete", "accelerators": "complete", "modules": "complete", "imports": "complete"}


def card(name: str, capability: str | None = None, vendor: str = "nvidia", index: int = 0) -> dict[str, Any]:
    return {"index": index, "vendor": vendor, "name": name, **({"compute_capability": capability} if capability else {})}


def torch(version: str, cuda: str | None, **more: Any) -> dict[str, Any]:
    return {"torch": {"version": version, "cuda": cuda, **more}}


def packages(**versions: str) -> list[dict[str, Any]]:
    return [{"name": name.replace("_", "-"), "version": version, "state": "ok", "manager": "pip"} for name, version in versions.items()]


def driver(version: str, cuda: str) -> dict[str, Any]:
    return {"driver_version": version, "cuda_version": cuda, "kernel_module_version": version}


HEALTHY: dict[str, dict[str, Any]] = {
    "a laptop without a card and a CPU build": {
        "live": True,
        "system": LINUX,
        "observed": LOOKED,
        "builds": torch("2.13.0+cpu", None),
        "packages": packages(torch="2.13.0+cpu", torchvision="0.28.0+cpu", numpy="2.4.6", tensorflow_cpu="2.20.0"),
        "cpu": {"model": "AMD EPYC", "features": ["avx", "avx2"]},
        "nvidia": {"driver_version": None},
    },
    "a laptop without a card and PyPI's CUDA build": {
        "live": True,
        "system": LINUX,
        "observed": LOOKED,
        "builds": torch("2.13.0", "13.0", cuda_available=False) | {"tensorflow": {"version": "2.20.0", "cuda": "12.5"}},
        "nvidia": {"driver_version": None},
        "symptoms": [
            {"kind": "driver-not-found", "text": "Could not find cuda drivers", "subject": "tensorflow", "details": {"vendor": "nvidia"}}
        ],
    },
    "an unprobed machine with a CPU build": {"builds": torch("2.5.1+cpu", None)},
    "a Mac with Apple silicon": {
        "live": True,
        "system": {"os": "Darwin", "machine": "arm64"},
        "observed": LOOKED,
        "accelerators": [card("Apple M3 Max", vendor="apple")],
        "builds": torch("2.9.1", None),
        "packages": packages(torch="2.9.1", torchvision="0.24.1", torchaudio="2.9.1", numpy="2.3.5"),
    },
    "an RTX 4090 with a CUDA 12.1 build and driver 535": {
        "system": LINUX,
        "accelerators": [card("NVIDIA GeForce RTX 4090", "8.9")],
        "nvidia": driver("535.183.01", "12.2"),
        "builds": torch("2.5.1+cu121", "12.1", arch_list=STOCK, cuda_available=True),
        "packages": packages(torch="2.5.1+cu121", torchvision="0.20.1+cu121", torchaudio="2.5.1+cu121", numpy="1.26.4"),
    },
    "a T4 with a CUDA 12.6 build and a driver for 12.2": {
        "live": True,
        "system": LINUX,
        "observed": LOOKED,
        "modules": ["nvidia", "nvidia_uvm"],
        "accelerators": [card("Tesla T4")],
        "nvidia": driver("535.104.05", "12.2"),
        "builds": torch("2.8.0+cu126", "12.6", arch_list=STOCK),
    },
    "Windows with a CUDA 12.8 build": {
        "live": True,
        "system": WINDOWS,
        "observed": LOOKED,
        "accelerators": [card("NVIDIA GeForce RTX 5070 Ti", "12.0"), card("AMD Radeon(TM) Graphics", vendor="amd", index=1)],
        "nvidia": {"driver_version": "572.83", "cuda_version": "12.8"},
        "builds": torch("2.7.1+cu128", "12.8", arch_list=["sm_75", "sm_80", "sm_86", "sm_90", "sm_100", "sm_120"]),
    },
    "an L40S, whose 8.9 no arch list names": {
        "system": LINUX,
        "accelerators": [card("NVIDIA L40S", "8.9", index=index) for index in range(4)],
        "nvidia": driver("535.183.01", "12.2"),
        "builds": torch("2.4.0+cu121", "12.1", arch_list=STOCK),
    },
    "a ROCm build on an AMD card": {
        "live": True,
        "system": LINUX,
        "observed": LOOKED,
        "accelerators": [card("AMD Instinct MI300X", vendor="amd")],
        "builds": torch("2.9.1+rocm6.4", None, rocm="6.4.43484", arch_list=["gfx90a", "gfx942"]),
    },
    "a toolkit 12.8 beside a CUDA 12.4 build": {
        "system": LINUX,
        "accelerators": [card("NVIDIA GeForce RTX 2080 Ti")],
        "nvidia": driver("550.144.03", "12.4"),
        "toolkits": [{"name": "cuda", "version": "12.8"}],
        "builds": torch("2.5.1", "12.4", cuda_available=True),
    },
    "a CUDA 13 build through the libraries for forward compatibility": {
        "system": LINUX,
        "accelerators": [card("NVIDIA A100-SXM4-80GB", "8.0")],
        "nvidia": {"driver_version": "535.183.01", "cuda_version": "12.2"},
        "builds": torch("2.11.0", "13.0", cuda_available=True, arch_list=["sm_75", "sm_80", "sm_86", "sm_90"]),
    },
    "WSL 2": {
        "system": {**LINUX, "wsl": 2},
        "accelerators": [card("NVIDIA GeForce RTX 3080", "8.6")],
        "nvidia": {"driver_version": "536.25", "cuda_version": "12.2"},
        "builds": torch("2.5.1+cu124", "12.4", cuda_available=True),
    },
    "a container with a card": {
        "live": True,
        "system": {**LINUX, "container": "docker"},
        "observed": LOOKED,
        "modules": ["nvidia"],
        "memory": {"shm_bytes": 67_108_864},
        "accelerators": [card("NVIDIA H100 80GB HBM3", "9.0")],
        "nvidia": driver("580.105.08", "13.1"),
        "builds": torch("2.9.0+cu130", "13.0"),
        "packages": packages(torch="2.9.0+cu130", numpy="2.3.5", protobuf="6.31.1"),
    },
    "an old but fitting set": {
        "system": WINDOWS,
        "accelerators": [card("TITAN RTX"), card("TITAN RTX", index=1)],
        "nvidia": {"driver_version": "442.92", "cuda_version": "10.2"},
        "builds": torch("1.5.0+cu101", "10.1", cuda_available=True),
        "packages": packages(torch="1.5.0+cu101", torchvision="0.6.0+cu101", numpy="1.18.5"),
    },
    "a card that no build supports, with a CPU build": {
        "live": True,
        "system": LINUX,
        "observed": LOOKED,
        "modules": ["nouveau"],
        "accelerators": [card("NVIDIA GeForce GT 710", "3.5")],
        "builds": torch("2.9.0+cpu", None),
        "nvidia": {"kernel_module_version": None},
    },
    "an image of NVIDIA's own": {
        "system": {**LINUX, "container": "docker"},
        "accelerators": [card("NVIDIA H200", "9.0")],
        "nvidia": driver("570.86.15", "12.8"),
        "builds": torch("2.6.0a0+ecf3bae40a.nv25.01", "12.8", cuda_available=True, arch_list=["sm_80", "sm_90", "sm_100", "compute_120"]),
        "packages": packages(torch="2.6.0a0+ecf3bae40a.nv25.01", torchvision="0.20.0a0", numpy="1.26.4"),
    },
    "two OpenMP runtimes that nobody complains about": {
        "live": True,
        "system": LINUX,
        "observed": LOOKED,
        "imports": [{"name": "torch", "status": "imported"}, {"name": "sklearn", "status": "imported"}],
        "packages": packages(torch="2.13.0+cpu", scikit_learn="1.7.2", numpy="2.4.6"),
        "builds": torch("2.13.0+cpu", None),
    },
    "nothing at all": {},
}


@pytest.mark.parametrize("name", HEALTHY)
def test_no_rule_sees_an_error_or_a_warning(name: str):
    report = diagnose(msgspec.convert(HEALTHY[name], Snapshot), RULES)
    assert [(finding.rule, finding.message) for finding in report.findings if finding.severity is not Severity.INFO] == []
    assert not [gap for gap in report.not_evaluated if "crashed" in gap.reason]


@pytest.mark.parametrize("name", HEALTHY)
def test_every_rule_has_an_outcome(name: str):
    from envcheck.judging.case import Case

    case = Case(msgspec.convert(HEALTHY[name], Snapshot))
    assert [rule.name for rule in RULES if not list(rule.check(case))] == []
