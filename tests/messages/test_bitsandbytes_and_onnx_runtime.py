"""What bitsandbytes and ONNX Runtime say when they do without CUDA."""

import pytest

from envcheck.messages.parse import parse_message


@pytest.mark.parametrize(
    ("text", "details"),
    [
        ("CUDA SETUP: CUDA detection failed! Possible reasons:", {"provider": "cuda", "reason": "detection"}),
        ("bin /v/site-packages/bitsandbytes/libbitsandbytes_cpu.so", {"provider": "cuda", "reason": "cpu-binary"}),
        ("NameError: name 'str2optimizer32bit' is not defined", {"provider": "cuda", "reason": "cpu-binary"}),
        ("Forgot to compile the bitsandbytes library?", {"provider": "cuda", "reason": "not-built"}),
        ("CUDA SETUP: WARNING! libcuda.so not found! Do you have a CUDA driver installed?", {"provider": "cuda", "reason": "libcuda"}),
        (
            "Could not find the bitsandbytes CUDA binary at PosixPath('/x/libbitsandbytes_cuda124.so')",
            {"library": "/x/libbitsandbytes_cuda124.so"},
        ),
        (
            "ROCm VERSION MISMATCH\nRequested ROCm version:          6.4\nDetected PyTorch ROCm version:   6.4",
            {"reason": "no-binary", "provider": "rocm", "need": "6.4", "torch": "6.4"},
        ),
        (
            "CUDA SETUP ERROR: Missing dependency: libcusparse.so.12\n\nOriginal error: libcusparse.so.12: cannot open shared object file",
            {"library": "libcusparse.so.12"},
        ),
    ],
)
def test_bitsandbytes_gives_one_symptom_with_its_details(text: str, details: dict[str, str]) -> None:
    assert [(symptom.subject, symptom.details) for symptom in parse_message(text)] == [("bitsandbytes", details)]


@pytest.mark.parametrize(
    "text",
    [
        "CUDA SETUP: Loading binary /v/site-packages/bitsandbytes/libbitsandbytes_cuda118.so...",
        "CUDA_SETUP: WARNING! libcudart.so not found in any environmental path. Searching in backup paths...",
        "bin /v/site-packages/bitsandbytes/libbitsandbytes_cuda118.so",
        "the file libbitsandbytes_cpu.so is loaded by default",
    ],
)
def test_what_it_prints_on_its_way_is_no_symptom(text: str) -> None:
    assert parse_message(text) == []


@pytest.mark.parametrize(
    ("text", "details"),
    [
        (
            "Failed to create CUDAExecutionProvider. Require cuDNN 9.* and CUDA 12.*, and the latest MSVC runtime.",
            {"provider": "CUDAExecutionProvider", "cuda": "12", "cudnn": "9"},
        ),
        ("Failed to create CUDAExecutionProvider. Please reference https://x", {"provider": "CUDAExecutionProvider"}),
        ("CUDA_PATH is set but CUDA wasnt able to be loaded", {"provider": "CUDAExecutionProvider", "reason": "CUDA_PATH"}),
        (
            'Error loading "C:\\o\\onnxruntime_providers_cuda.dll" which depends on "cudnn64_9.dll" which is missing.',
            {"needed_by": "C:\\o\\onnxruntime_providers_cuda.dll", "library": "cudnn64_9.dll"},
        ),
        (
            '[ONNXRuntimeError] : 1 : FAIL : Error loading "C:\\o\\onnxruntime_providers_cuda.dll" which depN0Rc\u6b54',
            {"library": "C:\\o\\onnxruntime_providers_cuda.dll"},
        ),
        ('Error loading "C:\\o\\onnxruntime_providers_cuda.dll" which is missing.', {"library": "C:\\o\\onnxruntime_providers_cuda.dll"}),
    ],
)
def test_onnx_runtime_says_what_it_needs(text: str, details: dict[str, str]) -> None:
    assert [(symptom.subject, symptom.details) for symptom in parse_message(text)] == [("onnxruntime", details)]


@pytest.mark.parametrize(
    "line",
    [
        "CUDA SETUP: libcudart.so path is None",
        "CUDA SETUP: Is seems that your cuda installation is not in your path. See https://github.com/TimDettmers/bitsandbytes/issues/85",
        "CUDA SETUP: Highest compute capability among GPUs detected: 8.6; Detected CUDA version 00; Loading binary libbitsandbytes_cpu.so",
    ],
)
def test_the_last_words_of_an_early_setup_report(line: str) -> None:
    reasons = [symptom.details.get("reason") for symptom in parse_message(line)]
    assert "libcudart" in reasons
