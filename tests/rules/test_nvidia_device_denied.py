"""nvidia-device-denied: device nodes that this user may not open by their mode."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty, Severity
from envcheck.rules.nvidia_device_denied import RULE


def judge(*symptoms: dict[str, Any], **facts: Any) -> Any:
    (outcome,) = RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot)))
    return outcome


def node(path: str, error: str = "", **more: Any) -> dict[str, Any]:
    told = {"mode": "crw-rw----", "group": "video", "member": False} if error else {"mode": "crw-rw-rw-"}
    return {"path": path, "accessible": not error, **({"error": error} if error else {}), **told, **more}


CTL, UVM, FIRST, SECOND = "/dev/nvidiactl", "/dev/nvidia-uvm", "/dev/nvidia0", "/dev/nvidia1"
AT_START = {"kind": "nvml-error", "text": "Failed to initialize NVML: Insufficient Permissions", "code": 4, "details": {"code": "4"}}
OF_A_QUERY = {"kind": "nvml-error", "text": "NVMLError_NoPermission: Insufficient Permissions", "code": 4, "details": {"code": "4"}}
BY_PATH = {"kind": "permission-denied", "text": "[Errno 13] Permission denied: '/dev/nvidia0'", "details": {"path": "/dev/nvidia0"}}


@pytest.mark.parametrize("denied", [(CTL,), (UVM,), (FIRST, SECOND), (CTL, UVM, FIRST, SECOND)])
def test_a_node_that_all_programs_need_is_an_error(denied: tuple[str, ...]) -> None:
    found = judge(devices=[node(path, "EACCES" if path in denied else "") for path in (CTL, UVM, FIRST, SECOND)])
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.CERTAIN)
    assert "group video" in found.message
    assert any(step.run[-2:] == ("video", "USER") for step in found.remedies[0].steps)


def test_one_card_of_several_may_be_meant_for_others() -> None:
    found = judge(devices=[node(CTL), node(UVM), node(FIRST), node(SECOND, "EACCES")])
    assert (found.severity, found.message) == (Severity.INFO, "1 of 2 GPUs are closed to this user: /dev/nvidia1.")


def test_the_word_of_a_device_list_is_another_matter() -> None:
    assert isinstance(judge(devices=[node(CTL, "EPERM"), node(FIRST, "EPERM")]), NotApplicable)


def test_a_member_of_the_group_is_not_told_to_join_it() -> None:
    found = judge(devices=[node(CTL, "EACCES", member=True)])
    assert "NVreg_DeviceFileMode" in " ".join(step.do for step in found.remedies[0].steps)


@pytest.mark.parametrize(
    ("symptom", "certainty"), [(AT_START, Certainty.CERTAIN), (BY_PATH, Certainty.CERTAIN), (OF_A_QUERY, Certainty.LIKELY)]
)
def test_what_programs_said_of_it(symptom: dict[str, Any], certainty: Certainty) -> None:
    assert judge(symptom).certainty is certainty


def test_in_a_container_the_first_word_is_only_likely() -> None:
    assert judge(AT_START, system={"container": "podman"}).certainty is Certainty.LIKELY


@pytest.mark.parametrize("facts", [{"devices": [node(CTL), node(UVM), node(FIRST)]}, {"builds": {"torch": {"cuda_available": True}}}])
def test_nodes_that_open_pass(facts: dict[str, Any]) -> None:
    assert isinstance(judge(**facts), Passed)


def test_a_list_of_nodes_alone_does_not_tell_who_asks() -> None:
    assert isinstance(judge(devices=[{"path": CTL, "mode": "crw-rw----", "group": "video"}]), NotEvaluated)


@pytest.mark.parametrize(
    "symptom", [{"kind": "permission-denied", "text": "x", "details": {"path": "/dev/kfd"}}, {"kind": "nvml-error", "text": "x", "code": 9}]
)
def test_other_nodes_and_other_errors_are_passed_over(symptom: dict[str, Any]) -> None:
    assert isinstance(judge(symptom), NotApplicable)
