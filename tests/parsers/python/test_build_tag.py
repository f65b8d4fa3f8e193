"""Versions and build strings of frameworks, and what they say of the accelerator."""

import pytest

from envcheck.parsers.python.build_tag import parse_conda_build, parse_version_tag


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("2.4.0+cu121", {"cuda": "12.1", "rocm": None}),
        ("1.7.1+cu92", {"cuda": "9.2", "rocm": None}),
        ("1.6.0+cu101", {"cuda": "10.1", "rocm": None}),
        ("2.11.0+cu130", {"cuda": "13.0", "rocm": None}),
        ("2.4.0+cpu", {"cuda": None, "rocm": None}),
        ("2.4.0+xpu", {"cuda": None, "rocm": None}),
        ("1.8.1+rocm4.0.1", {"cuda": None, "rocm": "4.0.1"}),
        ("0.3.15+cuda11.cudnn82", {"cuda": "11", "rocm": None}),
        ("2.0.1", {}),
        ("2.6.0a0+git1eba9b3", {}),
        ("2.1.0a0+41361538.nv23.06", {}),
        ("1.0+custom", {}),
        ("", {}),
    ],
)
def test_the_tag_of_a_version(version: str, said: dict[str, str | None]) -> None:
    assert parse_version_tag(version) == said


@pytest.mark.parametrize(
    ("build", "said"),
    [
        ("py3.11_cuda12.1_cudnn9.1.0_0", {"cuda": "12.1", "cudnn": "9.1.0"}),
        ("py3.7_cuda10.1.243_cudnn7.6.3_0", {"cuda": "10.1.243", "cudnn": "7.6.3"}),
        ("py3.10_cpu_0", {"cuda": None, "rocm": None}),
        ("cpu_py310hdc00b08_0", {"cuda": None, "rocm": None}),
        ("cpu_generic_py311h1_1", {"cuda": None, "rocm": None}),
        ("eigen_py39h9a9ce8b_0", {"cuda": None, "rocm": None}),
        ("cuda118py310h1234567_200", {"cuda": "11.8"}),
        ("cuda126_mkl_py312_h1_301", {"cuda": "12.6"}),
        ("gpu_cuda113py39h19ae3d8_0", {"cuda": "11.3"}),
        ("py36_0", {}),
        ("h2bc3f7f_2", {}),
        ("", {}),
    ],
)
def test_condas_build_string(build: str, said: dict[str, str | None]) -> None:
    assert parse_conda_build(build) == said
