from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty
from envcheck.rules.jax_jaxlib_mismatch import RULE
from tests.rules.rule_words import said, words


def judge(*symptoms: dict[str, Any], requires: list[str] | None = None, **versions: str) -> list[Any]:
    packages: list[dict[str, Any]] = [
        {"name": name.replace("_", "-"), "version": version, "state": "ok"} for name, version in versions.items()
    ]
    for package in packages:
        if package["name"] == "jax" and requires is not None:
            package["requires"] = requires
    return list(RULE.check(Case(msgspec.convert({"packages": packages, "symptoms": symptoms}, Snapshot))))


@pytest.mark.parametrize(("jax", "jaxlib"), [("0.8.3", "0.8.1"), ("0.8.0", "0.9.0"), ("0.4.30", "0.4.26")])
def test_a_jaxlib_outside_of_jaxs_range_is_found(jax: str, jaxlib: str):
    (found,) = judge(jax=jax, jaxlib=jaxlib)
    assert isinstance(found, Found)
    assert found.certainty is Certainty.CERTAIN


def test_jaxs_own_metadata_comes_before_the_table():
    (found,) = judge(jax="0.99.0", jaxlib="0.98.0", requires=["jaxlib<=0.99.0,>=0.99.0", "numpy"])
    assert isinstance(found, Found)
    assert "METADATA of jax 0.99.0" in str(found.evidence)


def test_a_newer_jaxlib_beside_a_jax_of_no_table_is_likely():
    (found,) = judge(jax="0.4.20", jaxlib="0.4.23")
    assert isinstance(found, Found)
    assert found.certainty is Certainty.LIKELY


def test_the_plugin_comes_along_where_there_is_one():
    (found,) = judge(jax="0.8.0", jaxlib="0.7.2", jax_cuda12_plugin="0.7.2")
    assert found.remedies[0].steps[-1].run[-1] == "jax[cuda12]==0.8.0"


@pytest.mark.parametrize(("jax", "jaxlib"), [("0.8.3", "0.8.2"), ("0.9.0", "0.9.0.1"), ("0.4.30", "0.4.27")])
def test_one_in_the_range_passes(jax: str, jaxlib: str):
    assert [type(outcome) for outcome in judge(jax=jax, jaxlib=jaxlib)] == [Passed]


@pytest.mark.parametrize(
    "versions", [{"jax": "0.4.30"}, {"jaxlib": "0.4.30"}, {"jax": "0.4.19", "jaxlib": "0.4.19"}, {"jax": "0.9.0.dev1", "jaxlib": "0.8.0"}]
)
def test_where_one_side_is_not_known_it_is_not_evaluated(versions: dict[str, str]):
    assert [type(outcome) for outcome in judge(**versions)] == [NotEvaluated]


@pytest.mark.parametrize(
    ("line", "takes"),
    [
        ("RuntimeError: jaxlib is version 0.3.15, but this version of jax requires version 0.4.1.", ">=0.4.1"),
        ("RuntimeError: jaxlib is version 0.4.7, but this version of jax requires version >=0.4.14.", ">=0.4.14"),
        ("RuntimeError: jaxlib version 0.4.36 is newer than and incompatible with jax version 0.4.35. Please update", "<=0.4.35"),
        ("jax 0.4.25 requires jaxlib>=0.4.20, but you have jaxlib 0.4.10 which is incompatible.", ">=0.4.20"),
    ],
)
def test_the_words_of_jax_and_pip_are_certain(line: str, takes: str):
    (found,) = list(RULE.check(Case(read_text(line + "\n"))))
    assert isinstance(found, Found)
    assert found.certainty is Certainty.CERTAIN
    assert takes in found.message


def test_a_part_of_jaxlib_that_is_missing_is_likely():
    (found,) = judge(said("unsupported-call", "jax", name="jaxlib.xla_client.register_custom_type"), jax="0.4.19", jaxlib="0.4.19")
    assert isinstance(found, Found)
    assert found.certainty is Certainty.LIKELY
    assert "jax==0.4.19" in words(found)


@pytest.mark.parametrize(
    "symptom",
    [
        said("unsupported-call", "jax_plugins", name="jaxlib.xla_client.register_custom_type_id_handler"),
        said("unsupported-call", "jax", name="jaxlib.xla_extension.GpuAllocatorConfig"),
    ],
)
def test_what_a_plugin_or_a_build_without_cuda_lacks_is_another_matter(symptom: dict[str, Any]):
    assert [type(outcome) for outcome in judge(symptom)] == [NotApplicable]
