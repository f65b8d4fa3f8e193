"""libomp-missing."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.messages import parse_message
from envcheck.report import Certainty
from envcheck.rules.libomp_missing import RULE
from tests.rules.rule_words import said, words

MAC = {"os": "Darwin"}
SITE = "/Users/a/p/.venv/lib/python3.12/site-packages"


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    facts.setdefault("system", MAC)
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


def missed(
    needed_by: str = f"{SITE}/xgboost/lib/libxgboost.dylib", library: str = "@rpath/libomp.dylib", reason: str = ""
) -> dict[str, Any]:
    return said("library-not-found", library=library, needed_by=needed_by, reason=reason)


def test_a_wheel_that_needs_homebrews_runtime_is_named_with_the_command() -> None:
    (found,) = judge(missed())
    assert isinstance(found, Found)
    assert (found.subject, found.certainty) == ("xgboost", Certainty.CERTAIN)
    assert "brew install libomp" in words(found)
    assert {"xgboost", "xgboost-cpu"} <= set(found.about)


@pytest.mark.parametrize(
    ("facts", "folder"),
    [
        ({"apple": {"chip": "Apple M3"}, "python": {"platform": "macosx-14.0-arm64"}}, "/opt/homebrew/opt/libomp"),
        ({"cpu": {"model": "Intel(R) Core(TM) i7-9750H", "vendor": "GenuineIntel"}}, "/usr/local/opt/libomp"),
    ],
)
def test_each_chip_has_its_own_folder(facts: dict[str, Any], folder: str) -> None:
    (found,) = judge(missed(), **facts)
    assert folder in words(found)


def test_a_python_for_intel_on_an_apple_chip_needs_the_runtime_for_intel() -> None:
    (found,) = judge(missed(), apple={"chip": "Apple M1"}, python={"platform": "macosx-11.0-x86_64"})
    assert "arch -x86_64 /usr/local/bin/brew install libomp" in words(found)


def test_a_runtime_for_the_other_processor_is_there_and_of_no_use() -> None:
    reason = "tried: '/opt/homebrew/opt/libomp/lib/libomp.dylib' (is an incompatible architecture (have 'arm64', need 'x86_64'))"
    (found,) = judge(missed(reason=reason))
    assert found.message == "The libomp.dylib that xgboost finds is for the other kind of Mac processor."
    assert "arch -x86_64" in words(found)


def test_conda_has_a_package_of_its_own() -> None:
    package = {"name": "lightgbm", "version": "4.3.0", "state": "ok", "manager": "conda"}
    python = {"environment": "conda", "prefix": "/opt/miniforge3/envs/x"}
    (found,) = judge(missed("/opt/miniforge3/envs/x/lib/lib_lightgbm.dylib"), packages=[package], python=python)
    assert found.subject == "lightgbm"
    assert "conda install --yes --prefix /opt/miniforge3/envs/x --channel conda-forge llvm-openmp" in words(found)


def test_a_wheel_that_brings_the_runtime_is_installed_again_first() -> None:
    (found,) = judge(missed(f"{SITE}/torch/lib/libtorch_cpu.dylib"), packages=[{"name": "torch", "version": "2.5.1", "state": "ok"}])
    assert "torch==2.5.1" in words(found).partition("brew")[0]


def test_xgboosts_own_guess_is_only_likely() -> None:
    text = "XGBoostError: XGBoost Library (libxgboost.dylib) could not be loaded.\nLikely causes:\n  * OpenMP runtime is not installed"
    (found,) = judge(*(msgspec.to_builtins(symptom) for symptom in parse_message(text)))
    assert found.certainty is Certainty.LIKELY
    assert found.would_confirm


def test_imports_that_went_well_pass() -> None:
    (outcome,) = judge(imports=[{"name": "xgboost", "status": "imported"}], live=True)
    assert isinstance(outcome, Passed)


def test_where_nothing_was_imported_it_is_not_judged() -> None:
    (outcome,) = judge(live=True, packages=[{"name": "xgboost", "version": "2.0.0", "state": "ok"}])
    assert isinstance(outcome, NotEvaluated)


@pytest.mark.parametrize("facts", [{"system": {"os": "Linux"}}, {}])
def test_without_a_word_of_it_the_question_does_not_arise(facts: dict[str, Any]) -> None:
    other = said("library-not-found", library="libgomp.so.1")
    assert [type(outcome) for outcome in judge(other, **facts)] == [NotApplicable]
