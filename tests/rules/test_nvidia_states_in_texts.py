"""States of NVIDIA's driver and cards, told by what people paste: exactly one primary cause about GPUs."""

import pytest

from envcheck.judging.engine import diagnose
from envcheck.readers.read import read_text
from envcheck.report import Area, Role, Severity
from envcheck.rules import all_rules

SMI = """$ nvidia-smi
NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.
"""  # noqa: E501 - as it is printed
NO_DRIVER = "RuntimeError: Found no NVIDIA driver on your system. Please check that you have an NVIDIA GPU\n"
CONTROLLER = """$ lspci -k
01:00.0 VGA compatible controller: NVIDIA Corporation AD102 [GeForce RTX 4090] (rev a1)
\tKernel driver in use: """
OFF_THE_BUS = """[45.6] NVRM: Xid (PCI:0000:01:00): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus.
$ nvidia-smi
Unable to determine the device handle for GPU0000:01:00.0: Unknown Error
"""
NOT_STARTED = """[123.4] NVRM: GPU 0000:0a:00.0: RmInitAdapter failed! (0x24:0x72:1568)
$ nvidia-smi
No devices were found
"""
NOT_READY = """GPU 0: NVIDIA H200 (UUID: GPU-1)
RuntimeError: Unexpected error from cudaGetDeviceCount(). Did you run some cuda functions? Error 802: system not yet initialized
"""
SLEPT = """after resuming from suspend, Ubuntu 22.04:
E external/xla/xla/stream_executor/cuda/cuda_driver.cc:268] failed call to cuInit: CUDA_ERROR_UNKNOWN: unknown error
"""

OPEN_MODULES_NEEDED = """[    5.559842] NVRM: The NVIDIA GPU 0000:02:00.0 (PCI ID: 10de:2c58)
               NVRM: installed in this system requires use of the NVIDIA open kernel modules.
[    5.559858] NVRM: GPU 0000:02:00.0: RmInitAdapter failed! (0x22:0x56:884)
[    5.560313] NVRM: GPU 0000:02:00.0: rm_init_adapter failed, device minor number 0
$ nvidia-smi
No devices were found
"""

TEXTS = [
    (f"{CONTROLLER}nouveau\n\tKernel modules: nouveau\n{NO_DRIVER}", "no-nvidia-driver"),
    (f"$ nvidia-smi\nbash: nvidia-smi: command not found\n{CONTROLLER}nouveau\n{NO_DRIVER}", "no-nvidia-driver"),
    (f"{SMI}{CONTROLLER}nouveau\n\tKernel modules: nouveau, nvidia\n", "nvidia-kernel-module-not-loaded"),
    (f"{SMI}modprobe: ERROR: could not insert 'nvidia': Key was rejected by service\n", "nvidia-kernel-module-not-loaded"),
    (f"{SMI}modprobe: FATAL: Module nvidia not found in directory /lib/modules/6.8.0-45-generic\n", "nvidia-kernel-module-not-loaded"),
    ("Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 580.173\n", "nvml-driver-library-mismatch"),
    (f"{SMI}{CONTROLLER}vfio-pci\n\tKernel modules: nouveau, nvidia\n", "gpu-passed-through"),
    ("$ nvidia-smi\nFailed to initialize NVML: Insufficient Permissions\n", "nvidia-device-denied"),
    (OFF_THE_BUS, "gpu-lost"),
    (NOT_STARTED, "gpu-lost"),
    (OPEN_MODULES_NEEDED, "nvidia-kernel-module-not-loaded"),
    (NOT_READY, "fabricmanager-not-running"),
    (SLEPT, "driver-state-after-suspend"),
    ("RuntimeError: CUDA error: all CUDA-capable devices are busy or unavailable\n", "gpu-in-exclusive-mode"),
    ("RuntimeError: CUDA error: uncorrectable ECC error encountered\n", "gpu-memory-failing"),
]


@pytest.mark.parametrize(("text", "rule"), TEXTS)
def test_a_pasted_text_has_its_one_right_primary_cause(text: str, rule: str) -> None:
    report = diagnose(read_text(text), all_rules())
    primary = [finding for finding in report.findings if finding.role is Role.PRIMARY and finding.severity is not Severity.INFO]
    assert [finding.rule for finding in primary if finding.area in (Area.GPU, Area.CONTAINER)] == [rule]
    assert report.findings[0].rule == rule
