"""What tools print when they are asked for their version, and the files beside them that say it without a process."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

MAX_CHARACTERS = 64 * 1024

# Where the version does not simply follow the tool's name. The comment above each is what the tool prints.
_PATTERNS = {
    # openjdk version "17.0.15" 2025-04-15            java version "1.8.0_292"            openjdk version "21" 2023-09-19
    "java": r'^\S+ version "([^"]+)"',
    # nvcc: NVIDIA (R) Cuda compiler driver … Cuda compilation tools, release 12.4, V12.4.131
    "nvcc": r"release [\d.]+, V([\d.]+)",
    # Client Version: v1.29.0            older: Client Version: version.Info{Major:"1", Minor:"20", GitVersion:"v1.20.2", …
    "kubectl": r'(?:Client Version: |GitVersion:")v(\d[^\s",]*)',
    # HIP version: 6.0.32830-d62f6a171
    "hipcc": r"HIP version: (\d\S*)",
    # mpirun (Open MPI) 4.1.4            Intel(R) MPI Library for Linux* OS, Version 2021.11 Build …            MPICH: Version:    4.0.2
    "mpirun": r"(?:\(Open MPI\)|\(OpenRTE\)|Version:?) +(\d\S*)",
    # ffmpeg version 5.1.6-0+deb12u1 Copyright (c) …            ffmpeg version n6.1            ffmpeg version N-112847-g3d2f61ba9c
    "ffmpeg": r"^ffmpeg version n?(\S+)",
    # Microsoft (R) C/C++ Optimizing Compiler Version 19.38.33130 for x64
    "cl": r" (\d+\.\d+\.\d[\d.]*)",
    # mamba 1.5.8↵conda 24.3.0            from 2.0 on: 2.0.5
    "mamba": r"^(?:mamba )?(\d\S*)",
    # Rscript (R) version 4.2.2 (2022-10-31)            R scripting front-end version 3.6.3
    "Rscript": r"version (\d\S*)",
}
# gcc (Debian 12.2.0-14) 12.2.0            gcc (GCC) 4.8.5 20150623 (Red Hat 4.8.5-44)
# Apple clang version 15.0.0 (clang-1500.3.9.4)            x86_64-conda-linux-gnu-cc (conda-forge gcc 12.3.0-3) 12.3.0
_COMPILERS = frozenset(("cc", "gcc", "g++", "clang", "clang++"))
# git version 2.43.0.windows.1            cmake version 3.25.1            uv 0.5.11 (e590e76b6 2024-12-19)            v20.11.0
# Docker version 24.0.7, build afdd53b            podman version 4.3.1            conda 24.5.0            libprotoc 3.21.12
# Hadoop 3.3.6            apptainer version 1.2.5            8.0.100
_PLAIN = r"(?:^|[\s])v?(\d+\.\d[^\s,;()]*)"


def parse_tool_version(name: str, text: str) -> str | None:
    """The version in what a tool printed, stdout and stderr together (java and cl use the latter); None where it says none.

    Warnings may stand before it: `Picked up JAVA_TOOL_OPTIONS: …`, `Emulate Docker CLI using podman. …`.
    """
    text = text[:MAX_CHARACTERS]
    if name in _COMPILERS:
        # What stands in brackets is the builder's own numbering; the first line that still has a version is the one.
        text = re.sub(r"\([^()\n]*\)", " ", text)
    match = re.search(_PATTERNS.get(name, _PLAIN), text, re.MULTILINE)
    return match.group(1) if match else None


def parse_java_release(text: str) -> str | None:
    """The version in the file `release` of a Java installation.

    IMPLEMENTOR="Debian"
    JAVA_VERSION="17.0.15"
    """
    match = re.search(r'^JAVA_VERSION="?([^"\s]+)', text[:MAX_CHARACTERS], re.MULTILINE)
    return match.group(1) if match else None


def java_feature(version: str) -> int | None:
    """The number that a Java is known by: "17.0.15" is 17, "1.8.0_292" is 8."""
    match = re.match(r"(?:1\.)?(\d+)", version)
    return int(match.group(1)) if match else None


def parse_cuda_manifest(text: str) -> str | None:
    """Nvcc's version in the `version.json` of a CUDA toolkit.

    {"cuda": {"name": "CUDA SDK", "version": "12.4.1"}, "cuda_nvcc": {"name": "CUDA NVCC", "version": "12.4.131"}, …}
    """
    try:
        content = json.loads(text) if len(text) <= MAX_CHARACTERS else None
    except (ValueError, RecursionError):
        return None
    component = content.get("cuda_nvcc") if isinstance(content, dict) else None
    version = component.get("version") if isinstance(component, dict) else None
    return version if isinstance(version, str) and re.fullmatch(r"\d[\d.]*", version) else None


def parse_node_header(text: str) -> str | None:
    """The version in Node.js's `node_version.h`.

    #define NODE_MAJOR_VERSION 18
    #define NODE_MINOR_VERSION 20
    #define NODE_PATCH_VERSION 4
    """
    found = dict(re.findall(r"^#define NODE_(MAJOR|MINOR|PATCH)_VERSION (\d+)", text[:MAX_CHARACTERS], re.MULTILINE))
    return "{MAJOR}.{MINOR}.{PATCH}".format(**found) if len(found) == 3 else None


def version_among(names: Iterable[str], pattern: str) -> str | None:
    """The newest version among the names of files or folders; the pattern's group is the version.

    `sdk/8.0.100`, `sdk/9.0.101`            `conda-24.5.0-py311h06a4308_0.json`            `hadoop-common-3.3.6.jar`
    """
    matches = (re.fullmatch(pattern, name) for name in names)
    versions = [match.group(1) for match in matches if match]
    return max(versions, key=lambda version: [int(part) for part in re.findall(r"\d+", version)], default=None)
