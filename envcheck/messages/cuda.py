"""CUDA's and HIP's errors as every program passes them on, and what frameworks say of driver and card.

The runtime's names and sentences are those of CUDA's own header `driver_types.h` and of `cudaGetErrorString`.
"""

import re
from collections.abc import Iterator

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import SENTENCE, Details, Pattern

# Number, the runtime's name, and the sentence; the driver's name is CUDA_ERROR_… of the same number where there is one.
_ERRORS = (
    (3, "cudaErrorInitializationError", "initialization error"),
    (34, "cudaErrorStubLibrary", "CUDA driver is a stub library"),
    (35, "cudaErrorInsufficientDriver", "CUDA driver version is insufficient for CUDA runtime version"),
    (36, "cudaErrorCallRequiresNewerDriver", "API call is not supported in the installed CUDA driver"),
    (46, "cudaErrorDevicesUnavailable", "CUDA-capable device(s) is/are busy or unavailable"),
    (46, "cudaErrorDevicesUnavailable", "all CUDA-capable devices are busy or unavailable"),
    (98, "cudaErrorInvalidDeviceFunction", "invalid device function"),
    (100, "cudaErrorNoDevice", "no CUDA-capable device is detected"),
    (100, "cudaErrorNoDevice", "No CUDA GPUs are available"),
    (101, "cudaErrorInvalidDevice", "invalid device ordinal"),
    (200, "cudaErrorInvalidKernelImage", "device kernel image is invalid"),
    (209, "cudaErrorNoKernelImageForDevice", "no kernel image is available for execution on the device"),
    (214, "cudaErrorECCUncorrectable", "uncorrectable ECC error encountered"),
    (218, "cudaErrorInvalidPtx", "a PTX JIT compilation failed"),
    (222, "cudaErrorUnsupportedPtxVersion", "the provided PTX was compiled with an unsupported toolchain"),
    (304, "cudaErrorOperatingSystem", "OS call failed or operation not supported on this OS"),
    (700, "cudaErrorIllegalAddress", "an illegal memory access was encountered"),
    (719, "cudaErrorLaunchFailure", "unspecified launch failure"),
    (802, "cudaErrorSystemNotReady", "system not yet initialized"),
    (803, "cudaErrorSystemDriverMismatch", "system has unsupported display driver / cuda driver combination"),
    (804, "cudaErrorCompatNotSupportedOnDevice", "forward compatibility was attempted on non supported HW"),
    (805, "cudaErrorMpsConnectionFailed", "MPS client failed to connect to the MPS control daemon or the MPS server"),
    (999, "cudaErrorUnknown", "CUDA unknown error - this may be due to an incorrectly set up environment"),
    (999, "cudaErrorUnknown", "CUDA unknown error"),
    (999, "cudaErrorUnknown", "unknown error"),
)
_DRIVER_NAMES = {
    "INVALID_VALUE": (1, "cudaErrorInvalidValue"),
    "NOT_INITIALIZED": (3, "cudaErrorInitializationError"),
    "STUB_LIBRARY": (34, "cudaErrorStubLibrary"),
    "DEVICE_UNAVAILABLE": (46, "cudaErrorDevicesUnavailable"),
    "NO_DEVICE": (100, "cudaErrorNoDevice"),
    "INVALID_DEVICE": (101, "cudaErrorInvalidDevice"),
    "INVALID_IMAGE": (200, "cudaErrorInvalidKernelImage"),
    "NO_BINARY_FOR_GPU": (209, "cudaErrorNoKernelImageForDevice"),
    "ECC_UNCORRECTABLE": (214, "cudaErrorECCUncorrectable"),
    "INVALID_PTX": (218, "cudaErrorInvalidPtx"),
    "UNSUPPORTED_PTX_VERSION": (222, "cudaErrorUnsupportedPtxVersion"),
    "OPERATING_SYSTEM": (304, "cudaErrorOperatingSystem"),
    "ILLEGAL_ADDRESS": (700, "cudaErrorIllegalAddress"),
    "LAUNCH_FAILED": (719, "cudaErrorLaunchFailure"),
    "SYSTEM_NOT_READY": (802, "cudaErrorSystemNotReady"),
    "SYSTEM_DRIVER_MISMATCH": (803, "cudaErrorSystemDriverMismatch"),
    "COMPAT_NOT_SUPPORTED_ON_DEVICE": (804, "cudaErrorCompatNotSupportedOnDevice"),
    "UNKNOWN": (999, "cudaErrorUnknown"),
}
# What programs put before CUDA's sentence. People who only name the error in a sentence of their own write none of it.
_LEAD = (
    r"(?:(?:CUDA|HIP|GPU|[Cc]uda|hip|PTX|NVRTC)(?: [Rr]untime| driver)? [Ee]rror(?: \(?\d+\)?)?"
    r"|[Ee]rror (?:code )?\(?=?\d+\)?|[Ee]rror message|RuntimeError|\w*Error|CUDA initialization|: \d+|error=\d+|error == cudaSuccess "
    r"\([^()\n]{0,40}\)|[Rr]eason ?[:=]|\[cuda\w{5,60}\]|(?:CUDA )?[Ee]rror \([^()\n]{1,80}\)|CUDA (?:error|failure) \d{1,3}"
    r"|CUDA failure [\w./-]{1,80}:\d{1,6}|cu[A-Z]\w{2,40}\(\)|status|->|what\(\)|[Ff]ailed[^:\n]{0,80}|CUDA_ERROR_\w+|cudaError\w+)"
)
# Two words that many programs use: only behind CUDA's name, its number or a call of its own.
_LEAD_OF_UNKNOWN = (
    r"(?:CUDA [Ee]rror(?: 999| \(999\))?|cuda runtime error \(\d+\)|cuInit(?:\(0?\))?(?: failed)?|failed to initialize CUDA"
    r"|error=(?:999|30)|cudaErrorUnknown|CUDA_ERROR_UNKNOWN|CUDA error 999 at [^\n:]{1,80}:\d{1,6}|CUDA failure 999|cuda error)"
    r" ?[:,] ['\"]?"
)
# A line that ends with the sentence in quote marks: somebody passes on what was printed, as it was.
_QUOTED, _UNQUOTED = r"^[^\n]{0,60}[\"\u201c`]", r"[\"\u201d`][.!]?\s*$"


def _sentences() -> Iterator[Pattern]:
    """CUDA error: no kernel image is available for execution on the device."""
    for code, name, sentence in _ERRORS:
        words = re.escape(sentence).replace(r"\ ", " ")
        yield Pattern(
            SymptomKind.CUDA_ERROR,
            sentence,
            rf"{_LEAD_OF_UNKNOWN}{words}"
            if sentence == "unknown error"
            else rf"(?:^ ?(?:#{{1,6}} )?|{_LEAD} ?[:=>(-]? ?['\"]?){words}|{_QUOTED}{words}{_UNQUOTED}",
            {"code": str(code), "name": name},
            refine=_of_hip,
        )


def _of_hip(match: re.Match[str], details: Details) -> Details | None:
    """HIP says the same sentences under its own name."""
    return {**details, "backend": "rocm"} if match[0].startswith(("HIP", "hip")) else details


def _named(_match: re.Match[str], details: Details) -> Details | None:
    """`CUDA_ERROR_UNKNOWN` → code 999; a name that is a symptom of another kind, or of a program's own bug, is passed over."""
    code, name = _DRIVER_NAMES.get(details.pop("constant"), (0, ""))
    return {**details, "code": str(code), "name": name} if code else None


def numbered(_match: re.Match[str], details: Details) -> Details | None:
    """`Error 802: …` and `UNKNOWN ERROR (303)`, whatever the sentence; the sentence's own pattern names it."""
    names = {str(code): name for code, name, _ in _ERRORS}
    if details["code"] in names:
        details["name"] = names[details["code"]]
    return details


def _capability(name: str) -> str:
    """`sm_120` → `12.0`, `sm_90a` → `9.0`; anything else as it is."""
    digits = re.fullmatch(r"(?:sm|compute)_(\d+)(\d)[af]?", name)
    return f"{digits[1]}.{digits[2]}" if digits else name


def _unsupported_card(_match: re.Match[str], details: Details) -> Details | None:
    details["capability"] = _capability(details["capability"])
    details["device"] = re.sub(r"^(?:\S*UserWarning|Warning|\S+\.py):?\s*", "", details["device"])
    if "arch_list" in details:
        details["arch_list"] = " ".join(re.findall(r"(?:sm|compute)_\w+|gfx\w+", details["arch_list"]))
    return details


PATTERNS = (
    *_sentences(),
    # failed call to cuInit: CUDA_ERROR_UNKNOWN: unknown error
    Pattern(
        SymptomKind.CUDA_ERROR,
        "CUDA_ERROR_",
        r"(?:^|: |\(|error |Error |-> |results in )CUDA_ERROR_(?P<constant>[A-Z_]+[A-Z])(?=[:),]| ?\(|$|\s)",
        refine=_named,
    ),
    # Unexpected error from cudaGetDeviceCount(). … Error 804: forward compatibility …    cuda runtime error (38) : …    UNKNOWN ERROR (303)
    Pattern(
        SymptomKind.CUDA_ERROR,
        "UNKNOWN ERROR (",
        r"(?:cuInit|CUDA error|cudaGetDeviceCount)[^\n]{0,60}: UNKNOWN ERROR \((?P<code>\d{1,4})\)",
        refine=numbered,
    ),
    Pattern(
        SymptomKind.CUDA_ERROR,
        "from cudaGetDeviceCount()",
        r"Unexpected error from cudaGetDeviceCount\(\)\.[^\n]{0,300}? Error (?P<code>\d{1,4}): ",
        refine=numbered,
        lines=1,
    ),
    # RuntimeError: No HIP GPUs are available
    Pattern(
        SymptomKind.CUDA_ERROR,
        "No HIP GPUs are available",
        rf"{SENTENCE}No HIP GPUs are available",
        {"code": "100", "name": "hipErrorNoDevice"},
    ),
    # RuntimeError: Found no NVIDIA driver on your system. Please check that you have an NVIDIA GPU and installed a driver from …
    Pattern(
        SymptomKind.DRIVER_NOT_FOUND,
        "Found no NVIDIA driver on your system",
        r"Found no NVIDIA driver on your system(?:\.|$)",
        {"vendor": "nvidia"},
        subject="torch",
    ),
    # numba.cuda.cudadrv.error.CudaSupportError: Error at driver init: CUDA driver library cannot be found.
    Pattern(
        SymptomKind.LIBRARY_NOT_FOUND,
        "CUDA driver library cannot be found",
        r"CUDA driver library cannot be found",
        {"library": "libcuda.so.1", "reason": "No such file or directory"},
        subject="numba",
    ),
    # I tensorflow/…/cudart_stub.cc:28] Could not find cuda drivers on your machine, GPU will not be used.
    Pattern(
        SymptomKind.DRIVER_NOT_FOUND,
        "Could not find cuda drivers on your machine",
        r"Could not find cuda drivers on your machine, GPU will not be used",
        {"vendor": "nvidia"},
        subject="tensorflow",
    ),
    # kernel driver does not appear to be running on this host (host): /proc/driver/nvidia/version does not exist
    Pattern(
        SymptomKind.DRIVER_NOT_FOUND,
        "kernel driver does not appear to be running on this host",
        r"kernel driver does not appear to be running on this host \(",
        {"vendor": "nvidia", "reason": "kernel module not running"},
        subject="tensorflow",
    ),
    # The NVIDIA driver on your system is too old (found version 11040).
    Pattern(
        SymptomKind.DRIVER_TOO_OLD,
        "NVIDIA driver on your system is too old",
        r"NVIDIA driver on your system is too old \(found version (?P<found>\d{4,6})\)",
        subject="torch",
    ),
    # The same, of which the end was cut off
    Pattern(
        SymptomKind.DRIVER_TOO_OLD,
        "NVIDIA driver on your system is too old",
        r"(?:^ ?|: |\()[Tt]he NVIDIA driver on your system is too old(?! ?\(found)(?=[\s.)\"']|$)",
        subject="torch",
    ),
    # nvidia-container-cli: requirement error: unsatisfied condition: cuda>=12.1, please update your driver to a newer version
    Pattern(
        SymptomKind.DRIVER_TOO_OLD,
        "unsatisfied condition: ",
        r"requirement error: unsatisfied condition: (?P<need>(?:cuda|driver) ?>= ?[\d.]+\d)",
        subject="nvidia-container-cli",
    ),
    # NVIDIA GeForce RTX 5090 with CUDA capability sm_120 is not compatible with the current PyTorch installation.
    # The current PyTorch install supports CUDA capabilities sm_37 sm_50 sm_60 sm_70 sm_75 sm_80 sm_86 sm_90.
    Pattern(
        SymptomKind.ARCH_NOT_SUPPORTED,
        " with CUDA capability sm_",
        r"(?P<device>[A-Za-z][^\n:]{1,100}?) with CUDA capability (?P<capability>sm_\d{2,3}[af]?) is not compatible"
        r"(?: with the current PyTorch installation\.?"
        r"(?: The current PyTorch install supports CUDA capabilities (?P<arch_list>(?:(?:sm|compute)_\d+[a-z]?[\s.]*){1,40}))?)?",
        refine=_unsupported_card,
        subject="torch",
        lines=4,
    ),
    # Found GPU0 GeForce GTX 660 Ti which is of cuda capability 3.0. … The minimum cuda capability supported by this library is 3.7.
    # From 2.8 on the sentence ends otherwise: … Minimum and Maximum cuda capability supported by this version of PyTorch is (7.5) - (12.0)
    Pattern(
        SymptomKind.ARCH_NOT_SUPPORTED,
        " which is of cuda capability ",
        r"Found GPU\d{1,3} (?P<device>[^\n:]{1,100}?) which is of (?:cuda|compute) capability (?P<capability>\d+\.\d+)\.?"
        r"(?:(?:[^()]{0,200}? supported by this library is (?P<minimum>\d+\.\d+))|(?:[^()]{0,200}?\((?P<low>\d+\.\d+)\) - "
        r"\((?P<maximum>\d+\.\d+)\)))?",
        refine=lambda _match, details: {key if key != "low" else "minimum": value for key, value in details.items()},
        subject="torch",
        lines=4,
    ),
    # Ignoring visible gpu device (device: 0, name: GeForce GT 540M, pci bus id: 0000:01:00.0, compute capability: 2.1) with Cuda compute
    # capability 2.1. The minimum required Cuda capability is 3.5.
    Pattern(
        SymptomKind.ARCH_NOT_SUPPORTED,
        "Ignoring visible gpu device (",
        r"Ignoring visible gpu device \(device: \d{1,3}, name: (?P<device>[^\n,]{1,100}), [^()\n]{0,120}\) with (?:Cuda|CUDA) compute "
        r"capability (?P<capability>\d{1,2}\.\d)\b(?:\. The minimum required (?:Cuda|CUDA) capability is (?P<minimum>\d{1,2}\.\d))?",
        subject="tensorflow",
    ),
    # [0] CUDA GPU is too old. Compute Capability detected: 3.0
    Pattern(
        SymptomKind.ARCH_NOT_SUPPORTED,
        "CUDA GPU is too old",
        r"CUDA GPU is too old\. Compute Capability detected: (?P<capability>\d{1,2}\.\d)\b",
        subject="ollama",
    ),
    # hipErrorNoBinaryForGpu: Unable to find code object for all current devices!    Returned hipErrorNoBinaryForGpu
    Pattern(
        SymptomKind.ARCH_NOT_SUPPORTED,
        "hipErrorNoBinaryForGpu",
        r"hipErrorNoBinaryForGpu: (?:Unable to find code object|Coudn't find binary|Couldn't find binary)"
        r"|(?:[Rr]eturned|[Ee]rror:?|code:?|:) ?['\"(]?hipErrorNoBinaryForGpu\b",
        {"backend": "rocm"},
    ),
    # rocBLAS error: Cannot read /opt/rocm/lib/…/TensileLibrary.dat: Illegal seek for GPU arch : gfx1031
    Pattern(
        SymptomKind.ARCH_NOT_SUPPORTED,
        "rocBLAS error: Cannot read ",
        r"rocBLAS error: Cannot read [^\n]{1,300}? for GPU arch ?: (?P<capability>gfx\w+)",
        {"backend": "rocm"},
    ),
    # kfd kfd: amdgpu: POLARIS10  not supported in kfd
    Pattern(
        SymptomKind.ARCH_NOT_SUPPORTED,
        " not supported in kfd",
        r"kfd: (?:amdgpu: )?(?P<device>[A-Z][A-Z0-9_]+) not supported in kfd",
        {"backend": "rocm"},
        subject="amdgpu",
    ),
    # Unable to open /dev/kfd read-write: No such file or directory
    Pattern(
        SymptomKind.DEVICE_NOT_FOUND,
        "Unable to open /dev/kfd read-write",
        r"Unable to open (?P<path>/dev/kfd) read-write: No such file or directory",
        subject="rocm",
    ),
    Pattern(
        SymptomKind.PERMISSION_DENIED,
        "Unable to open /dev/kfd read-write",
        r"Unable to open (?P<path>/dev/kfd) read-write: Permission denied",
        subject="rocm",
    ),
    # docker: Error response from daemon: could not select device driver "" with capabilities: [[gpu]].    An empty name and its quote
    # marks are lost on the way where a shell or a form has eaten them.
    Pattern(
        SymptomKind.DEVICE_REQUEST_REFUSED,
        "could not select device driver ",
        r"could not select device driver (?:\\?[\"'\u201c]{1,2}[\w.-]{0,40}\\?[\"'\u201d]{0,2} )?with capabilities: "
        r"\[\[(?P<reason>[^\]\n]{0,80})\]\]",
        {"by": "docker"},
        subject="docker",
    ),
    # docker: Error response from daemon: unknown or invalid runtime name: nvidia.
    Pattern(
        SymptomKind.DEVICE_REQUEST_REFUSED,
        "nown or invalid runtime name: nvidia",
        r"(?P<reason>unknown or invalid runtime name: nvidia)",
        {"by": "docker"},
        subject="docker",
    ),
    Pattern(
        SymptomKind.DEVICE_REQUEST_REFUSED,
        "unresolvable CDI devices ",
        r"(?P<reason>unresolvable CDI devices nvidia\.com/gpu=\w+)",
        {"by": "podman"},
        subject="podman",
    ),
)
