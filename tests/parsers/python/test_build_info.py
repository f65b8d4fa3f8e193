"""The files in which frameworks say how they were built, as their build scripts wrote them over the years."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.parsers.python.build_info import (
    parse_jax_plugin,
    parse_jaxlib_version,
    parse_onnxruntime_build_info,
    parse_tensorflow_build_info,
    parse_torch_version,
)

TORCH_2_13 = """\
from typing import Optional

__all__ = ['__version__', 'debug', 'cuda', 'git_version', 'hip', 'rocm', 'xpu']
__version__ = '2.13.0+cpu'
debug = False
cuda: Optional[str] = None
git_version = 'cf30153c4c131c8164ee7798e5022d810682e2cb'
hip: Optional[str] = None
rocm: Optional[str] = None
xpu: Optional[str] = None
"""
TORCH_1_7 = """\
__version__ = '1.7.1'
debug = False
cuda = '10.2'
git_version = '57bffc3a8e4fee0cce31e1ff1f662ccf7b16db57'
hip = None
"""
TORCH_ROCM = TORCH_1_7.replace("'10.2'", "None").replace("hip = None", "hip: Optional[str] = '6.1.40091-a8dbc0c19'").replace("\n", "\r\n")
TORCH_XPU = TORCH_2_13.replace("+cpu", "+xpu").replace("xpu: Optional[str] = None", "xpu: Optional[str] = '20250101'")


@pytest.mark.parametrize(
    ("text", "build"),
    [
        (TORCH_2_13, {"version": "2.13.0+cpu", "cuda": None, "rocm": None, "xpu": None}),
        (TORCH_1_7, {"version": "1.7.1", "cuda": "10.2", "rocm": None}),
        (TORCH_ROCM, {"version": "1.7.1", "cuda": None, "rocm": "6.1.40091-a8dbc0c19"}),
        (TORCH_XPU, {"version": "2.13.0+xpu", "cuda": None, "rocm": None, "xpu": "20250101"}),
        ("", {}),
    ],
)
def test_torch(text, build):
    assert parse_torch_version(text) == build


def test_torchs_own_word_for_rocm_stands_before_hip():
    assert parse_torch_version("hip = '7.1.25424'\nrocm = '7.1.0'\n") == {"rocm": "7.1.0"}


TENSORFLOW_2_14 = """\
import collections

build_info = collections.OrderedDict([('cpu_compiler', '/usr/lib/llvm-16/bin/clang'), \
('cuda_compute_capabilities', ['sm_50', 'sm_60', 'compute_80']), ('cuda_version', '11.8'), ('cudnn_version', '8'), \
('is_cuda_build', True), ('is_rocm_build', False), ('is_tensorrt_build', True)])
"""
TENSORFLOW_CPU = """\
build_info = collections.OrderedDict([("is_cuda_build", False), ("is_rocm_build", False), ("is_tensorrt_build", False)])
"""
TENSORFLOW_2_1 = """\
is_rocm_build = False
is_cuda_build = True
cuda_version_number = '10.1'
cudnn_version_number = '7'
"""
TENSORFLOW_WINDOWS = """\
build_info = collections.OrderedDict([('cuda_version', '64_112'), ('cudart_dll_name', 'cudart64_112.dll'), ('cudnn_version', '64_8'), \
('is_cuda_build', True)])
"""


@pytest.mark.parametrize(
    ("text", "build"),
    [
        (TENSORFLOW_2_14, {"cuda": "11.8", "cudnn": "8", "rocm": None, "arch_list": ["sm_50", "sm_60", "compute_80"]}),
        (TENSORFLOW_CPU, {"cuda": None, "cudnn": None, "rocm": None}),
        (TENSORFLOW_2_1, {"cuda": "10.1", "cudnn": "7", "rocm": None}),
        (TENSORFLOW_WINDOWS, {"cuda": "11.2", "cudnn": "8"}),
        ("build_info = collections.OrderedDict([('is_cuda_build', True)])", {}),
        ("", {}),
    ],
)
def test_tensorflow(text, build):
    assert parse_tensorflow_build_info(text) == build


@pytest.mark.parametrize(
    ("text", "build"),
    [
        ("package_name = 'onnxruntime'\n__version__ = '1.31.1'\n", {"version": "1.31.1", "cuda": None}),
        ("package_name = 'onnxruntime-gpu'\n__version__ = '1.20.1'\ncuda_version = '12.6'\n", {"version": "1.20.1", "cuda": "12.6"}),
        ("package_name = 'onnxruntime-gpu'\n__version__ = '1.11.0'\n", {"version": "1.11.0"}),
        (
            "package_name = 'onnxruntime-rocm'\n__version__ = '1.16.0'\nrocm_version = '5.6'\n",
            {"version": "1.16.0", "rocm": "5.6", "cuda": None},
        ),
        ("", {}),
    ],
)
def test_onnxruntime(text, build):
    assert parse_onnxruntime_build_info(text) == build


@pytest.mark.parametrize(
    ("version", "build"),
    [
        ("0.4.13+cuda11.cudnn86", {"cuda": "11", "cudnn": "8.6"}),
        ("0.3.25+cuda11.cudnn805", {"cuda": "11", "cudnn": "8.5"}),
        ("0.1.65+cuda110", {"cuda": "11.0"}),
        ("0.5.0", {}),
    ],
)
def test_an_old_jaxlib(version, build):
    assert parse_jaxlib_version(version) == build


@pytest.mark.parametrize(
    ("name", "plugin"),
    [
        ("jax-cuda12-plugin", ("cuda", "12")),
        ("jax-rocm60-plugin", ("rocm", "6.0")),
        ("jax-rocm7-plugin", ("rocm", "7")),
        ("jax-cuda12-pjrt", None),
        ("jax-metal", None),
    ],
)
def test_a_plugin_of_jax(name, plugin):
    assert parse_jax_plugin(name) == plugin


@given(st.text(alphabet="cuda_version=':\n[]()',\"12.\\ #None", max_size=80))
def test_nothing_makes_them_raise(text):
    for parse in (parse_torch_version, parse_tensorflow_build_info, parse_onnxruntime_build_info):
        parse(text)
