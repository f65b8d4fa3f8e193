"""smoke-test-hangs: deadlines and sleepers in the kernel, once a framework computes."""

from msgspec.structs import replace

from envcheck.facts.snapshot import Python
from envcheck.facts.symptoms import SymptomKind
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, Passed
from envcheck.report import Certainty
from envcheck.rules.smoke_test_hangs import RULE
from tests.rules.smoke_cases import NOTHING_TESTED, case, said, smoke


def test_a_passed_limit_is_likely_a_hang_and_says_where_it_stands() -> None:
    symptom = said(SymptomKind.TIMED_OUT, "did not come back", seconds="4", frame="/env/torch/cuda.py:9 in copy")
    (found,) = RULE.check(case(smoke("timed_out"), symptoms=(symptom,)))
    assert isinstance(found, Found)
    assert found.certainty is Certainty.LIKELY
    assert found.would_confirm
    assert found.message == (
        "The smoke test of torch on cuda:0 did not come back within 4.2 s; "
        "it stands in the layer 'computed' at /env/torch/cuda.py:9 in copy."
    )
    assert found.remedies[0].steps[-1].run == ("envcheck", "smoke", "torch", "--device", "cuda", "--timeout", "300")


def test_it_is_tried_again_with_the_same_interpreter() -> None:
    hanging = case(smoke("timed_out"))
    facts = replace(hanging.facts, python=Python(executable="/env/bin/python"))
    (found,) = RULE.check(Case(facts))
    assert isinstance(found, Found)
    assert found.remedies[0].steps[-1].run[3:] == ("--device", "cuda", "--python", "/env/bin/python", "--timeout", "300")


def test_one_that_does_not_get_to_a_device_names_none() -> None:
    (found,) = RULE.check(case(smoke("timed_out", device="auto", layer="devices")))
    assert isinstance(found, Found)
    assert found.subject == "torch 2.8.0"
    assert found.message == "The smoke test of torch did not come back within 4.2 s; it stands in the layer 'devices'."
    assert found.remedies[0].steps[-1].run[-4:] == ("--device", "auto", "--timeout", "300")


def test_what_cannot_be_killed_is_certain_and_needs_a_reboot() -> None:
    (found,) = RULE.check(case(smoke("unkillable"), symptoms=(said(SymptomKind.UNKILLABLE, "sleeps"),)))
    assert isinstance(found, Found)
    assert found.certainty is Certainty.CERTAIN
    assert found.remedies[0].steps[0].do == "reboot"


def test_an_import_that_hangs_is_another_rules() -> None:
    assert [type(each) for each in RULE.check(case(smoke("timed_out", layer="imported"), imported="timed_out"))] == [NotApplicable]


def test_one_that_computes_passes() -> None:
    assert [type(each) for each in RULE.check(case(smoke("passed")))] == [Passed]


def test_without_a_test_the_question_does_not_arise() -> None:
    assert [type(each) for each in RULE.check(NOTHING_TESTED)] == [NotApplicable]
