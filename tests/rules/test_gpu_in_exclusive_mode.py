"""gpu-in-exclusive-mode: a compute mode that turns programs away."""

from typing import Any

import msgspec

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty, Severity
from envcheck.rules.gpu_in_exclusive_mode import RULE


def judge(*cards: dict[str, Any], symptoms: tuple[dict[str, Any], ...] = (), **facts: Any) -> Any:
    listed = [{"index": index, "vendor": "nvidia", "backend": "cuda", "name": "Tesla T4", **card} for index, card in enumerate(cards)]
    (outcome,) = RULE.check(Case(msgspec.convert({"accelerators": listed, "symptoms": symptoms, **facts}, Snapshot)))
    return outcome


BUSY = {"kind": "cuda-error", "text": "all CUDA-capable devices are busy or unavailable", "code": 46, "details": {"code": "46"}}
HELD = {"compute_mode": "exclusive-process", "processes": [{"pid": 7, "name": "python"}]}


def test_the_program_that_holds_the_gpu_is_named() -> None:
    found = judge(HELD, symptoms=(BUSY,))
    assert isinstance(found, Found)
    assert found.certainty is Certainty.CERTAIN
    assert "process python (7) has it" in found.message
    assert found.remedies[1].steps[-1].run == ("sudo", "nvidia-smi", "-i", "0", "--compute-mode", "DEFAULT")


def test_the_error_alone_makes_it_likely() -> None:
    assert judge(symptoms=(BUSY,)).certainty is Certainty.LIKELY
    assert judge({"compute_mode": "exclusive-process"}, symptoms=(BUSY,)).certainty is Certainty.LIKELY


def test_a_gpu_that_forbids_programs_is_an_error_where_it_is_the_only_one() -> None:
    assert judge({"compute_mode": "prohibited"}).severity is Severity.ERROR
    assert judge({"compute_mode": "prohibited"}, live=True).severity is Severity.WARNING
    assert judge({"compute_mode": "prohibited"}, {"compute_mode": "default"}).severity is Severity.INFO


def test_an_exclusive_gpu_alone_is_a_setting() -> None:
    assert isinstance(judge(HELD), Passed)
    assert isinstance(judge({"compute_mode": "default"}), Passed)


def test_a_program_turned_away_in_spite_of_the_mode_has_another_reason() -> None:
    assert isinstance(judge({"compute_mode": "default"}, symptoms=(BUSY,)), NotEvaluated)


def test_without_a_mode_there_is_no_question() -> None:
    assert isinstance(judge({}), NotApplicable)
