"""CUDA_VISIBLE_DEVICES against the cards of the machine."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty, Severity
from envcheck.rules.cuda_visible_devices import RULE
from tests.rules.rule_words import said, words


def judge(*symptoms: dict[str, Any], **facts: Any) -> Any:
    (outcome,) = RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot)))
    return outcome


ALL = {"accelerators": "complete", "variables": "complete"}
UUIDS = ("GPU-5c4b1111-0000-0000-0000-000000000001", "GPU-5c4b2222-0000-0000-0000-000000000002")
NO_DEVICE = said("cuda-error", "torch", 100, name="cudaErrorNoDevice")


def cards(count: int, **more: Any) -> list[dict[str, Any]]:
    return [{"index": number, "vendor": "nvidia", "name": "NVIDIA L4", "uuid": UUIDS[number % 2], **more} for number in range(count)]


def visible(value: str, *symptoms: dict[str, Any], count: int = 2, **more: Any) -> Any:
    return judge(*symptoms, accelerators=cards(count, **more), observed=ALL, variables={"CUDA_VISIBLE_DEVICES": value})


@pytest.mark.parametrize("value", ["0", "1", "1,0", "0,1", UUIDS[0], "GPU-5c4b1", "GPU-5c4b1,GPU-5c4b2", "MIG-GPU-5c4b1111/3/0"])
def test_values_that_fit_are_no_finding(value: str) -> None:
    assert not isinstance(visible(value), Found)


@pytest.mark.parametrize(
    ("value", "severity"),
    [
        ("2", Severity.ERROR),
        ("cuda:0", Severity.ERROR),
        ('"0"', Severity.ERROR),
        ("all", Severity.ERROR),
        ("0,0", Severity.ERROR),
        ("GPU-9999", Severity.ERROR),
        ("GPU-5c4b", Severity.ERROR),  # both begin so
        ("0,2", Severity.WARNING),
        ("0,,1", Severity.WARNING),
        ("1,GPU-5c4b1", Severity.WARNING),
        ("0\uff0c1", Severity.WARNING),
    ],
)
def test_values_that_hide_cards_by_mistake(value: str, severity: Severity) -> None:
    found = visible(value)
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (severity, Certainty.CERTAIN)
    assert "unset CUDA_VISIBLE_DEVICES" in words(found)


@pytest.mark.parametrize("value", ["", "-1", "none", "NoDevFiles"])
def test_hiding_on_purpose_is_only_told_unless_a_program_misses_them(value: str) -> None:
    assert visible(value).severity is Severity.INFO
    assert visible(value, NO_DEVICE).severity is Severity.ERROR


def test_of_a_text_the_cards_are_only_likely_all() -> None:
    facts = {"accelerators": cards(1), "variables": {"CUDA_VISIBLE_DEVICES": "1"}}
    assert judge(**facts).certainty is Certainty.LIKELY
    assert judge(NO_DEVICE, **facts).certainty is Certainty.CERTAIN


def test_one_program_that_sees_none_where_the_card_works() -> None:
    found = judge(NO_DEVICE, accelerators=cards(1), nvidia={"driver_version": "550.54.15"})
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.LIKELY)


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"nvidia": {"driver_version": "550.54.15"}, "accelerators": cards(1, mig="enabled")},
        {"nvidia": {"driver_version": "550.54.15"}, "accelerators": cards(1), "system": {"container": "docker"}},
        {"nvidia": {"driver_version": "550.54.15"}, "accelerators": cards(1), "observed": ALL},
    ],
)
def test_without_the_variable_other_causes_come_first(facts: dict[str, Any]) -> None:
    assert isinstance(judge(NO_DEVICE, **facts), NotApplicable)


def test_visible_cards_are_counted_from_0_again() -> None:
    ordinal = said("cuda-error", "torch", 101, name="cudaErrorInvalidDevice")
    found = visible("1", ordinal)
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.LIKELY)
    assert isinstance(visible("0,1", ordinal), Passed)


def test_cards_of_other_jobs_have_no_number() -> None:
    facts = {"accelerators": [*cards(1), {"index": 1, "vendor": "nvidia", "state": "hidden"}], "observed": ALL}
    assert isinstance(judge(**facts, variables={"CUDA_VISIBLE_DEVICES": "0"}), Passed)
    assert isinstance(judge(**facts, variables={"CUDA_VISIBLE_DEVICES": "1"}), Found)


def test_unknown_cards_cannot_be_compared_but_a_malformed_value_is_wrong_by_itself() -> None:
    assert isinstance(judge(variables={"CUDA_VISIBLE_DEVICES": "3"}), NotEvaluated)
    assert isinstance(judge(variables={"CUDA_VISIBLE_DEVICES": "cuda:0"}), Found)


def test_a_machine_without_cards_has_none_to_hide() -> None:
    assert isinstance(judge(observed=ALL, variables={"CUDA_VISIBLE_DEVICES": "3"}), NotApplicable)


TOLD = said("cuda-error", "CUDA", 100, name="cudaErrorNoDevice", asked_by="envcheck")


def test_cards_hidden_on_purpose_are_a_warning_where_something_is_built_for_them() -> None:
    hidden = {"live": True, "accelerators": cards(2), "observed": ALL, "variables": {"CUDA_VISIBLE_DEVICES": "-1"}}
    assert judge(TOLD, **hidden).severity is Severity.INFO
    assert judge(TOLD, **hidden, builds={"torch": {"cuda": "12.8"}}).severity is Severity.WARNING


def test_a_name_that_the_cuda_library_does_not_take_is_wrong_although_the_parts_of_cards_are_not_known() -> None:
    assert isinstance(visible("MIG-aaaa"), NotEvaluated)
    found = visible("MIG-aaaa", TOLD)
    assert isinstance(found, Found)
    assert "MIG-aaaa" in found.message


def test_a_list_that_a_shell_was_to_fill_in_is_suspected_only_where_a_program_saw_no_gpu():
    no_device = {"kind": "cuda-error", "text": "No CUDA GPUs are available", "code": 100}
    cards = [{"index": 0, "vendor": "nvidia", "name": "NVIDIA A10G"}]
    text = msgspec.convert({"variables": {"CUDA_VISIBLE_DEVICES": "$GPU"}, "accelerators": cards, "symptoms": [no_device]}, Snapshot)
    (found,) = RULE.check(Case(text))
    assert isinstance(found, Found)
    assert found.certainty is Certainty.LIKELY
    (outcome,) = RULE.check(Case(msgspec.structs.replace(text, symptoms=())))
    assert isinstance(outcome, NotEvaluated)


def test_an_ordinal_that_a_program_asks_for():
    ordinal = {"kind": "cuda-error", "text": "CUDA error: invalid device ordinal", "code": 101}
    (found,) = RULE.check(Case(msgspec.convert({"symptoms": [ordinal]}, Snapshot)))
    assert isinstance(found, Found)
    assert (found.certainty, found.symptoms[0].code) == (Certainty.LIKELY, 101)
