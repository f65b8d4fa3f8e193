# ruff: noqa: E501 - what programs print stands as they print it
from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty, Severity
from envcheck.rules.tensorflow_metal_mismatch import RULE
from tests.rules.rule_words import said, words

SYMBOL = said(
    "undefined-symbol", symbol="_TF_AllocateOutput", needed_by="/x/lib/python3.9/site-packages/tensorflow-plugins/libmetal_plugin.dylib"
)


def judge(*symptoms: dict[str, Any], **versions: str) -> list[Any]:
    packages = [{"name": name.replace("_", "-"), "version": version, "state": "ok"} for name, version in versions.items()]
    return list(RULE.check(Case(msgspec.convert({"packages": packages, "symptoms": symptoms}, Snapshot))))


@pytest.mark.parametrize(("tensorflow", "plugin"), [("2.13.0", "0.8.0"), ("2.9.2", "1.0.0"), ("2.18.0", "1.1.0")])
def test_the_plugin_of_another_series_is_found(tensorflow: str, plugin: str):
    (found,) = judge(tensorflow=tensorflow, tensorflow_metal=plugin)
    assert isinstance(found, Found)
    assert found.severity is Severity.WARNING


def test_the_table_is_not_sure_of_its_last_rows():
    (found,) = judge(tensorflow="2.18.0", tensorflow_metal="1.1.0")
    assert found.certainty is Certainty.LIKELY
    assert "tensorflow-metal==1.2.0" in words(found)


def test_a_tensorflow_newer_than_the_table_is_likely_too_new():
    (found,) = judge(tensorflow="2.20.0", tensorflow_metal="1.2.0")
    assert isinstance(found, Found)
    assert found.certainty is Certainty.LIKELY


@pytest.mark.parametrize(("tensorflow", "plugin"), [("2.13.0", "1.0.1"), ("2.16.2", "1.1.0"), ("2.18.1", "1.2.0")])
def test_a_pair_of_the_table_passes(tensorflow: str, plugin: str):
    assert [type(outcome) for outcome in judge(tensorflow=tensorflow, tensorflow_metal=plugin)] == [Passed]


def test_it_is_asked_of_tensorflow_macos_too():
    assert [type(outcome) for outcome in judge(tensorflow_macos="2.12.0", tensorflow_metal="0.8.0")] == [Passed]


def test_the_loaders_word_is_certain_without_versions():
    (found,) = judge(SYMBOL)
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.CERTAIN)


@pytest.mark.parametrize(
    "line",
    [
        "NotFoundError: dlopen(/x/site-packages/tensorflow-plugins/libmetal_plugin.dylib, 0x0006): symbol not found in flat namespace '_TF_A'",
        (
            "NotFoundError: dlopen(/x/site-packages/tensorflow-plugins/libmetal_plugin.dylib, 6): Symbol not found: _TF_A\n"
            "  Referenced from: /x/site-packages/tensorflow-plugins/libmetal_plugin.dylib\n  Expected in: flat namespace"
        ),
    ],
)
def test_the_loaders_words_of_several_systems(line: str):
    (found,) = list(RULE.check(Case(read_text(line + "\n"))))
    assert isinstance(found, Found)


def test_without_tensorflows_version_it_is_not_evaluated():
    assert [type(outcome) for outcome in judge(tensorflow_metal="1.1.0")] == [NotEvaluated]
    assert [type(outcome) for outcome in judge(tensorflow="2.4.0", tensorflow_metal="1.1.0")] == [NotEvaluated]


def test_without_the_plugin_it_is_no_question():
    assert [type(outcome) for outcome in judge(tensorflow="2.18.0")] == [NotApplicable]
