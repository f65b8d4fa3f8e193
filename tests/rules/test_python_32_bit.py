"""python-32-bit."""

import pytest

from envcheck.facts.snapshot import Python, Snapshot, System
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.report import Severity
from envcheck.rules.python_32_bit import RULE


def judge(bits: int, machine: str = "AMD64", *symptoms: Symptom) -> list[Outcome]:
    snapshot = Snapshot(python=Python(executable="C:\\Python\\python.exe", bits=bits), system=System(machine=machine), symptoms=symptoms)
    return list(RULE.check(Case(snapshot)))


def test_a_32_bit_python_on_a_64_bit_machine_is_a_warning() -> None:
    (found,) = judge(32)
    assert isinstance(found, Found)
    assert found.severity is Severity.WARNING
    assert "a 32-bit program, on a 64-bit machine (AMD64)" in found.message
    assert "install a 64-bit Python" in found.remedies[0].summary


@pytest.mark.parametrize("machine", ["i686", "armv7l"])
def test_on_a_32_bit_machine_no_other_python_helps(machine: str) -> None:
    (found,) = judge(32, machine)
    assert isinstance(found, Found)
    assert found.remedies[0].summary == "use a machine with a 64-bit system"


def test_64_bits_pass() -> None:
    assert [type(outcome) for outcome in judge(64)] == [Passed]


def test_it_is_silent_where_pip_has_already_found_no_wheel() -> None:
    assert [type(outcome) for outcome in judge(32, "AMD64", Symptom(kind=SymptomKind.NO_MATCHING_DISTRIBUTION, text=""))] == [NotApplicable]


def test_it_is_not_evaluated_where_the_width_is_not_known() -> None:
    assert [type(outcome) for outcome in RULE.check(Case(Snapshot()))] == [NotEvaluated]
