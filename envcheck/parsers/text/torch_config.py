"""What `torch.__config__.show()` prints, as MMCV and detectron2 include it in their reports.

PyTorch built with:
  - GCC 7.3
  - CPU capability usage: AVX2
  - CUDA Runtime 10.2
  - NVCC architecture flags: -gencode;arch=compute_37,code=sm_37;-gencode;arch=compute_70,code=compute_70
  - CuDNN 7.6.5  (built against CUDA 10.1)
  - Build settings: BLAS_INFO=mkl, BUILD_TYPE=Release, CUDA_VERSION=10.2, TORCH_VERSION=1.9.0, USE_CUDA=ON, USE_CUDNN=ON
"""

from __future__ import annotations

from envcheck.parsers.expression import regex

HEADING = "PyTorch built with:"
_MAX_LINES = 60
_LONGEST = 4000
_ROW = regex(r"^\s*[-*+\u2022]?\s*(?P<name>CUDA Runtime|HIP Runtime|CuDNN|NVCC architecture flags|Build settings)\b:?\s*(?P<value>.*)$")
_CODE = regex(r"code=(sm_\d{2,3}[af]?|compute_\d{2,3}[af]?)\b")
_VERSION = regex(r"\d+(?:\.\d+){1,2}")
_SETTING = regex(r"\b(TORCH_VERSION|CUDA_VERSION|CUDNN_VERSION|USE_CUDA|USE_ROCM)=([^,\s]{1,40})")


def parse_torch_config(lines: list[str], heading: int) -> tuple[dict[str, tuple[object, int]], set[int]]:
    """Facts of the build by name, each with its line, and all lines that belong to it; `heading` is the index of the first."""
    facts: dict[str, tuple[object, int]] = {}
    taken = {heading}
    settings: dict[str, str] = {}
    for index in range(heading + 1, min(heading + _MAX_LINES, len(lines))):
        line = lines[index][:_LONGEST]
        if not line.strip():
            continue
        if not line.strip().startswith(("-", "*", "\u2022", "+")):
            break
        taken.add(index)
        row = _ROW.match(line)
        if row is None:
            continue
        name, value = row.group("name"), row.group("value")
        version = _VERSION.match(value)
        if name == "Build settings":
            settings = dict(_SETTING.findall(value))
            if settings.get("USE_CUDA") in ("0", "OFF"):
                facts.setdefault("cuda", (None, index))
        elif name == "NVCC architecture flags":
            codes = list(dict.fromkeys(_CODE.findall(value)))
            if codes:
                facts["arch_list"] = (codes, index)
        elif version and name in ("CUDA Runtime", "HIP Runtime", "CuDNN"):
            said = cudnn_version(version.group(0)) if name == "CuDNN" else version.group(0)
            facts[{"CUDA Runtime": "cuda", "HIP Runtime": "rocm", "CuDNN": "cudnn"}[name]] = (said, index)
    return facts, taken


def cudnn_version(printed: str) -> str:
    """Torch prints cuDNN's number as if it had its old form: "7.6.5" is meant so, "90.1" is 90100, which is 9.1.0.

    >>> cudnn_version("8.9.7"), cudnn_version("90.1"), cudnn_version("91.0.2")
    ('8.9.7', '9.1.0', '9.10.2')
    """
    parts = [int(part) for part in printed.split(".")]
    if parts[0] < 90:
        return printed
    return cudnn_number(parts[0] * 1000 + parts[1] * 100 + (parts[2] if len(parts) > 2 else 0))


def cudnn_number(number: int) -> str:
    """`8500` → "8.5.0", `90100` → "9.1.0"."""
    if number >= 90000:
        return f"{number // 10000}.{number // 100 % 100}.{number % 100}"
    return f"{number // 1000}.{number // 100 % 10}.{number % 100}"
