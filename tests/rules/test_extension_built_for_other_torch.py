from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty
from envcheck.rules.extension_built_for_other_torch import RULE
from tests.rules.rule_words import said


def judge(*symptoms: dict[str, Any], observed: str = "partial", **versions: str) -> list[Any]:
    packages = [{"name": name.replace("_", "-"), "version": version, "state": "ok"} for name, version in versions.items()]
    facts = {"packages": packages, "symptoms": symptoms, "observed": {"packages": observed}}
    return list(RULE.check(Case(msgspec.convert(facts, Snapshot))))


@pytest.mark.parametrize(
    ("version", "torch"),
    [
        ("2.1.2+pt21cu121", "2.4.0+cu121"),
        ("0.6.17+pt113cu117", "2.0.1+cu117"),
        ("2.7.4.post1+cu12torch2.6cxx11abiFALSE", "2.5.1"),
        ("0.2.4+cu121.torch2.4.0", "2.3.1"),
        ("0.17.5+torch250cu121", "2.6.0"),
        ("0.7.8+pt2.4.0cu121", "2.5.0"),
        ("1.0+pt210cu128", "2.5.0"),
    ],
)
def test_the_name_of_a_wheel_tells_the_torch_it_was_built_for(version: str, torch: str):
    (found,) = judge(some_extension=version, torch=torch)
    assert isinstance(found, Found)
    assert found.certainty is Certainty.CERTAIN


@pytest.mark.parametrize(
    ("version", "torch"),
    [
        ("2.1.2+pt21cu121", "2.1.2+cu121"),
        ("2.7.4.post1+cu12torch2.6cxx11abiTRUE", "2.6.0"),
        ("0.17.5+torch250cu121", "2.5.1"),
        ("1.0+pt210cu128", "2.10.0+cu128"),
        ("1.0+pt210cu121", "2.1.0+cu121"),
    ],
)
def test_of_the_same_series_it_passes(version: str, torch: str):
    assert [type(outcome) for outcome in judge(some_extension=version, torch=torch)] == [Passed]


def test_an_exact_requirement_of_the_table_counts():
    (found,) = judge(vllm="0.8.5", torch="2.8.0")
    assert isinstance(found, Found)
    assert "vllm 0.8.5 is made for torch 2.6.0" in found.message


def test_what_pip_said_of_a_package_that_is_not_known_here():
    (found,) = judge(said("version-conflict", "pip", package="torch", need="==2.0.1", have="2.3.0", by="fancy-kernels 0.1"))
    assert isinstance(found, Found)
    assert found.subject == "fancy-kernels 0.1"


@pytest.mark.parametrize("by", ["torchvision 0.15.2", "xformers 0.0.20"])
def test_those_with_rules_of_their_own_are_left_to_them(by: str):
    outcomes = judge(said("version-conflict", "pip", package="torch", need="==2.0.1", have="2.3.0", by=by))
    assert [type(outcome) for outcome in outcomes] == [NotApplicable]


@pytest.mark.parametrize("torch", [{}, {"torch": "2.5.0a0+872d972e41.nv24.08"}])
def test_beside_an_unknown_torch_it_is_not_evaluated(torch: dict[str, str]):
    assert [type(outcome) for outcome in judge(torch_scatter="2.1.2+pt21cu121", **torch)] == [NotEvaluated]


@pytest.mark.parametrize("version", ["0.7.1+cu118", "1.2.0", "2.0.0+ptx", "3.1+script21"])
def test_another_tag_tells_nothing(version: str):
    assert [type(outcome) for outcome in judge(some_extension=version, torch="2.4.0", observed="complete")] == [NotApplicable]
