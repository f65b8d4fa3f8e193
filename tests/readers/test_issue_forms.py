"""The forms of TensorFlow's tracker, in both shapes, filled in as people fill them in."""

import pytest
from msgspec import UNSET

from envcheck.facts.snapshot import Snapshot
from envcheck.readers.read import read_text


def toolkits(facts: Snapshot) -> dict[str, object]:
    return {toolkit.name: toolkit.version for toolkit in facts.toolkits}


def test_headings_with_answers_below_them() -> None:
    facts = read_text(
        "### TensorFlow version\n\n2.12.0\n\n### OS platform and distribution\n\nLinux Ubuntu 22.04\n\n### Python version\n\n3.10\n\n"
        "### CUDA/cuDNN version\n\nCUDA 12.1 / cuDNN 8.9.1\n\n### GPU model and memory\n\nNVIDIA GeForce RTX 3070 8GB\n"
    )
    package = facts.package("tensorflow")
    assert package is not None
    assert (package.version, facts.system.os, facts.python.version) == ("2.12.0", "Linux", "3.10")
    assert toolkits(facts) == {"cuda": "12.1", "cudnn": "8.9.1"}
    assert facts.accelerators[0].name == "NVIDIA GeForce RTX 3070"


def test_labels_with_answers_behind_them() -> None:
    facts = read_text(
        "- OS Platform and Distribution (e.g., Linux Ubuntu 16.04): Windows 10\n- TensorFlow version (use command below): 2.3.0\n"
        "- CUDA/cuDNN version: 10.1 / 7.6.5\n- GPU model and memory: GTX 1660 Ti, 6GB\n"
    )
    package = facts.package("tensorflow")
    assert package is not None
    assert str(package.version).startswith("2.3.0")
    assert facts.system.os == "Windows"
    assert toolkits(facts) == {"cuda": "10.1", "cudnn": "7.6.5"}
    assert facts.accelerators[0].name == "GTX 1660 Ti"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("11.2/8.1", {"cuda": "11.2", "cudnn": "8.1"}),
        ("CUDA:10.1 / cuDNN:7.6.5", {"cuda": "10.1", "cudnn": "7.6.5"}),
        ("Cuda compilation tools, release 12.1, V12.1.105", {"cuda": "12.1.105"}),
        ("cuDNN 8.6", {"cudnn": "8.6"}),
        ("11.8", {"cuda": "11.8"}),
        ("11.2.r11/8.6", {"cuda": "11.2", "cudnn": "8.6"}),
        ("N/A", {}),
        ("_No response_", {}),
        ("the newest", {}),
    ],
)
def test_versions_of_cuda_and_cudnn(answer: str, expected: dict[str, str]) -> None:
    assert toolkits(read_text(f"CUDA/cuDNN version: {answer}\n")) == expected


def test_an_empty_answer_is_none() -> None:
    facts = read_text("### GPU model and memory\n\n### Current behavior?\n\nRTX 3090 is not seen\n")
    assert facts.accelerators == ()
    assert read_text("- OS Platform and Distribution:\n- Python version:\n").system.os is UNSET


def test_wsl_is_no_windows() -> None:
    facts = read_text("### OS platform and distribution\n\nWindows 11 WSL2 Ubuntu 22.04\n")
    assert (facts.system.os, facts.system.wsl) == ("Linux", 2)


def test_lines_of_the_script() -> None:
    facts = read_text(
        "== check os platform ===============================================\nos: Linux\n"
        "os platform: Linux-5.4.0-150-generic-x86_64-with-glibc2.31\n== tensorflow import ====\ntf.version.VERSION = 2.4.1\n"
    )
    package = facts.package("tensorflow")
    assert package is not None
    assert (package.version, facts.system.kernel) == ("2.4.1", "5.4.0-150-generic")


def test_headings_are_read_without_their_marks_too() -> None:
    facts = read_text(
        "TensorFlow version\nv2.11.0-rc2-15-g6290819256d 2.11.0\nOS platform and distribution\nWindows 11\nPython version\n3.9\n"
        "CUDA/cuDNN version\nCuda compilation tools, release 12.6, V12.6.85; cuDNN: Driver Version: 561.17\n"
        "GPU model and memory\nRTX 4080\n"
    )
    package = facts.package("tensorflow")
    assert package is not None
    assert (package.version, facts.system.os, facts.python.version) == ("2.11.0", "Windows", "3.9")
    assert toolkits(facts) == {"cuda": "12.6.85"}
    assert facts.accelerators[0].name == "RTX 4080"


def test_an_entry_of_a_list_is_no_answer_to_the_one_above() -> None:
    assert read_text("- CUDA/cuDNN version:\n- GPU model and memory: 3.5 GB\nPython version\nBazel version:\n3.1\n").toolkits == ()
