"""What ROCm's programs and AMD's kernel driver say: rocminfo, rocm-smi, amd-smi, HIP's errors, and lines of the kernel's log."""

import re

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import Details, Pattern

_KERNEL = "kernel"
_NO_MODULE = {"module": "amdgpu", "reason": "not loaded"}


def _refused(_match: re.Match[str], details: Details) -> Details | None:
    """The system's words for what the driver answered to an open; two of them are messages of other kinds."""
    return None if details["reason"].startswith(("No such file", "Permission denied", "Operation not permitted")) else details


def _as_root(match: re.Match[str], details: Details) -> Details | None:
    """What works as root concerns ROCm only where the same line speaks of it."""
    near = match.string[max(match.start() - 120, 0) : match.end() + 120].lower()
    return details if "work" in near and any(word in near for word in ("rocm", "kfd", "clinfo")) else None


PATTERNS = (
    # ROCk module is NOT loaded, possibly no GPU devices
    Pattern(
        SymptomKind.KERNEL_MODULE_FAILED,
        "ROCk module is NOT loaded",
        r"ROCk module is NOT loaded",
        _NO_MODULE,
        subject="rocminfo",
    ),
    # ERROR:root:Driver not initialized (amdgpu not found in modules)    Unable to get devices, driver not initialized (amdgpu not found …
    Pattern(
        SymptomKind.KERNEL_MODULE_FAILED,
        "(amdgpu not found in modules)",
        r"[Dd]river not initialized \(amdgpu not found in modules\)",
        _NO_MODULE,
        subject="rocm-smi",
    ),
    # ERROR:root:Drivers not loaded (amdgpu, amd_hsmp, ionic, bnxt_en drivers not found in modules)
    Pattern(
        SymptomKind.KERNEL_MODULE_FAILED,
        "Drivers not loaded (amdgpu",
        r"Drivers not loaded \(amdgpu[^)\n]{0,80} not found in modules\)",
        _NO_MODULE,
        subject="amd-smi",
    ),
    # ERROR:root:Unable to detect any GPU devices, check amdgpu version and module status (sudo modprobe amdgpu)
    Pattern(
        SymptomKind.DRIVER_NOT_FOUND,
        "Unable to detect any GPU devices, check amdgpu",
        r"Unable to detect any GPU devices, check amdgpu version and module status",
        {"vendor": "amd", "reason": "amd-smi finds no GPU"},
        subject="amd-smi",
    ),
    # hsa_init Failed, possibly no supported GPU devices
    Pattern(
        SymptomKind.DRIVER_NOT_FOUND,
        "hsa_init Failed",
        r"hsa_init Failed, possibly no supported GPU devices",
        {"vendor": "amd", "reason": "no supported GPU"},
        subject="rocminfo",
    ),
    # Call returned HSA_STATUS_ERROR_OUT_OF_RESOURCES: The runtime failed to allocate the necessary resources.
    Pattern(
        SymptomKind.DRIVER_NOT_FOUND,
        "HSA_STATUS_ERROR_OUT_OF_RESOURCES",
        r"(?:(?:Call returned|returned|hsa_init\D{0,40}|Reason:|[Ff]ail\w{0,6}(?: with)?:?|[Ee]rror:?) ?|^ ?)"
        r"HSA_STATUS_ERROR_OUT_OF_RESOURCES",
        {"vendor": "amd", "reason": "HSA_STATUS_ERROR_OUT_OF_RESOURCES"},
        subject="rocminfo",
    ),
    # Unable to open /dev/kfd read-write: Cannot allocate memory
    Pattern(
        SymptomKind.DRIVER_NOT_FOUND,
        "Unable to open /dev/kfd read-write: ",
        r"Unable to open /dev/kfd read-write: (?P<reason>[A-Z][A-Za-z /]{3,60})",
        {"vendor": "amd"},
        refine=_refused,
        subject="rocm",
    ),
    # What people add themselves: /dev/kfd is restricted to root:render    running rocminfo as root works    (works with sudo)
    Pattern(
        SymptomKind.PERMISSION_DENIED,
        "/dev/kfd",
        r"/dev/kfd\b[^\n]{0,40}?\b(?:restricted to|owned by|belongs? to|(?:is|has) (?:the )?group)[^\n]{0,20}?\b(?P<group>render|video)\b",
        {"path": "/dev/kfd", "reason": "groups"},
        subject="reporter",
    ),
    Pattern(
        SymptomKind.PERMISSION_DENIED,
        "root",
        r"\b(?:[Rr]un(?:ning)?|[Rr]an|[Ww]orks?|[Ww]orking) (?:\w+ ){0,3}?(?:as|with|under) (?:the )?root\b"
        r"(?![^\n]{0,60}(?:n't|\bnot\b|fail|\bsame\b|either))",
        {"path": "/dev/kfd", "reason": "root"},
        refine=_as_root,
        subject="reporter",
    ),
    Pattern(
        SymptomKind.PERMISSION_DENIED,
        "sudo",
        r"\b(?:(?:[Ww]orks?|[Ww]orking|fine|OK|ok) (?:\w+ ){0,3}?(?:with|using|under) [`'\"]?sudo\b"
        r"|sudo (?:/opt/rocm\S{0,20}/)?rocminfo\b[^\n]{0,20} works)",
        {"path": "/dev/kfd", "reason": "root"},
        refine=_as_root,
        subject="reporter",
    ),
    # Unable to open /dev/kfd read-write: Operation not permitted    (a control group's word, of containers and services)
    Pattern(
        SymptomKind.PERMISSION_DENIED,
        "Unable to open /dev/kfd read-write: ",
        r"Unable to open (?P<path>/dev/kfd) read-write: (?P<reason>Operation not permitted)",
        subject="rocm",
    ),
    # carol is not member of "render" group, the default DRM access group. Users must be a member of the "render" group or another …
    Pattern(
        SymptomKind.PERMISSION_DENIED,
        "the default DRM access group",
        r"is not member of \"(?P<group>[\w-]{1,32})\" group, the default DRM access group",
        {"path": "/dev/kfd"},
        subject="rocminfo",
    ),
    # WARNING: User is missing the following required groups: render, video. Please add user to these groups.
    Pattern(
        SymptomKind.PERMISSION_DENIED,
        "User is missing the following required groups",
        r"User is missing the following required groups: (?P<group>[a-z][\w, -]{1,60}?)\.",
        {"path": "/dev/kfd", "reason": "groups"},
        subject="amd-smi",
    ),
    # Failed to open /dev/dri/renderD128: Permission denied    Cannot open "/dev/kfd": Permission denied
    Pattern(
        SymptomKind.PERMISSION_DENIED,
        "/dev/dri/renderD",
        r"[Oo]pen(?:ing)? [\"']?(?P<path>/dev/dri/renderD\d{3})[\"']?[^\n]{0,40}?[Pp]ermission denied",
        subject="rocm",
    ),
    # openat(AT_FDCWD, "/dev/kfd", O_RDWR|O_CLOEXEC) = -1 EACCES (Permission denied)
    Pattern(
        SymptomKind.PERMISSION_DENIED,
        "/dev/kfd",
        r"(?:[Oo]pen(?:ing)?|[Aa]ccess|openat\(AT_FDCWD,|open\() ?[\"']?(?P<path>/dev/kfd)[\"']?[^\n]{0,40}?[Pp]ermission denied",
        subject="rocm",
    ),
    # hipErrorNoDevice: no ROCm-capable device is detected
    Pattern(
        SymptomKind.CUDA_ERROR,
        "no ROCm-capable device is detected",
        r"no ROCm-capable device is detected",
        {"code": "100", "name": "hipErrorNoDevice"},
    ),
    Pattern(
        SymptomKind.CUDA_ERROR,
        "hipErrorNoDevice",
        r"(?:[Ee]rror|returned|[Rr]eason|:|=|') ?['\"(]?hipErrorNoDevice\b",
        {"code": "100", "name": "hipErrorNoDevice"},
    ),
    # HW Exception by GPU node-1 (Agent handle: 0x…) reason :GPU Hang
    Pattern(SymptomKind.CUDA_ERROR, "HW Exception by GPU node", r"HW Exception by GPU node", {"name": "GPU hang", "backend": "rocm"}),
    # amdgpu 0000:03:00.0: amdgpu: ring gfx_0.0.0 timeout, signaled seq=…    [drm:amdgpu_job_timedout [amdgpu]] *ERROR* ring gfx timeout, …
    Pattern(
        SymptomKind.CUDA_ERROR,
        " timeout, ",
        r"amdgpu[^\n]{0,60}? ring (?:gfx|comp|sdma)[\w.]{0,20} timeout, ",
        {"name": "GPU hang", "backend": "rocm"},
        subject=_KERNEL,
    ),
    Pattern(
        SymptomKind.CUDA_ERROR,
        "amdgpu: ring ",
        r"amdgpu: ring (?:gfx|comp|sdma)[\w.]{0,20} timeout",
        {"name": "GPU hang", "backend": "rocm"},
        subject=_KERNEL,
    ),
    # amdgpu 0000:02:00.0: kfd not supported on this ASIC
    Pattern(
        SymptomKind.ARCH_NOT_SUPPORTED,
        "kfd not supported on this ASIC",
        r"kfd not supported on this ASIC",
        {"backend": "rocm"},
        subject="amdgpu",
    ),
    # kfd kfd: amdgpu: skipped device 1002:67e3, PCI rejects atomics 730<0
    Pattern(
        SymptomKind.KERNEL_MODULE_FAILED,
        "PCI rejects atomics",
        r"kfd: (?:amdgpu: )?skipped device (?P<device>[0-9a-f]{4}:[0-9a-f]{4}), (?P<reason>PCI rejects atomics)",
        {"module": "amdgpu"},
        subject=_KERNEL,
    ),
    # amdgpu 0000:03:00.0: amdgpu: Fatal error during GPU init
    Pattern(
        SymptomKind.KERNEL_MODULE_FAILED,
        "Fatal error during GPU init",
        r"amdgpu[^\n]{0,60}? (?P<reason>Fatal error during GPU init)",
        {"module": "amdgpu"},
        subject=_KERNEL,
    ),
    # amdgpu: probe of 0000:03:00.0 failed with error -22
    Pattern(
        SymptomKind.KERNEL_MODULE_FAILED,
        "amdgpu: probe of ",
        r"amdgpu: probe of [0-9a-f:.]{7,16} (?P<reason>failed with error -\d+)",
        {"module": "amdgpu"},
        subject=_KERNEL,
    ),
)
