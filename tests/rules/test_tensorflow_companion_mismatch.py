# ruff: noqa: E501 - what programs print stands as they print it
from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.report import Severity
from envcheck.rules.tensorflow_companion_mismatch import RULE
from tests.rules.rule_words import said, words


def judge(*symptoms: dict[str, Any], requires: dict[str, list[str]] | None = None, **versions: str) -> list[Any]:
    packages: list[dict[str, Any]] = [
        {"name": name.replace("_", "-"), "version": version, "state": "ok"} for name, version in versions.items()
    ]
    for package in packages:
        if requires and package["name"] in requires:
            package["requires"] = requires[package["name"]]
    return list(RULE.check(Case(msgspec.convert({"packages": packages, "symptoms": symptoms}, Snapshot))))


@pytest.mark.parametrize(
    ("name", "version", "tensorflow"),
    [
        ("tensorflow_text", "2.13.0", "2.15.0"),
        ("tf_keras", "2.16.0", "2.18.0"),
        ("tensorflow_decision_forests", "1.9.2", "2.18.0"),
        ("tensorflow_decision_forests", "1.3.0", "2.13.0"),
    ],
)
def test_a_companion_of_another_series_is_found(name: str, version: str, tensorflow: str):
    (found,) = judge(**{name: version, "tensorflow": tensorflow})
    assert isinstance(found, Found)
    assert found.severity is Severity.WARNING


def test_what_is_released_with_tensorflow_is_installed_in_its_series():
    (found,) = judge(tensorflow_text="2.13.0", tensorflow="2.15.0")
    assert "tensorflow-text==2.15.*" in words(found)


def test_the_companions_own_metadata_counts():
    (found,) = judge(tensorflow_probability="0.99.0", tensorflow="2.15.0", requires={"tensorflow-probability": ["tensorflow>=2.16"]})
    assert isinstance(found, Found)


@pytest.mark.parametrize(
    ("name", "version", "tensorflow"),
    [
        ("tensorflow_text", "2.20.1", "2.20.0"),
        ("tf_keras", "2.16.0", "2.16.2"),
        ("tensorflow_decision_forests", "1.9.2", "2.16.1"),
        ("tensorflow_decision_forests", "1.8.1", "2.15.0"),
    ],
)
def test_one_of_the_same_series_passes_whatever_the_last_number(name: str, version: str, tensorflow: str):
    assert [type(outcome) for outcome in judge(**{name: version, "tensorflow": tensorflow})] == [Passed]


def test_an_undefined_symbol_is_an_error():
    library = "/x/lib/python3.10/site-packages/tensorflow_decision_forests/tensorflow/ops/inference/inference.so"
    (found,) = judge(said("undefined-symbol", "tensorflow", symbol="_ZN10tensorflow1", needed_by=library), tensorflow="2.15.0")
    assert isinstance(found, Found)
    assert found.severity is Severity.ERROR
    assert found.subject == "tensorflow-decision-forests"


@pytest.mark.parametrize(
    ("line", "subject", "severity"),
    [
        (
            "ImportError: This version of TensorFlow Probability requires TensorFlow version >= 2.10; Detected an installation of version 2.9.0. Please upgrade",
            "tensorflow-probability",
            Severity.ERROR,
        ),
        (
            "WARNING:root:TensorFlow Decision Forests 1.5.0 is compatible with the following TensorFlow Versions: ['2.13.0']. However, TensorFlow 2.12.1 was detected.",
            "tensorflow-decision-forests 1.5.0",
            Severity.ERROR,
        ),
        (
            (
                "UserWarning: Tensorflow Addons supports using Python ops for all Tensorflow versions above or equal to 2.11.0 and strictly below 2.14.0 (nightly versions are not supported). \n"
                " The versions of TensorFlow you are currently using is 2.15.1 and is not supported. "
            ),
            "tensorflow-addons",
            Severity.INFO,
        ),
    ],
)
def test_their_own_words(line: str, subject: str, severity: Severity):
    (found,) = (outcome for outcome in RULE.check(Case(read_text(line + "\n"))) if isinstance(outcome, Found))
    assert (found.subject, found.severity) == (subject, severity)


def test_tensorflow_io_warns_at_every_import_and_that_is_a_hint():
    library = "/opt/conda/lib/python3.10/site-packages/tensorflow_io/python/ops/libtensorflow_io_plugins.so"
    (found,) = judge(said("undefined-symbol", symbol="_ZN3tsl6StatusC1E", needed_by=library))
    assert found.severity is Severity.INFO


@pytest.mark.parametrize("part", ["tensorflow_macos", "tensorflow_intel", "tensorflow_cpu_aws"])
def test_the_wrapped_package_has_tensorflows_version(part: str):
    (found,) = judge(**{"tensorflow": "2.15.0", part: "2.12.0"})
    assert isinstance(found, Found)
    assert [type(outcome) for outcome in judge(**{"tensorflow": "2.15.0", part: "2.15.0"})] == [Passed]


@pytest.mark.parametrize("versions", [{"tensorflow_text": "2.13.0"}, {"tensorflow_probability": "0.25.0", "tensorflow": "2.20.0"}])
def test_what_cannot_be_compared_is_not_evaluated(versions: dict[str, str]):
    assert [type(outcome) for outcome in judge(**versions)] == [NotEvaluated]


def test_tensorflow_alone_is_no_question():
    assert [type(outcome) for outcome in judge(tensorflow="2.15.0", tensorflow_datasets="4.9.3")] == [NotApplicable]
