"""Marks by which a text shows its distribution, Windows or a Jetson where nobody names them."""

import pytest

from envcheck.facts.snapshot import known
from envcheck.readers.read import read_text


@pytest.mark.parametrize(
    ("text", "distribution"),
    [
        ("ii  nvidia-driver-535  535.154.05-0ubuntu0.22.04.1  amd64  NVIDIA driver metapackage", "ubuntu"),
        ("Linux box 5.15.0-116-generic #126-Ubuntu SMP Mon Jul 1 10:14:24 UTC 2024 x86_64 GNU/Linux", "ubuntu"),
        ("6.1.90-1+deb12u1", "debian"),
        ("Kernel: Linux 6.17.10-300.fc43.x86_64", "fedora"),
        ("Fedora release 39 (Thirty Nine)", "fedora"),
        ("kmod-nvidia-latest-dkms-545.23.08-1.el8.x86_64", "rhel"),
        ("Rocky Linux release 9.3 (Blue Onyx)", "rocky"),
        ("linux 6.9.3.arch1-1", "arch"),
        ("Ubuntu 22.04, RTX 3090", "ubuntu"),
        ("kernel 5.10.0", ""),
        ("6.17.10-300.fc43.x86_64\nlibfoo 1.2-0ubuntu1", ""),  # two systems: neither is told
        ("the package elf 1.el70 and arch-list sm_80", ""),
    ],
)
def test_versions_tell_the_distribution(text: str, distribution: str):
    assert known(read_text(text).system.distribution_id, "") == distribution


@pytest.mark.parametrize(
    ("text", "system"),
    [
        ("PS C:\\Users\\me> pip list", "Windows"),
        ("(venv) D:\\ComfyUI>python main.py", "Windows"),
        ('  File "C:\\x\\torch\\cuda\\__init__.py", line 3, in f', "Windows"),
        ("c:\\work>pip list", "Windows"),
        ("Processing c:\\users\\me\\appdata\\local\\pip\\cache\\wheels\\09\\jax-0.3.4-py3-none-any.whl", "Windows"),
        ("Requirement already satisfied: numpy>=1.19 in d:\\env\\lib\\site-packages (from jax) (1.21.5)", "Windows"),
        ("Location: c:\\python310\\lib\\site-packages", "Windows"),
        ("Requirement already satisfied: numpy in /usr/lib/python3/dist-packages (1.21.5)", ""),
        ("Processing c:\\x\\y.whl\nunder WSL it works", ""),
        ("PS C:\\> wsl -l -v", ""),
        ("PS C:\\> docker run --gpus all ubuntu nvidia-smi", ""),
        ("see C:\\Users\\me\\x.py", ""),
    ],
)
def test_paths_and_prompts_tell_windows(text: str, system: str):
    assert known(read_text(text).system.os, "") == system


def test_a_jetson_is_known_by_its_release():
    assert read_text("Jetson Orin Nano, JetPack 6.0 (L4T 36.3.0)").nvidia.l4t_version == "36.3.0"
    assert not known(read_text("L4T is what Jetsons run").nvidia.l4t_version, "")


def test_what_is_said_outright_wins():
    text = 'NAME="Pop!_OS"\nID=pop\nID_LIKE="ubuntu debian"\nVERSION_ID="22.04"\nnvidia-driver-535 535.154.05-0ubuntu0.22.04.1\n'
    assert read_text(text).system.distribution_id == "pop"


@pytest.mark.parametrize("line", ["C:\\Users\\anna>nvidia-smi", "(base) D:\\ml>python train.py", "PS C:\\Users\\k> python -V"])
def test_a_prompt_of_windows_is_printed_and_not_told(line: str) -> None:
    facts = read_text(f"{line}\n")
    assert facts.system.os == "Windows"
    assert facts.source_of("system.os") == "report line 1"
