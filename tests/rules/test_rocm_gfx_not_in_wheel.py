from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.engine import diagnose
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty, Severity
from envcheck.rules import gpu_arch_not_in_wheel, gpu_too_old, rocm_gfx_not_in_wheel
from envcheck.rules.rocm_gfx_not_in_wheel import RULE

TORCH = [{"name": "torch", "version": "2.4.1+rocm6.1", "state": "ok"}]
NO_BINARY = {"kind": "arch-not-supported", "text": "hipErrorNoBinaryForGpu", "details": {"backend": "rocm"}}
INVALID = {"kind": "cuda-error", "text": "HIP error: invalid device function", "code": 98, "details": {"backend": "rocm"}}


def gpu(target: str | None = None, **more: Any) -> dict[str, Any]:
    said = {"architecture": target} if target else {}
    return {"index": 0, "vendor": "amd", "backend": "rocm", **said, **more}


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


def commands(found: Any) -> str:
    return " ".join(" ".join(step.run) + step.do for remedy in found.remedies for step in remedy.steps)


@pytest.mark.parametrize("target", ["gfx902", "gfx90c", "gfx1012", "gfx1031", "gfx1103", "gfx1151", "gfx1201"])
def test_a_target_that_the_wheel_has_not_is_found(target: str):
    (found,) = judge(packages=TORCH, builds={"torch": {"rocm": "6.1"}}, accelerators=[gpu(target)])
    assert isinstance(found, Found)
    assert (found.certainty, found.severity) == (Certainty.CERTAIN, Severity.ERROR)


def test_the_remedy_is_a_build_with_the_target_or_a_relative():
    (found,) = judge(packages=TORCH, builds={"torch": {"rocm": "6.1"}}, accelerators=[gpu("gfx1201")])
    assert "https://download.pytorch.org/whl/rocm7.2" in commands(found)
    (found,) = judge(packages=TORCH, builds={"torch": {"rocm": "6.1"}}, accelerators=[gpu("gfx1031")])
    assert "export HSA_OVERRIDE_GFX_VERSION=10.3.0" in commands(found)
    (found,) = judge(packages=TORCH, builds={"torch": {"rocm": "6.1"}}, accelerators=[gpu("gfx902")])
    assert "PYTORCH_ROCM_ARCH=gfx902" in commands(found)
    assert "HSA_OVERRIDE" not in commands(found)


def test_a_table_row_that_is_not_sure_makes_it_likely():
    (found,) = judge(packages=[{"name": "torch", "version": "2.0.1+rocm5.4.2", "state": "ok"}], accelerators=[gpu("gfx1100")])
    assert found.certainty is Certainty.LIKELY


def test_the_runtimes_words_name_it_with_the_card():
    (found,) = judge(NO_BINARY, accelerators=[gpu("gfx1035")])
    assert (found.certainty, found.symptoms[0].kind.value) == (Certainty.CERTAIN, "arch-not-supported")
    (found,) = judge(NO_BINARY)
    assert found.certainty is Certainty.LIKELY
    (found,) = judge(INVALID, accelerators=[gpu("gfx1035")])
    assert found.certainty is Certainty.LIKELY
    (found,) = judge(INVALID, packages=TORCH, builds={"torch": {"rocm": "6.1"}}, accelerators=[gpu("gfx1035")])
    assert found.certainty is Certainty.CERTAIN


@pytest.mark.parametrize(
    "facts",
    [
        {"accelerators": [gpu("gfx1100")]},
        {"accelerators": [gpu("gfx1031")], "variables": {"HSA_OVERRIDE_GFX_VERSION": "10.3.0"}},
        {"accelerators": [gpu("gfx1100"), {**gpu("gfx1036"), "index": 1, "integrated": True}]},
    ],
)
def test_code_for_the_card_that_computes_passes(facts: dict[str, Any]):
    assert [type(outcome) for outcome in judge(packages=TORCH, builds={"torch": {"rocm": "6.1"}}, **facts)] == [Passed]


@pytest.mark.parametrize(
    ("symptoms", "facts"),
    [
        ((), {"accelerators": [gpu(name="AMD Something")], "builds": {"torch": {"rocm": "6.1"}}}),
        ((), {"accelerators": [gpu("gfx1031")], "builds": {"torch": {"rocm": "9.9"}}}),
        ((INVALID,), {"accelerators": [gpu("gfx1100")], "builds": {"torch": {"rocm": "6.1"}}}),
    ],
)
def test_what_is_not_decided_is_left_open(symptoms: tuple[dict[str, Any], ...], facts: dict[str, Any]):
    assert [type(outcome) for outcome in judge(*symptoms, **facts)] == [NotEvaluated]


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"accelerators": [gpu("gfx1031")]},
        {"builds": {"torch": {"rocm": "6.1"}}},
        {"builds": {"torch": {"rocm": "6.1"}}, "accelerators": [gpu("gfx803")]},
        {"builds": {"torch": {"rocm": "6.1"}}, "accelerators": [gpu("gfx1031", visible=False)]},
    ],
)
def test_without_a_build_a_card_or_a_chance_it_is_no_question(facts: dict[str, Any]):
    assert [type(outcome) for outcome in judge(**facts)] == [NotApplicable]


TEXTS = {
    "rocBLAS": (
        "rocBLAS error: Cannot read /v/torch/lib/rocblas/library/TensileLibrary.dat: No such file or directory for GPU arch : gfx1103\n",
        "rocm-gfx-not-in-wheel",
    ),
    "HIP has no kernel image": (
        (
            "torch==2.6.0+rocm6.2.4\nName: amdgcn-amd-amdhsa--gfx1151\n"
            "RuntimeError: HIP error: no kernel image is available for execution on the device\n"
        ),
        "rocm-gfx-not-in-wheel",
    ),
    "an older card": ("torch 2.0.1+rocm5.4.2\nGPU: Radeon RX 580\nhipErrorNoBinaryForGpu: Unable to find code object\n", "gpu-too-old"),
    "CUDA": ("torch 2.5.1+cu124\nGPU: RTX 3090\nRuntimeError: CUDA error: invalid device function\n", None),
}


@pytest.mark.parametrize("name", TEXTS)
def test_texts_as_they_are_pasted(name: str):
    text, expected = TEXTS[name]
    findings = diagnose(read_text(text), [rocm_gfx_not_in_wheel.RULE, gpu_too_old.RULE, gpu_arch_not_in_wheel.RULE]).findings
    assert (findings[0].rule if findings else None) == expected
