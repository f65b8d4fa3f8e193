"""What torch, SYCL and Level Zero say of Intel's GPUs.

Names and numbers are those of Unified Runtime's `ur_result_t`, of the plugin interface before it (PI_ERROR_…), and of Level Zero's
`ze_result_t`.
"""

import re

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import SENTENCE, Details, Pattern

_NO_DEVICE = ("DEVICE_NOT_FOUND", "NO_DEVICE")
_OUT_OF_MEMORY = ("OUT_OF_DEVICE_MEMORY", "OUT_OF_RESOURCES", "OUT_OF_HOST_MEMORY")


def _failed(_match: re.Match[str], details: Details) -> Details | None:
    """That no device was found, or that memory ran out, is told by a kind of its own."""
    return None if details["name"].endswith((*_NO_DEVICE, *_OUT_OF_MEMORY)) else details


PATTERNS = (
    # UserWarning: XPU device count is zero! (Triggered internally at …)
    Pattern(
        SymptomKind.DEVICE_NOT_FOUND,
        "XPU device count is zero",
        r"XPU device count is zero!",
        {"backend": "xpu"},
        subject="torch",
    ),
    # RuntimeError: No XPU devices are available.
    Pattern(
        SymptomKind.DEVICE_NOT_FOUND,
        "No XPU devices are available",
        rf"{SENTENCE}No XPU devices are available",
        {"backend": "xpu"},
        subject="torch",
    ),
    # RuntimeError: No device of requested type available. Please check https://… -1 (PI_ERROR_DEVICE_NOT_FOUND)
    Pattern(
        SymptomKind.DEVICE_NOT_FOUND,
        "No device of requested type available",
        rf"{SENTENCE}No device of requested type available",
        {"backend": "xpu"},
        subject="sycl",
    ),
    # Native API failed. Native API returns: -1 (PI_ERROR_DEVICE_NOT_FOUND) -1 (PI_ERROR_DEVICE_NOT_FOUND)
    Pattern(
        SymptomKind.DEVICE_NOT_FOUND,
        "_ERROR_DEVICE_NOT_FOUND",
        r"(?:Native API returns|backend failed with error|error): -?\d{1,10} \((?P<name>(?:PI|UR_RESULT)_ERROR_DEVICE_NOT_FOUND)\)",
        {"backend": "xpu"},
        subject="sycl",
    ),
    # AssertionError: Torch not compiled with XPU enabled
    Pattern(
        SymptomKind.NOT_COMPILED_WITH,
        "not compiled with XPU enabled",
        r"Torch not compiled with XPU enabled",
        {"feature": "xpu", "package": "torch"},
        subject="torch",
    ),
    # RuntimeError: PyTorch is not linked with support for xpu devices
    Pattern(
        SymptomKind.NOT_COMPILED_WITH,
        "not linked with support for xpu devices",
        r"PyTorch is not linked with support for xpu devices",
        {"feature": "xpu", "package": "torch"},
        subject="torch",
    ),
    # RuntimeError: level_zero backend failed with error: 39 (UR_RESULT_ERROR_OUT_OF_DEVICE_MEMORY)
    Pattern(
        SymptomKind.OUT_OF_MEMORY,
        "_ERROR_OUT_OF_",
        r"(?:Native API returns|backend failed with error|error): -?\d{1,10} "
        r"\((?:PI|UR_RESULT)_ERROR_OUT_OF_(?:DEVICE_MEMORY|RESOURCES|HOST_MEMORY)\)",
        {"device": "xpu"},
        subject="sycl",
    ),
    Pattern(SymptomKind.OUT_OF_MEMORY, "XPU out of memory. ", r"XPU out of memory\. Tried to allocate", {"device": "xpu"}, subject="torch"),
    # Native API failed. Native API returns: -997 (The plugin has emitted a backend specific error)
    # RuntimeError: level_zero backend failed with error: 20 (UR_RESULT_ERROR_DEVICE_LOST)
    Pattern(
        SymptomKind.XPU_ERROR,
        " backend failed with error: ",
        r"(?:level_zero|opencl) backend failed with error: (?P<code>\d{1,10}) \((?P<name>UR_RESULT_ERROR_\w{1,60})\)",
        refine=_failed,
        subject="sycl",
    ),
    Pattern(
        SymptomKind.XPU_ERROR,
        "Native API returns: ",
        r"Native API failed\. Native API returns: (?P<number>-?\d{1,10}) \((?P<name>(?:PI|UR_RESULT)_ERROR_\w{1,60})\)",
        refine=_failed,
        subject="sycl",
    ),
    # zeInit failed: ZE_RESULT_ERROR_UNINITIALIZED    Level Zero error: 0x78000001 (ZE_RESULT_ERROR_UNINITIALIZED)
    Pattern(
        SymptomKind.XPU_ERROR,
        "ZE_RESULT_ERROR_",
        r"(?:[Ee]rror|fail(?:ed|ure)|returned|returns|result|: |\()[^\n]{0,60}?(?P<name>ZE_RESULT_ERROR_[A-Z_]{3,60})\b",
        refine=_failed,
        subject="level-zero",
    ),
    # SYCL Exception encountered: Error parsing selector string "level_zero:gpu:0" Too many colons (:)
    Pattern(
        SymptomKind.XPU_ERROR,
        "Error parsing selector string ",
        r"Error parsing selector string \"(?P<value>[^\"\n]{0,200})\" ?(?P<reason>[^\n]{0,120})",
        {"name": "INVALID_SELECTOR"},
        subject="sycl",
    ),
)
