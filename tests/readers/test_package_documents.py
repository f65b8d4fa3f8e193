"""JSON of pip and conda, and the files that conda writes: of these only what was written of an environment."""

import json

import pytest

from envcheck.readers.read import read_text

INSPECTED = {
    "version": "1",
    "pip_version": "24.0",
    "installed": [
        {
            "metadata": {"metadata_version": "2.1", "name": "Torch", "version": "2.3.0+cu121", "platform": ["UNKNOWN"]},
            "metadata_location": "/opt/venv/lib/python3.11/site-packages/torch-2.3.0.dist-info",
            "installer": "uv",
            "requested": True,
        },
    ],
    "environment": {
        "platform_machine": "aarch64",
        "platform_release": "6.5.0-26-generic",
        "platform_system": "Linux",
        "python_full_version": "3.11.8",
    },
}


@pytest.mark.parametrize("indent", [None, 2])
def test_pip_inspect_tells_the_environment_too(indent: int | None) -> None:
    facts = read_text(f"$ pip inspect\n{json.dumps(INSPECTED, indent=indent)}\n$ exit")
    torch = facts.package("torch")
    assert torch is not None
    assert (torch.version, torch.location, torch.installer) == ("2.3.0+cu121", "/opt/venv/lib/python3.11/site-packages", "uv")
    assert (facts.system.machine, facts.system.kernel, facts.python.version) == ("aarch64", "6.5.0-26-generic", "3.11.8")
    assert facts.builds["torch"].cuda == "12.1"
    if indent:
        assert facts.source_of("packages[torch].version") == "report line 9"


def test_lists_of_json_are_those_of_pip_and_conda() -> None:
    pip = '[{"name": "numpy", "version": "1.26.4"}, {"name": "x", "version": "0.1", "editable_project_location": "/home/x"}]'
    assert {package.name for package in read_text(pip).packages} == {"numpy", "x"}
    conda = '[\n {\n  "build_string": "py3.10_cpu_0",\n  "channel": "pytorch",\n  "name": "pytorch",\n  "version": "2.1.0"\n }\n]'
    facts = read_text(conda)
    assert facts.builds["torch"].cuda is None
    assert facts.packages[0].manager == "conda"
    assert read_text('[{"name": "my-model", "version": "3", "files": 4}]').packages == ()


EXPORT = """$ conda env export
name: ldm
channels:
  - pytorch
dependencies:
  - python=3.8.5=h7579374_1
  - pytorch=1.11.0=py3.8_cuda11.3_cudnn8.2.0_0
  - pip:
    - transformers==4.19.2
prefix: /home/me/miniconda3/envs/ldm
"""


def test_what_conda_exports_is_there() -> None:
    facts = read_text(EXPORT)
    assert {package.name: package.version for package in facts.packages} == {"python": "3.8.5", "torch": "1.11.0", "transformers": "4.19.2"}
    assert facts.builds["torch"].cuda == "11.3"
    assert facts.python.version == "3.8.5"


@pytest.mark.parametrize(
    "text",
    [
        "name: ldm\ndependencies:\n  - python=3.8.5\n  - pytorch=1.11.0\n  - pip:\n    - torch==1.11.0\n    - numpy==1.21.0\n",
        "dependencies:\n  - python=3.8.5=h7579374_1\n  - pytorch=1.11.0=py3.8_cuda11.3_cudnn8.2.0_0\n",
    ],
)
def test_a_file_that_says_what_is_wanted_is_no_list(text: str) -> None:
    facts = read_text(text)
    assert facts.packages == ()
    assert not isinstance(facts.python.version, str)


@pytest.mark.parametrize(
    "rows",
    [
        "python=3.9.18=h955ad1f_0\npytorch=2.0.1=py3.9_cpu_0\n",
        (
            "@EXPLICIT\nhttps://repo.anaconda.com/pkgs/main/linux-64/python-3.9.18-h955ad1f_0.conda\n"
            "https://conda.anaconda.org/pytorch/linux-64/pytorch-2.0.1-py3.9_cpu_0.tar.bz2#0123456789abcdef\n"
        ),
    ],
)
def test_conda_list_export_and_explicit(rows: str) -> None:
    facts = read_text(f"# This file may be used to create an environment using:\n# platform: linux-64\n{rows}")
    assert {package.name: package.version for package in facts.packages} == {"python": "3.9.18", "torch": "2.0.1"}
    assert facts.builds["torch"].cuda is None
    assert facts.system.os == "Linux"
