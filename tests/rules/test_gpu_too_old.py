from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.engine import diagnose
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty, Role, Severity
from envcheck.rules import all_rules
from envcheck.rules.gpu_too_old import RULE

CUDA = {"torch": {"version": "2.8.0+cu128", "cuda": "12.8"}}
ROCM = {"torch": {"version": "2.8.0+rocm6.4", "rocm": "6.4"}}
FERMI = {"index": 0, "vendor": "nvidia", "name": "GeForce GTX 580", "compute_capability": "2.0"}
AMPERE = {"index": 1, "vendor": "nvidia", "name": "NVIDIA GeForce RTX 3090", "compute_capability": "8.6"}
POLARIS = {"index": 0, "vendor": "amd", "name": "Radeon RX 580 Series"}
NAVI31 = {"index": 1, "vendor": "amd", "name": "Radeon RX 7900 XTX", "architecture": "gfx1100"}


def said(kind: str, code: int | None = None, **details: str) -> dict[str, Any]:
    return {"kind": kind, "text": f"said {kind}", "code": code, "details": details}


NO_BINARY = said("arch-not-supported", backend="rocm")


def snapshot(*symptoms: dict[str, Any], **facts: Any) -> Snapshot:
    return msgspec.convert({**facts, "symptoms": symptoms}, Snapshot)


def judge(*symptoms: dict[str, Any], **facts: Any) -> Any:
    (outcome,) = RULE.check(Case(snapshot(*symptoms, **facts)))
    return outcome


@pytest.mark.parametrize(
    "symptom",
    [
        said("arch-not-supported", device="GeForce GTX 660 Ti", capability="3.0", minimum="3.7"),
        said("arch-not-supported", backend="rocm", device="POLARIS10"),
        said("arch-not-supported", backend="rocm", device="TAHITI"),
        said("arch-not-supported", backend="rocm", capability="gfx803"),
        said("kernel-module-failed", module="amdgpu", reason="PCI rejects atomics", device="1002:67df"),
    ],
)
def test_what_a_program_says_of_a_generation_that_nothing_supports(symptom: dict[str, Any]):
    found = judge(symptom)
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.CERTAIN)


@pytest.mark.parametrize(
    "symptom",
    [
        said("arch-not-supported", device="Tesla K80", capability="3.7", minimum="5.0"),
        said("arch-not-supported", device="NVIDIA GeForce RTX 5090", capability="sm_120"),
        said("arch-not-supported", backend="rocm", capability="gfx1031"),
        said("arch-not-supported", backend="rocm", device="NAVI10"),
        said("arch-not-supported", backend="rocm", device="SOMETHING_NEW"),
        said("arch-not-supported", capability="avx"),
    ],
)
def test_what_another_build_may_support_is_anothers_matter(symptom: dict[str, Any]):
    assert isinstance(judge(symptom), NotApplicable)


NO_RESOURCES = said("driver-not-found", vendor="amd", reason="HSA_STATUS_ERROR_OUT_OF_RESOURCES")


@pytest.mark.parametrize(("symptom", "certainty"), [(NO_BINARY, Certainty.CERTAIN), (NO_RESOURCES, Certainty.LIKELY)])
def test_the_card_tells_why_there_is_no_code(symptom: dict[str, Any], certainty: Certainty):
    found = judge(symptom, accelerators=[POLARIS])
    assert found.certainty is certainty
    assert "gfx803" in found.message


def test_a_card_that_root_reaches_is_not_too_old():
    root = said("permission-denied", path="/dev/kfd", reason="root")
    assert not isinstance(judge(NO_RESOURCES, root, accelerators=[POLARIS]), Found)


def test_a_name_of_less_than_high_confidence_is_only_likely():
    assert judge(NO_BINARY, accelerators=[{**POLARIS, "name": "AMD Radeon RX 570"}]).certainty is Certainty.LIKELY


@pytest.mark.parametrize(("card", "builds"), [(FERMI, CUDA), (POLARIS, ROCM)])
def test_card_and_build_alone_tell(card: dict[str, Any], builds: dict[str, Any]):
    assert isinstance(judge(accelerators=[card], builds=builds), Found)
    assert isinstance(judge(accelerators=[card], live=True), NotApplicable)


def test_the_boundary():
    assert isinstance(judge(accelerators=[{**FERMI, "compute_capability": "3.7"}], builds=CUDA), Passed)
    assert isinstance(judge(accelerators=[{**FERMI, "compute_capability": "3.5"}], builds=CUDA), Found)
    assert isinstance(judge(accelerators=[{**NAVI31, "architecture": "gfx900"}], builds=ROCM), Passed)
    assert isinstance(judge(accelerators=[{**NAVI31, "architecture": "gfx810"}], builds=ROCM), Found)


def test_beside_another_card_it_warns():
    assert judge(accelerators=[FERMI, AMPERE], builds=CUDA).severity is Severity.WARNING
    assert judge(accelerators=[POLARIS, NAVI31], builds=ROCM).severity is Severity.WARNING
    assert isinstance(judge(NO_BINARY, accelerators=[POLARIS, NAVI31]), NotApplicable)


def test_no_kernel_image_on_an_old_card():
    assert isinstance(judge(said("cuda-error", 209), accelerators=[FERMI]), Found)
    assert isinstance(judge(said("cuda-error", 209), accelerators=[AMPERE]), NotApplicable)


def test_cards_of_which_nothing_is_known():
    for card, builds, needs in (
        ({"index": 0, "vendor": "amd", "name": "AMD Radeon Graphics"}, ROCM, "rocminfo"),
        ({"index": 0, "vendor": "nvidia", "name": "NVIDIA Graphics Device"}, CUDA, "nvidia-smi --query-gpu=name,compute_cap --format=csv"),
    ):
        outcome = judge(accelerators=[card], builds=builds)
        assert isinstance(outcome, NotEvaluated)
        assert outcome.needs == (needs,)
        assert card["name"] in outcome.reason
        assert isinstance(judge(accelerators=[card]), NotApplicable)


@pytest.mark.parametrize("symptom", [NO_BINARY, said("cuda-error", 209), said("cuda-error", name="cudaErrorNoKernelImageForDevice")])
def test_code_that_is_missing_for_a_card_that_nobody_named(symptom: dict[str, Any]):
    assert isinstance(judge(symptom), NotEvaluated)


def test_an_old_card_is_found_beside_one_that_is_not_known():
    unknown = {"index": 1, "vendor": "nvidia", "name": "NVIDIA Graphics Device"}
    assert isinstance(judge(accelerators=[FERMI, unknown], builds=CUDA), Found)
    assert isinstance(judge(accelerators=[AMPERE, {**unknown, "index": 0}], builds=CUDA), NotEvaluated)


@pytest.mark.parametrize(
    ("symptoms", "facts"),
    [
        (
            (said("arch-not-supported", device="GTX 580", capability="2.0"), said("cuda-error", 209)),
            {"builds": CUDA, "accelerators": [FERMI]},
        ),
        ((NO_BINARY,), {"accelerators": [POLARIS], "builds": ROCM}),
        (
            (said("driver-not-found", vendor="amd", reason="no supported GPU"),),
            {"accelerators": [{**POLARIS, "driver": "radeon"}], "builds": ROCM},
        ),
        (
            (said("arch-not-supported", backend="rocm", device="POLARIS10"), said("device-not-found", path="/dev/kfd")),
            {"accelerators": [POLARIS], "variables": {"HSA_OVERRIDE_GFX_VERSION": "9.0.0"}, "builds": ROCM},
        ),
    ],
)
def test_it_is_the_one_cause(symptoms: tuple[dict[str, Any], ...], facts: dict[str, Any]):
    report = diagnose(snapshot(*symptoms, **facts), all_rules())
    assert report.findings[0].rule == "gpu-too-old"
    assert [finding.rule for finding in report.findings if finding.role is Role.PRIMARY] == ["gpu-too-old"]
