import pytest

from envcheck.facts.snapshot import Completeness
from envcheck.readers.read import read_text

PYTORCH = "pytorch                   2.5.1           py3.11_cuda12.1_cudnn9.1.0_0    pytorch"


def test_a_row_of_condas_has_a_build_that_nothing_else_has() -> None:
    facts = read_text(f"I have this:\n{PYTORCH}\nand it does not work")
    package = facts.package("torch")
    assert package is not None
    assert (package.version, package.channel, package.manager) == ("2.5.1", "pytorch", "conda")
    assert (facts.builds["torch"].cuda, facts.builds["torch"].cudnn) == ("12.1", "9.1.0")
    assert facts.observed.packages is Completeness.PARTIAL


def test_what_conda_search_offers_is_not_installed() -> None:
    offered = "\n".join(f"pytorch  2.3.1  py3.{minor}_cpu_0  pytorch" for minor in (10, 11))
    assert read_text(offered).packages == ()
    header = "Loading channels: done\n# Name                       Version           Build  Channel\n"
    assert read_text(header + offered + "\n").packages == ()


def test_rows_of_pip_freeze() -> None:
    facts = read_text("nvidia-cublas-cu12==12.4.5.8\nnvidia-cuda-runtime-cu12==12.6.77\n")
    assert [(package.name, package.version) for package in facts.packages] == [
        ("nvidia-cublas-cu12", "12.4.5.8"),
        ("nvidia-cuda-runtime-cu12", "12.6.77"),
    ]


def test_rows_of_pip_list() -> None:
    rows = "torch                2.14.0+cpu\ntensorrt             10.16.2.10\nonnx                 1.22.0\n"
    assert {package.name for package in read_text(rows).packages} == {"torch", "tensorrt", "onnx"}


def test_a_few_words_and_numbers_are_no_list() -> None:
    assert read_text("step  1.0\nloss  2.5\n").packages == ()
    assert read_text("threshold==3.5\n").packages == ()
    assert read_text("epoch 10 5 done\n").packages == ()


@pytest.mark.parametrize(
    "text",
    [
        "# requirements.txt\ntorch==2.1.0\ntorchvision==0.15.0\n",
        "torch==2.1.0\ntorchvision==0.15.0\nnumpy>=1.24\n",
        "--index-url https://download.pytorch.org/whl/cu121\ntorch==2.1.0\ntorchvision==0.15.0\n",
    ],
)
def test_what_a_file_of_requirements_asks_for_is_not_installed(text: str) -> None:
    assert read_text(text).packages == ()


def test_a_file_that_pip_freeze_wrote_is_what_was_installed() -> None:
    facts = read_text("$ pip freeze > requirements.txt; cat requirements.txt\ntorch==2.1.0\ntorchvision==0.16.0\n")
    assert {package.name for package in facts.packages} == {"torch", "torchvision"}
