"""The lists of pip and conda, whole, filtered and cut; what only looks like one is none."""

import time

import pytest

from envcheck.readers.read import read_text

PIP_LIST = """Package           Version   Editable project location
----------------- --------- -------------------------
onnxruntime       1.18.1
onnxruntime-gpu   1.18.1
my_tool           0.1.0     /home/u/my_tool

Everything else is fine 1.0"""
CONDA = """# packages in environment at /home/u/miniconda3/envs/ml:
#
# Name                    Version                   Build  Channel
pytorch                   2.1.0           cpu_generic_py310h1234567_0    conda-forge
pytorch-mutex             1.0                         cpu    pytorch
transformers              4.40.0                   pypi_0    pypi"""


def versions(text: str) -> dict[str, object]:
    return {package.name: package.version for package in read_text(text).packages}


def test_the_table_of_pip_ends_with_its_last_row() -> None:
    assert versions(PIP_LIST) == {"onnxruntime": "1.18.1", "onnxruntime-gpu": "1.18.1", "my-tool": "0.1.0"}


@pytest.mark.parametrize("command", ["$ pip list | grep onnx", "(env) C:\\>pip list", "!pip3 freeze", "python -m pip list", "uv pip list"])
def test_what_stands_below_the_command_is_its_list(command: str) -> None:
    assert versions(f"{command}\nonnx  1.15.0\nhumanfriendly==10.0\nbye") == {"onnx": "1.15.0", "humanfriendly": "10.0"}


def test_pip_show_is_a_name_and_the_version_below_it() -> None:
    shown = "Name: onnxruntime_gpu\nVersion: 1.17.1\nSummary: …\n---\nName: rembg\nVersion: 2.0.50"
    assert versions(shown) == {"onnxruntime-gpu": "1.17.1", "rembg": "2.0.50"}
    assert versions("Name: AMD Ryzen 7\nCores: 8") == {}


def test_conda_names_the_build_and_what_pip_brought() -> None:
    facts = read_text(CONDA)
    torch, transformers = facts.package("torch"), facts.package("transformers")
    assert torch is not None
    assert (torch.manager, torch.build, torch.channel) == ("conda", "cpu_generic_py310h1234567_0", "conda-forge")
    assert transformers is not None
    assert transformers.manager == "pip"
    assert facts.builds["torch"].cuda is None


def test_of_an_installation_only_what_excludes_each_other_is_believed() -> None:
    assert {package.name for package in read_text("!pip install onnxruntime-gpu onnxruntime tools").packages} == {
        "onnxruntime",
        "onnxruntime-gpu",
    }
    for command in ("pip install onnxruntime-gpu", "pip install torch==2.1.0 torchvision", "pip uninstall onnxruntime onnxruntime-gpu"):
        assert read_text(command).packages == ()


@pytest.mark.parametrize("text", ["Package delivered 3.2 days late", "the list 1.0 of things", "Name: x\n\nVersion: 1.0"])
def test_prose_is_no_list(text: str) -> None:
    assert versions(text) == {}


def test_a_line_of_spaces_costs_no_time() -> None:
    before = time.perf_counter()
    assert versions("pip list\n" + ("a 1" + " " * 9000 + "x\n") * 50) == {}
    assert versions(("torch.__version__" + " " * 1900 + "x\n") * 50) == {}
    assert time.perf_counter() - before < 1
