"""The state of NVIDIA's driver out of words."""

import pytest

from envcheck.facts.driver_state import state_claims
from envcheck.messages import parse_message


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("Failed to initialize NVML: Driver/library version mismatch", "driver-library-mismatch"),
        ("Failed to initialize NVML: GPU access blocked by the operating system", "wsl-gpu-blocked"),
        ("Failed to initialize NVML: Insufficient Permissions", "denied"),
        ("Failed to initialize NVML: Unknown Error", "container-lost-devices"),
        ("Failed to initialize NVML: Interrupt Request Issue", "unknown-error"),
        ("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.", "driver-not-loaded"),
        ("NVIDIA-SMI couldn't find libnvidia-ml.so library in your system.", "nvml-library-missing"),
        ("No devices were found", "no-devices"),
        ("Unable to determine the device handle for GPU1: 0000:34:00.0: Unknown Error", "gpu-lost"),
        ("GPU 2: NVMLError_GpuIsLost: GPU is lost", "gpu-lost"),
        ("GPU 0 0000:83:00.0: NVMLError_NoPermission: Insufficient Permissions", None),
        ("failed call to cuInit: CUDA_ERROR_SYSTEM_NOT_READY: system not yet initialized", "system-not-ready"),
        ("failed call to cuInit: CUDA_ERROR_UNKNOWN: unknown error", None),
        ("NVMLError_NotSupported: Not Supported", None),
    ],
)
def test_state_of_words(words: str, state: str | None) -> None:
    claims = state_claims(parse_message(words))
    assert [claim.value for claim in claims] == ([state] if state else [])


def test_a_missing_fabric_manager_comes_before_any_other_state() -> None:
    words = "No devices were found\nError 802: system not yet initialized\nFailed to initialize NVML: Driver/library version mismatch"
    (claim,) = state_claims(parse_message(words))
    assert claim.value == "system-not-ready"
