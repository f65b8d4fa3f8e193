"""mkl-too-new."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.messages import parse_message
from envcheck.readers.read import read_text
from envcheck.report import Certainty, Severity
from envcheck.rules.mkl_too_new import RULE
from tests.rules.rule_words import judged, words

TEXT = "ImportError: /e/lib/python3.10/site-packages/torch/lib/libtorch_cpu.so: undefined symbol: iJIT_NotifyEvent"


def judge(text: str = "", *, mkl: Any = None, torch: Any = None, channel: str = "pytorch", **facts: Any) -> Any:
    named = {"mkl": mkl, "pytorch": torch}
    packages = [
        {"name": name, "state": "ok", "manager": "conda", "channel": channel, **({"version": version} if version else {})}
        for name, version in named.items()
        if version is not None
    ]
    said = [msgspec.to_builtins(symptom) for symptom in parse_message(text)]
    (outcome,) = RULE.check(Case(msgspec.convert({**facts, "packages": packages, "symptoms": said}, Snapshot)))
    return outcome


def test_the_symbol_decides() -> None:
    found = judge(TEXT)
    assert (type(found), found.certainty, found.severity) == (Found, Certainty.CERTAIN, Severity.ERROR)
    assert "mkl<2024.1" in words(found)


def test_it_is_the_one_cause() -> None:
    assert [finding.rule for finding in judged(read_text(TEXT)).findings if finding.severity is not Severity.INFO] == ["mkl-too-new"]


def test_the_versions_of_condas_packages_suggest_it() -> None:
    found = judge(mkl="2024.2.2", torch="2.1.2")
    assert (type(found), found.certainty, found.severity) == (Found, Certainty.LIKELY, Severity.WARNING)


@pytest.mark.parametrize(
    ("mkl", "torch", "facts"),
    [
        ("2024.0.0", "2.1.2", {}),
        ("2025.0.1", "2.5.1", {}),
        ("2024.2.2", "2.1.2", {"imports": [{"name": "torch", "status": "imported"}]}),
    ],
)
def test_those_that_fit_pass(mkl: str, torch: str, facts: dict[str, Any]) -> None:
    assert isinstance(judge(mkl=mkl, torch=torch, **facts), Passed)


def test_without_versions_it_is_not_evaluated() -> None:
    assert isinstance(judge(mkl="", torch="2.1.2"), NotEvaluated)


@pytest.mark.parametrize(
    ("mkl", "torch", "channel"), [("2024.2.2", None, "pytorch"), ("2024.2.2", "2.1.2", "conda-forge"), (None, "2.1.2", "pytorch")]
)
def test_elsewhere_the_question_does_not_arise(mkl: str | None, torch: str | None, channel: str) -> None:
    assert isinstance(judge(mkl=mkl, torch=torch, channel=channel), NotApplicable)
    assert isinstance(judge("ImportError: /e/x.so: undefined symbol: _ZN3c105ErrorE"), NotApplicable)
