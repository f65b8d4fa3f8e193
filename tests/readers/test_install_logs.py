"""What pip and uv say that they did, in its order; what is only planned or refused is not there."""

import pytest

from envcheck.readers.read import read_text


def versions(text: str) -> dict[str, object]:
    return {package.name: package.version for package in read_text(text).packages}


PIP = """(venv) me@box:~$ pip install -U accelerate
Defaulting to user installation because normal site-packages is not writeable
Requirement already satisfied: numpy in /home/me/.local/lib/python3.10/site-packages (1.26.1)
Requirement already satisfied: torch>=1.10.0 in ./venv/lib/python3.10/site-packages (from accelerate) (2.2.2+cu118)
Installing collected packages: safetensors, accelerate
  Attempting uninstall: accelerate
    Found existing installation: accelerate 0.21.0
    Uninstalling accelerate-0.21.0:
      Successfully uninstalled accelerate-0.21.0
Successfully installed accelerate-0.30.1 nvidia-cuda-nvrtc-cu12-12.1.105 safetensors-0.4.3
"""


def test_the_last_word_on_a_distribution_holds() -> None:
    facts = read_text(PIP)
    assert versions(PIP) == {
        "numpy": "1.26.1",
        "torch": "2.2.2+cu118",
        "accelerate": "0.30.1",
        "nvidia-cuda-nvrtc-cu12": "12.1.105",
        "safetensors": "0.4.3",
    }
    assert facts.builds["torch"].cuda == "11.8"
    assert facts.source_of("packages[accelerate].version") == "report line 10"
    numpy = facts.package("numpy")
    assert numpy is not None
    assert numpy.location == "/home/me/.local/lib/python3.10/site-packages"


@pytest.mark.parametrize(
    "text",
    [
        "Successfully installed jinja2-3.1.3 num\npy-1.26.3 torch-2.3.1+cu121 typing-extensions\n-4.9.0\n$ python",
        "> Successfully installed jinja2-3.1.3 numpy-1.26.3\r\n> torch-2.3.1+cu121 typing-extensions-4.9.0\r\n> done",
        "#12 55.2 Successfully installed jinja2-3.1.3 numpy-1.26.3 torch-2.3.1+cu121 typing-extensions-4.9.0",
    ],
)
def test_a_list_that_a_terminal_or_a_log_has_changed(text: str) -> None:
    assert versions(text) == {"jinja2": "3.1.3", "numpy": "1.26.3", "torch": "2.3.1+cu121", "typing-extensions": "4.9.0"}


def test_what_was_taken_out_is_not_there_and_what_was_put_back_is() -> None:
    removed = "Found existing installation: torch 2.0.1\nUninstalling torch-2.0.1:\n  Successfully uninstalled torch-2.0.1\n"
    assert versions(removed) == {}
    assert versions(f"{removed}  Rolling back uninstall of torch\n") == {"torch": "2.0.1"}
    assert versions(f"{removed}Successfully installed torch-2.1.0+cu118\n") == {"torch": "2.1.0+cu118"}


def test_uv_lists_what_it_changed() -> None:
    text = """Resolved 25 packages in 1.02s
Prepared 2 packages in 10.02s
Uninstalled 1 package in 5ms
Installed 2 packages in 80ms
 - torch==2.4.0
 + torch==2.5.1+cu124
 ~ mine==0.1.0 (from file:///src/mine)
"""
    assert versions(text) == {"torch": "2.5.1+cu124", "mine": "0.1.0"}
    assert "2.0" not in versions("--- a/requirements.txt\n+++ b/requirements.txt\n - numpy==1.0\n + numpy==2.0\n").values()


def test_a_list_below_the_log_is_newer_and_one_above_is_older() -> None:
    log = "Successfully installed torch-2.4.0\n"
    table = "Package    Version\n---------- -------\ntorch      2.5.0\n\n"
    assert versions(log + table) == {"torch": "2.5.0"}
    assert versions(table + log) == {"torch": "2.4.0"}


@pytest.mark.parametrize(
    "text",
    [
        "I will run: pip install torch==2.3.0",
        "Collecting torch==2.3.0\n  Downloading torch-2.3.0.tar.gz",
        "Would install torch-2.3.0",
        "The conflict is caused by:\n    The user requested torch==1.10.2\n    torchvision 0.11.2 depends on torch==1.10.1\n",
        "Successfully installed nothing at all",
    ],
)
def test_plans_and_refusals_are_no_installations(text: str) -> None:
    assert versions(text) == {}
