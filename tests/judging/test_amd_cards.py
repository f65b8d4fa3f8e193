"""Which AMD cards there are, and who wants to compute on them."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.amd_cards import amd_gpus, rocm_build, rocm_reaches_gpu, wants_rocm


def facts(**given: Any) -> Snapshot:
    return msgspec.convert(given, Snapshot)


@pytest.mark.parametrize(
    ("given", "build"),
    [
        ({"builds": {"jax": {"cuda": "12.8"}, "torch": {"rocm": "6.4"}}}, ("torch", "6.4")),
        ({"builds": {"torch": {"rocm": None}}}, None),
        ({"packages": [{"name": "torch", "version": "2.8.0+rocm6.4", "state": "ok"}]}, ("torch", "6.4")),
        ({"packages": [{"name": "torch", "version": "2.8.0+cu128", "state": "ok"}]}, None),
    ],
)
def test_the_build_for_rocm(given: dict[str, Any], build: tuple[str, str] | None) -> None:
    assert rocm_build(facts(**given)) == build
    assert wants_rocm(facts(**given)) is (build is not None)


def test_rocm_itself_or_its_variables_want_it_too() -> None:
    assert wants_rocm(facts(amd={"rocm_version": "6.4.1"}))
    assert wants_rocm(facts(variables={"HIP_VISIBLE_DEVICES": "0"}))
    assert not wants_rocm(facts(variables={"CUDA_VISIBLE_DEVICES": "0"}))


def test_only_a_build_for_rocm_reaches_amds_cards() -> None:
    assert rocm_reaches_gpu(facts(builds={"torch": {"rocm": "6.4", "cuda_available": True}}))
    assert not rocm_reaches_gpu(facts(builds={"torch": {"cuda": "12.8", "cuda_available": True}}))
    assert not rocm_reaches_gpu(facts(builds={"torch": {"rocm": "6.4", "cuda_available": False}}))


def test_cards_are_told_in_the_order_of_their_numbers_with_their_targets() -> None:
    cards = [
        {"index": 1, "vendor": "amd", "architecture": "gfx1100"},
        {"index": 0, "backend": "rocm", "name": "AMD Instinct MI300X"},
        {"index": 2, "vendor": "nvidia"},
    ]
    gpus = amd_gpus(facts(accelerators=cards))
    assert [(gpu.fact, gpu.target, gpu.sure) for gpu in gpus] == [("accelerators[0]", "gfx942", True), ("accelerators[1]", "gfx1100", True)]
