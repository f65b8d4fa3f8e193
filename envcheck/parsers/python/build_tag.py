"""What the version and the build string of a framework say of the accelerator it was built for.

2.4.0+cu121                      CUDA 12.1          py3.11_cuda12.1_cudnn9.1.0_0      CUDA 12.1, cuDNN 9.1.0
1.8.1+rocm4.0.1                  ROCm 4.0.1         py3.10_cpu_0, cpu_py310hdc00b08_0   neither
0.3.15+cuda11.cudnn82            CUDA 11            cuda118py310h1234567_200            CUDA 11.8
"""

from __future__ import annotations

from envcheck.parsers.expression import regex

_PIP = regex(r"\+(?:(?P<cpu>cpu)|cu(?:da)?(?P<cuda>\d{2,3})|rocm(?P<rocm>\d+(?:\.\d+)*)|(?P<xpu>xpu))(?![A-Za-z])")
_CONDA_CUDA = regex(r"(?:^|_)(?:gpu_)?cuda_?(?P<version>\d+(?:\.\d+)+|\d{2,3})(?!\d)")
_CONDA_CUDNN = regex(r"cudnn_?(?P<version>\d+(?:\.\d+)+)")
# mkl_py39h35b2a3d_0 and eigen_py39h9a9ce8b_0 are Anaconda's builds of TensorFlow beside gpu_py39h8236f22_0
_CONDA_CPU = regex(r"(?:^|_)cpu(?:_|$)|^(?:mkl|eigen)_py")
_CONDA_ROCM = regex(r"(?:^|_)rocm_?(?P<version>\d+(?:\.\d+)*)")


def dotted_cuda(digits: str) -> str:
    """`121` → "12.1", `92` → "9.2", `11` and `12` (a major alone) as they are."""
    if digits in ("11", "12", "13"):
        return digits
    return f"{digits[:-1]}.{digits[-1]}" if digits.isdigit() else digits


def parse_version_tag(version: str) -> dict[str, str | None]:
    """`cuda` and `rocm` of a version's local tag, None where it says that there is none; empty where it says nothing."""
    tag = _PIP.search(version)
    if tag is None:
        return {}
    cuda, rocm = tag.group("cuda"), tag.group("rocm")
    return {"cuda": dotted_cuda(cuda) if cuda else None, "rocm": rocm}


def parse_conda_build(build: str) -> dict[str, str | None]:
    """`cuda`, `cudnn` and `rocm` of conda's build string; empty where it says nothing, as many builds do."""
    rocm = _CONDA_ROCM.search(build)
    if rocm is not None:
        return {"cuda": None, "rocm": rocm.group("version")}
    cuda = _CONDA_CUDA.search(build)
    if cuda is None:
        return {"cuda": None, "rocm": None} if _CONDA_CPU.search(build) else {}
    version = cuda.group("version")
    said: dict[str, str | None] = {"cuda": version if "." in version else dotted_cuda(version)}
    cudnn = _CONDA_CUDNN.search(build)
    if cudnn is not None:
        said["cudnn"] = cudnn.group("version")
    return said
