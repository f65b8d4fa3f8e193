from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty, Severity
from envcheck.rules.triton_torch_mismatch import RULE
from tests.rules.rule_words import said, words

KEY = said(
    "import-failed",
    "torch",
    module="triton.compiler.compiler",
    exception="ImportError",
    message="cannot import name 'triton_key' from 'triton.compiler.compiler' (/x/compiler.py)",
)


def judge(*symptoms: dict[str, Any], requires: list[str] | None = None, builds: dict[str, Any] | None = None, **versions: str) -> list[Any]:
    packages: list[dict[str, Any]] = [
        {"name": name.replace("_", "-"), "version": version, "state": "ok"} for name, version in versions.items()
    ]
    for package in packages:
        if package["name"] == "torch" and requires is not None:
            package["requires"] = requires
    return list(RULE.check(Case(msgspec.convert({"packages": packages, "symptoms": symptoms, "builds": builds or {}}, Snapshot))))


@pytest.mark.parametrize(("torch", "triton"), [("2.6.0", "3.1.0"), ("2.4.1+cu124", "2.3.1"), ("2.8.0", "3.5.0")])
def test_a_triton_of_another_series_is_found(torch: str, triton: str):
    (found,) = judge(torch=torch, triton=triton)
    assert isinstance(found, Found)
    assert found.severity is Severity.WARNING
    assert found.certainty is Certainty.CERTAIN


def test_what_torch_says_of_itself_comes_before_the_table():
    line = 'triton (==3.0.0) ; platform_system == "Linux" and platform_machine == "x86_64"'
    (found,) = judge(torch="2.99.0", triton="3.2.0", requires=[line])
    assert isinstance(found, Found)
    assert found.remedies[0].steps[-1].run[-1] == "triton==3.0.0"


def test_a_missing_part_is_an_error_and_certain_where_the_versions_contradict():
    (found,) = judge(KEY, torch="2.8.0+cu129", triton_windows="3.5.0.post21")
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.CERTAIN)
    assert "triton-windows==3.4.*" in words(found)


def test_a_missing_part_alone_is_likely():
    (found,) = judge(KEY)
    assert isinstance(found, Found)
    assert found.certainty is Certainty.LIKELY


@pytest.mark.parametrize(("torch", "triton"), [("2.9.0", "3.5.1"), ("2.6.0+cu124", "3.2.0"), ("2.3.1", "2.3.1")])
def test_one_of_the_same_series_passes(torch: str, triton: str):
    assert [type(outcome) for outcome in judge(torch=torch, triton=triton)] == [Passed]


def test_a_nightlys_triton_passes_whatever_its_number():
    assert [type(outcome) for outcome in judge(torch="2.6.0", pytorch_triton="3.4.0.dev20250401")] == [Passed]


def test_the_version_that_torch_told_itself_is_enough():
    assert [type(outcome) for outcome in judge(triton="3.2.0", builds={"torch": {"version": "2.6.0+cu126"}})] == [Passed]


@pytest.mark.parametrize("versions", [{"triton": "3.2.0"}, {"triton": "3.2.0", "torch": "2.6.0a0+nv25.01"}])
def test_beside_an_unknown_torch_it_is_not_evaluated(versions: dict[str, str]):
    assert [type(outcome) for outcome in judge(**versions)] == [NotEvaluated]


def test_without_triton_it_is_no_question():
    assert [type(outcome) for outcome in judge(torch="2.6.0")] == [NotApplicable]


@pytest.mark.parametrize(("triton", "expected"), [("3.8.1", Passed), ("3.7.1", Found)])
def test_newer_torches_ask_for_a_series(triton: str, expected: type):
    (outcome,) = judge(torch="2.14.0", triton=triton)
    assert isinstance(outcome, expected)
    if isinstance(outcome, Found):
        assert outcome.remedies[0].steps[-1].run[-1] == "triton==3.8.0"
