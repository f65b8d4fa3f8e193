"""onnxruntime-cuda-libs-missing: the provider for CUDA does not load."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty, Severity
from envcheck.rules.onnxruntime_cuda_libs_missing import RULE
from tests.rules.rule_words import judged

FAIL = "FAIL : Failed to load library libonnxruntime_providers_cuda.so with error: {}: cannot open shared object file\n"
DLL = 'FAIL : LoadLibrary failed with error 126 "" when trying to load "C:\\venv\\Lib\\onnxruntime\\capi\\onnxruntime_providers_cuda.dll"\n'
REQUIRE = "Failed to create CUDAExecutionProvider. Require cuDNN {}.* and CUDA {}.*, and the latest MSVC runtime.\n"
GPU = {"name": "onnxruntime-gpu", "version": "1.20.1", "state": "ok"}


def judge(text: str) -> Any:
    (outcome,) = RULE.check(Case(read_text(text)))
    return outcome


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            FAIL.format("libcublasLt.so.11") + "onnxruntime-gpu==1.17.1\n",
            "onnxruntime-gpu 1.17.1 does not find libcublasLt.so.11. It needs CUDA 11 and cuDNN 8.",
        ),
        (
            FAIL.format("libcublasLt.so.13") + "onnxruntime-gpu==1.30.0\n",
            "onnxruntime-gpu 1.30.0 does not find libcublasLt.so.13. It needs CUDA 13 and cuDNN 9.",
        ),
        (
            FAIL.format("libcudnn.so.9") + "onnxruntime-gpu==1.22.0\n",
            "onnxruntime-gpu 1.22.0 does not find libcudnn.so.9. It needs CUDA 12 and cuDNN 9.",
        ),
        (
            'Error loading "C:\\x\\onnxruntime_providers_cuda.dll" which depends on "cublasLt64_12.dll" which is missing. (Error 126: "…")',
            "onnxruntime-gpu does not find cublasLt64_12.dll. It needs CUDA 12 and cuDNN 9.",
        ),
    ],
)
def test_a_library_that_is_named_makes_it_certain(text: str, message: str) -> None:
    found = judge(text)
    assert (type(found), found.certainty, found.message) == (Found, Certainty.CERTAIN, message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (DLL, "onnxruntime-gpu cannot load a library of CUDA or cuDNN."),
        (REQUIRE.format(9, 12), "onnxruntime-gpu cannot load a library of CUDA or cuDNN. It needs CUDA 12 and cuDNN 9."),
        (REQUIRE.format(8, 11), "onnxruntime-gpu cannot load a library of CUDA or cuDNN. It needs CUDA 11 and cuDNN 8."),
        ("RuntimeError: CUDA_PATH is set but CUDA wasnt able to be loaded.", "onnxruntime-gpu cannot load a library of CUDA or cuDNN."),
    ],
)
def test_where_none_is_named_it_is_likely_and_says_what_would_confirm_it(text: str, message: str) -> None:
    found = judge(text)
    assert (found.certainty, found.message) == (Certainty.LIKELY, message)
    assert found.would_confirm


def test_wheels_bring_the_libraries_where_the_release_has_extras() -> None:
    new, old = judge(FAIL.format("libcublasLt.so.12") + "onnxruntime-gpu==1.22.0\n"), judge(FAIL.format("libcublasLt.so.11"))
    assert new.remedies[0].steps[-1].run[-1] == "onnxruntime-gpu[cuda,cudnn]==1.22.0"
    assert "CUDA 11 and cuDNN 8" in old.remedies[0].steps[0].do


def test_a_release_for_torchs_cuda_is_offered() -> None:
    found = judge(FAIL.format("libcublasLt.so.13") + "onnxruntime-gpu==1.30.0\ntorch==2.6.0+cu124\n")
    assert found.remedies[1].steps[-1].run[-1] == "onnxruntime-gpu>=1.24.4,<=1.26.0"


def test_tensorrt_alone_is_a_warning() -> None:
    found = judge(FAIL.replace("providers_cuda", "providers_tensorrt").format("libnvinfer.so.10"))
    assert (found.severity, found.message) == (Severity.WARNING, "ONNX Runtime does not find TensorRT; its CUDA provider does without.")


@pytest.mark.parametrize(
    "text",
    [
        "UserWarning: Specified provider 'CUDAExecutionProvider' is not in available provider names.",
        "ImportError: libcudart.so.12: cannot open shared object file: No such file or directory",
        "onnxruntime==1.20.1",
    ],
)
def test_a_provider_that_is_not_in_the_build_is_another_matter(text: str) -> None:
    assert isinstance(judge(text), NotApplicable)


def test_whether_an_installed_one_loads_shows_in_a_session() -> None:
    works = {"framework": "onnxruntime", "device": "cuda", "status": "passed"}
    (unknown,) = RULE.check(Case(msgspec.convert({"packages": [GPU]}, Snapshot)))
    (passed,) = RULE.check(Case(msgspec.convert({"packages": [GPU], "smoke": [works]}, Snapshot)))
    assert isinstance(unknown, NotEvaluated)
    assert isinstance(passed, Passed)


def test_a_library_that_nobody_says_to_have_missed_is_that_of_the_only_framework():
    text = "OSError: libcublas.so.11: cannot open shared object file: No such file or directory\nonnxruntime-gpu==1.10.0\n"
    assert judged(read_text(text)).findings[0].rule == RULE.name
    beside = judged(read_text(f"{text}torch==1.13.1+cu117\n")).findings
    assert RULE.name not in [finding.rule for finding in beside]
