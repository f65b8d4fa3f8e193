"""Facts in the setup report of bitsandbytes."""

import pytest

from envcheck.readers.bitsandbytes_setup import dotted
from envcheck.readers.read import read_text


def test_it_tells_torchs_cuda_and_the_system() -> None:
    facts = read_text(
        "non-existent: {WindowsPath('/usr')}\nCUDA SETUP: PyTorch settings found: CUDA_VERSION=121, Highest Compute Capability: 8.9.\n"
        "CUDA Setup failed despite GPU being available."
    )
    assert (facts.builds["torch"].cuda, facts.builds["torch"].cuda_available, facts.system.os) == ("12.1", True, "Windows")


def test_before_that_it_told_the_runtime_that_it_found() -> None:
    facts = read_text("CUDA SETUP: CUDA runtime path found: /data/cuda-10.2/lib64/libcudart.so\nCUDA SETUP: Detected CUDA version 102\n")
    assert [(toolkit.name, toolkit.version, toolkit.path) for toolkit in facts.toolkits] == [
        ("cudart", "10.2", "/data/cuda-10.2/lib64/libcudart.so")
    ]
    assert "torch" not in facts.builds


def test_the_newest_tells_both_versions() -> None:
    assert (
        read_text("CUDA VERSION MISMATCH\nRequested CUDA version:  12.4\nDetected PyTorch CUDA version:   13.2\n").builds["torch"].cuda
        == "13.2"
    )


@pytest.mark.parametrize(
    "text", ["CUDA SETUP: Solution 2b): bash cuda_install.sh 113 ~/local/", "PyTorch settings", "CUDA SETUP: Detected CUDA version 118"]
)
def test_advice_and_halves_of_lines_tell_nothing(text: str) -> None:
    facts = read_text(text)
    assert (facts.builds, facts.toolkits) == ({}, ())


def test_numbers_get_their_dot() -> None:
    assert [dotted(number) for number in ("118", "92", "12.4")] == ["11.8", "9.2", "12.4"]
