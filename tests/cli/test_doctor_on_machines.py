"""doctor --quick on machines of many kinds: which cause is named, how bad it is, and what is healthy.

One machine stands in both tables where it depends on the environment: a card that nobody asks for is no fault.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.examined import ROOT, Environment
from tests.fake_driver import FakeDriver, recorded, written
from tests.probes.fake_machine import PROCESSING, FakeMachine, run_on

Make = Callable[[FakeMachine], None]
RTX_4090, A100, H200 = "10de:2684", "10de:20b2", "10de:2335"
CARD = "0000:01:00.0"


def no_card(_machine: FakeMachine) -> None:
    """A processor, and nothing that computes beside it."""


def server(machine: FakeMachine) -> None:
    machine.server_without_cards(100)


def bare_card(machine: FakeMachine) -> None:
    machine.pci(CARD, RTX_4090)
    machine.dpkg({})


def nouveau(machine: FakeMachine) -> None:
    machine.pci(CARD, RTX_4090, driver="nouveau")
    machine.dpkg({})


def kept_for_a_guest(machine: FakeMachine) -> None:
    machine.pci(CARD, RTX_4090, driver="vfio-pci")


def tpu(machine: FakeMachine) -> None:
    machine.pci("0000:00:05.0", "1ae0:0063", PROCESSING, driver="vfio-pci")
    machine.node("vfio/0")


def gaudi(machine: FakeMachine) -> None:
    machine.pci("0000:19:00.0", "1da3:1020", PROCESSING, driver="habanalabs")
    machine.node("accel/accel0")


def radeon(machine: FakeMachine) -> None:
    machine.pci("0000:c4:00.0", "1002:15bf", driver="amdgpu")
    machine.write("sys/bus/pci/devices/0000:c4:00.0/mem_info_vram_total", f"{2**29}\n")
    machine.node("kfd", "dri/renderD128")


def host_of_containers(machine: FakeMachine) -> None:
    """Two cards that NVIDIA's module drives, of which a container that was given none has the bus alone."""
    machine.nvidia_module()
    machine.folder("proc/driver/nvidia/gpus")
    for address in (CARD, "0000:02:00.0"):
        machine.pci(address, A100, "030200", driver="nvidia")


def driven_card(machine: FakeMachine) -> None:
    """With the libraries of the test it answers as the H200 that was recorded."""
    machine.nvidia_module("590.48.01")
    machine.pci("0000:83:00.0", H200, "030200", driver="nvidia")
    machine.nvidia_card("0000:83:00.0", 0, name="NVIDIA H200", GPU_UUID="GPU-1bf1c2d3-1111-2222-3333-444455556666")


def built_for_cuda(environment: Environment) -> None:
    environment.add("torch", "2.9.0+cu128")
    (environment.site / "torch").mkdir()
    (environment.site / "torch" / "version.py").write_text("__version__ = '2.9.0+cu128'\ncuda = '12.8'\nhip = None\n")


@pytest.fixture
def doctor(target: Environment, tmp_path: Path) -> Callable[..., tuple[int, dict[str, Any]]]:
    """The exit code and the report."""

    def doctor(make: Make, *arguments: str, cuda: bool = False, **variables: str) -> tuple[int, dict[str, Any]]:
        machine = FakeMachine(tmp_path / "machine")
        make(machine)
        if cuda:
            built_for_cuda(target)
        command = [sys.executable, "-m", "envcheck", "doctor", "--quick", "--python", target.python, "--format", "json", *arguments]
        done = run_on(machine, command, {"PYTHONPATH": str(ROOT), **variables})
        assert "Traceback" not in done.stdout + done.stderr, done.stderr
        assert done.stdout, done.stderr
        return done.returncode, json.loads(done.stdout)

    return doctor


def causes(report: dict[str, Any]) -> list[tuple[str, str]]:
    """What is named as a cause about GPUs, hints aside."""
    areas = ("gpu", "container", "system")
    primary = [finding for finding in report["findings"] if finding["role"] == "primary" and finding["area"] in areas]
    return [(finding["rule"], finding["severity"]) for finding in primary if finding["severity"] != "info"]


@pytest.mark.parametrize(
    ("make", "variables"),
    [
        (no_card, {}),
        (server, {}),
        (kept_for_a_guest, {}),
        (tpu, {"TPU_ACCELERATOR_TYPE": "v5litepod-1"}),
        (gaudi, {}),
        (radeon, {}),
        (host_of_containers, {"container": "docker"}),
    ],
)
def test_a_machine_on_which_nobody_misses_a_gpu_is_healthy(doctor: Any, make: Make, variables: dict[str, str]) -> None:
    code, report = doctor(make, **variables)
    assert (code, report["status"], causes(report)) == (0, "healthy", [])


def test_a_cuda_build_on_a_machine_without_a_gpu_is_healthy_and_leaves_nothing_about_it_open(doctor: Any) -> None:
    code, report = doctor(server, cuda=True)
    assert (code, report["status"]) == (0, "healthy")
    assert not [gap for gap in report["not_evaluated"] if "nvidia" in gap["rule"] or "gpu" in gap["rule"] or "driver" in gap["rule"]]


@pytest.mark.parametrize(
    ("make", "cause", "variables"),
    [
        (bare_card, "no-nvidia-driver", {}),
        (nouveau, "no-nvidia-driver", {}),
        (host_of_containers, "container-without-gpu-device", {"container": "docker"}),
        (host_of_containers, "container-without-gpu-device", {"container": "docker", "NVIDIA_VISIBLE_DEVICES": "void"}),
    ],
)
def test_a_build_that_asks_for_the_card_makes_it_an_error(doctor: Any, make: Make, cause: str, variables: dict[str, str]) -> None:
    code, report = doctor(make, cuda=True, **variables)
    assert (code, causes(report)) == (1, [(cause, "error")])


def test_a_profile_that_asks_for_the_card_makes_it_an_error_too(doctor: Any) -> None:
    code, report = doctor(host_of_containers, "--profile", "gpu", container="docker")
    assert code == 1
    assert causes(report)[0] == ("container-without-gpu-device", "error")


@pytest.mark.parametrize("make", [bare_card, nouveau])
def test_a_card_without_a_driver_that_nobody_asks_for_is_no_more_than_a_warning(doctor: Any, make: Make) -> None:
    code, report = doctor(make)
    assert (code, causes(report)) == (0, [("no-nvidia-driver", "warning")])


class TestWithTheDriversLibraries:
    """Machines whose driver answers; pynvml asks the fake library."""

    @pytest.fixture(autouse=True)
    def _needs_a_binding(self) -> None:
        pytest.importorskip("pynvml", reason="nvidia-ml-py is not installed")

    def test_a_container_that_was_given_the_card_without_computing(self, doctor: Any, fake_driver: FakeDriver, tmp_path: Path) -> None:
        given = {"container": "docker", "NVIDIA_VISIBLE_DEVICES": "all", "NVIDIA_DRIVER_CAPABILITIES": "utility"}
        code, report = doctor(driven_card, cuda=True, **given, **fake_driver.variables(written(tmp_path, recorded("h200")), "nvml"))
        assert (code, causes(report)) == (1, [("container-without-gpu-device", "error")])

    @pytest.mark.parametrize(("value", "expected"), [("-1", []), ("0", []), ("7", [("cuda-visible-devices", "warning")])])
    def test_cards_hidden_from_nobody(self, doctor: Any, fake_driver: FakeDriver, tmp_path: Path, value: str, expected: Any) -> None:
        libraries = fake_driver.variables(written(tmp_path, recorded("h200")), "nvml", "cuda")
        code, report = doctor(driven_card, CUDA_VISIBLE_DEVICES=value, **libraries)
        assert (code, causes(report)) == (0, expected)

    def test_an_unknown_error_of_cuda_alone_is_told(self, doctor: Any, fake_driver: FakeDriver, tmp_path: Path) -> None:
        text = f"error nvmlInit 999\nerror cuInit 999\n{recorded('h200')}"
        code, report = doctor(driven_card, cuda=True, **fake_driver.variables(written(tmp_path, text), "nvml", "cuda"))
        assert (code, causes(report)) == (1, [("nvidia-driver-does-not-answer", "error")])
