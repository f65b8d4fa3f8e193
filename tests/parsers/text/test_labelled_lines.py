"""Lines that give a value under a label, as reports set them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envcheck.parsers.text.labelled_lines import normal_label, split_label, without_logger

KNOWN = {
    normal_label(label)
    for label in ("PyTorch version (GPU?)", "torch cuda version", "sys.platform", "GPU 0", "torch_version", "Device", "tf.version")
}


@pytest.mark.parametrize(
    ("line", "label", "value"),
    [
        ("- PyTorch version (GPU?): 2.1.0+cu118 (True)", "pytorch version (gpu", "2.1.0+cu118 (True)"),
        ("> * **PyTorch version (GPU?):** 2.1.0", "pytorch version (gpu", "2.1.0"),
        ("3. PyTorch version (GPU?): 2.1.0", "pytorch version (gpu", "2.1.0"),
        ("| PyTorch version (GPU?) | 2.1.0 (False) |", "pytorch version (gpu", "2.1.0 (False)"),
        ("torch cuda version ............... 11.8", "torch cuda version", "11.8"),
        ("sys.platform            linux", "sys.platform", "linux"),
        ("sys.platform:\tlinux", "sys.platform", "linux"),
        ("GPU 0,1,2: Tesla V100", "gpu n", "Tesla V100"),
        ('        "torch_version": "2.1.0",', "torch_version", "2.1.0"),
        ("- root - INFO - Device: cuda:0 NVIDIA L4 : native", "device", "cuda:0 NVIDIA L4 : native"),
        ("18:18:29-069403 INFO     Device: cpu", "device", "cpu"),
        ("tf.version = 1.15.0", "tf.version", "1.15.0"),
        ("sys.platform:", "sys.platform", ""),
    ],
)
def test_a_line_is_parted_at_the_end_of_its_label(line: str, label: str, value: str) -> None:
    found = split_label(line, KNOWN)
    assert found is not None
    assert found[:2] == (label, value)


@pytest.mark.parametrize("line", ["", "x", "Some words: about torch", "torch cuda version", "sys.platform" + " " * 700 + "linux"])
def test_other_lines_have_no_label(line: str) -> None:
    assert split_label(line, KNOWN) is None


def test_the_label_stands_as_it_was_written() -> None:
    found = split_label("GPU 0,3   GeForce GTX 1080", KNOWN)
    assert found is not None
    assert found[2] == "GPU 0,3"


def test_what_a_logger_puts_before_a_line_is_no_part_of_it() -> None:
    assert without_logger("12:00:01-123456 INFO     Torch 2.1") == "Torch 2.1"
    assert without_logger("sd | INFO | installer | Torch 2.1") == "Torch 2.1"


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=" \t:=.|*`-0123gpuGPU,torchversion\u2022", max_size=200))
def test_any_line_can_be_asked(line: str) -> None:
    found = split_label(line, KNOWN)
    assert found is None or found[0] in KNOWN
