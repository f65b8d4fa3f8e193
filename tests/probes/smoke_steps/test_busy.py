"""What is taken, what is not there, and what has failed: by the words of the frameworks."""

from collections.abc import Callable
from types import ModuleType, SimpleNamespace

import pytest

Probe = Callable[[str], ModuleType]


@pytest.fixture
def busy(probe: Probe) -> ModuleType:
    return probe("smoke_steps.busy")


class OutOfMemoryError(RuntimeError):
    pass


TAKEN = [
    OutOfMemoryError("XPU out of memory. Tried to allocate 16.00 MiB."),
    OutOfMemoryError(""),
    RuntimeError("CUDA error: out of memory\nCUDA kernel errors might be asynchronously reported at some other API call."),
    RuntimeError("CUDA error: all CUDA-capable devices are busy or unavailable\nCompile with `TORCH_USE_CUDA_DSA`"),
    RuntimeError("CUDA error: CUDA-capable device(s) is/are busy or unavailable"),
    RuntimeError("HIP error: out of memory"),
    RuntimeError("MPS backend out of memory (MPS allocated: 9.00 GB, other allocations: 1.00 GB, max allowed: 9.07 GB)."),
    RuntimeError("RESOURCE_EXHAUSTED: Failed to allocate request for 16.00MiB on device ordinal 0"),
    RuntimeError("INTERNAL: failed call to cuDevicePrimaryCtxRetain: CUDA_ERROR_DEVICE_UNAVAILABLE: CUDA-capable device(s) is/are busy"),
]
FAILED = [
    RuntimeError("CUDA error: no kernel image is available for execution on the device"),
    RuntimeError("CUDA out of memory. no kernel image is available for execution on the device"),
    RuntimeError("RESOURCE_EXHAUSTED: Shared memory size limit exceeded: requested 99328, available: 65536"),
    RuntimeError("cuDNN error: CUDNN_STATUS_NOT_INITIALIZED"),
    RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
    RuntimeError("The NVIDIA driver on your system is too old (found version 11040)."),
]


@pytest.mark.parametrize("error", TAKEN, ids=str)
def test_a_device_that_others_hold_is_busy(busy: ModuleType, error: Exception) -> None:
    reason = busy.busy_reason(error)
    assert reason.startswith("busy: ")
    assert "\n" not in reason


@pytest.mark.parametrize("error", FAILED, ids=str)
def test_a_device_that_fails_is_not_busy(busy: ModuleType, error: Exception) -> None:
    assert busy.busy_reason(error) == ""


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (RuntimeError("\"addmm_impl_cpu_\" not implemented for 'Half'"), True),
        (TypeError("BFloat16 is not supported on MPS"), True),
        (RuntimeError("UNIMPLEMENTED: dot in F8"), True),
        (RuntimeError("Dynamo is not supported on Python 3.12+"), True),
        (NotImplementedError(""), True),
        (RuntimeError("CUBLAS_STATUS_NOT_SUPPORTED when calling cublasGemmEx"), False),
        (RuntimeError("CUDNN_STATUS_NOT_SUPPORTED"), False),
    ],
    ids=str,
)
def test_what_a_device_does_not_have(busy: ModuleType, error: Exception, expected: bool) -> None:
    assert busy.is_not_supported(error) is expected


def test_only_a_device_can_be_busy(busy: ModuleType, probe: Probe) -> None:
    not_evaluated = probe("smoke_steps.trial").NotEvaluated
    with pytest.raises(not_evaluated, match="busy: CUDA error"), busy.busy_is_no_failure(SimpleNamespace(device="cuda:0")):
        raise TAKEN[2]
    with pytest.raises(OutOfMemoryError), busy.busy_is_no_failure(SimpleNamespace(device="cpu")):
        raise TAKEN[0]
    with pytest.raises(RuntimeError, match="no kernel image"), busy.busy_is_no_failure(SimpleNamespace(device="cuda:0")):
        raise FAILED[0]
    with busy.busy_is_no_failure(SimpleNamespace(device="cuda:0")):
        pass


def test_a_card_with_less_memory_than_the_test_may_take_is_full(busy: ModuleType, probe: Probe) -> None:
    trial = SimpleNamespace(card_bytes=64 * 2**20)
    busy.refuse_full(trial, 64 * 2**20, 2**34)
    with pytest.raises(probe("smoke_steps.trial").NotEvaluated, match=r"busy: 63 MiB of its 16384 MiB are free"):
        busy.refuse_full(trial, 64 * 2**20 - 1, 2**34)
