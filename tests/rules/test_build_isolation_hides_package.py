"""build-isolation-hides-package."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty
from envcheck.rules.build_isolation_hides_package import RULE
from tests.rules.rule_words import words


def judge(*missed: tuple[str, str], **facts: Any) -> Any:
    said = [
        {
            "kind": "build-missed-module",
            "text": f"ModuleNotFoundError: No module named '{module}'",
            "details": {"module": module, **({"by": by} if by else {})},
        }
        for module, by in missed
    ]
    (outcome,) = RULE.check(Case(msgspec.convert({**facts, "symptoms": said}, Snapshot)))
    return outcome


def test_what_is_built_is_built_in_the_environment_with_what_it_asks_for() -> None:
    found = judge(("torch", "flash-attn"))
    assert isinstance(found, Found)
    assert (found.subject, found.certainty) == ("flash-attn", Certainty.CERTAIN)
    assert "wheel packaging ninja torch" in words(found)
    assert "--no-build-isolation flash-attn" in words(found)


def test_what_is_installed_already_is_not_installed_again() -> None:
    found = judge(("torch", "flash-attn"), packages=[{"name": "torch", "version": "2.5.1", "state": "ok"}])
    assert found.evidence[-1].value == "2.5.1"
    assert "ninja torch" not in words(found)


def test_a_build_that_nothing_names_is_found_too() -> None:
    assert judge(("numpy", "")).subject == "build"


@pytest.mark.parametrize("module", ["pkg_resources", "distutils"])
def test_what_no_environment_has_any_more_is_not_hidden(module: str) -> None:
    assert isinstance(judge((module, "gym")), Passed)


def test_a_package_that_asks_for_itself_is_not_judged() -> None:
    assert isinstance(judge(("detectron2", "detectron2")), NotEvaluated)


def test_without_a_build_there_is_nothing_to_judge() -> None:
    assert isinstance(judge(), NotApplicable)
