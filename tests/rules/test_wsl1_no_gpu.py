"""The first version of WSL, with and without somebody who asks for a GPU."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, Passed
from envcheck.report import Severity
from envcheck.rules.wsl1_no_gpu import RULE
from tests.rules.rule_words import said, words


def judge(*symptoms: dict[str, Any], **facts: Any) -> Any:
    (outcome,) = RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot)))
    return outcome


WSL1 = {"os": "Linux", "wsl": 1, "kernel": "4.4.0-19041-Microsoft"}
NO_DRIVER = said("driver-not-found", "torch", vendor="nvidia")


def torch(**more: Any) -> dict[str, Any]:
    return {"torch": {"version": "2.9.0+cu128", "cuda": "12.8", **more}}


@pytest.mark.parametrize(
    ("symptoms", "facts", "severity"),
    [
        ([NO_DRIVER], {}, Severity.ERROR),
        ([], {"builds": torch(cuda_available=False)}, Severity.ERROR),
        ([], {"builds": torch(cuda_available=False), "live": True}, Severity.WARNING),
        ([], {"builds": torch(), "live": True}, Severity.WARNING),
        ([], {"builds": {"torch": {"version": "2.9.0+cpu", "cuda": None}}, "live": True}, Severity.INFO),
        ([], {}, Severity.INFO),
    ],
)
def test_how_bad_it_is_depends_on_who_asks(symptoms: list[Any], facts: dict[str, Any], severity: Severity) -> None:
    found = judge(*symptoms, system=WSL1, **facts)
    assert isinstance(found, Found)
    assert found.severity is severity
    assert "wsl --set-version Ubuntu 2" in words(found)


def test_the_second_version_passes() -> None:
    assert isinstance(judge(NO_DRIVER, system={"wsl": 2}), Passed)


@pytest.mark.parametrize("system", [{"wsl": None}, {}, {"os": "Windows", "wsl": None}])
def test_elsewhere_it_is_no_question(system: dict[str, Any]) -> None:
    assert isinstance(judge(NO_DRIVER, system=system), NotApplicable)
