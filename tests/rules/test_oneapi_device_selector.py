from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty, Severity
from envcheck.rules.oneapi_device_selector import RULE

NO_XPU = {"kind": "device-not-found", "text": "No XPU devices are available", "subject": "torch", "details": {"backend": "xpu"}}
REFUSED = {
    "kind": "xpu-error",
    "text": 'Error parsing selector string "gpu"',
    "details": {"name": "INVALID_SELECTOR", "value": "gpu", "reason": "Missing colon"},
}
XPU = {"torch": {"version": "2.8.0+xpu", "xpu": "20250101"}}


def judge(*symptoms: dict[str, Any], gpus: int | None = 1, builds: Any = XPU, name: str = "ONEAPI_DEVICE_SELECTOR", **more: Any) -> Any:
    facts: dict[str, Any] = {"builds": builds, "symptoms": symptoms, **more}
    if gpus is not None:
        facts["accelerators"] = [{"index": index, "vendor": "intel", "backend": "xpu"} for index in range(gpus)]
        facts["observed"] = {"accelerators": "complete", "variables": "complete"}
    if "value" in facts:
        facts["variables"] = {name: facts.pop("value")}
    (outcome,) = RULE.check(Case(msgspec.convert(facts, Snapshot)))
    return outcome


@pytest.mark.parametrize("value", ["opencl:cpu", "opencl:gpu", "level_zero:cpu", "!level_zero:*", "cuda:*", "*:cpu", "!*:gpu"])
def test_a_value_that_leaves_no_gpu_to_level_zero(value: str) -> None:
    found = judge(value=value)
    assert isinstance(found, Found)
    assert found.certainty is Certainty.CERTAIN
    assert "hides every Intel GPU" in found.message
    assert found.remedies[0].steps[0].run == ("unset", "ONEAPI_DEVICE_SELECTOR")


@pytest.mark.parametrize("value", ["level_zero:gpu:0", "gpu", "levelzero:gpu", "level_zero:", "!opencl:cpu;level_zero:gpu"])
def test_a_value_that_cannot_be_read(value: str) -> None:
    assert "cannot be read" in judge(value=value).message


@pytest.mark.parametrize(
    "value", ["level_zero:gpu", "*:gpu", "level_zero:*", "opencl:cpu;level_zero:0", "!opencl:*", "LEVEL_ZERO:GPU", "level_zero:0.1"]
)
def test_a_value_that_leaves_one(value: str) -> None:
    assert isinstance(judge(value=value), Passed)


def test_a_number_that_there_is_no_gpu_for_may_be_a_tile() -> None:
    found = judge(value="level_zero:1")
    assert (found.certainty, bool(found.would_confirm)) == (Certainty.LIKELY, True)
    assert isinstance(judge(value="level_zero:1", gpus=2), Passed)
    assert isinstance(judge(value="level_zero:1", gpus=None), Passed)
    assert isinstance(judge(NO_XPU, value="level_zero:1", gpus=None), Found)


@pytest.mark.parametrize(
    ("value", "kind"), [("0", Passed), ("", Passed), ("default", Passed), ("3", Found), ("gpu0", Found), ("0.1,1.0", Passed)]
)
def test_the_mask_of_level_zero(value: str, kind: type) -> None:
    assert isinstance(judge(value=value, name="ZE_AFFINITY_MASK"), kind)


@pytest.mark.parametrize(
    ("value", "kind"), [("level_zero:gpu", Passed), ("cpu", Found), ("opencl:gpu:0,cpu", Found), ("gpu", Passed), ("a:b", Found)]
)
def test_the_older_filter(value: str, kind: type) -> None:
    assert isinstance(judge(value=value, name="SYCL_DEVICE_FILTER"), kind)


def test_a_live_machine_where_nothing_has_failed_yet_is_warned() -> None:
    assert judge(value="opencl:cpu", live=True).severity is Severity.WARNING
    assert judge(NO_XPU, value="opencl:cpu", live=True).severity is Severity.ERROR


def test_the_runtimes_own_words_are_enough() -> None:
    found = judge(REFUSED, gpus=None, builds={})
    assert "Missing colon" in found.message


def test_where_nothing_wants_an_intel_gpu_there_is_no_question() -> None:
    assert isinstance(judge(value="opencl:cpu", builds={}), NotApplicable)
    assert isinstance(judge(gpus=0, builds={}), NotApplicable)


def test_variables_that_are_not_known_are_asked_for() -> None:
    assert isinstance(judge(gpus=None), NotEvaluated)
    assert isinstance(judge(), Passed)
