"""Machines that work, each with a build that fits it by the tables: whatever is judged of them, nobody is told of a problem."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from envcheck.choosing.build import Build, Wishes
from envcheck.choosing.choose import choose_build
from envcheck.facts.snapshot import Snapshot
from envcheck.judging.engine import diagnose
from envcheck.knowledge.python_wheels import wheel_platform
from envcheck.knowledge.tensorflow import find_release
from envcheck.knowledge.torch import find_kernels
from envcheck.readers.read import read_saved
from envcheck.report import Severity
from envcheck.rules import all_rules
from tests.cli.test_diagnose_recordings import BROKEN, FOLDERS

FRAMEWORKS = ("torch", "tensorflow", "jax")
LINUX = {"os": "Linux", "machine": "x86_64", "libc": "glibc 2.35", "kernel": "6.8.0-45-generic", "container": None, "wsl": None}
ARM = {**LINUX, "machine": "aarch64"}
WINDOWS = {"os": "Windows", "machine": "AMD64", "kernel": "10.0.22631"}
MAC = {"os": "Darwin", "machine": "arm64", "distribution_version": "15.1"}


def nvidia(name: str, capability: str, driver: str, cuda: str, count: int = 1, system: dict[str, Any] = LINUX) -> dict[str, Any]:
    card = {"vendor": "nvidia", "backend": "cuda", "name": name, "compute_capability": capability, "state": "ok", "visible": True}
    driven = {"driver_version": driver, "kernel_module_version": driver, "cuda_version": cuda, "state": "ok"}
    return {"system": system, "nvidia": driven, "accelerators": [{"index": number, **card} for number in range(count)]}


def amd(name: str, target: str) -> dict[str, Any]:
    card = {"index": 0, "vendor": "amd", "backend": "rocm", "name": name, "architecture": target, "state": "ok", "visible": True}
    return {"system": LINUX, "amd": {"rocm_version": "6.4.1", "state": "ok"}, "modules": ["amdgpu"], "accelerators": [card]}


MACHINES = {
    "login node": {"system": LINUX, "accelerators": [], "observed": {"accelerators": "complete"}},
    "arm server": {"system": ARM, "accelerators": [], "observed": {"accelerators": "complete"}},
    "windows laptop": {"system": WINDOWS, "accelerators": []},
    "mac": {
        "system": MAC,
        "accelerators": [{"index": 0, "vendor": "apple", "backend": "metal", "name": "Apple M3", "state": "ok"}],
        "apple": {"chip": "Apple M3"},
    },
    "gtx 1080 ti": nvidia("NVIDIA GeForce GTX 1080 Ti", "6.1", "535.183.01", "12.2"),
    "v100": nvidia("Tesla V100-SXM2-32GB", "7.0", "550.90.07", "12.4", count=8),
    "t4": nvidia("Tesla T4", "7.5", "550.54.15", "12.4"),
    "t4 on an old driver": nvidia("Tesla T4", "7.5", "470.256.02", "11.4"),
    "rtx 2080": nvidia("NVIDIA GeForce RTX 2080", "7.5", "560.35.03", "12.6"),
    "rtx 3090": nvidia("NVIDIA GeForce RTX 3090", "8.6", "535.54.03", "12.2", count=2),
    "a100": nvidia("NVIDIA A100-SXM4-80GB", "8.0", "525.105.17", "12.0", count=8),
    "rtx 4090": nvidia("NVIDIA GeForce RTX 4090", "8.9", "580.95.05", "13.0"),
    "l40s": nvidia("NVIDIA L40S", "8.9", "570.133.20", "12.8", count=4),
    "h100": nvidia("NVIDIA H100 80GB HBM3", "9.0", "535.129.03", "12.2", count=8),
    "gh200": nvidia("NVIDIA GH200 480GB", "9.0", "565.57.01", "12.7", system=ARM),
    "b200": nvidia("NVIDIA B200", "10.0", "580.82.07", "13.0", count=8),
    "rtx 5090": nvidia("NVIDIA GeForce RTX 5090", "12.0", "575.57.08", "12.9"),
    "rtx 4060 on windows": nvidia("NVIDIA GeForce RTX 4060", "8.9", "581.29", "13.0", system=WINDOWS),
    "rtx 3080 in wsl2": nvidia("NVIDIA GeForce RTX 3080", "8.6", "566.36", "12.7", system={**LINUX, "wsl": 2}),
    "rx 7900 xtx": amd("AMD Radeon RX 7900 XTX", "gfx1100"),
    "mi300x": amd("AMD Instinct MI300X", "gfx942"),
}
RECORDED = [folder for folder in FOLDERS if folder.name not in BROKEN]


@dataclass(frozen=True)
class Joined:
    """What a machine has, and the framework that was chosen for it."""

    build: Build
    facts: Snapshot


def join(machine: dict[str, Any], framework: str, python: str = "3.12") -> Joined | None:
    """The machine with the build that fits it installed and at work; None where no build does."""
    on_it = {**machine, "python": {"version": f"{python}.4", "executable": "/opt/venv/bin/python", "environment": "venv"}}
    build = choose_build(msgspec.convert(on_it, Snapshot), framework, Wishes(python=python))
    if not isinstance(build, Build):
        return None
    facts = msgspec.convert({**on_it, **_installed(build, msgspec.convert(on_it, Snapshot))}, Snapshot)
    return Joined(build, facts)


def _installed(build: Build, facts: Snapshot) -> dict[str, Any]:
    local = f"+{build.variant}" if build.index and build.variant not in ("", "metal") else ""
    exact = [companion for companion in build.companions if companion.version[0].isdigit()]
    packages = {build.distribution: build.version + local, **{each.name: each.version for each in exact}}
    made: dict[str, Any] = {"version": build.version + local}
    if build.framework == "torch":
        made |= _torch(build, wheel_platform(facts))
    elif build.framework == "tensorflow":
        row = find_release(build.version)
        made["cuda"] = row.cuda if row is not None and "and-cuda" in build.extras else None
        if made["cuda"]:
            packages[f"nvidia-cudnn-cu{made['cuda'].partition('.')[0]}"] = f"{row.cudnn if row else ''}"
    return {
        "packages": [{"name": name, "version": version, "state": "ok"} for name, version in packages.items()],
        "builds": {build.framework: made} if build.framework != "jax" else {},
        "imports": [{"name": build.framework, "status": "imported", "version": build.version + local}],
    }


def _torch(build: Build, platform: str) -> dict[str, Any]:
    """What torch/version.py says."""
    variant = build.variant
    if variant.startswith("cu"):
        kernels = find_kernels(variant, build.version, platform)
        assert kernels is not None
        return {"cuda": f"{variant[2:-1]}.{variant[-1]}", "rocm": None, "arch_list": kernels.arch_list, "cuda_available": True}
    if variant.startswith("rocm"):
        return {"cuda": None, "rocm": variant.removeprefix("rocm"), "cuda_available": True}
    return {"cuda": None, "rocm": None, "cuda_available": False, **({"mps_available": True} if variant == "metal" else {})}


def recorded() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every recorded machine that shows a card at work, as it was read, on a current Linux where it does not say."""
    for folder in RECORDED:
        data = b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "SOURCE.toml")
        facts = read_saved(data, folder.name)
        if any(card.state == "ok" for card in facts.accelerators):
            told = msgspec.to_builtins(facts)
            yield f"{folder.parent.name}-{folder.name}", {**told, "system": {**LINUX, **told.get("system", {})}, "packages": []}


def problems(facts: Snapshot) -> list[tuple[str, str]]:
    return [(each.rule, each.message) for each in diagnose(facts, all_rules()).findings if each.severity is not Severity.INFO]


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("name", MACHINES)
def test_a_machine_with_a_build_that_fits_is_healthy(name: str, framework: str) -> None:
    joined = join(MACHINES[name], framework)
    if joined is not None:
        assert not problems(joined.facts), joined.build


def test_there_are_at_least_forty_of_them() -> None:
    assert sum(join(machine, framework) is not None for machine in MACHINES.values() for framework in FRAMEWORKS) >= 40


@pytest.mark.skipif(not FOLDERS, reason="the recordings of real machines are not beside this checkout")
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_recorded_machines_with_builds_that_fit_are_healthy(framework: str) -> None:
    joined = {name: join(machine, framework) for name, machine in recorded()}
    fitting = {name: each for name, each in joined.items() if each is not None}
    assert len(fitting) >= 40
    assert {name: found for name, each in fitting.items() if (found := problems(each.facts))} == {}
