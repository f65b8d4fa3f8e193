"""What engines, NVIDIA's container tools and Kubernetes say."""

import pytest

from envcheck.messages import parse_message


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        (
            "nvidia-container-cli: initialization error: nvml error: driver/library version mismatch: unknown.",
            "nvml-error",
            {"code": "18", "side": "host"},
        ),
        (
            "nvidia-container-cli: initialization error: nvml error: driver not loaded: unknown.",
            "nvml-error",
            {"code": "9", "side": "host"},
        ),
        (
            (
                "nvidia-container-cli: initialization error: load library failed: libnvidia-ml.so.1: cannot "
                "open shared object file: no such file or directory: unknown"
            ),
            "driver-not-found",
            {"side": "host"},
        ),
        (
            "nvidia-container-cli: initialization error: cuda error: no cuda-capable device is detected",
            "cuda-error",
            {"code": "100", "side": "host"},
        ),
        (
            "nvidia-container-cli: device error: unknown device id: 3: unknown",
            "device-request-refused",
            {"reason": "no such GPU", "device": "3"},
        ),
        ("nvidia-container-cli: container error: cgroup subsystem devices not found: unknown.", "device-request-refused", {"by": "docker"}),
        (
            (
                "nvidia-container-cli: mount error: failed to add device rules: unable to find any existing "
                "device filters attached to the cgroup"
            ),
            "device-request-refused",
            {},
        ),
        ("docker: Error response from daemon: Unknown runtime specified nvidia.", "device-request-refused", {"by": "docker"}),
        ("unknown flag: --gpus", "device-request-refused", {"reason": "unknown flag: --gpus"}),
        ("Error: setting up CDI devices: unresolvable CDI devices nvidia.com/gpu=all", "device-request-refused", {"by": "podman"}),
        (
            "could not inject CDI devices: unresolvable CDI devices runtime.nvidia.com/gpu=all: unknown",
            "device-request-refused",
            {"by": "docker"},
        ),
        (
            "0/4 nodes are available: 1 node(s) had untolerated taint, 3 Insufficient nvidia.com/gpu.",
            "device-request-refused",
            {"by": "kubernetes", "resource": "nvidia.com/gpu"},
        ),
        (
            "WARNING: The NVIDIA Driver was not detected.  GPU functionality will not be available.",
            "driver-not-found",
            {"vendor": "nvidia"},
        ),
        ("INFO:    Could not find any nv files on this host!", "driver-not-found", {"side": "host"}),
        ("(in the container: nvcc and nvidia-smi not found)", "driver-not-found", {"side": "container"}),
    ],
)
def test_known_words(text: str, kind: str, expected: dict[str, str]) -> None:
    symptoms = [symptom for symptom in parse_message(text) if symptom.kind.value == kind]
    assert any(expected.items() <= symptom.details.items() for symptom in symptoms), parse_message(text)


@pytest.mark.parametrize(
    "text",
    [
        "add the flag --gpus all",
        "nodes are available",
        "Insufficient memory",
        "the NVIDIA driver was detected",
        "nvidia-smi works in the container",
    ],
)
def test_prose_says_nothing(text: str) -> None:
    assert parse_message(text) == []
