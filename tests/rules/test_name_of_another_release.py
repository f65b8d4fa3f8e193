# ruff: noqa: E501 - what programs print stands as they print it
from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.knowledge import names
from envcheck.knowledge.table import Confidence
from envcheck.readers.read import read_text
from envcheck.report import Certainty
from envcheck.rules.name_of_another_release import RULE
from tests.rules.rule_words import said, words


def judge(*symptoms: dict[str, Any], python: str = "", **versions: str) -> list[Any]:
    packages = [{"name": name.replace("_", "-"), "version": version, "state": "ok"} for name, version in versions.items()]
    facts = {"packages": packages, "symptoms": symptoms, "python": {"version": python} if python else {}}
    return list(RULE.check(Case(msgspec.convert(facts, Snapshot))))


def missing(name: str, subject: str = "") -> dict[str, Any]:
    return said("unsupported-call", subject, name=name)


@pytest.mark.parametrize(
    ("symptom", "versions"),
    [
        (missing("numpy.bool"), {"numpy": "1.26.4"}),
        (missing("PIL.Image.ANTIALIAS"), {"pillow": "10.4.0"}),
        (missing("tensorflow.placeholder"), {"tensorflow": "2.15.0"}),
        (said("module-not-found", "bitsandbytes", module="triton.ops.matmul_perf_model"), {"triton": "3.2.0"}),
        (said("module-not-found", "dgl", module="torchdata.datapipes"), {"torchdata": "0.11.0"}),
        (
            said(
                "import-failed", module="google.protobuf.internal", exception="ImportError", message="cannot import name 'builder' from 'g'"
            ),
            {"protobuf": "3.19.6"},
        ),
        (missing("torch.uint64"), {"torch": "2.2.2+cu121"}),
    ],
)
def test_a_name_that_only_other_releases_have_is_certain_beside_the_installed_one(symptom: dict[str, Any], versions: dict[str, str]):
    (found,) = judge(symptom, **versions)
    assert isinstance(found, Found)
    assert found.certainty is Certainty.CERTAIN


def test_python_itself_takes_names_away():
    (found,) = judge(missing("pkgutil.ImpImporter"), python="3.12.4 (main, Jun 7 2024)")
    assert isinstance(found, Found)
    assert found.subject == "Python 3.12.4"
    assert [type(outcome) for outcome in judge(missing("pkgutil.ImpImporter"), python="3.11.9")] == [Passed]


def test_without_the_installed_release_it_is_likely():
    (found,) = judge(said("module-not-found", "basicsr", module="torchvision.transforms.functional_tensor"))
    assert found.certainty is Certainty.LIKELY
    assert found.message.startswith("basicsr asks for torchvision.transforms.functional_tensor")


def test_only_a_package_that_is_known_is_to_be_upgraded():
    asks = said("module-not-found", "basicsr", module="torchvision.transforms.functional_tensor")
    (installed,) = judge(asks, basicsr="1.4.2")
    assert "--upgrade basicsr" in words(installed)
    (unknown,) = judge(said("unsupported-call", "train", name="numpy.bool"), numpy="1.26.4")
    assert "--upgrade" not in words(unknown)


def test_a_name_that_came_back_is_told_with_both_releases():
    (found,) = judge(missing("numpy.bool"), numpy="1.26.4")
    assert any(proof.value == "numpy.bool: removed in 1.24, back in 2.0" for proof in found.evidence)
    assert found.remedies[-1].steps[-1].run[-1] == "numpy<1.24"
    assert [type(outcome) for outcome in judge(missing("numpy.bool"), numpy="2.1.0")] == [Passed]


def test_the_release_that_has_it_is_installed_where_it_can_be_changed_alone():
    (found,) = judge(missing("typing_extensions.TypeIs"), typing_extensions="4.9.0")
    assert found.remedies[0].steps[-1].run[-1] == "typing-extensions>=4.10"
    (torch,) = judge(missing("torch.compile"), torch="1.13.1")
    assert all(not step.run for remedy in torch.remedies for step in remedy.steps)


def test_a_release_that_has_the_name_passes():
    assert [type(outcome) for outcome in judge(missing("jax.linear_util"), jax="0.4.23")] == [Passed]


@pytest.mark.parametrize(
    "line",
    [
        "AttributeError: jax.tree_map was removed in JAX v0.6.0: use jax.tree.map (jax v0.4.25 or newer) or jax.tree_util.tree_map (any JAX version).",
        "AttributeError: `np.float_` was removed in the NumPy 2.0 release. Use `np.float64` instead.",
        "AttributeError: `np.some_new_alias` was removed in the NumPy 2.0 release. Use `np.other` instead.",
    ],
)
def test_the_packages_own_words_are_certain(line: str):
    (found,) = list(RULE.check(Case(read_text(line + "\n"))))
    assert isinstance(found, Found)
    assert found.certainty is Certainty.CERTAIN


def test_a_name_that_is_in_no_table_is_no_question():
    assert [type(outcome) for outcome in judge(missing("mylib.thing"), mylib="1.0")] == [NotApplicable]


def test_a_row_that_is_not_sure_leaves_it_open(monkeypatch: pytest.MonkeyPatch):
    row = names.Name(distribution="lib", name="lib.x", removed="2", confidence=Confidence.LOW, source="a note", checked="2026-11-21")
    monkeypatch.setattr(names, "_names", lambda: {"lib.x": row})
    assert [type(outcome) for outcome in judge(missing("lib.x"), lib="3.0")] == [NotEvaluated]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("AttributeError: module 'distutils' has no attribute 'version'", "setuptools<59.6"),
        ("ModuleNotFoundError: No module named 'pkg_resources'", "setuptools<82.0"),
        ("error in anyjson setup command: use_2to3 is invalid.", "setuptools<58.0"),
        ("TypeError: canonicalize_version() got an unexpected keyword argument 'strip_trailing_zero'", "packaging>=22.0"),
    ],
)
def test_what_setuptools_took_away(text: str, wanted: str) -> None:
    (found,) = RULE.check(Case(read_text(text)))
    assert isinstance(found, Found)
    assert wanted in [step.run[-1] for remedy in found.remedies for step in remedy.steps if step.run]
