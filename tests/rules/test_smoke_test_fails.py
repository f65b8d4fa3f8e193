"""smoke-test-fails: exceptions in a layer, and tests that could not be made."""

from envcheck.facts.symptoms import SymptomKind
from envcheck.judging.engine import diagnose
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.judging.verdict import exit_code
from envcheck.report import Role, Severity
from envcheck.rules import all_rules
from envcheck.rules.smoke_test_fails import RULE
from tests.rules.smoke_cases import NOTHING_TESTED, case, said, smoke

RAISED = said(SymptomKind.SMOKE_TEST_FAILED, "ValueError: odd")


def test_an_exception_is_an_error_with_its_layer_and_words() -> None:
    (found,) = RULE.check(case(smoke("failed"), symptoms=(RAISED,)))
    assert isinstance(found, Found)
    assert (found.severity, found.subject) == (Severity.ERROR, "torch 2.8.0 on cuda:0")
    assert found.message == "The smoke test of torch fails on cuda:0 when it computes: ValueError: odd."
    assert any("driver" in step.do or "libraries" in step.do or "build" in step.do for step in found.remedies[0].steps)


def test_an_import_that_failed_is_another_rules() -> None:
    assert [type(each) for each in RULE.check(case(smoke("failed", layer="imported"), imported="failed"))] == [NotApplicable]


def test_a_part_that_could_not_be_imported_is_not() -> None:
    assert [type(each) for each in RULE.check(case(smoke("failed", layer="imported"), symptoms=(RAISED,)))] == [Found]


def test_one_that_could_not_be_made_is_not_evaluated_and_required_where_it_was_asked_for() -> None:
    for asked_for in (True, False):
        (gap, last) = RULE.check(case(smoke("skipped", reason="busy: the card is full", asked_for=asked_for)))
        assert isinstance(gap, NotEvaluated)
        assert (gap.subject, gap.reason, gap.required) == ("torch on cuda:0", "busy: the card is full", asked_for)
        assert isinstance(last, NotApplicable)


def test_what_was_asked_for_and_not_made_leads_to_the_code_of_what_is_not_evaluated() -> None:
    reports = [diagnose(case(smoke("skipped", asked_for=asked)).facts, [RULE]) for asked in (True, False)]
    assert [exit_code(report) for report in reports] == [3, 0]


def test_the_cause_is_named_and_the_failed_test_is_its_consequence() -> None:
    words = "CUDA error: no kernel image is available for execution on the device"
    symptom = said(SymptomKind.CUDA_ERROR, words, name="cudaErrorNoKernelImageForDevice")
    report = diagnose(case(smoke("failed"), symptoms=(symptom,)).facts, all_rules())
    by_rule = {finding.rule: finding for finding in report.findings}
    assert by_rule["smoke-test-fails"].role is Role.CONSEQUENCE
    assert report.findings[0].rule == "gpu-arch-not-in-wheel"


def test_one_that_computes_passes() -> None:
    assert [type(each) for each in RULE.check(case(smoke("passed")))] == [Passed]


def test_without_a_test_the_question_does_not_arise() -> None:
    assert [type(each) for each in RULE.check(NOTHING_TESTED)] == [NotApplicable]
