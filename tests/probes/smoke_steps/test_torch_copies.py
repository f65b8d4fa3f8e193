"""Which of torch's devices exchange data with which, and what is said of the way; the copies themselves are made by the test of torch."""

from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

Probe = Callable[[str], ModuleType]


class Bytes:
    """As much of a tensor as copies need: it lies in memory of Python's own, whatever device it is said to be on."""

    def __init__(self, memory: bytearray, refused: tuple[str, ...] = ()) -> None:
        self.memory, self._refused = memory, refused

    def to(self, device: str, copy: bool = False) -> "Bytes":
        if device in self._refused:
            raise RuntimeError("CUDA error: out of memory" if device == "cuda:2" else "CUDA error: unknown error")
        return Bytes(bytearray(self.memory), self._refused)

    def numel(self) -> int:
        return len(self.memory)

    def copy_(self, other: "Bytes") -> None:
        self.memory[:] = other.memory


def a_trial(refused: tuple[str, ...] = ()) -> SimpleNamespace:
    torch = SimpleNamespace(
        uint8="uint8",
        frombuffer=lambda memory, dtype: Bytes(memory, refused),
        device=lambda name: name,
        cuda=SimpleNamespace(device_count=lambda: 3, can_device_access_peer=lambda one, other: other == "cuda:0"),
    )
    noted: dict[str, Any] = {}
    compared: list[str] = []
    return SimpleNamespace(
        framework=torch,
        device="cuda:1",
        card_bytes=2**20,
        doing=lambda words: None,
        note=noted.__setitem__,
        noted=noted,
        expect=lambda what, got, expected: compared.append(what) if got == expected else pytest.fail(what),
        compared=compared,
    )


@pytest.fixture
def copies(probe: Probe) -> ModuleType:
    return probe("smoke_steps.torch_copies")


def test_every_other_card_is_copied_to(copies: ModuleType) -> None:
    trial = a_trial()
    others = copies.others_of_its_kind(trial)
    assert others == ["cuda:0", "cuda:2"]
    copies.copy_to_others(trial, others)
    assert trial.compared == ["copy to cuda:0", "copy to cuda:2"]
    assert trial.noted == {"copy to cuda:0": "direct", "copy to cuda:2": "through the host"}


def test_another_card_that_is_full_is_noted_and_the_rest_is_copied_to(copies: ModuleType) -> None:
    trial = a_trial(refused=("cuda:2",))
    copies.copy_to_others(trial, ["cuda:2", "cuda:0"])
    assert trial.compared == ["copy to cuda:0"]
    assert trial.noted["copy to cuda:2"] == "not tested: busy: CUDA error: out of memory"


def test_another_card_that_fails_has_failed(copies: ModuleType) -> None:
    with pytest.raises(RuntimeError, match="unknown error"):
        copies.copy_to_others(a_trial(refused=("cuda:0",)), ["cuda:0"])
