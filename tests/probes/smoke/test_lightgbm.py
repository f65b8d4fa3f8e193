from pathlib import Path

import pytest

from tests.fake_driver import FakeDriver, recorded, written
from tests.probes.smoke.planting import in_predictions
from tests.probes.smoke.running import assert_catches, assert_passes, result, run_smoke

# One element of one result, wrong by 1e-9 of it: LightGBM's leaves are double numbers.
PLANTED = {
    "leaf means float64": "if found.max() > 20: found[70] *= 1 + 1e-9",
    "leaf margins float64": "if options: found[70] *= 1 + 1e-9",
    "chances float64": "if not options and found.max() < 1: found[70] *= 1 + 1e-9",
}


@pytest.fixture
def with_card(fake_driver: FakeDriver, tmp_path: Path) -> dict[str, str | None]:
    """Of a machine whose driver shows a card."""
    return {**fake_driver.variables(written(tmp_path, recorded("h200")), "cuda"), "CUDA_VISIBLE_DEVICES": None}


def test_it_computes(computing_python: str) -> None:
    answer = run_smoke(computing_python, "lightgbm")
    assert_passes(answer, list(PLANTED))
    assert result(answer)["notes"] == {"device": "cpu"}


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_error_is_caught(computing_python: str, what: str) -> None:
    assert_catches(run_smoke(computing_python, "lightgbm", planted=in_predictions(PLANTED[what])), what)


def test_a_build_without_cuda_has_no_card(computing_python: str, with_card: dict[str, str | None]) -> None:
    assert result(run_smoke(computing_python, "lightgbm", "device=cuda", variables=with_card), "cuda")["status"] == "skipped"


def test_another_failure_of_a_card_is_told_with_the_layer_of_devices(computing_python: str, with_card: dict[str, str | None]) -> None:
    broken = (
        "def train(*arguments, **options): raise module.basic.LightGBMError('[CUDA] no kernel image is available')\nmodule.train = train"
    )
    answer = run_smoke(computing_python, "lightgbm", "device=cuda", planted=broken, variables=with_card)
    assert result(answer, "cuda")["layer"] == "devices"
    assert answer.said[-1].text == "LightGBMError: [CUDA] no kernel image is available"


def test_a_build_with_cuda_is_told_which_card(computing_python: str, with_card: dict[str, str | None]) -> None:
    # A build with CUDA names the device in its model; here the CPU's trees stand for a card's.
    able = """
train = module.train
def on_a_card(settings, data, **options):
    assert settings["device_type"] == "cuda"
    booster = train(dict(settings, device_type="cpu"), data, **options)
    told = booster.model_to_string
    booster.model_to_string = lambda: told().replace("[device_type: cpu]", "[device_type: cuda]")
    return booster
module.train = on_a_card
"""
    answer = run_smoke(computing_python, "lightgbm", "device=cuda", planted=able, variables=with_card)
    assert_passes(answer, list(PLANTED), "cuda:0")
    assert result(answer, "cuda:0")["notes"] == {"device": "cuda"}


def test_another_device_than_was_asked_for_is_a_failure(computing_python: str) -> None:
    elsewhere = """
train = module.train
module.train = lambda settings, data, **options: train(dict(settings, device_type="cpu"), data, **options)
"""
    answer = run_smoke(computing_python, "lightgbm", "device=cuda:0", planted=elsewhere)
    assert result(answer, "cuda:0")["layer"] == "computed"
    assert answer.said[-1].text == "OtherDevice: LightGBM was asked to compute on cuda and computed on cpu"
