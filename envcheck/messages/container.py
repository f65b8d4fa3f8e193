"""What container engines, NVIDIA's container tools and schedulers of containers say when a GPU cannot be handed in.

Sentences are those of Docker, Podman, NVIDIA's libnvidia-container and container toolkit, Apptainer and Kubernetes.
"""

import re

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import Details, Pattern

_CLI = "nvidia-container-cli"
# What libnvidia-container says that it was told by NVML or the CUDA library of the host.
_HOST_ERRORS = {
    "driver/library version mismatch": ("18", "LIB_RM_VERSION_MISMATCH"),
    "driver not loaded": ("9", "DRIVER_NOT_LOADED"),
    "insufficient permissions": ("4", "NO_PERMISSION"),
    "unknown error": ("999", "UNKNOWN"),
    "gpu access blocked by the operating system": ("17", "OPERATING_SYSTEM"),
}


def _host_nvml(_match: re.Match[str], details: Details) -> Details | None:
    """`nvml error: driver/library version mismatch`: the host's own driver, not the tool."""
    known = _HOST_ERRORS.get(details.pop("words").lower())
    return {**details, "code": known[0], "name": known[1], "side": "host"} if known else None


def _cdi(_match: re.Match[str], details: Details) -> Details | None:
    """Docker speaks of an injection that failed, Podman of devices that are set up."""
    podman = details.pop("setting", "")
    return {"by": "podman" if podman else "docker", "reason": "no CDI specification for " + details["device"]}


PATTERNS = (
    # nvidia-container-cli: initialization error: nvml error: driver/library version mismatch: unknown
    Pattern(
        SymptomKind.NVML_ERROR,
        "initialization error: nvml error: ",
        r"initialization error: nvml error: (?P<words>driver/library version mismatch|driver not loaded|insufficient permissions"
        r"|unknown error|gpu access blocked by the operating system)",
        refine=_host_nvml,
        subject=_CLI,
    ),
    # nvidia-container-cli: initialization error: load library failed: libnvidia-ml.so.1: cannot open shared object file: …
    Pattern(
        SymptomKind.DRIVER_NOT_FOUND,
        "initialization error: load library failed: ",
        r"initialization error: load library failed: (?P<library>lib(?:nvidia-ml|cuda)\.so\.1)",
        {"vendor": "nvidia", "reason": "the host has no driver library", "side": "host"},
        subject=_CLI,
    ),
    # nvidia-container-cli: initialization error: cuda error: no cuda-capable device is detected
    Pattern(
        SymptomKind.CUDA_ERROR,
        "initialization error: cuda error: ",
        r"initialization error: cuda error: no cuda-capable device is detected",
        {"code": "100", "name": "cudaErrorNoDevice", "side": "host"},
        subject=_CLI,
    ),
    # nvidia-container-cli: device error: 7: unknown device    … device error: unknown device id: 3
    Pattern(
        SymptomKind.DEVICE_REQUEST_REFUSED,
        "device error: ",
        r"nvidia-container-cli: device error: (?:unknown device id: )?(?P<device>[\w-]{1,60})(?:: unknown device)?",
        {"by": "docker", "reason": "no such GPU"},
        subject=_CLI,
    ),
    # nvidia-container-cli: ldcache error: open failed: /sbin/ldconfig.real: no such file or directory
    # nvidia-container-cli: container error: cgroup subsystem devices not found
    # nvidia-container-cli: mount error: failed to add device rules: unable to find any existing device filters attached to the cgroup
    Pattern(
        SymptomKind.DEVICE_REQUEST_REFUSED,
        "nvidia-container-cli: ",
        r"nvidia-container-cli: (?P<reason>(?:ldcache error|container error|mount error|detection error|input error): [^\n]{1,120})",
        {"by": "docker"},
        subject=_CLI,
    ),
    # exec: "nvidia-container-runtime": executable file not found in $PATH    error running hook: … exec: "nvidia-container-runtime-hook"
    Pattern(
        SymptomKind.DEVICE_REQUEST_REFUSED,
        "nvidia-container-runtime",
        r"(?:exec: \\?\"|fork/exec )[\w/.-]{0,60}nvidia-container-runtime(?:-hook)?"
        r"(?:\\?\": executable file not found|: no such file or directory)",
        {"by": "docker", "reason": "nvidia-container-runtime is not installed"},
        subject="docker",
    ),
    # docker: Error response from daemon: Unknown runtime specified nvidia.
    Pattern(
        SymptomKind.DEVICE_REQUEST_REFUSED,
        "nknown runtime specified nvidia",
        r"(?P<reason>Unknown runtime specified nvidia)",
        {"by": "docker"},
        subject="docker",
    ),
    # unknown flag: --gpus, of a Docker before 19.03
    Pattern(
        SymptomKind.DEVICE_REQUEST_REFUSED,
        "nknown flag: --gpus",
        r"(?P<reason>unknown flag: --gpus)",
        {"by": "docker"},
        subject="docker",
    ),
    # Error: setting up CDI devices: unresolvable CDI devices nvidia.com/gpu=all
    # docker: … could not apply required modification …: failed to inject CDI devices: unresolvable CDI devices runtime.nvidia.com/gpu=all
    Pattern(
        SymptomKind.DEVICE_REQUEST_REFUSED,
        "unresolvable CDI devices ",
        r"(?P<setting>setting up CDI devices: )?unresolvable CDI devices (?P<device>(?:[\w-]{1,30}\.)?nvidia\.com/gpu=[\w:-]{1,60})",
        refine=_cdi,
    ),
    # could not select device driver … of Docker 28.3 and newer: failed to discover GPU vendor from CDI: no known GPU vendor found
    Pattern(
        SymptomKind.DEVICE_REQUEST_REFUSED,
        "failed to discover GPU vendor from CDI",
        r"(?P<reason>failed to discover GPU vendor from CDI)",
        {"by": "docker"},
        subject="docker",
    ),
    # failed to get sandbox runtime: no runtime for "nvidia" is configured
    Pattern(
        SymptomKind.DEVICE_REQUEST_REFUSED,
        "no runtime for ",
        r"failed to get sandbox runtime: (?P<reason>no runtime for \\?\"nvidia\\?\" is configured)",
        {"by": "kubernetes"},
        subject="kubernetes",
    ),
    # 0/3 nodes are available: 3 Insufficient nvidia.com/gpu.
    Pattern(
        SymptomKind.DEVICE_REQUEST_REFUSED,
        "Insufficient ",
        r"(?P<free>\d{1,5})/(?P<nodes>\d{1,5}) nodes are available: [^\n]{0,300}?"
        r"Insufficient (?P<resource>(?:nvidia|amd|gpu\.intel)\.com/[\w-]{1,30}(?:\.\w{1,20}){0,2})",
        {"by": "kubernetes", "reason": "no node with a free GPU"},
        subject="kubernetes",
    ),
    # WARNING: The NVIDIA Driver was not detected.  GPU functionality will not be available.
    Pattern(
        SymptomKind.DRIVER_NOT_FOUND,
        "The NVIDIA Driver was not detected",
        r"The NVIDIA Driver was not detected\.(?: GPU functionality will not be available)?",
        {"vendor": "nvidia", "reason": "the container has no driver"},
        subject="nvidia-entrypoint",
    ),
    # WARNING: Could not find any nv files on this host!
    Pattern(
        SymptomKind.DRIVER_NOT_FOUND,
        "Could not find any nv files on this host",
        r"Could not find any nv files on this host",
        {"vendor": "nvidia", "reason": "the host has no driver library", "side": "host"},
        subject="apptainer",
    ),
    Pattern(
        SymptomKind.DRIVER_NOT_FOUND,
        "Could not find any rocm files on this host",
        r"Could not find any rocm files on this host",
        {"vendor": "amd", "reason": "the host has no driver library", "side": "host"},
        subject="apptainer",
    ),
    # exec: "nvidia-smi": executable file not found in $PATH    FATAL:   "nvidia-smi": executable file not found in $PATH
    Pattern(
        SymptomKind.DRIVER_NOT_FOUND,
        "executable file ",
        r"(?:exec: |FATAL: |executable file )[\\\"`]{0,2}nvidia-smi[\\\"`']{0,2}(?::| in \$PATH) ?(?:executable file )?not found",
        {"vendor": "nvidia", "reason": "nvidia-smi is not installed", "side": "container"},
        subject="engine",
    ),
    # in the container: nvcc and nvidia-smi not found
    Pattern(
        SymptomKind.DRIVER_NOT_FOUND,
        "nvidia-smi",
        r"\b(?:in|inside) (?:the |my |a )?(?:docker )?container\b[^\n]{0,80}?\bnvidia-smi`?(?:\(\))? (?:is |was |command )?not found",
        {"vendor": "nvidia", "reason": "nvidia-smi is not installed", "side": "container"},
        subject="report",
    ),
)
