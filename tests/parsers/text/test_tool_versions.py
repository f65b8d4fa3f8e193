"""What tools print when they are asked for their version."""

import pytest

from envcheck.parsers.text.tool_versions import (
    java_feature,
    parse_cuda_manifest,
    parse_java_release,
    parse_node_header,
    parse_tool_version,
    version_among,
)


@pytest.mark.parametrize(
    ("name", "text", "version"),
    [
        ("java", 'openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment (build 17.0.15+6-Debian-1deb12u1)\n', "17.0.15"),
        ("java", 'java version "1.8.0_292"\nJava(TM) SE Runtime Environment (build 1.8.0_292-b10)\n', "1.8.0_292"),
        ("java", 'Picked up JAVA_TOOL_OPTIONS: -Xmx4g\nopenjdk version "21" 2023-09-19\n', "21"),
        ("java", "Error: could not open `/usr/lib/jvm/java-8-openjdk/lib/amd64/jvm.cfg'\n", None),
        ("git", "git version 2.39.5\n", "2.39.5"),
        ("git", "git version 2.39.3 (Apple Git-146)\n", "2.39.3"),
        ("git", "git version 2.43.0.windows.1\r\n", "2.43.0.windows.1"),
        ("cmake", "cmake version 3.25.1\n\nCMake suite maintained and supported by Kitware (kitware.com/cmake).\n", "3.25.1"),
        ("ninja", "1.11.1\n", "1.11.1"),
        ("gcc", "gcc (Debian 12.2.0-14) 12.2.0\nCopyright (C) 2022 Free Software Foundation, Inc.\n", "12.2.0"),
        ("gcc", "gcc (GCC) 4.8.5 20150623 (Red Hat 4.8.5-44)\n", "4.8.5"),
        ("gcc", "gcc.exe (Rev6, Built by MSYS2 project) 13.1.0\n", "13.1.0"),
        ("cc", "x86_64-conda-linux-gnu-cc (conda-forge gcc 12.3.0-3) 12.3.0\n", "12.3.0"),
        ("gcc", "Apple clang version 15.0.0 (clang-1500.3.9.4)\nTarget: arm64-apple-darwin23.5.0\n", "15.0.0"),
        ("clang", "Ubuntu clang version 14.0.0-1ubuntu1.1\n", "14.0.0-1ubuntu1.1"),
        ("nvcc", "nvcc: NVIDIA (R) Cuda compiler driver\nCuda compilation tools, release 12.4, V12.4.131\n", "12.4.131"),
        ("hipcc", "HIP version: 6.0.32830-d62f6a171\nAMD clang version 17.0.0\n", "6.0.32830-d62f6a171"),
        ("docker", "Docker version 24.0.7, build afdd53b\n", "24.0.7"),
        ("docker", "Emulate Docker CLI using podman. Create /etc/containers/nodocker to quiet msg.\npodman version 4.3.1\n", "4.3.1"),
        ("kubectl", "Client Version: v1.29.0\nKustomize Version: v5.0.4-0.20230601165947-6ce0bf390ce3\n", "1.29.0"),
        ("kubectl", 'Client Version: version.Info{Major:"1", Minor:"20", GitVersion:"v1.20.2", GitCommit:"fa"}\n', "1.20.2"),
        ("node", "v20.11.0\n", "20.11.0"),
        ("conda", "conda 24.5.0\n", "24.5.0"),
        ("mamba", "mamba 1.5.8\nconda 24.3.0\n", "1.5.8"),
        ("mamba", "2.0.5\n", "2.0.5"),
        ("micromamba", "1.5.8\n", "1.5.8"),
        ("uv", "uv 0.5.11 (e590e76b6 2024-12-19)\n", "0.5.11"),
        ("pixi", "pixi 0.39.5\n", "0.39.5"),
        ("dotnet", "8.0.100\n", "8.0.100"),
        ("podman", "podman version 4.3.1\n", "4.3.1"),
        ("apptainer", "apptainer version 1.2.5-1.el9\n", "1.2.5-1.el9"),
        ("singularity", "singularity-ce version 4.1.0-jammy\n", "4.1.0-jammy"),
        ("mpirun", "mpirun (Open MPI) 4.1.4\n\nReport bugs to http://www.open-mpi.org/community/help/\n", "4.1.4"),
        ("mpirun", "HYDRA build details:\n    Version:                                 4.0.2\n", "4.0.2"),
        ("mpirun", "Intel(R) MPI Library for Linux* OS, Version 2021.11 Build 20231005\n", "2021.11"),
        ("protoc", "libprotoc 3.21.12\n", "3.21.12"),
        ("ffmpeg", "ffmpeg version 5.1.6-0+deb12u1 Copyright (c) 2000-2024 the FFmpeg developers\n", "5.1.6-0+deb12u1"),
        ("ffmpeg", "ffmpeg version n6.1 Copyright (c)\n", "6.1"),
        ("hadoop", "Hadoop 3.3.6\nSource code repository https://github.com/apache/hadoop.git -r 1be78238\n", "3.3.6"),
        ("Rscript", "Rscript (R) version 4.2.2 (2022-10-31)\n", "4.2.2"),
        ("Rscript", "R scripting front-end version 3.6.3 (2020-02-29)\n", "3.6.3"),
        ("git", "", None),
        ("git", "command not found\n", None),
    ],
)
def test_a_tools_words_tell_its_version(name: str, text: str, version: str | None) -> None:
    assert parse_tool_version(name, text) == version


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ('IMPLEMENTOR="Debian"\nJAVA_RUNTIME_VERSION="17.0.15+6"\nJAVA_VERSION="17.0.15"\nJAVA_VERSION_DATE="2025-04-15"\n', "17.0.15"),
        ('JAVA_VERSION="1.8.0_292"\r\n', "1.8.0_292"),
        ("", None),
    ],
)
def test_a_javas_release_file_tells_its_version(text: str, version: str | None) -> None:
    assert parse_java_release(text) == version


@pytest.mark.parametrize(("version", "feature"), [("1.8.0_292", 8), ("17.0.15", 17), ("21", 21), ("9-ea", 9), ("?", None)])
def test_java_is_known_by_one_number(version: str, feature: int | None) -> None:
    assert java_feature(version) == feature


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ('{"cuda": {"name": "CUDA SDK", "version": "12.4.1"}, "cuda_nvcc": {"name": "CUDA NVCC", "version": "12.4.131"}}', "12.4.131"),
        ('{"cuda": {"version": "12.4.1"}}', None),
        ('{"cuda_nvcc": {"version": 12}}', None),
        ("[]", None),
        ("{", None),
        ("[" * 60000, None),
    ],
)
def test_a_cuda_manifest_tells_the_version_of_nvcc(text: str, version: str | None) -> None:
    assert parse_cuda_manifest(text) == version


def test_nodes_header_tells_its_version_only_if_it_is_whole() -> None:
    header = "#define NODE_MAJOR_VERSION 18\n#define NODE_MINOR_VERSION 20\n#define NODE_PATCH_VERSION 4\n"
    assert parse_node_header(header) == "18.20.4"
    assert parse_node_header(header[:60]) is None


def test_the_newest_version_is_by_its_numbers() -> None:
    assert version_among(["9.0.101", "10.0.100", "NuGetFallbackFolder"], r"(\d+\.\d+\.\d+\S*)") == "10.0.100"
    assert version_among([], r"(\d+)") is None
    names = ["conda-24.5.0-py311h06a4308_0.json", "conda-libmamba-solver-24.1.0-pyhd3eb1b0_0.json", "conda-package-handling-2.2.0-py.json"]
    assert version_among(names, r"conda-(\d[^-]*)-[^-]+\.json") == "24.5.0"
