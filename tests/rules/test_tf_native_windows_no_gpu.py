"""TensorFlow after 2.10 on native Windows, where a GPU is wanted."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty, Severity
from envcheck.rules.tf_native_windows_no_gpu import RULE
from tests.rules.rule_words import judged, told, words

WINDOWS = {"os": "Windows"}
CARD = {"index": 0, "vendor": "nvidia", "name": "NVIDIA GeForce RTX 3060", "state": "ok"}


def judge(version: str | None, **facts: Any) -> Any:
    packages = [{"name": "tensorflow", "version": version, "state": "ok"}] if version is not None else []
    (outcome,) = RULE.check(Case(msgspec.convert({"system": WINDOWS, "packages": packages, **facts}, Snapshot)))
    return outcome


@pytest.mark.parametrize("version", ["2.11.0", "2.15.1", "2.21.0", "2.25.0"])
def test_a_release_after_2_10_beside_a_card_is_found(version: str) -> None:
    found = judge(version, accelerators=[CARD])
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.CERTAIN)
    assert "tensorflow[and-cuda]" in words(found)
    assert "tensorflow-directml-plugin" in words(found)


@pytest.mark.parametrize(
    "wish",
    [
        {"builds": {"tensorflow": {"cuda_available": False}}},
        {"toolkits": [{"name": "cuda", "version": "11.8"}]},
        {"builds": {"torch": {"cuda_available": True}}},
        {"nvidia": {"driver_version": "551.86"}},
    ],
)
def test_whoever_wants_a_gpu_is_enough(wish: dict[str, Any]) -> None:
    assert isinstance(judge("2.12.0", **wish), Found)


def test_beside_torch_and_on_the_machine_itself_it_is_a_warning() -> None:
    assert judge("2.16.1", accelerators=[CARD], builds={"torch": {"version": "2.2.2+cu121"}}).severity is Severity.WARNING
    assert judge("2.16.1", accelerators=[CARD], live=True).severity is Severity.WARNING


@pytest.mark.parametrize(
    ("version", "facts"),
    [
        ("2.10.1", {"accelerators": [CARD]}),
        ("2.5.0", {"accelerators": [CARD]}),
        ("2.15.0", {"builds": {"tensorflow": {"cuda_available": True}}}),
    ],
)
def test_2_10_and_older_compute_there(version: str, facts: dict[str, Any]) -> None:
    assert isinstance(judge(version, **facts), Passed)


def test_an_unknown_release_is_not_judged() -> None:
    assert isinstance(judge("", accelerators=[CARD]), NotEvaluated)


@pytest.mark.parametrize(
    ("version", "facts"),
    [
        ("2.15.0", {}),
        ("2.15.0", {"live": True}),
        ("2.15.0", {"system": {"os": "Linux"}, "accelerators": [CARD]}),
        ("2.15.0", {"system": {"os": "Windows", "wsl": 2}, "accelerators": [CARD]}),
        (None, {"accelerators": [CARD]}),
    ],
)
def test_elsewhere_and_without_a_wish_the_question_does_not_arise(version: str | None, facts: dict[str, Any]) -> None:
    assert isinstance(judge(version, **facts), NotApplicable)


def test_it_comes_before_missing_libraries() -> None:
    text = (
        "Windows 11, driver 546.33\ntensorflow==2.12.0\n"
        "I tensorflow/tsl/cuda/cudart_stub.cc:28] Could not find cuda drivers on your machine, GPU will not be used.\n"
        ">>> tf.config.list_physical_devices('GPU')\n[]\n"
    )
    assert [finding.rule for finding in told(judged(read_text(text)))] == [RULE.name]
