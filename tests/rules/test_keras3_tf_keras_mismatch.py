"""Keras 3 where a program needs Keras 2."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty, Role
from envcheck.rules.keras3_tf_keras_mismatch import RULE
from tests.rules.rule_words import judged, words

REFUSED = {
    "kind": "version-conflict",
    "text": "Your currently installed version of Keras is Keras 3",
    "subject": "transformers",
    "details": {"package": "keras", "have": "3", "need": "<3"},
}


def judge(*symptoms: dict[str, Any], **versions: str) -> Any:
    packages = [{"name": name.replace("_", "-"), "version": version, "state": "ok"} for name, version in versions.items()]
    (outcome,) = RULE.check(Case(msgspec.convert({"packages": packages, "symptoms": symptoms}, Snapshot)))
    return outcome


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        ({"tensorflow": "2.16.1"}, "tf-keras==2.16.*"),
        ({"tensorflow": "2.18.1", "keras": "3.6.0"}, "tf-keras==2.18.*"),
        ({"tensorflow": "2.13.0", "keras": "3.0.1"}, "keras<2.14,>=2.13.1"),
        ({}, "tf-keras"),
    ],
)
def test_the_keras_of_the_installed_tensorflow_is_prescribed(versions: dict[str, str], expected: str) -> None:
    found = judge(REFUSED, **versions)
    assert isinstance(found, Found)
    assert found.certainty is Certainty.CERTAIN
    assert found.remedies[0].steps[-1].run[-1] == expected
    assert "USE_TF=0" in words(found)


def test_where_tf_keras_is_listed_another_environment_spoke() -> None:
    assert judge(REFUSED, tensorflow="2.17.0", tf_keras="2.17.0").certainty is Certainty.LIKELY


@pytest.mark.parametrize(
    "text",
    [
        "WARNING:tensorflow:Your environment has TF_USE_LEGACY_KERAS set to True, but you do not have the tf_keras package installed.\n",
        (
            'Traceback (most recent call last):\n  File "/opt/e/site-packages/tensorflow_probability/python/internal/a.py", line 2'
            ", in <module>\n    import tf_keras\nModuleNotFoundError: No module named 'tf_keras'\n"
        ),
        (
            "RuntimeError: Failed to import transformers.models.bert.modeling_tf_bert because of the following error (look up to see its "
            "traceback):\nYour currently installed version of Keras is Keras 3, but this is not yet supported in Transformers.\n"
        ),
    ],
)
def test_every_program_that_misses_it_is_heard(text: str) -> None:
    report = judged(read_text(text))
    assert report.findings[0].rule == RULE.name
    assert all(finding.role is Role.CONSEQUENCE for finding in report.findings[1:])


def test_what_nobody_refused_passes() -> None:
    assert isinstance(judge(keras="3.5.0", tensorflow="2.18.0", transformers="4.44.0"), Passed)
    assert isinstance(judge(tf_keras="2.18.0"), Passed)


def test_pins_and_other_packages_are_other_rules_matter() -> None:
    of_pip = {**REFUSED, "subject": "pip", "details": {"package": "keras", "have": "3.5.0", "need": "<2.14", "by": "tensorflow 2.13.0"}}
    other = {"kind": "module-not-found", "text": "No module named 'keras'", "details": {"module": "keras"}}
    assert isinstance(judge(of_pip), NotApplicable)
    assert isinstance(judge(other), NotApplicable)
