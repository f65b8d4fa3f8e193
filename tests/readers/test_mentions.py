"""What people write themselves, and what is not taken for it."""

import pytest
from msgspec import UNSET

from envcheck.readers.read import read_text


@pytest.mark.parametrize(
    ("line", "name", "version"),
    [
        ("torch 2.0.1", "torch", "2.0.1"),
        ("PyTorch: 2.11.0", "torch", "2.11.0"),
        ("- TensorFlow version: 2.3.0", "tensorflow", "2.3.0"),
        ("torch==1.8.1+rocm4.0.1", "torch", "1.8.1+rocm4.0.1"),
        ("transformers version 4.27.4", "transformers", "4.27.4"),
        ("torch 2.7.0 (cuda 12.8) and flash_attn-2.7.4.post1", "flash-attn", "2.7.4.post1"),
        ("jaxlib: 0.4.33", "jaxlib", "0.4.33"),
    ],
)
def test_a_version_in_a_few_words_is_taken(line: str, name: str, version: str) -> None:
    package = read_text(line).package(name)
    assert package is not None
    assert package.version == version


@pytest.mark.parametrize(
    "line",
    [
        "pip install torch==2.1.0",
        "ERROR: No matching distribution found for torch==1.13.1",
        "Collecting torch==2.0.1",
        "tensorflow 2.13.0 requires numpy<=1.24.3,>=1.22",
        "versions of NumPy, modules must be compiled with NumPy 2.0.",
        "you should upgrade to torch 2.4.0 " + "because of this and that " * 10,
        "https://example.org/torch-1.0.1.whl",
        "my torch is 2 years old",
    ],
)
def test_what_was_wanted_refused_or_advised_is_not_there(line: str) -> None:
    assert read_text(line).packages == ()


def test_a_tools_output_is_believed_more_than_prose_whatever_comes_first() -> None:
    facts = read_text("torch 1.0.0, driver 390.87\n[pip3] torch==2.4.0\nNvidia driver version: 550.54.15\n")
    torch = facts.package("torch")
    assert torch is not None
    assert (torch.version, facts.nvidia.driver_version) == ("2.4.0", "550.54.15")
    assert {entry.value for entry in facts.contradictions} == {"1.0.0", "390.87"}


def test_systems_are_taken() -> None:
    assert read_text("windows 11, python 3.11, anaconda environment").system.os == "Windows"
    facts = read_text("Ubuntu 22.04, Python 3.10")
    assert (facts.system.os, facts.system.distribution_version, facts.python.version) == ("Linux", "22.04", "3.10")
    assert facts.source_of("system.os") == "report line 1, as told"


def test_a_tag_in_prose_tells_the_build() -> None:
    assert read_text("torch 1.6+cu101").builds["torch"].cuda == "10.1"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("GPU: RTX 4070", "RTX 4070"),
        ("**GPU**: NVIDIA GeForce RTX 5090", "NVIDIA GeForce RTX 5090"),
        ("Hardware: NVIDIA Jetson AGX Orin", "NVIDIA Jetson AGX Orin"),
        ("torch 2.2.0+cpu, RTX 4060, driver 551.23", "RTX 4060"),
        (
            "01:00.0 VGA compatible controller: NVIDIA Corporation GA106 [GeForce RTX 3060 Lite Hash Rate] (rev a1)",
            "GeForce RTX 3060 Lite Hash Rate",
        ),
        ("On my old box with a GTX 1080 Ti everything was fine", None),
        ("GPU: Intel Iris Xe", None),
        ("00:02.0 VGA compatible controller: Intel Corporation TigerLake-LP GT2 [Iris Xe Graphics]", "Iris Xe Graphics"),
    ],
)
def test_a_card_counts_where_a_line_lists_it(line: str, name: str | None) -> None:
    assert [card.name for card in read_text(line).accelerators] == ([name] if name else [])


def test_single_lines_that_programs_print_are_read() -> None:
    facts = read_text("NVRM version: NVIDIA UNIX x86_64 Kernel Module  470.182.03  Fri Feb 24 03:29:56 UTC 2023\n")
    assert (facts.nvidia.kernel_module_version, facts.nvidia.driver_version) == ("470.182.03", "470.182.03")
    facts = read_text("- PyTorch version (GPU?): 2.5.1+cu124 (True)")
    assert (facts.builds["torch"].cuda, facts.builds["torch"].cuda_available) == ("12.4", True)
    assert read_text("Driver Version: 535.183.01 CUDA Version: 12.2").nvidia.cuda_version == "12.2"


@pytest.mark.parametrize("line", ["Windows", "windows", "OS: Windows", "Windows install error", "on native Windows"])
def test_windows_alone_in_its_line_is_the_system(line: str) -> None:
    assert read_text(line).system.os == "Windows"


@pytest.mark.parametrize("line", ["the windows of the editor flicker", "Windows works, Linux does not", "import torch  # windows"])
def test_other_windows_are_none(line: str) -> None:
    assert read_text(line).system.os is UNSET


def test_of_a_long_line_its_sentences_are_read() -> None:
    facts = read_text(
        "Windows 11. tensorflow version is 2.12.0. The card is an older one that I bought for games, the driver was updated a week ago, "
        "and everything else on this machine works as it should. Spyder version is 5.4.2."
    )
    package = facts.package("tensorflow")
    assert package is not None
    assert (package.version, facts.system.os) == ("2.12.0", "Windows")


def test_two_builds_of_one_module_that_somebody_has() -> None:
    facts = read_text("I have both onnxruntime and onnxruntime-gpu installed")
    assert facts.package("onnxruntime") is not None
    assert facts.package("onnxruntime-gpu") is not None


@pytest.mark.parametrize(
    "line",
    [
        "1. Install both `onnxruntime` and `onnxruntime-gpu`",
        "Install both onnxruntime-gpu and onnxruntime packages on a machine with a GPU. Ask for CUDA.",
        "It is slow. After I installed both onnxruntime and onnxruntime-gpu the GPU is idle.",
    ],
)
def test_whoever_installs_both_has_both(line: str) -> None:
    facts = read_text(line)
    assert [facts.package(name) is not None for name in ("onnxruntime", "onnxruntime-gpu")] == [True, True]


@pytest.mark.parametrize(
    "line",
    [
        "do not install both onnxruntime and onnxruntime-gpu",
        "If you install both onnxruntime and onnxruntime-gpu, the CPU build wins",
        "Install both onnxruntime and onnxruntime-gpu?",
        "onnxruntime should not be installed beside onnxruntime-gpu",
        "make sure only one of onnxruntime and onnxruntime-gpu is installed",
        "is onnxruntime installed or onnxruntime-gpu?",
    ],
)
def test_advice_about_them_is_no_list(line: str) -> None:
    assert read_text(line).package("onnxruntime-gpu") is None


@pytest.mark.parametrize(
    ("line", "version"),
    [
        ("RTX 3090, driver 510.47, I did pip install torch==2.6.0+cu124 and it is False", "2.6.0+cu124"),
        ("we installed it with pip install torch==2.6.0", "2.6.0"),
        ("I've just run pip install torch==2.6.0", None),
        ("Should I pip install torch==2.6.0+cu124?", None),
        ("I ran pip install torch==1.7.0+cu110 and got an error", None),
    ],
)
def test_an_installation_that_somebody_says_to_have_made_is_there(line: str, version: str | None) -> None:
    torch = read_text(line).package("torch")
    assert (torch.version if torch is not None else None) == version
