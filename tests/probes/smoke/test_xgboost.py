from pathlib import Path

import pytest

from tests.fake_driver import FakeDriver, recorded, written
from tests.probes.smoke.planting import in_predictions
from tests.probes.smoke.running import assert_catches, assert_passes, result, run_smoke

# One element of one result, wrong by 1e-4 of it: XGBoost's leaves are single numbers.
PLANTED = {
    "leaf means float32": "if found.max() > 20: found[70] *= 1 + 1e-4",
    "leaf margins float32": "if options: found[70] *= 1 + 1e-4",
    "chances float32": "if not options and found.max() < 1: found[70] *= 1 + 1e-4",
}
WITH_CUDA = """
told = module.build_info
module.build_info = lambda: dict(told(), USE_CUDA=True)
"""


@pytest.fixture
def with_card(fake_driver: FakeDriver, tmp_path: Path) -> dict[str, str | None]:
    """Of a machine whose driver shows a card."""
    return {**fake_driver.variables(written(tmp_path, recorded("h200")), "cuda"), "CUDA_VISIBLE_DEVICES": None}


def test_it_computes(computing_python: str) -> None:
    answer = run_smoke(computing_python, "xgboost")
    assert_passes(answer, list(PLANTED))
    assert result(answer)["notes"] == {"device": "cpu"}


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_error_is_caught(computing_python: str, what: str) -> None:
    assert_catches(run_smoke(computing_python, "xgboost", planted=in_predictions(PLANTED[what])), what)


def test_the_silent_fall_back_to_the_cpu_is_a_failure(computing_python: str) -> None:
    answer = run_smoke(computing_python, "xgboost", "device=cuda:0")
    found = result(answer, "cuda:0")
    assert (found["status"], found["layer"], found["notes"]) == ("failed", "computed", {"device": "cpu"})
    assert answer.said[-1].text == "FellBack: XGBoost was asked to compute on cuda:0 and computed on cpu"
    assert answer.said[-1].details["ran"] == "cpu"


def test_a_build_with_cuda_is_tried_on_each_card_that_the_driver_shows(computing_python: str, with_card: dict[str, str | None]) -> None:
    answer = run_smoke(computing_python, "xgboost", "device=auto", planted=WITH_CUDA, variables=with_card)
    assert result(answer)["status"] == "passed"
    assert result(answer, "cuda:0")["status"] == "failed", "the driver is a fake: nothing can compute on its card"


def test_a_build_for_the_cpu_has_no_card(computing_python: str, with_card: dict[str, str | None]) -> None:
    assert result(run_smoke(computing_python, "xgboost", "device=cuda", variables=with_card), "cuda")["status"] == "skipped"
    answer = run_smoke(computing_python, "xgboost", "device=auto", variables=with_card)
    assert_passes(answer, list(PLANTED))
    assert not any("cuda" in stage for stage in answer.stages), "a build for the CPU is no failed test"


def test_without_a_driver_there_is_no_card(computing_python: str) -> None:
    # No machine is named to a driver that is faked, and a real one is hidden.
    answer = run_smoke(computing_python, "xgboost", "device=cuda", planted=WITH_CUDA, variables={"CUDA_VISIBLE_DEVICES": ""})
    assert result(answer, "cuda")["status"] == "skipped"


def test_before_2_0_a_card_has_a_method_of_its_own(computing_python: str) -> None:
    # As 1.7 does: no setting "device", a number of the card, and a method for it.
    older = """
import json
train = module.train
def older(settings, data, **options):
    settings = dict(settings)
    settings.pop("device", None)
    card, method = settings.pop("gpu_id", None), settings["tree_method"]
    assert (method == "gpu_hist") == (card is not None)
    booster = train(dict(settings, tree_method="hist"), data, **options)
    booster.save_config = lambda: json.dumps({"learner": {"generic_param": {"gpu_id": card or "-1"}}})
    return booster
module.train = older
"""
    for device in ("cpu", "cuda:1"):
        answer = run_smoke(computing_python, "xgboost", f"device={device}", planted=older)
        assert_passes(answer, list(PLANTED), device)
        assert result(answer, device)["notes"] == {"device": device}
