"""smoke-result-wrong: numbers that are not what is known to be true."""

import pytest

from envcheck.facts.symptoms import SymptomKind
from envcheck.judging.rule import Found, NotApplicable, Passed
from envcheck.report import Certainty, Severity
from envcheck.rules.smoke_result_wrong import RULE
from tests.rules.smoke_cases import NOTHING_TESTED, case, said, smoke

WRONG = said(SymptomKind.WRONG_RESULT, "matmul float32: element 17 is 252.0, not 250.0", what="matmul float32")


def test_a_wrong_number_is_an_error_that_names_it_and_the_device() -> None:
    (found, other) = RULE.check(case(smoke("failed", layer="compared"), smoke("passed", "cpu"), symptoms=(WRONG,)))
    assert isinstance(found, Found)
    assert isinstance(other, Passed)
    assert other.subject == "torch on cpu"
    assert (found.severity, found.certainty, found.subject) == (Severity.ERROR, Certainty.CERTAIN, "torch 2.8.0 on cuda:0")
    assert found.message == "torch computes wrong numbers on cuda:0: matmul float32: element 17 is 252.0, not 250.0."
    assert found.remedies[0].steps[-1].run == ("envcheck", "smoke", "torch", "--device", "cuda")
    assert "torch==2.8.0" in found.remedies[1].steps[0].run


def test_one_that_raised_is_another_rules() -> None:
    other = said(SymptomKind.SMOKE_TEST_FAILED, "ValueError: odd")
    assert [type(each) for each in RULE.check(case(smoke("failed"), symptoms=(other,)))] == [NotApplicable]


def test_a_wrong_number_of_another_device_is_not_this_ones() -> None:
    on_cpu = smoke("failed", "cpu")
    assert [type(each) for each in RULE.check(case(on_cpu, symptoms=(WRONG,)))] == [NotApplicable]


@pytest.mark.parametrize("device", ["cpu", "cuda:0"])
def test_right_numbers_pass(device: str) -> None:
    (passed,) = RULE.check(case(smoke("passed", device)))
    assert isinstance(passed, Passed)
    assert passed.subject == f"torch on {device}"


def test_without_a_test_the_question_does_not_arise() -> None:
    assert [type(each) for each in RULE.check(NOTHING_TESTED)] == [NotApplicable]
