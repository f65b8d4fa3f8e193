"""gpu-lost: a GPU that fell off the bus, or that the driver could not start."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty
from envcheck.rules.gpu_lost import RULE


def judge(*symptoms: dict[str, Any], **facts: Any) -> Any:
    (outcome,) = RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot)))
    return outcome


def card(index: int = 0, state: str = "ok", **more: Any) -> dict[str, Any]:
    return {"index": index, "vendor": "nvidia", "backend": "cuda", "name": "NVIDIA A10", "driver": "nvidia", "state": state, **more}


LOST = {"kind": "nvml-error", "text": "GPU is lost", "code": 15, "details": {"code": "15"}}
OF_ONE_CARD = {"kind": "nvml-error", "text": "Unable to determine …: Unknown Error", "code": 999, "details": {"device": "0000:34:00.0"}}
OFF_THE_BUS = {"kind": "gpu-xid", "text": "NVRM: Xid (PCI:0000:34:00): 79", "code": 79, "details": {"code": "79", "device": "0000:34:00.0"}}
NONE_FOUND = {"kind": "nvml-error", "text": "No devices were found", "code": 6, "details": {"code": "6", "name": "NOT_FOUND"}}
NOT_STARTED = {"kind": "gpu-start-failed", "text": "NVRM: GPU 0000:0a:00.0: RmInitAdapter failed!", "details": {"device": "0000:0a:00.0"}}


@pytest.mark.parametrize("symptom", [LOST, OF_ONE_CARD, OFF_THE_BUS])
def test_the_drivers_word_for_it_is_enough(symptom: dict[str, Any]) -> None:
    found = judge(symptom)
    assert isinstance(found, Found)
    assert found.certainty is Certainty.CERTAIN


def test_the_cards_that_still_answer_are_counted() -> None:
    found = judge(accelerators=[card(0), card(1, "lost"), card(2)])
    assert found.message == "GPU 1 (NVIDIA A10) has been lost: the driver gets no answer. 2 of 3 GPUs still answer."
    assert found.evidence[0].fact == "accelerators[1].state"


def test_what_happened_is_told_by_the_most_telling_word() -> None:
    assert "fallen off the bus" in judge(OF_ONE_CARD, OFF_THE_BUS).message
    assert "0000:34:00.0" in judge(OFF_THE_BUS).message
    reset = {"kind": "nvml-error", "text": "GPU requires reset", "code": 16}
    assert "has to be reset" in judge(reset).message
    power = {"kind": "nvml-error", "text": "Insufficient External Power", "code": 8}
    assert "power" in judge(power).message


def test_an_unknown_error_of_the_whole_library_is_another_matter() -> None:
    assert isinstance(judge({"kind": "nvml-error", "text": "Unknown Error", "code": 999}), NotApplicable)
    assert isinstance(judge({"kind": "gpu-xid", "text": "Xid 31", "code": 31}), NotApplicable)


def test_a_driver_that_finds_no_card_is_a_card_that_did_not_start() -> None:
    assert judge(NONE_FOUND).certainty is Certainty.LIKELY
    assert judge(NONE_FOUND).would_confirm
    assert judge(NOT_STARTED, NONE_FOUND).certainty is Certainty.CERTAIN
    measured = judge(live=True, accelerators=[card(state="unknown")], nvidia={"state": "no-devices"})
    assert (measured.certainty, measured.message) == (Certainty.CERTAIN, "The NVIDIA driver runs, but could not start GPU 0 (NVIDIA A10).")


@pytest.mark.parametrize(
    "facts",
    [
        {"system": {"container": "docker"}},
        {"system": {"job": "4242", "scheduler": "slurm"}},
        {"system": {"wsl": 2}},
        {"live": True, "observed": {"accelerators": "complete"}},
        {"accelerators": [card(state="hidden")]},
        {"builds": {"torch": {"cuda_available": True}}},
    ],
)
def test_where_no_card_is_to_be_expected_none_is_missed(facts: dict[str, Any]) -> None:
    assert not isinstance(judge(NONE_FOUND, **facts), Found)


def test_a_virtual_machine_is_stopped_and_started() -> None:
    assert "virtual machine" in judge(LOST, system={"virtual_machine": "kvm"}).remedies[0].summary
    assert judge(LOST).remedies[0].steps[0].run[1:3] == ("nvidia-smi", "--gpu-reset")


def test_cards_that_answer_pass() -> None:
    assert isinstance(judge(live=True, accelerators=[card()]), Passed)


NO_DEVICE = {"kind": "cuda-error", "text": "No CUDA GPUs are available", "code": 100, "details": {"code": "100"}}
NAMED = {"index": 0, "vendor": "nvidia", "name": "NVIDIA GeForce RTX 3080"}


def test_a_card_that_a_program_did_not_get_and_that_is_only_named_is_asked_for() -> None:
    outcome = judge(NO_DEVICE, accelerators=[NAMED])
    assert isinstance(outcome, NotEvaluated)
    assert outcome.needs[0] == "nvidia-smi"
    assert "RTX 3080" in outcome.reason


@pytest.mark.parametrize(
    "facts",
    [
        {"nvidia": {"driver_version": "550.54.15"}},
        {"system": {"container": "docker"}},
        {"system": {"wsl": 2}},
        {"builds": {"torch": {"cuda_available": True}}},
    ],
)
def test_where_the_driver_answers_or_others_give_the_cards_it_is_not(facts: dict[str, Any]) -> None:
    assert isinstance(judge(NO_DEVICE, accelerators=[NAMED], **facts), Passed)
    assert isinstance(judge(accelerators=[NAMED]), Passed)
