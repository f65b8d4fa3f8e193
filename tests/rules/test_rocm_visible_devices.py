from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty, Severity
from envcheck.rules.rocm_visible_devices import RULE

CARD = {"index": 0, "vendor": "amd", "name": "AMD Radeon RX 7900 XTX", "architecture": "gfx1100", "uuid": "GPU-5c88007d2c2aae85"}
MI300X = {"index": 0, "vendor": "amd", "name": "AMD Instinct MI300X", "architecture": "gfx942"}
ROCM = {"torch": {"version": "2.8.0+rocm6.4", "rocm": "6.4"}}
CUDA = {"torch": {"version": "2.8.0+cu128", "cuda": "12.8"}}
NO_DEVICE = {"kind": "cuda-error", "text": "No HIP GPUs are available", "code": 100, "details": {"name": "hipErrorNoDevice"}}


def judge(variables: dict[str, str], *symptoms: dict[str, Any], complete: bool = True, **facts: Any) -> list[Any]:
    seen = {"accelerators": [CARD], "builds": ROCM, "observed": {"accelerators": "complete" if complete else "partial"}, **facts}
    return list(RULE.check(Case(msgspec.convert({**seen, "variables": variables, "symptoms": symptoms}, Snapshot))))


@pytest.mark.parametrize("name", ["ROCR_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "GPU_DEVICE_ORDINAL", "CUDA_VISIBLE_DEVICES"])
@pytest.mark.parametrize("value", ["1", "3,0", "all", "cuda:0", "GPU 0"])
def test_a_gpu_that_is_not_there_and_no_list_at_all(name: str, value: str):
    (found,) = judge({name: value})
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.WARNING, Certainty.CERTAIN)
    assert found.message.startswith(name)


@pytest.mark.parametrize("value", ["0", "0,1", " 0 "])
def test_a_list_that_begins_with_a_gpu_that_is_there_passes(value: str):
    (outcome,) = judge({"HIP_VISIBLE_DEVICES": value})
    assert isinstance(outcome, Passed)


def test_hiding_on_purpose_is_a_hint_until_a_program_misses_the_gpu():
    (hint,) = judge({"HIP_VISIBLE_DEVICES": "-1"})
    assert hint.severity is Severity.INFO
    (found,) = judge({"HIP_VISIBLE_DEVICES": "-1"}, NO_DEVICE)
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.CERTAIN)


def test_empty_hides_for_the_runtime_and_is_passed_over_by_hip():
    assert judge({"ROCR_VISIBLE_DEVICES": ""})[0].severity is Severity.INFO
    assert isinstance(judge({"HIP_VISIBLE_DEVICES": "", "CUDA_VISIBLE_DEVICES": ""})[0], NotApplicable)


def test_of_hips_variables_the_first_that_is_set_decides():
    (outcome,) = judge({"HIP_VISIBLE_DEVICES": "0", "CUDA_VISIBLE_DEVICES": "7"})
    assert isinstance(outcome, Passed)


def test_cudas_variable_is_nvidias_without_a_build_for_rocm():
    assert isinstance(judge({"CUDA_VISIBLE_DEVICES": "5"}, builds=CUDA)[0], NotApplicable)


@pytest.mark.parametrize(("value", "is_found"), [("GPU-5C88007D2C2AAE85", False), ("GPU-0000000000000001", True)])
def test_unique_numbers(value: str, is_found: bool):
    assert isinstance(judge({"ROCR_VISIBLE_DEVICES": value})[0], Found) is is_found


def test_a_divided_card_has_more_numbers():
    assert isinstance(judge({"HIP_VISIBLE_DEVICES": "7"}, accelerators=[MI300X])[0], Passed)
    assert isinstance(judge({"HIP_VISIBLE_DEVICES": "8"}, accelerators=[MI300X])[0], Found)


def test_where_not_all_gpus_are_known_a_number_cannot_be_judged():
    assert isinstance(judge({"HIP_VISIBLE_DEVICES": "1"}, complete=False)[0], NotEvaluated)


def test_without_amd_there_is_no_question():
    assert isinstance(judge({"HIP_VISIBLE_DEVICES": "9"}, accelerators=[], builds=CUDA)[0], NotApplicable)
