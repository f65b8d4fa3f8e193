"""smoke-test-crashes: signals, exits and a lack of memory, once a framework computes."""

import pytest

from envcheck.facts.symptoms import SymptomKind
from envcheck.judging.rule import Found, NotApplicable, Passed
from envcheck.rules.smoke_test_crashes import RULE
from tests.rules.smoke_cases import NOTHING_TESTED, case, said, smoke


@pytest.mark.parametrize(
    ("status", "symptom", "words"),
    [
        (
            "crashed",
            said(SymptomKind.SIGNAL, "ended by SIGABRT", signal="SIGABRT", frame="/env/torch/nn.py:9 in conv"),
            "crashed with SIGABRT (it gave up by itself), in the layer 'computed' at /env/torch/nn.py:9 in conv.",
        ),
        (
            "crashed",
            said(SymptomKind.EXITED, "ended with status 7", status="7"),
            "ended the process with status 7 before it could answer, in the layer 'computed'.",
        ),
        (
            "killed_for_memory",
            said(SymptomKind.KILLED_FOR_MEMORY, "was stopped", resident_bytes="2000000000"),
            "was stopped when it held 2.0 GB, before the machine had no memory left, in the layer 'computed'.",
        ),
    ],
)
def test_an_end_of_the_process_is_an_error_with_its_place(status: str, symptom: object, words: str) -> None:
    (found,) = RULE.check(case(smoke(status), symptoms=(symptom,)))  # type: ignore[arg-type]
    assert isinstance(found, Found)
    assert found.message == f"The smoke test of torch on cuda:0 {words}"
    assert found.symptoms == (symptom,)
    assert found.remedies


def test_a_crash_that_nothing_more_is_known_of_is_told_as_that() -> None:
    (found,) = RULE.check(case(smoke("crashed")))
    assert isinstance(found, Found)
    assert found.message == "The smoke test of torch on cuda:0 ended the process, in the layer 'computed'."


def test_a_crash_on_import_is_another_rules() -> None:
    assert [type(each) for each in RULE.check(case(smoke("crashed", layer="imported"), imported="crashed"))] == [NotApplicable]


def test_one_that_computes_passes() -> None:
    assert [type(each) for each in RULE.check(case(smoke("passed")))] == [Passed]


def test_without_a_test_the_question_does_not_arise() -> None:
    assert [type(each) for each in RULE.check(NOTHING_TESTED)] == [NotApplicable]
