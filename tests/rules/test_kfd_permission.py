from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty, Severity
from envcheck.rules.kfd_permission import RULE

CARD = {"index": 0, "vendor": "amd", "backend": "rocm", "name": "AMD Radeon RX 7900 XTX", "architecture": "gfx1100", "driver": "amdgpu"}
KFD = {"path": "/dev/kfd", "mode": "crw-rw----", "group": "render", "accessible": False, "member": False, "error": "EACCES"}
TORCH = {"torch": {"version": "2.8.0+rocm6.4", "rocm": "6.4"}}
REFUSED = {
    "kind": "permission-denied",
    "text": "Unable to open /dev/kfd read-write: Permission denied",
    "subject": "rocm",
    "details": {"path": "/dev/kfd"},
}
GROUPS = {
    "kind": "permission-denied",
    "text": "WARNING: User is missing the following required groups: render, video.",
    "subject": "amd-smi",
    "details": {"path": "/dev/kfd", "reason": "groups", "group": "render, video"},
}


def judge(*symptoms: dict[str, Any], **facts: Any) -> Any:
    (outcome,) = RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot)))
    return outcome


def test_what_rocminfo_says_is_enough():
    found = judge(REFUSED)
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.CERTAIN)
    assert found.remedies[0].steps[1].run == ("sudo", "usermod", "--append", "--groups", "render,video", "USER")


def test_a_node_that_is_refused_is_an_error_where_a_build_needs_it():
    found = judge(accelerators=[CARD], devices=[KFD], builds=TORCH, live=True)
    assert isinstance(found, Found)
    assert found.severity is Severity.ERROR
    assert "render" in found.message
    assert "render" in found.remedies[0].steps[1].run


def test_rocm_alone_warns():
    found = judge(accelerators=[CARD], devices=[KFD], amd={"rocm_version": "6.4.1"}, live=True)
    assert found.severity is Severity.WARNING


@pytest.mark.parametrize("amd", [{}, {"state": "denied"}])
def test_a_desktop_that_computes_nothing_is_well(amd: dict[str, str]):
    assert isinstance(judge(accelerators=[CARD], devices=[KFD], amd=amd, live=True), NotApplicable)


def test_render_nodes_count_where_every_card_is_amds():
    render = {**KFD, "path": "/dev/dri/renderD128"}
    assert isinstance(judge(accelerators=[CARD], devices=[render], builds=TORCH), Found)
    intel = {"index": 1, "vendor": "intel"}
    assert isinstance(judge(accelerators=[CARD, intel], devices=[render], builds=TORCH), NotEvaluated)
    other = {**render, "path": "/dev/dri/renderD129", "accessible": True}
    assert isinstance(judge(accelerators=[CARD], devices=[render, other], builds=TORCH), NotEvaluated)


def test_a_missing_node_is_anothers_matter():
    gone = {"path": "/dev/kfd", "accessible": False, "error": "ENXIO"}
    assert isinstance(judge(accelerators=[CARD], devices=[gone], builds=TORCH), NotEvaluated)


def test_an_open_node_passes():
    assert isinstance(judge(accelerators=[CARD], devices=[{"path": "/dev/kfd", "accessible": True}], builds=TORCH), Passed)
    assert isinstance(judge(GROUPS, builds={"torch": {"rocm": "6.4", "cuda_available": True}}), Passed)


def test_groups_alone_are_only_likely():
    found = judge(GROUPS)
    assert (found.severity, found.certainty) == (Severity.WARNING, Certainty.LIKELY)


def test_whoever_is_in_the_group_already_logs_in_again():
    found = judge(accelerators=[CARD], devices=[{**KFD, "member": True}], builds=TORCH)
    assert not any("usermod" in step.run for remedy in found.remedies for step in remedy.steps)
    assert "log in again" in found.remedies[0].summary


@pytest.mark.parametrize(
    ("engine", "word"),
    [("docker", "--group-add NUMBER"), ("podman", "keep-groups"), ("apptainer", "--rocm"), ("kubernetes", "supplementalGroups")],
)
def test_a_container_is_started_again(engine: str, word: str):
    found = judge(REFUSED, system={"container": engine})
    words = " ".join(step.do or " ".join(step.run) for step in found.remedies[0].steps)
    assert word in words
    assert "usermod" not in words


def test_without_the_nodes_it_cannot_be_judged():
    assert isinstance(judge(accelerators=[CARD], builds=TORCH), NotEvaluated)
    assert isinstance(judge(builds=TORCH), NotApplicable)


def test_another_file_is_not_meant():
    other = {**REFUSED, "details": {"path": "/etc/shadow"}, "subject": "cat"}
    assert isinstance(judge(other, accelerators=[CARD]), NotApplicable)


def test_a_render_node_is_rocms_only_where_rocm_or_its_card_is():
    denied = {"kind": "permission-denied", "text": "denied", "details": {"path": "/dev/dri/renderD128"}}
    assert isinstance(judge(denied), NotApplicable)
    assert isinstance(judge({**denied, "subject": "rocm"}), Found)
    assert isinstance(judge(denied, accelerators=[CARD]), Found)


def test_a_control_group_is_no_matter_of_groups():
    found = judge(
        {"kind": "permission-denied", "text": "…", "subject": "rocm", "details": {"path": "/dev/kfd", "reason": "Operation not permitted"}}
    )
    words = " ".join(step.do for step in found.remedies[0].steps)
    assert "DeviceAllow" in words
    assert "usermod" not in str(found.remedies)


NO_RESOURCES = {
    "kind": "driver-not-found",
    "text": "Call returned HSA_STATUS_ERROR_OUT_OF_RESOURCES",
    "subject": "rocminfo",
    "details": {"vendor": "amd", "reason": "HSA_STATUS_ERROR_OUT_OF_RESOURCES"},
}
AS_ROOT = {
    "kind": "permission-denied",
    "text": "sudo rocminfo works",
    "subject": "reporter",
    "details": {"path": "/dev/kfd", "reason": "root"},
}


def test_what_root_gets_and_this_user_does_not_suggests_the_node():
    found = judge(NO_RESOURCES, AS_ROOT)
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.LIKELY)


def test_either_of_them_alone_suggests_nothing():
    assert isinstance(judge(AS_ROOT), NotApplicable)
    assert isinstance(judge(NO_RESOURCES), NotApplicable)
