"""CUDA's and the driver's errors in the words of many programs."""

import pytest

from envcheck.facts.symptoms import SymptomKind as K
from envcheck.messages.parse import parse_message


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("ggml_cuda_init: failed to initialize CUDA: unknown error", 999),
        ("numba.cuda.cudadrv.driver.CudaAPIError: [999] Call to cuInit results in UNKNOWN_CUDA_ERROR", 999),
        ("Error at driver init: Call to cuInit results in CUDA_ERROR_UNKNOWN (999)", 999),
        ("cu->cuInit(0) failed -> CUDA_ERROR_UNKNOWN: unknown error", 999),
        ("cupy_backends.cuda.api.runtime.CUDARuntimeError: cudaErrorUnknown: unknown error", 999),
        ("THCudaCheck FAIL file=x.cpp line=47 error=999 : unknown error", 999),
        ("THCudaCheck FAIL file=x.cpp line=51 error=30 : unknown error", 999),
        ("llama_init: CUDA error 999 at ggml-cuda.cu:4883: unknown error", 999),
        ("[W] [TRT] CUDA initialization failure with error 999. Please check your CUDA installation", 999),
        ("Check failed: error == cudaSuccess (30 vs. 0) unknown error", 999),
        ("CUDA cuInit: Unknown error", 999),
        ("cuda driver library failed to get device context 999", 999),
        ("nvidia-container-cli: initialization error: cuda error: unknown error", 999),
        ('Error: Cuda(DriverError(CUDA_ERROR_NO_DEVICE, "no CUDA-capable device is detected"))', 100),
        ("CUDA failure 802: system not yet initialized", 802),
        ("src/memory_ops.cu:71, code: 222, reason: the provided PTX was compiled with an unsupported toolchain.", 222),
        ("Reason=[cudaErrorUnsupportedPtxVersion] the provided PTX was compiled with an unsupported toolchain", 222),
        ("Test CUDA failure common.cu:291 'system not yet initialized'", 802),
        ('CUDA error at helper_cuda.h:779 code=35(cudaErrorInsufficientDriver) "cudaGetDeviceCount(&n)"', 35),
        ("cuInit failed with error code 803", 803),
        ("cudaGetDeviceCount returned 802", 802),
        ('it ends with "no CUDA-capable device is detected"', 100),
    ],
)
def test_one_error_in_many_words(words: str, code: int) -> None:
    assert {symptom.code for symptom in parse_message(words) if symptom.kind is K.CUDA_ERROR} == {code}


@pytest.mark.parametrize(
    "words",
    [
        "an unknown error occurred",
        "curl: (35) unknown error",
        'the issue "no CUDA-capable device is detected" was fixed in 0.3 for good',
        "I think the NVIDIA driver on your system is too old",
        "no kernel image was built",
    ],
)
def test_what_is_only_spoken_of(words: str) -> None:
    assert parse_message(words) == []


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("modprobe: FATAL: Module nvidia not found.", "not found"),
        ("insmod: ERROR: could not insert module ./nvidia.ko: Invalid module format", "Invalid module format"),
        ("Error! Bad return status for module build on kernel: 6.8.0-40-generic (x86_64)", "its build failed"),
        ("Error! Your kernel headers for kernel 6.1.0-13-amd64 cannot be found.", "headers are missing"),
        ("nvidia: version magic '5.4.0-42-generic SMP ' should be '5.4.0-45-generic SMP '", "built for another kernel"),
        ("Lockdown: modprobe: unsigned module loading is restricted; see man kernel_lockdown.7", "unsigned module loading is restricted"),
    ],
)
def test_why_the_kernel_has_no_module(words: str, reason: str) -> None:
    (symptom,) = parse_message(words)
    assert (symptom.kind, symptom.details["reason"]) == (K.KERNEL_MODULE_FAILED, reason)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("## Illegal instruction (core dumped)", K.SIGNAL),
        ("# CUDA driver version is insufficient for CUDA runtime version", K.CUDA_ERROR),
        ("illegal instruction core dumped", K.SIGNAL),
        ("Illegal instruction: 4", K.SIGNAL),
        ("worker-1 exited with code 132", K.SIGNAL),
        ("unable to write to file </torch_18692_1954506624>", K.SHARED_MEMORY_EXHAUSTED),
        ('msg="CPU does not have AVX or AVX2, disabling GPU support."', K.ARCH_NOT_SUPPORTED),
        ("since I closed the laptop lid", K.RESUMED),
        ("after leaving my PC idle", K.RESUMED),
        ("/dev/kfd is restricted to root:render", K.PERMISSION_DENIED),
        ("sudo rocminfo works", K.PERMISSION_DENIED),
    ],
)
def test_other_words(words: str, kind: K) -> None:
    assert {symptom.kind for symptom in parse_message(words)} == {kind}


@pytest.mark.parametrize(
    "words", ["the docker command works as root", "it does not work with sudo", "the CPU is idle", "slide the lid icon"]
)
def test_none_of_them(words: str) -> None:
    assert parse_message(words) == []


@pytest.mark.parametrize(
    ("words", "details"),
    [
        ("Impossible to initialize nvidia nvml : Driver/library version mismatch", {}),
        ("Error: nvml: Driver/library version mismatch", {}),
        ('level=fatal msg="Error watching fields: Failed to initialize NVML: ERROR_LIB_RM_VERSION_MISMATCH"', {}),
        ("NVML ERROR: RM has detected an NVML/RM version mismatch.", {}),
        ("nvidia-docker | 2017/12/21 05:04:46 Error: nvml: Driver/library version mismatch", {"side": "host"}),
        ("nvidia-docker-plugin | 2016/10/01 10:00:01 Error: nvml: Driver/library version mismatch", {"side": "host"}),
    ],
)
def test_halves_of_a_driver_that_differ(words: str, details: dict[str, str]) -> None:
    assert [(symptom.kind, symptom.details) for symptom in parse_message(words)] == [
        (K.NVML_ERROR, {"code": "18", "name": "LIB_RM_VERSION_MISMATCH", **details})
    ]


def test_a_title_that_speaks_of_differing_halves_is_no_message() -> None:
    assert parse_message("how to avoid a driver/library version mismatch after an upgrade") == []


@pytest.mark.parametrize(
    ("words", "code", "name"),
    [
        ("E0822 08:51:42 factory.go:115] Failed to initialize NVML: ERROR_UNKNOWN.", "999", "UNKNOWN"),
        ("could not init NVML: ERROR_LIBRARY_NOT_FOUND", "12", "LIBRARY_NOT_FOUND"),
        ("Failed to initialize NVML: ERROR_DRIVER_NOT_LOADED", "9", "DRIVER_NOT_LOADED"),
    ],
)
def test_names_of_c_that_programs_in_go_pass_on(words: str, code: str, name: str) -> None:
    assert [symptom.details for symptom in parse_message(words)] == [{"code": code, "name": name}]


def test_what_one_query_cannot_tell_is_no_error() -> None:
    assert parse_message("NVML: ERROR_NOT_SUPPORTED") == []
