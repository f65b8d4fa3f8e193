"""The words of ROCm's programs and of AMD's kernel driver, as their users have pasted them."""

import pytest

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.parse import parse_message

FAILED, NO_DRIVER, DENIED = SymptomKind.KERNEL_MODULE_FAILED, SymptomKind.DRIVER_NOT_FOUND, SymptomKind.PERMISSION_DENIED
GPU, ARCH = SymptomKind.CUDA_ERROR, SymptomKind.ARCH_NOT_SUPPORTED


@pytest.mark.parametrize(
    ("text", "kind", "details"),
    [
        ("ROCk module is NOT loaded, possibly no GPU devices", FAILED, {"module": "amdgpu"}),
        ("ERROR:root:Driver not initialized (amdgpu not found in modules)", FAILED, {"module": "amdgpu"}),
        ("ERROR:root:Unable to get devices, driver not initialized (amdgpu not found in modules)", FAILED, {"module": "amdgpu"}),
        ("ERROR:root:Drivers not loaded (amdgpu, amd_hsmp, ionic, bnxt_en drivers not found in modules)", FAILED, {"module": "amdgpu"}),
        (
            "ERROR:root:Unable to detect any GPU devices, check amdgpu version and module status (sudo modprobe amdgpu)",
            NO_DRIVER,
            {"vendor": "amd"},
        ),
        ("hsa_init Failed, possibly no supported GPU devices", NO_DRIVER, {"reason": "no supported GPU"}),
        ("Call returned HSA_STATUS_ERROR_OUT_OF_RESOURCES: The runtime failed to allocate", NO_DRIVER, {"vendor": "amd"}),
        ("Unable to open /dev/kfd read-write: Cannot allocate memory", NO_DRIVER, {"reason": "Cannot allocate memory"}),
        ("Unable to open /dev/kfd read-write: Permission denied", DENIED, {"path": "/dev/kfd"}),
        ("Unable to open /dev/kfd read-write: No such file or directory", SymptomKind.DEVICE_NOT_FOUND, {"path": "/dev/kfd"}),
        (
            'carol is not member of "render" group, the default DRM access group. Users must',
            DENIED,
            {"path": "/dev/kfd", "group": "render"},
        ),
        ("WARNING: User is missing the following required groups: render, video. Please add", DENIED, {"group": "render, video"}),
        ("Failed to open /dev/dri/renderD128: Permission denied", DENIED, {"path": "/dev/dri/renderD128"}),
        ("RuntimeError: HIP error: no ROCm-capable device is detected", GPU, {"code": "100"}),
        ("error: 'hipErrorNoDevice'(100) at main.cpp:3", GPU, {"name": "hipErrorNoDevice"}),
        ("HW Exception by GPU node-1 (Agent handle: 0x55) reason :GPU Hang", GPU, {"name": "GPU hang"}),
        ("[ 9.1] amdgpu 0000:03:00.0: amdgpu: ring gfx_0.0.0 timeout, signaled seq=1", GPU, {"name": "GPU hang"}),
        ("[drm:amdgpu_job_timedout [amdgpu]] *ERROR* ring comp_1.0.0 timeout, signaled seq=1", GPU, {"name": "GPU hang"}),
        ("amdgpu 0000:02:00.0: kfd not supported on this ASIC", ARCH, {"backend": "rocm"}),
        ("kfd kfd: amdgpu: POLARIS10  not supported in kfd", ARCH, {"device": "POLARIS10"}),
        ("kfd kfd: amdgpu: skipped device 1002:67e3, PCI rejects atomics 730<0", FAILED, {"device": "1002:67e3"}),
        ("amdgpu 0000:03:00.0: amdgpu: Fatal error during GPU init", FAILED, {"reason": "Fatal error during GPU init"}),
        ("amdgpu: probe of 0000:03:00.0 failed with error -22", FAILED, {"reason": "failed with error -22"}),
    ],
)
def test_each_is_one_symptom(text: str, kind: SymptomKind, details: dict[str, str]):
    (symptom,) = parse_message(text)
    assert symptom.kind is kind
    assert details.items() <= symptom.details.items()


@pytest.mark.parametrize(
    "text",
    [
        "ROCk module is loaded",
        "carol is member of render group",
        "if hipErrorNoDevice is returned, see the manual",
        "Add the user to the render group to open /dev/kfd",
        "amdgpu: ring gfx_0.0.0 uses VM inv eng 0 on hub 0",
        "kfd kfd: amdgpu: added device 1002:744c",
        "WSL environment detected.",
    ],
)
def test_what_is_well_or_only_spoken_of_is_none(text: str):
    assert parse_message(text) == []
