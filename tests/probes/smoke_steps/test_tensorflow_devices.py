"""TensorFlow's devices under envcheck's names, of machines that are not here."""

from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

Probe = Callable[[str], ModuleType]


@pytest.fixture
def devices(probe: Probe) -> ModuleType:
    return probe("smoke_steps.tensorflow_devices")


class FakeTensorFlow:
    def __init__(self, gpus: int) -> None:
        self._gpus = [f"GPU:{number}" for number in range(gpus)]
        self.called: list[tuple[Any, ...]] = []
        self.config = SimpleNamespace(
            list_physical_devices=lambda kind: self._gpus if kind == "GPU" else ["CPU:0"],
            list_logical_devices=lambda kind: self._gpus if kind == "GPU" else ["CPU:0"],
            set_visible_devices=lambda *arguments: self.called.append(("visible", *arguments)),
            set_soft_device_placement=lambda *arguments: self.called.append(("soft", *arguments)),
            experimental=SimpleNamespace(set_memory_growth=lambda *arguments: self.called.append(("growth", *arguments))),
        )

    def device(self, name: str) -> str:
        return name


@pytest.mark.parametrize(
    ("gpus", "platform", "wanted", "expected"),
    [
        (0, "linux", "auto", ["cpu"]),
        (0, "linux", "cuda", []),
        (2, "linux", "auto", ["cpu", "cuda:0", "cuda:1"]),
        (2, "linux", "cuda", ["cuda:0", "cuda:1"]),
        (1, "darwin", "auto", ["cpu", "mps"]),
        (1, "darwin", "cuda", []),
        (0, "darwin", "mps", []),
        (1, "linux", "xpu", []),
    ],
)
def test_every_visible_device_is_listed(
    devices: ModuleType, monkeypatch: pytest.MonkeyPatch, gpus: int, platform: str, wanted: str, expected: list[str]
) -> None:
    monkeypatch.setattr(devices.sys, "platform", platform)
    tf = FakeTensorFlow(gpus)
    assert devices.list_devices(tf, wanted) == expected
    assert tf.called == [], "nothing is started, and nothing is hidden"


def test_the_cpu_alone_is_tested_without_starting_a_card(devices: ModuleType) -> None:
    tf = FakeTensorFlow(2)
    assert devices.list_devices(tf, "cpu") == ["cpu"]
    assert tf.called == [("visible", [], "GPU")]


def test_memory_is_taken_as_needed_of_every_card(devices: ModuleType) -> None:
    tf = FakeTensorFlow(2)
    devices.take_memory_as_needed(tf)
    assert tf.called == [("growth", "GPU:0", True), ("growth", "GPU:1", True)]


@pytest.mark.parametrize(("name", "expected"), [("cpu", "/CPU:0"), ("cpu:1", "/CPU:1"), ("cuda:3", "/GPU:3"), ("mps", "/GPU:0")])
def test_what_cannot_be_placed_there_is_placed_nowhere_else(devices: ModuleType, name: str, expected: str) -> None:
    tf = FakeTensorFlow(4)
    assert devices.placed(tf, name) == expected
    assert tf.called == [("soft", False)]


def test_others_of_the_same_kind(devices: ModuleType) -> None:
    assert devices.others_of_its_kind(FakeTensorFlow(3), "cuda:1") == ["cuda:0", "cuda:2"]
    assert devices.others_of_its_kind(FakeTensorFlow(3), "cpu") == []
