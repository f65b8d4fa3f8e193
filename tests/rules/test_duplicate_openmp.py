from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty
from envcheck.rules.duplicate_openmp import RULE


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


def said(runtime: str = "openmp", **details: str) -> dict[str, Any]:
    return {"kind": "duplicate-runtime", "text": "OMP: Error #15", "details": {"runtime": runtime, **details} if runtime else details}


@pytest.mark.parametrize(
    ("library", "other", "shown"),
    [
        ("libiomp5md.dll", "libiomp5md.dll", "(libiomp5md.dll)"),
        ("libomp.dylib", "libiomp5.dylib", "(libomp.dylib and libiomp5.dylib)"),
        ("libiomp5.so", "", "(libiomp5.so)"),
    ],
)
def test_two_runtimes_are_found_with_their_names(library: str, other: str, shown: str):
    (found,) = judge(said(library=library, other=other))
    assert isinstance(found, Found)
    assert shown in found.message


def test_a_report_makes_it_likely_and_the_machine_itself_certain():
    report = judge(said(library="libomp.so"))[0]
    assert report.certainty is Certainty.LIKELY
    assert report.would_confirm
    assert judge(said(library="libomp.so"), live=True)[0].certainty is Certainty.CERTAIN


def test_conda_is_offered_nomkl():
    steps = judge(said(), python={"environment": "conda"})[0].remedies[0].steps
    assert "nomkl" in steps[0].run
    assert not any(step.run for step in judge(said())[0].remedies[0].steps)


def test_nobody_is_told_to_switch_the_check_off():
    words = " ".join(step.do for remedy in judge(said())[0].remedies for step in remedy.steps)
    assert "KMP_DUPLICATE_LIB_OK" not in words


def test_an_unnamed_runtime_cannot_be_judged():
    assert isinstance(judge(said(""))[0], NotEvaluated)


def test_other_runtimes_and_none_raise_no_question():
    assert isinstance(judge(said("cuda"))[0], NotApplicable)
    assert isinstance(judge()[0], NotApplicable)


@pytest.mark.parametrize(("status", "outcome"), [("imported", Passed), ("failed", NotApplicable)])
def test_an_import_that_ended_well_needed_nothing_else(status: str, outcome: type):
    (told,) = judge(imports=[{"name": "torch", "status": status}])
    assert isinstance(told, outcome)
