"""Which version a CUDA toolkit is, from the files that lie in it.

    version.json    {"cuda": {"name": "CUDA SDK", "version": "13.2.2"}, "libcublas": {"name": "CUDA cuBLAS", "version": "13.4.1.3"}, …}
    version.txt     CUDA Version 10.2.89                            up to CUDA 11.0
    cuda.h          #define CUDA_VERSION 12040
    nccl.h          #define NCCL_MAJOR 2  …  NCCL_MINOR 21  …  NCCL_PATCH 5

The libraries of a toolkit are numbered on their own; `nvidia_driver` is the driver that was packed with it, not the one that runs.
"""

from __future__ import annotations

import re

from envcheck.parsers.cuda.cuda_number import cuda_version
from envcheck.parsers.expression import regex

MAX_CHARACTERS = 512 * 1024
_NUMBERS = regex(r"\d{1,4}(?:\.\d{1,6}){1,4}$")
_TEXT = regex(r"^\s*CUDA Version (?P<version>\d{1,2}\.\d{1,2}(?:\.\d{1,4})?)", re.MULTILINE)
_HEADER = regex(r"^[ \t]*#[ \t]*define[ \t]+(?:CUDA_VERSION|CUDART_VERSION)[ \t]+(?P<number>\d{4,6})\b", re.MULTILINE)
_NCCL = regex(r"^[ \t]*#[ \t]*define[ \t]+NCCL_(?P<part>MAJOR|MINOR|PATCH)[ \t]+(?P<number>\d{1,4})\b", re.MULTILINE)


def parse_cuda_manifest_parts(text: str) -> dict[str, str]:
    """The versions of a `version.json` by part: cuda, cuda_cudart, cuda_nvcc, libcublas …; empty where it is no such file."""
    try:
        import json

        content = json.loads(text) if len(text) <= MAX_CHARACTERS else None
    except (ValueError, RecursionError):
        return {}
    return manifest_parts(content)


def manifest_parts(content: object) -> dict[str, str]:
    """The same of a document that was parsed already."""
    if not isinstance(content, dict):
        return {}
    versions = {name: part.get("version") for name, part in content.items() if isinstance(part, dict)}
    return {name: version for name, version in versions.items() if isinstance(version, str) and _NUMBERS.match(version)}


def parse_cuda_version_text(text: str) -> str | None:
    """The version of a `version.txt`."""
    found = _TEXT.search(text[:MAX_CHARACTERS])
    return found.group("version") if found is not None else None


def parse_cuda_header(text: str) -> str | None:
    """The release of a `cuda.h` or `cuda_runtime_api.h`: 12040 is 12.4."""
    found = _HEADER.search(text[:MAX_CHARACTERS])
    if found is None:
        return None
    return cuda_version(int(found.group("number")))


def parse_nccl_header(text: str) -> str | None:
    """The version of an `nccl.h`."""
    parts = {found.group("part"): found.group("number") for found in _NCCL.finditer(text[:MAX_CHARACTERS])}
    return ".".join(parts[part] for part in ("MAJOR", "MINOR", "PATCH")) if len(parts) == 3 else None
