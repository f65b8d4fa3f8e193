"""Environment modules that bring CUDA, and what is said of them."""

import pytest

from envcheck.judging.environment_modules import exchange, loaded_modules, unload
from envcheck.readers.read import read_text

LIST = "Currently Loaded Modules:\n  1) gcc/11.3.0   2) cuda/11.7   3) cuDNN/8.4.1.50-CUDA-11.7.0\n"


@pytest.mark.parametrize(
    ("text", "modules"),
    [
        (LIST, ["cuda/11.7"]),
        ("$ module load gcc/9.3.0 cuda/11.7\n", ["cuda/11.7"]),
        ("[kim@login ~]$ ml CUDA/12.1.1\n", ["CUDA/12.1.1"]),
        ("$ module load cuda/11.7\n$ module unload cuda\n", []),
        ("$ module load cuda/11.7\n$ module purge\n", []),
        ("$ module load cuda/11.7\n$ module swap cuda cuda/12.4\n", ["cuda/12.4"]),
        ("LOADEDMODULES=gcc/9.3.0:cuda/11.2\n", ["cuda/11.2"]),
        ("ml engineers load data\nmodule not found\n", []),
    ],
)
def test_the_modules_that_are_loaded(text: str, modules: list[str]) -> None:
    assert [loaded.module for loaded in loaded_modules(read_text(text), "cuda")] == modules


def test_only_the_libraries_that_are_asked_for() -> None:
    assert [loaded.version for loaded in loaded_modules(read_text(LIST), "cudnn")] == ["8.4.1.50"]


def test_what_is_run_against_them() -> None:
    loaded = loaded_modules(read_text(LIST), "cuda")
    assert unload(loaded)[0].steps[0].run == ("module", "unload", "cuda/11.7")
    assert [step.run for step in exchange(loaded, "12.4")[0].steps[:2]] == [("module", "unload", "cuda/11.7"), ("module", "avail", "cuda")]
    assert exchange(loaded, "11.8") == exchange(loaded, "") == unload([]) == ()
