from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty, Severity
from envcheck.rules.keras_tensorflow_mismatch import RULE
from tests.rules.rule_words import said, words


def judge(*symptoms: dict[str, Any], **versions: str) -> list[Any]:
    packages = [{"name": name.replace("_", "-"), "version": version, "state": "ok"} for name, version in versions.items()]
    return list(RULE.check(Case(msgspec.convert({"packages": packages, "symptoms": symptoms}, Snapshot))))


@pytest.mark.parametrize(("keras", "tensorflow"), [("2.11.0", "2.10.1"), ("2.15.0", "2.16.2"), ("3.3.3", "2.12.0"), ("2.9.0", "2.14.0")])
def test_keras_of_another_series_is_found(keras: str, tensorflow: str):
    (found,) = judge(keras=keras, tensorflow=tensorflow)
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.WARNING, Certainty.CERTAIN)


def test_the_keras_of_tensorflows_series_is_installed():
    (found,) = judge(keras="2.11.0", tensorflow="2.10.1")
    assert "keras<2.11,>=2.10.0" in words(found)


@pytest.mark.parametrize(
    ("keras", "tensorflow"), [("2.10.0", "2.10.1"), ("2.13.0", "2.13.1"), ("3.8.0", "2.18.0"), ("3.0.0", "2.15.1"), ("2.15.0", "2.15.0")]
)
def test_pairs_that_work_pass(keras: str, tensorflow: str):
    assert [type(outcome) for outcome in judge(keras=keras, tensorflow=tensorflow)] == [Passed]


@pytest.mark.parametrize(
    "symptom",
    [
        said("unsupported-call", "keras", name="tensorflow.compat.v2.__internal__.tf2"),
        said("unsupported-call", name="tensorflow._api.v1.compat.v2.__internal__"),
        said(
            "import-failed",
            "keras",
            module="tensorflow.compat.v2.experimental",
            exception="ImportError",
            message="cannot import name 'dtensor' from 'tensorflow.compat.v2.experimental'",
        ),
        said("module-not-found", "tensorflow", module="keras.api._v2"),
    ],
)
def test_what_one_missed_of_the_other_is_an_error(symptom: dict[str, Any]):
    (found,) = judge(symptom)
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.LIKELY)
    (sure,) = judge(symptom, keras="2.6.0", tensorflow="2.10.0")
    assert sure.certainty is Certainty.CERTAIN


def test_what_a_program_missed_of_tensorflow_is_another_matter():
    outcomes = judge(said("unsupported-call", "app", name="tensorflow.Session"))
    assert [type(outcome) for outcome in outcomes] == [NotApplicable]


def test_of_a_series_that_names_no_keras_it_is_not_evaluated():
    assert [type(outcome) for outcome in judge(keras="2.4.3", tensorflow="2.4.1")] == [NotEvaluated]


@pytest.mark.parametrize("versions", [{"keras": "3.8.0"}, {"tensorflow": "2.18.0"}])
def test_with_one_of_them_it_is_no_question(versions: dict[str, str]):
    assert [type(outcome) for outcome in judge(**versions)] == [NotApplicable]
