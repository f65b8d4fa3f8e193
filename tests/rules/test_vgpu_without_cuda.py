"""vgpu-without-cuda: profiles of NVIDIA's virtual GPUs that are made for drawing."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty, Severity
from envcheck.rules.vgpu_without_cuda import RULE


def judge(*names: str, **facts: Any) -> Any:
    cards = [{"index": index, "vendor": "nvidia", "backend": "cuda", "name": name} for index, name in enumerate(names)]
    (outcome,) = RULE.check(Case(msgspec.convert({"accelerators": cards, **facts}, Snapshot)))
    return outcome


REFUSED = {"symptoms": [{"kind": "cuda-error", "text": "no CUDA-capable device is detected", "code": 100, "details": {"code": "100"}}]}


@pytest.mark.parametrize(("name", "series"), [("GRID T4-2B", "B"), ("NVIDIA A16-2A", "A"), ("GRID M60-1B4", "B")])
def test_a_series_for_drawing_is_named(name: str, series: str) -> None:
    found = judge(name)
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.WARNING, Certainty.LIKELY)
    assert f"{series} series" in found.message


def test_a_program_without_a_device_makes_it_an_error() -> None:
    found = judge("GRID T4-2B", **REFUSED)
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.LIKELY)
    assert "T4-2C" in found.remedies[0].summary


@pytest.mark.parametrize("name", ["GRID T4-4C", "GRID P40-12Q", "NVIDIA A40-8C"])
def test_series_that_compute_pass(name: str) -> None:
    assert isinstance(judge(name, **REFUSED), Passed)


def test_what_a_program_was_seen_to_do_goes_before_the_name() -> None:
    assert isinstance(judge("GRID T4-2B", builds={"torch": {"cuda_available": True}}), Passed)
    assert isinstance(judge("GRID T4-2B", "Tesla T4"), Passed)


@pytest.mark.parametrize("names", [(), ("NVIDIA A100-SXM4-40GB",), ("Tesla T4",)])
def test_whole_cards_raise_no_question(names: tuple[str, ...]) -> None:
    assert isinstance(judge(*names), NotApplicable)


def test_a_guests_card_without_a_name_is_asked_for() -> None:
    nameless = {"accelerators": [{"index": 0, "vendor": "nvidia"}], "system": {"virtual_machine": "kvm"}}
    outcome = judge(**nameless)
    assert isinstance(outcome, NotEvaluated)
    assert outcome.needs == ("nvidia-smi -L",)
    assert isinstance(judge(**nameless, builds={"torch": {"cuda_available": True}}), NotApplicable)
    assert isinstance(judge(**{**nameless, "system": {"virtual_machine": None}}), NotApplicable)
