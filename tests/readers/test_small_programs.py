"""Answers of uname -m, which, python -V, ldd --version, module list, systeminfo and ver, with the prompts that people paste."""

import pytest

from envcheck.readers.read import read_text


@pytest.mark.parametrize(
    ("text", "machine"),
    [
        ("user@host:~$ uname -m\naarch64", "aarch64"),
        ("$ arch\nx86_64", "x86_64"),
        ("+ uname -m\naarch64\n\n+ pip3 install torch", "aarch64"),
        ("$ dpkg --print-architecture\namd64", "x86_64"),
    ],
)
def test_the_machine(text: str, machine: str) -> None:
    assert read_text(text).system.machine == machine


def test_a_word_alone_is_no_answer() -> None:
    assert not isinstance(read_text("the archive\naarch64.tar.gz\nfor you").system.machine, str)


@pytest.mark.parametrize(
    ("text", "libc"),
    [
        ("ldd (Ubuntu GLIBC 2.31-0ubuntu9.9) 2.31", "glibc 2.31"),
        ("ldd (GNU libc) 2.17", "glibc 2.17"),
        ("GNU C Library (Debian GLIBC 2.36-9+deb12u4) stable release version 2.36.", "glibc 2.36"),
        ("$ getconf GNU_LIBC_VERSION\nglibc 2.28", "glibc 2.28"),
        ("musl libc (x86_64)\nVersion 1.2.4\nDynamic Program Loader", "musl 1.2.4"),
    ],
)
def test_the_c_library(text: str, libc: str) -> None:
    assert read_text(text).system.libc == libc


def test_programs_and_their_places() -> None:
    facts = read_text(
        "$ which nvcc\n/usr/local/cuda-12.4/bin/nvcc\n(ml) $ which python\n/opt/conda/envs/ml/bin/python\n$ python -V\nPython 3.10.14"
    )
    assert [(kit.version, kit.path) for kit in facts.toolkits] == [("12.4", "/usr/local/cuda-12.4")]
    assert (facts.python.executable, facts.python.version) == ("/opt/conda/envs/ml/bin/python", "3.10.14")
    assert read_text("C:\\> where python\nC:\\Python311\\python.exe").python.executable == "C:\\Python311\\python.exe"
    assert not isinstance(read_text("$ which python\nwhich: no python in (/usr/bin)").python.executable, str)


@pytest.mark.parametrize(
    "text",
    [
        "Currently Loaded Modulefiles:\n 1) cuda/11.8   2) cudnn/8.6.0   3) gcc/9.3.0",
        "$ module list\n\nCurrently Loaded Modules:\n  1) gcc/9.3.0   2) CUDA/11.8.0 (g)\n  3) cuDNN/8.6.0.163-CUDA-11.8.0\n",
    ],
)
def test_loaded_modules(text: str) -> None:
    assert {kit.name: str(kit.version)[:3] for kit in read_text(text).toolkits} == {"cuda": "11.", "cudnn": "8.6"}


@pytest.mark.parametrize(
    ("text", "release"),
    [
        ("Microsoft Windows [Version 10.0.19045.4170]", "10"),
        ("Microsoft Windows [版本 10.0.22631.3447]\n(c) Microsoft Corporation", "11"),
        ("Microsoft Windows [Version 6.1.7601]", "7"),
        ("OS Name:                   Microsoft Windows 11 Pro\nOS Version:                10.0.22631 N/A Build 22631", "11"),
    ],
)
def test_windows(text: str, release: str) -> None:
    facts = read_text(text)
    assert (facts.system.os, facts.system.distribution_version) == ("Windows", release)


@pytest.mark.parametrize("memory", ["32,605 MB", "32.605 MB", "32 605 MB"])
def test_systeminfo(memory: str) -> None:
    facts = read_text(f"OS Name: Microsoft Windows 10 Home\nSystem Type:     x64-based PC\nTotal Physical Memory:     {memory}")
    assert (facts.system.machine, facts.memory.total_bytes) == ("AMD64", 32605 * 2**20)


@pytest.mark.parametrize(
    ("text", "identity", "version"),
    [
        ("$ cat /etc/redhat-release\nCentOS Linux release 7.9.2009 (Core)", "centos", "7.9"),
        ("Amazon Linux release 2 (Karoo)", "amzn", "2"),
        ("Fedora release 39 (Thirty Nine)", "fedora", "39"),
    ],
)
def test_release_files(text: str, identity: str, version: str) -> None:
    system = read_text(text).system
    assert (system.distribution_id, system.distribution_version) == (identity, version)


def test_hostnamectl() -> None:
    text = "Operating System: Ubuntu 22.04.4 LTS\n          Kernel: Linux 5.15.0-1053-nvidia\n    Architecture: arm64\n"
    system = read_text(text).system
    assert (system.distribution_version, system.kernel, system.machine) == ("22.04", "5.15.0-1053-nvidia", "aarch64")


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [
        ("Linux aarch64\n", "machine", "aarch64"),
        ("Darwin arm64\n", "os", "Darwin"),
        ("Linux-6.8.0-40-generic-x86_64-with-glibc2.39\n", "kernel", "6.8.0-40-generic"),
        ("Windows-10-10.0.19045-SP0\n", "os", "Windows"),
    ],
)
def test_answers_that_need_no_question(text: str, fact: str, value: str) -> None:
    assert getattr(read_text(text).system, fact) == value


def test_version_machine_and_bits_on_one_line() -> None:
    facts = read_text("3.12.1 x86_64 64\n")
    assert (facts.python.version, facts.system.machine, facts.python.bits) == ("3.12.1", "x86_64", 64)


def test_an_interpreter_alone_is_the_answer_of_a_short_text_only() -> None:
    assert read_text("/home/a/v/bin/python3\n").python.executable == "/home/a/v/bin/python3"
    assert not isinstance(read_text("/home/a/v/bin/python3\n" + "a line\n" * 9).python.executable, str)
