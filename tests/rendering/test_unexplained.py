"""Trouble that a text tells of and that no rule explains."""

import msgspec
import pytest

from envcheck.facts.snapshot import Build, Snapshot, System
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.engine import diagnose
from envcheck.rendering.interface import RenderOptions
from envcheck.rendering.terminal import RENDERER
from envcheck.rendering.unexplained import answered, unexplained
from envcheck.rules import all_rules

SAID = Symptom(kind=SymptomKind.UNSUPPORTED_CALL, text="no attribute 'x'", details={"name": "torch.x"}, source="report line 3")
MEMORY = Symptom(kind=SymptomKind.OUT_OF_MEMORY, text="CUDA out of memory.", details={"device": "cuda"}, source="report line 3")
HEADING = "Said, and not explained by anything else in the text"


def words(facts: Snapshot) -> str:
    return RENDERER.render(diagnose(facts, all_rules()), RenderOptions(width=120))


def test_an_error_without_a_cause_is_not_told_as_nothing_wrong() -> None:
    text = words(Snapshot(symptoms=(SAID,)))
    assert "The text tells of trouble, but not enough to say what causes it." in text
    assert f"{HEADING}\n? no attribute 'x'  (report line 3)" in text


def test_an_error_that_has_a_cause_stands_with_it_alone() -> None:
    mismatch = Symptom(kind=SymptomKind.NVML_ERROR, code=18, text="Driver/library version mismatch", details={"code": "18"})
    text = words(Snapshot(symptoms=(mismatch, SAID)))
    assert "1 problem" in text
    assert HEADING not in text


def test_a_live_machine_has_no_such_list() -> None:
    assert unexplained(diagnose(Snapshot(live=True, symptoms=(SAID,)), all_rules())) == ()


@pytest.mark.parametrize(
    ("build", "system", "told"),
    [
        (Build(cuda_available=False), System(), ["torch sees no GPU"]),
        (Build(cuda_available=True), System(), []),
        (Build(cuda_available=False, cuda=None), System(), []),
        (Build(cuda_available=False), System(os="Darwin"), []),
    ],
)
def test_a_framework_that_sees_no_gpu_is_told_where_it_could_see_one(build: Build, system: System, told: list[str]) -> None:
    report = diagnose(Snapshot(builds={"torch": build}, system=system), ())
    assert [proof.value for proof in unexplained(report)] == told


def test_the_same_words_are_told_once() -> None:
    again = msgspec.structs.replace(SAID, source="report line 9")
    assert len(unexplained(diagnose(Snapshot(symptoms=(SAID, again)), ()))) == 1


def test_an_error_that_is_no_matter_of_the_environment_is_answered_and_not_called_unexplained() -> None:
    text = words(Snapshot(symptoms=(MEMORY,)))
    assert "\nThis is not a problem of the environment: the program needs more memory than the GPU has." in text
    assert "To do: what helps with GPU memory" in text
    assert HEADING not in text
    assert "Hints" not in text


def test_beside_a_problem_it_is_a_hint_like_others() -> None:
    mismatch = Symptom(kind=SymptomKind.NVML_ERROR, code=18, text="Driver/library version mismatch", details={"code": "18"})
    report = diagnose(Snapshot(symptoms=(mismatch, MEMORY)), all_rules())
    assert answered(report) == ()
    assert answered(diagnose(Snapshot(symptoms=(MEMORY,)), all_rules()))[0].rule == "not-an-environment-problem"
