"""Which of two problems that both fit is told first: the one that an expert names."""

from importlib import import_module
from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.engine import diagnose
from envcheck.report import Report, Role

CARD = {"index": 0, "vendor": "nvidia", "name": "NVIDIA GeForce RTX 3090", "compute_capability": "8.6"}
MODULES = (
    "compiled_extension_torch_abi_mismatch",
    "cpu_no_avx",
    "cpu_only_wheel",
    "cuda_runtime_lib_missing",
    "driver_too_old",
    "extension_wants_other_cuda_runtime",
    "framework_import_crashes",
    "framework_import_fails",
    "glibc_too_old",
    "gpu_arch_not_in_wheel",
    "libstdcxx_too_old",
    "no_nvidia_driver",
    "numpy2_abi",
    "numpy_abi_mismatch",
    "nvidia_kernel_module_not_loaded",
    "nvml_driver_library_mismatch",
    "protobuf_descriptors",
    "torch_family_version_mismatch",
)


def judge(*symptoms: dict[str, Any], **facts: Any) -> Report:
    snapshot = msgspec.convert({**facts, "symptoms": symptoms}, Snapshot)
    return diagnose(snapshot, [import_module(f"envcheck.rules.{name}").RULE for name in MODULES])


def symptom(kind: str, subject: str = "", code: int | None = None, **details: str) -> dict[str, Any]:
    return {"kind": kind, "text": f"said {kind}", "subject": subject, "code": code, "details": details}


MISMATCH = symptom("nvml-error", code=18, name="LIB_RM_VERSION_MISMATCH")
NOT_LOADED = symptom("nvml-error", code=9, name="DRIVER_NOT_LOADED")
NO_DRIVER = symptom("driver-not-found", "torch", vendor="nvidia")
NOT_COMPILED = symptom("not-compiled-with", "torch", feature="cuda", package="torch")
FAILED = [{"name": "torch", "status": "failed"}]
TORCH = [{"name": "torch", "version": "2.5.1", "state": "ok"}]


@pytest.mark.parametrize(
    ("symptoms", "facts", "first", "then"),
    [
        ([MISMATCH, NO_DRIVER], {}, "nvml-driver-library-mismatch", ["no-nvidia-driver"]),
        ([MISMATCH, NOT_LOADED], {}, "nvml-driver-library-mismatch", ["nvidia-kernel-module-not-loaded"]),
        ([MISMATCH, symptom("cuda-error", code=803)], {}, "nvml-driver-library-mismatch", []),
        ([NOT_LOADED, NO_DRIVER], {}, "nvidia-kernel-module-not-loaded", ["no-nvidia-driver"]),
        (
            [NO_DRIVER, symptom("cuda-error", code=35)],
            {"nvidia": {"driver_version": None}},
            "no-nvidia-driver",
            [],
        ),
        (
            [NOT_COMPILED],
            {"builds": {"torch": {"version": "2.5.1+cpu", "cuda": None}}, "accelerators": [CARD], "nvidia": {"driver_version": None}},
            "cpu-only-wheel",
            ["no-nvidia-driver"],
        ),
        (
            [symptom("library-not-found", "vllm", library="libcudart.so.12"), NOT_COMPILED],
            {"builds": {"torch": {"version": "2.5.1+cpu", "cuda": None}}},
            "cpu-only-wheel",
            ["extension-wants-other-cuda-runtime"],
        ),
        (
            [symptom("undefined-symbol", "torch", symbol="_ZN3c105ErrorD1Ev", needed_by="/e/site-packages/mmcv/_ext.so")],
            {"imports": FAILED, "packages": [*TORCH, {"name": "torchvision", "version": "0.19.0", "state": "ok"}]},
            "compiled-extension-torch-abi-mismatch",
            ["framework-import-fails", "torch-family-version-mismatch"],
        ),
        (
            [symptom("symbol-version-missing", "torch", version="GLIBCXX_3.4.29", library="/lib64/libstdc++.so.6")],
            {"imports": FAILED, "packages": TORCH},
            "libstdcxx-too-old",
            ["framework-import-fails"],
        ),
        (
            [
                symptom("symbol-version-missing", "torch", version="GLIBC_2.28", library="/lib64/libc.so.6"),
                symptom("symbol-version-missing", "torch", version="GLIBCXX_3.4.29", library="/lib64/libstdc++.so.6"),
            ],
            {"imports": FAILED, "packages": TORCH},
            "glibc-too-old",
            ["framework-import-fails", "libstdcxx-too-old"],
        ),
        (
            [
                symptom("abi-mismatch", "torch", between="numpy", what="api", need="1.x", have="2.0.0"),
                symptom("abi-mismatch", "torch", between="numpy", what="size", need="96", have="88"),
            ],
            {"imports": FAILED, "packages": TORCH},
            "numpy2-abi",
            ["framework-import-fails", "numpy-abi-mismatch"],
        ),
        (
            [symptom("library-not-found", "torch", library="libcudnn.so.9")],
            {"imports": FAILED, "packages": TORCH, "builds": {"torch": {"version": "2.5.1", "cuda": "12.4"}}},
            "cuda-runtime-lib-missing",
            ["framework-import-fails"],
        ),
        (
            [symptom("protobuf-descriptors", "tensorflow")],
            {
                "imports": [{"name": "tensorflow", "status": "failed"}],
                "packages": [{"name": "tensorflow", "version": "2.8.0", "state": "ok"}],
            },
            "protobuf-descriptors",
            ["framework-import-fails"],
        ),
        (
            [symptom("signal", "tensorflow", signal="SIGILL")],
            {
                "imports": [{"name": "tensorflow", "status": "crashed"}],
                "packages": [{"name": "tensorflow", "version": "2.18.0", "state": "ok"}],
                "cpu": {"features": ["sse4_2"]},
            },
            "cpu-no-avx",
            ["framework-import-crashes"],
        ),
    ],
)
def test_the_cause_is_told_first_and_the_rest_follows_from_it(symptoms: list[Any], facts: dict[str, Any], first: str, then: list[str]):
    report = judge(*symptoms, **facts)
    assert report.findings[0].rule == first
    assert report.findings[0].role is Role.PRIMARY
    others = [finding for finding in report.findings if finding.rule != first]
    assert sorted(finding.rule for finding in others) == then
    assert all(finding.role is Role.CONSEQUENCE for finding in others)


def test_a_cause_that_concerns_torch_does_not_explain_what_is_wrong_with_another_framework():
    missing = symptom("library-not-found", "torch", library="libcudnn.so.9")
    other = symptom("import-failed", "sklearn", exception="ImportError")
    imports = [{"name": "torch", "status": "failed"}, {"name": "sklearn", "status": "failed"}]
    packages = [*TORCH, {"name": "scikit-learn", "version": "1.5", "state": "ok"}]
    report = judge(missing, other, imports=imports, packages=packages, builds={"torch": {"version": "2.5.1", "cuda": "12.4"}})
    roles = {finding.subject: finding.role for finding in report.findings if finding.rule == "framework-import-fails"}
    assert roles == {"torch 2.5.1": Role.CONSEQUENCE, "scikit-learn 1.5": Role.PRIMARY}
