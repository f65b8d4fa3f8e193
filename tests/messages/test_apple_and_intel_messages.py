"""What torch and SYCL say of Macs' and Intel's GPUs, in their own words, and what only sounds like it."""

import pytest

from envcheck.facts.symptoms import SymptomKind as K
from envcheck.messages import parse_message

SAID = [
    (
        "/x.py:3: UserWarning: XPU device count is zero! (Triggered internally at /c10/xpu/XPUFunctions.cpp:115.)",
        K.DEVICE_NOT_FOUND,
        {"backend": "xpu"},
    ),
    ("RuntimeError: No XPU devices are available.", K.DEVICE_NOT_FOUND, {"backend": "xpu"}),
    ("  what():  No device of requested type available.", K.DEVICE_NOT_FOUND, {"backend": "xpu"}),
    (
        "RuntimeError: Native API failed. Native API returns: -1 (PI_ERROR_DEVICE_NOT_FOUND) -1 (PI_ERROR_DEVICE_NOT_FOUND)",
        K.DEVICE_NOT_FOUND,
        {"backend": "xpu", "name": "PI_ERROR_DEVICE_NOT_FOUND"},
    ),
    ("AssertionError: Torch not compiled with XPU enabled", K.NOT_COMPILED_WITH, {"feature": "xpu", "package": "torch"}),
    ("RuntimeError: PyTorch is not linked with support for xpu devices", K.NOT_COMPILED_WITH, {"feature": "xpu", "package": "torch"}),
    (
        "RuntimeError: level_zero backend failed with error: 20 (UR_RESULT_ERROR_DEVICE_LOST)",
        K.XPU_ERROR,
        {"code": "20", "name": "UR_RESULT_ERROR_DEVICE_LOST"},
    ),
    ("level_zero backend failed with error: 39 (UR_RESULT_ERROR_OUT_OF_DEVICE_MEMORY)", K.OUT_OF_MEMORY, {"device": "xpu"}),
    ("RuntimeError: Native API failed. Native API returns: -5 (PI_ERROR_OUT_OF_RESOURCES)", K.OUT_OF_MEMORY, {"device": "xpu"}),
    ("torch.OutOfMemoryError: XPU out of memory. Tried to allocate 2.00 GiB.", K.OUT_OF_MEMORY, {"device": "xpu"}),
    ("zeInit failed with error: ZE_RESULT_ERROR_UNINITIALIZED", K.XPU_ERROR, {"name": "ZE_RESULT_ERROR_UNINITIALIZED"}),
    (
        'SYCL Exception encountered: Error parsing selector string "level_zero:gpu:0" Too many colons (:)',
        K.XPU_ERROR,
        {"name": "INVALID_SELECTOR", "value": "level_zero:gpu:0", "reason": "Too many colons (:)"},
    ),
    ("RuntimeError: PyTorch is not linked with support for mps devices", K.NOT_COMPILED_WITH, {"feature": "mps", "package": "torch"}),
    ("AttributeError: module 'torch.backends' has no attribute 'mps'", K.NOT_COMPILED_WITH, {"feature": "mps", "package": "torch"}),
    (
        "RuntimeError: Expected one of cpu, cuda, xpu, mkldnn, hip, xla, vulkan, meta, hpu device type at start of device string: mps",
        K.NOT_COMPILED_WITH,
        {"feature": "mps", "package": "torch"},
    ),
    ("RuntimeError: MPS backend out of memory (MPS allocated: 17.00 GB, other allocations: 1 GB)", K.OUT_OF_MEMORY, {"device": "mps"}),
    (
        "The MPS backend is supported on MacOS 12.3+.Current OS version can be queried using `sw_vers`",
        K.VERSION_CONFLICT,
        {"package": "macos", "need": ">=12.3"},
    ),
]


@pytest.mark.parametrize(("text", "kind", "details"), SAID, ids=lambda value: str(value)[:40])
def test_each_sentence_is_a_symptom_of_its_kind(text: str, kind: K, details: dict[str, str]) -> None:
    assert [symptom.details for symptom in parse_message(text) if symptom.kind is kind] == [details]


@pytest.mark.parametrize(
    "text",
    [
        "if no XPU devices are available, the CPU is used",
        "I read that MPS is not available before macOS 12.3.",
        '        print("MPS not available because the current MacOS version is not 12.3+ "',
        "torch.xpu.is_available()",
        "Native API returns: 0",
    ],
)
def test_prose_and_code_are_no_symptoms(text: str) -> None:
    assert parse_message(text) == []
