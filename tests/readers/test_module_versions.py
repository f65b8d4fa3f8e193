"""Modules whose version was told, beside lists of the distributions that bring them."""

import pytest

from envcheck.judging.case import Case
from envcheck.judging.rule import Found
from envcheck.readers.read import read_text
from envcheck.rules.package_overwritten import RULE

LIST = "$ pip list\nPackage        Version\n-------------- -------\nnumpy          1.22.3\n{} {}\n"
ASKED = ">>> {}.__version__\n'{}'\n"


def versions(text: str) -> dict[str, object]:
    return {package.name: package.version for package in read_text(text).packages}


@pytest.mark.parametrize(
    ("listed", "version", "module", "said"),
    [
        ("tensorflow-gpu", "2.8.0", "tf", "2.8.0"),
        ("tensorflow-cpu", "2.12.0", "tensorflow", "2.12.0"),
        ("tensorflow-rocm", "2.12.0.560", "tf", "2.12.0"),
        ("opencv-python-headless", "4.9.0.80", "cv2", "4.9.0"),
        ("xgboost-cpu", "2.1.0", "xgboost", "2.1.0"),
    ],
)
@pytest.mark.parametrize("list_first", [True, False])
def test_a_module_is_the_distribution_that_the_list_has(listed: str, version: str, module: str, said: str, list_first: bool) -> None:
    parts = [LIST.format(listed, version), ASKED.format(module, said)]
    snapshot = read_text("".join(parts if list_first else reversed(parts)))
    assert {package.name: package.version for package in snapshot.packages} == {"numpy": "1.22.3", listed: version}
    assert not [entry for entry in snapshot.contradictions if entry.fact.startswith("packages")]
    assert not any(isinstance(outcome, Found) for outcome in RULE.check(Case(snapshot)))


def test_the_report_of_tensorflow_tells_both_too() -> None:
    text = (
        "== check pips ====================\nnumpy                  1.21.0\ntensorflow-gpu         2.5.0\n"
        "== tensorflow import =============\ntf.version.VERSION = 2.5.0\n"
    )
    assert versions(text) == {"numpy": "1.21.0", "tensorflow-gpu": "2.5.0"}


def test_another_version_of_the_module_is_kept_as_a_contradiction() -> None:
    snapshot = read_text(ASKED.format("tf", "2.6.0") + LIST.format("tensorflow-gpu", "2.4.1"))
    assert {package.name for package in snapshot.packages} == {"numpy", "tensorflow-gpu"}
    assert [(entry.fact, entry.value) for entry in snapshot.contradictions] == [("packages[tensorflow-gpu].version", "2.6.0")]


def test_two_that_the_list_has_are_two() -> None:
    text = LIST.format("tensorflow-gpu", "2.8.0") + "tensorflow 2.9.1\n" + ASKED.format("tf", "2.9.1")
    assert set(versions(text)) == {"numpy", "tensorflow-gpu", "tensorflow"}
    assert any(isinstance(outcome, Found) for outcome in RULE.check(Case(read_text(text))))


def test_without_a_list_the_module_is_its_usual_distribution() -> None:
    assert versions(ASKED.format("tf", "2.8.0")) == {"tensorflow": "2.8.0"}


def test_what_somebody_says_is_installed_is_a_distribution() -> None:
    text = "Found existing installation: onnxruntime 1.23.2\nUninstalling onnxruntime-1.23.2:\n"
    text += "(installed: onnx, onnxruntime, onnxruntime-gpu)\n"
    assert {"onnxruntime", "onnxruntime-gpu"} <= set(versions(text))
