"""What a smoke test is given: layers and their times, comparisons, notes, and what the channel hears of them."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

Probe = Callable[[str], ModuleType]


class Heard:
    def __init__(self) -> None:
        self.stages: list[str] = []
        self.deadlines: list[float] = []

    def stage(self, name: str) -> None:
        self.stages.append(name)

    def deadline(self, seconds: float) -> None:
        self.deadlines.append(seconds)


@pytest.fixture
def channel() -> Heard:
    return Heard()


@pytest.fixture
def module(probe: Probe) -> ModuleType:
    return probe("smoke_steps.trial")


@pytest.fixture
def trial(module: ModuleType, channel: Heard) -> Any:
    return module.Trial(channel, "torch", "the module", "cuda:1", 20.0, folder="/scratch")


def test_what_it_is_given(trial: Any) -> None:
    assert (trial.name, trial.framework, trial.device, trial.folder) == ("torch", "the module", "cuda:1", "/scratch")
    assert trial.slow is False
    assert trial.card_bytes == 64 * 2**20, "what may be taken of a card unless more was asked for"
    assert (trial.reached, trial.end(), trial.compared, trial.notes) == ("", [], [], {})


def test_layers_are_told_and_timed_in_their_order(trial: Any, channel: Heard, module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([10.0, 10.5, 11.0, 13.0])
    monkeypatch.setattr(module.time, "perf_counter", lambda: next(clock))
    trial.layer("tensor")
    assert trial.reached == "tensor"
    trial.layer("computed")
    assert trial.reached == "computed"
    assert trial.end() == [{"name": "tensor", "seconds": 0.5}, {"name": "computed", "seconds": 2.0}]
    assert trial.end()[-1]["seconds"] == 2.0, "it ends once"
    assert channel.stages == ["testing torch on cuda:1: tensor", "testing torch on cuda:1: computed"]


def test_each_word_begins_the_deadline_anew(trial: Any, channel: Heard) -> None:
    trial.layer("computed")
    trial.doing("starting the JVM")
    assert channel.stages[-1] == "testing torch on cuda:1: computed, starting the JVM"
    assert channel.deadlines == [20.0, 20.0]
    assert trial.reached == "computed", "what is done within a layer is no layer"


def test_a_layer_that_nobody_knows_is_a_mistake_of_the_test(trial: Any) -> None:
    with pytest.raises(ValueError, match="computing"):
        trial.layer("computing")


def test_what_is_right_is_counted_and_what_is_wrong_is_not(trial: Any, probe: Probe) -> None:
    trial.expect("sum float64", [1.0, 2.0 + 1e-12], [1.0, 2.0], rtol=1e-11)
    with pytest.raises(probe("smoke_steps.comparison").WrongResult, match="product"):
        trial.expect("product", 3, 4)
    trial.expect("near zero", 1e-9, 0.0, atol=1e-8)
    assert trial.compared == ["sum float64", "near zero"]


def test_notes_are_words(trial: Any) -> None:
    trial.note("provider", "CPUExecutionProvider")
    trial.note("threads", 2)
    assert trial.notes == {"provider": "CPUExecutionProvider", "threads": "2"}


def test_further_modules_are_imported_in_their_own_layer(
    trial: Any, channel: Heard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "envcheck_test_further.py").write_text("value = 42\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    try:
        trial.imports("envcheck_test_further")
        assert sys.modules["envcheck_test_further"].value == 42
    finally:
        sys.modules.pop("envcheck_test_further", None)
    assert trial.reached == "imported"
    assert channel.stages[-1] == "testing torch on cuda:1: imported, importing envcheck_test_further"


def test_a_further_module_that_raises_is_told_with_that_layer(trial: Any) -> None:
    with pytest.raises(ModuleNotFoundError):
        trial.imports("envcheck_test_that_is_not_there")
    assert trial.reached == "imported"
    trial.layer("tensor")
    assert [layer["name"] for layer in trial.end()] == ["imported", "tensor"]
