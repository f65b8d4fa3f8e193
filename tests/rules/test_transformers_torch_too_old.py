# ruff: noqa: E501 - what programs print stands as they print it
from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.engine import diagnose
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty, Severity
from envcheck.rules import all_rules
from envcheck.rules.transformers_torch_too_old import RULE


def judge(transformers: str | None = None, torch: str | None = None, *symptoms: dict[str, Any]) -> list[Any]:
    versions = {"transformers": transformers, "torch": torch}
    packages = [{"name": name, "version": version, "state": "ok"} for name, version in versions.items() if version is not None]
    return list(RULE.check(Case(msgspec.convert({"packages": packages, "symptoms": symptoms}, Snapshot))))


def lacks(name: str, subject: str = "transformers") -> dict[str, Any]:
    return {"kind": "unsupported-call", "text": f"no {name}", "subject": subject, "details": {"name": name}}


def read(text: str) -> list[Any]:
    return list(RULE.check(Case(read_text(text))))


@pytest.mark.parametrize(
    ("line", "need"),
    [
        ("[transformers] Disabling PyTorch because PyTorch >= 2.4 is required but found 2.2.2", "2.4"),
        ("Disabling PyTorch because PyTorch >= 2.1 is required but found 1.13.1+cu117", "2.1"),
        ("ValueError: Due to a serious vulnerability issue in `torch.load`, even with `weights_only=True`, we now require users to upgrade torch to at least v2.6 in order to use the function.", "2.6"),
    ],
)  # fmt: skip
def test_what_transformers_says_is_certain(line: str, need: str):
    (found,) = read(f"{line}\n")
    assert isinstance(found, Found)
    assert (found.certainty, found.severity) == (Certainty.CERTAIN, Severity.ERROR)
    assert f"torch {need} or newer" in found.message


def test_a_function_that_torch_got_later_is_missed_by_transformers_only():
    trace = '  File "/o/lib/python3.9/site-packages/transformers/utils/generic.py", line 455, in <module>\n    _torch_pytree.register_pytree_node(\n'
    error = "AttributeError: module 'torch.utils._pytree' has no attribute 'register_pytree_node'\n"
    (found,) = read(f"Traceback (most recent call last):\n{trace}{error}")
    assert isinstance(found, Found)
    assert "needs torch 2.2 or newer" in found.message
    (other,) = read(f'Traceback (most recent call last):\n  File "train.py", line 3, in <module>\n    x()\n{error}')
    assert isinstance(other, NotApplicable)


def test_a_torch_that_has_the_function_is_not_too_old():
    assert [type(outcome) for outcome in judge("4.57.1", "2.8.0", lacks("torch.compiler"))] == [Passed]
    assert [type(outcome) for outcome in judge("4.46.3", "1.13.1", lacks("torch.compiler"))] == [Found]


@pytest.mark.parametrize(("transformers", "torch"), [("5.23.0", "2.5.1+cu124"), ("5.16.1", "2.4.0"), ("4.57.3", "2.1.2")])
def test_versions_alone_make_it_likely(transformers: str, torch: str):
    (found,) = judge(transformers, torch)
    assert isinstance(found, Found)
    assert (found.certainty, found.severity) == (Certainty.LIKELY, Severity.WARNING)


def test_the_remedies_are_a_newer_torch_or_an_older_transformers():
    (found,) = judge("5.23.0", "2.3.1")
    _, older = found.remedies
    assert older.steps[-1].run[-1] == "transformers==5.0.0"


@pytest.mark.parametrize(("transformers", "torch"), [("5.23.0", "2.6.0"), ("4.57.1", "2.2.0+cpu"), ("4.30.2", "2.0.1")])
def test_a_torch_that_is_new_enough_passes(transformers: str, torch: str):
    assert [type(outcome) for outcome in judge(transformers, torch)] == [Passed]


@pytest.mark.parametrize(("transformers", "torch"), [("4.12.0", "1.8.0"), ("dev", "2.3.1")])
def test_a_release_of_no_table_leaves_it_open(transformers: str, torch: str):
    assert [type(outcome) for outcome in judge(transformers, torch)] == [NotEvaluated]


@pytest.mark.parametrize(("transformers", "torch"), [(None, None), (None, "1.0.0"), ("5.23.0", None)])
def test_one_without_the_other_is_no_question(transformers: str | None, torch: str | None):
    assert [type(outcome) for outcome in judge(transformers, torch)] == [NotApplicable]


def test_names_of_the_table_are_known_too() -> None:
    text = (
        'Traceback (most recent call last):\n  File "/v/lib/python3.10/site-packages/transformers/modeling_utils.py", line 1, in <module>\n'
        "AttributeError: module 'torch' has no attribute 'float8_e4m3fn'\n"
    )
    report = diagnose(read_text(text), all_rules())
    assert [finding.rule for finding in report.findings if finding.severity is Severity.ERROR and not finding.because_of] == [RULE.name]
