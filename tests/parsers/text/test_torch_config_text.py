"""What torch.__config__.show() prints."""

import pytest

from envcheck.parsers.text.torch_config import cudnn_number, cudnn_version, parse_torch_config

OF_CUDA = """PyTorch built with:
  - GCC 9.3
  - CUDA Runtime 12.4
  - NVCC architecture flags: -gencode;arch=compute_50,code=sm_50;-gencode;arch=compute_90,code=sm_90;-gencode;arch=compute_90a,code=sm_90a
  - CuDNN 90.1  (built against CUDA 12.4)
  - Build settings: CUDA_VERSION=12.4, TORCH_VERSION=2.5.1, USE_CUDA=ON

TorchVision: 0.20.1"""
OF_CPU = """PyTorch built with:
  - GCC 9.3
  - Build settings: BUILD_TYPE=Release, TORCH_VERSION=2.1.0, USE_CUDA=0, USE_ROCM=OFF"""


def test_a_build_for_cuda_tells_its_cuda_cudnn_and_targets() -> None:
    facts, taken = parse_torch_config(OF_CUDA.split("\n"), 0)
    assert facts == {"cuda": ("12.4", 2), "arch_list": (["sm_50", "sm_90", "sm_90a"], 3), "cudnn": ("9.1.0", 4)}
    assert taken == {0, 1, 2, 3, 4, 5}


def test_a_build_without_cuda_says_so_in_its_settings() -> None:
    assert parse_torch_config(OF_CPU.split("\n"), 0)[0] == {"cuda": (None, 2)}


def test_a_block_that_is_cut_says_nothing_of_what_is_missing() -> None:
    assert parse_torch_config(OF_CPU.split("\n")[:2], 0)[0] == {}


@pytest.mark.parametrize(("printed", "meant"), [("7.6.5", "7.6.5"), ("8.9.7", "8.9.7"), ("90.1", "9.1.0"), ("91.0.2", "9.10.2")])
def test_cudnn_is_what_its_number_means(printed: str, meant: str) -> None:
    assert cudnn_version(printed) == meant


@pytest.mark.parametrize(("number", "version"), [(7605, "7.6.5"), (8500, "8.5.0"), (90100, "9.1.0"), (91002, "9.10.2")])
def test_numbers_of_both_ages(number: int, version: str) -> None:
    assert cudnn_number(number) == version
