"""What follows from the states of accelerators: told beside its cause, it is never a cause of its own."""

import pytest

from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.causes import Judged, trace
from envcheck.judging.rule import Found
from envcheck.report import Proof
from envcheck.rules import all_rules, find_rule

KINDS = {kind.value for kind in SymptomKind}
# Cause → what programs say because of it, and what other rules then find.
FOLLOWS = {
    "amdgpu-not-loaded": ("cuda-error", "device-not-found", "driver-not-found", "gpu-missing"),
    "container-lost-gpu-devices": ("cuda-error", "nvml-error", "permission-denied", "nvidia-device-denied", "gpu-lost"),
    "container-without-gpu-device": ("cuda-error", "driver-not-found", "gpu-missing", "no-nvidia-driver"),
    "cuda-home-points-nowhere": ("compiler-not-found",),
    "driver-state-after-suspend": ("cuda-error", "resumed"),
    "fabricmanager-not-running": ("cuda-error", "nvidia-kernel-module-not-loaded", "nvidia-device-denied"),
    "gpu-lost": ("cuda-error", "nvml-error", "gpu-memory-failing"),
    "gpu-passed-through": ("driver-not-found", "no-nvidia-driver", "nvidia-kernel-module-not-loaded"),
    "hsa-override-gfx-version": ("arch-not-supported", "cuda-error"),
    "intel-gpu-not-usable": ("device-not-found", "gpu-missing", "xpu-error"),
    "kfd-permission": ("amdgpu-not-loaded", "device-not-found", "gpu-missing", "permission-denied"),
    "mig-without-instances": ("cuda-error", "gpu-missing"),
    "mps-unavailable": ("device-not-found", "gpu-missing"),
    "no-nvidia-driver": ("cuda-error", "driver-not-found", "gpu-missing", "nvml-error"),
    "nvidia-device-denied": ("cuda-error", "nvidia-kernel-module-not-loaded", "permission-denied"),
    "nvidia-kernel-module-not-loaded": ("cuda-error", "driver-not-found", "no-nvidia-driver"),
    "nvml-container-library-mismatch": ("nvml-error", "nvml-driver-library-mismatch"),
    "nvml-driver-library-mismatch": ("cuda-error", "nvml-error", "nvidia-kernel-module-not-loaded"),
    "oneapi-device-selector": ("device-not-found", "intel-gpu-not-usable"),
    "rocm-visible-devices": ("cuda-error", "gpu-missing"),
    "wsl1-no-gpu": ("cuda-error", "driver-not-found", "no-nvidia-driver"),
    "wsl2-driver-libraries-missing": ("libcuda-not-on-loader-path", "no-nvidia-driver", "nvidia-kernel-module-not-loaded"),
    "x86-python-on-apple-silicon": ("cpu-feature-missing", "framework-import-fails", "no-matching-distribution"),
}
# Nothing that any of those finds stands for a kind of symptom.
BYSTANDER = "python-end-of-life"
SEEN = Proof(fact="python.version", value="3.8", source="sys")


def judged(rule_name: str, *symptoms: Symptom) -> Judged:
    rule = find_rule(rule_name)
    assert rule is not None
    return Judged(rule_name, rule, Found("subject", "It is so.", evidence=(SEEN,), symptoms=symptoms))


@pytest.mark.parametrize(("cause", "effect"), [(cause, effect) for cause, effects in FOLLOWS.items() for effect in effects])
def test_what_follows_is_a_consequence(cause: str, effect: str) -> None:
    follower = judged(BYSTANDER, Symptom(kind=SymptomKind(effect), text="said")) if effect in KINDS else judged(effect)
    first, second = trace([follower, judged(cause)])
    assert (first.id, first.because_of) == (cause, ())
    assert second.because_of == (cause,)


def test_a_driver_that_is_missing_explains_no_other_makers_card() -> None:
    others = [rule for rule in all_rules() if rule.name.startswith(("amdgpu", "intel", "kfd", "mps", "oneapi", "rocm"))]
    missing = find_rule("no-nvidia-driver")
    assert others
    assert missing is not None
    assert not missing.explains & {rule.name for rule in others}
