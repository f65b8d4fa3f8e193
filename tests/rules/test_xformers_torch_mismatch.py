from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty, Severity
from envcheck.rules.xformers_torch_mismatch import RULE
from tests.rules.rule_words import said, words


def judge(*symptoms: dict[str, Any], requires: list[str] | None = None, **versions: str) -> list[Any]:
    packages: list[dict[str, Any]] = [{"name": name, "version": version, "state": "ok"} for name, version in versions.items()]
    for package in packages:
        if package["name"] == "xformers" and requires is not None:
            package["requires"] = requires
    return list(RULE.check(Case(msgspec.convert({"packages": packages, "symptoms": symptoms}, Snapshot))))


@pytest.mark.parametrize(
    ("xformers", "torch"), [("0.0.22", "2.1.0+cu121"), ("0.0.28.post3", "2.6.0"), ("0.0.34", "2.9.1"), ("0.0.23+cu118", "2.0.1+cu118")]
)
def test_one_that_was_built_for_another_torch_is_found(xformers: str, torch: str):
    (found,) = judge(xformers=xformers, torch=torch)
    assert isinstance(found, Found)
    assert found.severity is Severity.WARNING
    assert found.certainty is Certainty.CERTAIN


def test_its_own_metadata_comes_before_the_table():
    (found,) = judge(xformers="0.0.22", torch="2.0.1", requires=["numpy", "torch (==2.1.0)"])
    assert isinstance(found, Found)
    assert "METADATA of xformers 0.0.22" in str(found.evidence)


def test_the_fitting_one_comes_from_torchs_index_and_leaves_torch_alone():
    (found,) = judge(xformers="0.0.22", torch="2.5.1+cu124")
    command = found.remedies[0].steps[-1].run
    assert command[-1] == "xformers==0.0.29.post1"
    assert "--no-deps" in command
    assert "https://download.pytorch.org/whl/cu124" in command


@pytest.mark.parametrize(("xformers", "torch"), [("0.0.22.post7", "2.1.0+cu121"), ("0.0.35", "2.13.0"), ("0.0.29.post2", "2.6.0+cu126")])
def test_the_one_that_belongs_to_torch_passes(xformers: str, torch: str):
    assert [type(outcome) for outcome in judge(xformers=xformers, torch=torch)] == [Passed]


@pytest.mark.parametrize(
    "versions", [{"xformers": "0.0.22"}, {"xformers": "0.0.99", "torch": "2.4.0"}, {"xformers": "0.0.28", "torch": "2.5.0a0+git1"}]
)
def test_where_one_side_is_not_known_it_is_not_evaluated(versions: dict[str, str]):
    assert [type(outcome) for outcome in judge(**versions)] == [NotEvaluated]


def test_without_xformers_it_is_no_question():
    assert [type(outcome) for outcome in judge(torch="2.4.0")] == [NotApplicable]


def test_what_it_says_itself_of_the_two_builds_is_another_rules():
    text = (
        "WARNING[XFORMERS]: xFormers can't load C++/CUDA extensions. xFormers was built for:\n"
        "    PyTorch 2.2.2+cu121 with CUDA 1201 (you have 2.1.2+cu118)\n    Python  3.11.8 (you have 3.11.5)\n"
    )
    assert not [outcome for outcome in RULE.check(Case(read_text(text))) if isinstance(outcome, Found)]


def test_what_pip_says_names_both():
    text = "xformers 0.0.27.post2 requires torch==2.4.0, but you have torch 2.5.1+cu124 which is incompatible.\n"
    (found,) = list(RULE.check(Case(read_text(text))))
    assert isinstance(found, Found)
    assert found.certainty is Certainty.CERTAIN
    assert "xformers==0.0.29.post1" in words(found)


def test_a_torch_without_cuda_is_another_rules():
    text = "xFormers can't load C++/CUDA extensions. xFormers was built for:\n    PyTorch 2.1.2+cu121 with CUDA 1201 (you have 2.1.2+cpu)\n"
    snapshot = read_text(text)
    assert [type(outcome) for outcome in RULE.check(Case(snapshot))] == [NotApplicable]
    assert [symptom.details["package"] for symptom in snapshot.symptoms] == ["torch"]


def test_words_without_versions_are_likely():
    (found,) = judge(said("not-compiled-with", "xformers", feature="cuda", package="xformers"), xformers="0.0.29", torch="2.5.1")
    assert isinstance(found, Found)
    assert found.certainty is Certainty.LIKELY
