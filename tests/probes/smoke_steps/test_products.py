"""Products in each type that a device has, by a framework of plain Python."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

Probe = Callable[[str], ModuleType]
Rows = list[list[float]]


class Silent:
    def stage(self, words: str) -> None:
        pass

    def deadline(self, seconds: float) -> None:
        pass


@pytest.fixture
def products(probe: Probe) -> ModuleType:
    return probe("smoke_steps.products")


def times(left: Rows, right: Rows) -> Rows:
    columns = list(zip(*right, strict=True))
    return [[sum(map(float.__mul__, map(float, row), map(float, column))) for column in columns] for row in left]


def made_by(probe: Probe, products: ModuleType, multiply: Callable[[str, Rows, Rows], Rows], *names: str, device: str = "cuda:0") -> Any:
    trial = probe("smoke_steps.trial").Trial(Silent(), "any", None, device, 20.0)
    trial.layer("computed")
    made = products.Products(trial, multiply, names)
    made.compute()
    made.compare()
    return trial


def test_what_is_right_is_compared_in_every_type(probe: Probe, products: ModuleType) -> None:
    # As a card that uses TF32 would, it is off by 1e-4 in it.
    trial = made_by(
        probe, products, lambda name, left, right: _off(times(left, right), name == "TF32" and len(left) == 32), "float32", "TF32"
    )
    assert trial.compared == ["matmul float32", "matmul TF32", "matmul of reals float32", "matmul of reals TF32"]
    assert trial.notes == {"TF32": "used where allowed"}


def _off(rows: Rows, by: bool) -> Rows:
    return [[value * (1.0001 if by else 1.0) for value in row] for row in rows]


def test_the_cpu_is_tested_by_integers_alone(probe: Probe, products: ModuleType) -> None:
    assert made_by(probe, products, lambda name, left, right: times(left, right), "float64", device="cpu").compared == ["matmul float64"]


def test_types_that_a_device_lacks_are_noted(probe: Probe, products: ModuleType) -> None:
    not_evaluated = probe("smoke_steps.trial").NotEvaluated

    def multiply(name: str, left: Rows, right: Rows) -> Rows:
        if name == "bfloat16":
            raise not_evaluated("this card does not have it")
        if name == "float16":
            raise TypeError("float16 is not supported\non this device")
        return times(left, right)

    trial = made_by(probe, products, multiply, "float32", "float16", "bfloat16")
    assert trial.compared == ["matmul float32", "matmul of reals float32"]
    assert trial.notes == {"float16": "not tested: float16 is not supported", "bfloat16": "not tested: this card does not have it"}


@pytest.mark.parametrize(("name", "words"), [("float32", "not supported"), ("float16", "no kernel image"), ("float16", "illegal address")])
def test_single_precision_is_never_lacking_and_faults_are_faults(probe: Probe, products: ModuleType, name: str, words: str) -> None:
    def fail(name: str, left: Rows, right: Rows) -> Rows:
        raise RuntimeError(words)

    with pytest.raises(RuntimeError, match=words):
        made_by(probe, products, fail, name)


def test_half_precision_that_is_summed_in_half_is_right_on_other_cards_than_cudas(probe: Probe, products: ModuleType) -> None:
    def off(name: str, left: Rows, right: Rows) -> Rows:
        return [[value + (0.3 if len(left) == 32 else 0.0) for value in row] for row in times(left, right)]

    assert "matmul of reals float16" in made_by(probe, products, off, "float16", device="mps").compared
    with pytest.raises(probe("smoke_steps.comparison").WrongResult, match="matmul of reals float16"):
        made_by(probe, products, off, "float16")
