"""cuda-forward-compat-804: a newer libcuda on a card that does not allow it."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.engine import diagnose
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.rules import driver_too_old
from envcheck.rules.cuda_forward_compat_804 import RULE

SAID = {
    "kind": "cuda-error",
    "text": "Error 804: forward compatibility was attempted on non supported HW",
    "code": 804,
    "details": {"code": "804", "name": "cudaErrorCompatNotSupportedOnDevice"},
}
COMPAT = {"LD_LIBRARY_PATH": "/usr/local/cuda/compat/lib:/usr/local/nvidia/lib64"}
GEFORCE = [{"index": 0, "vendor": "nvidia", "name": "NVIDIA GeForce RTX 2080 Ti", "compute_capability": "7.5"}]


def judge(*symptoms: dict[str, Any], **facts: Any) -> Any:
    (outcome,) = RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot)))
    return outcome


def test_the_error_decides_and_the_evidence_names_card_driver_and_folder() -> None:
    found = judge(SAID, variables=COMPAT, accelerators=GEFORCE, nvidia={"driver_version": "470.57.02", "cuda_version": "11.4"})
    assert isinstance(found, Found)
    assert found.message == (
        "A libcuda that is newer than driver 470.57.02 (CUDA 11.4) was loaded, from /usr/local/cuda/compat/lib, and the NVIDIA GeForce "
        "RTX 2080 Ti is none of those on which that is allowed."
    )
    assert [proof.value for proof in found.evidence][1:] == ["/usr/local/cuda/compat/lib", "470.57.02", "NVIDIA GeForce RTX 2080 Ti"]


def test_what_is_left_of_the_path_is_what_to_set() -> None:
    *_, without = judge(SAID, variables=COMPAT).remedies
    assert without.steps[0].run == ("export", "LD_LIBRARY_PATH=/usr/local/nvidia/lib64")


def test_in_a_container_the_host_is_updated_and_elsewhere_a_reboot_may_do() -> None:
    inside, outside = judge(SAID, system={"container": "docker"}), judge(SAID)
    assert [remedy.summary for remedy in inside.remedies][:2] == ["update the driver of the host", "use an image for an older CUDA"]
    assert ("sudo", "reboot") in [step.run for step in outside.remedies[0].steps]


@pytest.mark.parametrize(
    "text",
    [
        "RuntimeError: Unexpected error from cudaGetDeviceCount(). Error 804: forward compatibility was attempted on non supported HW",
        "RuntimeError: CUDA failed with error forward compatibility was attempted on non supported HW",
        "CUDARuntimeError: cudaErrorCompatNotSupportedOnDevice: forward compatibility was attempted on non supported HW",
        "failed call to cuInit: CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE: forward compatibility was attempted on non supported HW",
    ],
)
def test_every_programs_words_are_understood(text: str) -> None:
    assert isinstance(next(iter(RULE.check(Case(read_text(text))))), Found)


def test_it_comes_before_the_driver_that_is_too_old() -> None:
    facts = {"nvidia": {"driver_version": "470.57.02", "cuda_version": "11.4"}, "builds": {"torch": {"version": "2.6.0", "cuda": "12.4"}}}
    report = diagnose(msgspec.convert({**facts, "symptoms": [SAID]}, Snapshot), [driver_too_old.RULE, RULE])
    assert [finding.rule for finding in report.findings] == ["cuda-forward-compat-804", "driver-too-old"]
    assert report.findings[1].because_of == (report.findings[0].id,)


def test_a_compatibility_folder_with_which_the_card_is_reached_passes() -> None:
    assert isinstance(judge(variables=COMPAT, builds={"torch": {"cuda_available": True}}), Passed)


def test_a_compatibility_folder_alone_decides_nothing() -> None:
    assert isinstance(judge(variables=COMPAT), NotEvaluated)
    assert isinstance(judge(nvidia={"libcuda_path": "/usr/local/cuda-12.8/compat/libcuda.so.1"}), NotEvaluated)


def test_without_either_the_question_does_not_arise() -> None:
    assert isinstance(judge(variables={"LD_LIBRARY_PATH": "/usr/local/cuda/lib64"}), NotApplicable)
    assert isinstance(judge({**SAID, "code": 803, "details": {"code": "803"}}), NotApplicable)
