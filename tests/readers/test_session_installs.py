"""Installations between the prompts of one running Python."""

import pytest

from envcheck.facts.symptoms import SymptomKind
from envcheck.readers.read import read_text

INSTALLED = "Successfully installed torch-2.4.0 triton-3.0.0\n"


def seen(text: str) -> list[tuple[str, str]]:
    said = (each for each in read_text(text).symptoms if each.kind is SymptomKind.RESTART_ADVISED)
    return [(each.details["loaded"], each.details["installed"]) for each in said if each.details.get("reason") == "session"]


@pytest.mark.parametrize(
    ("text", "loaded"),
    [
        ("In [1]: import torch, os\nIn [2]: !pip install torch==2.4.0\n" + INSTALLED, "torch os"),
        ("In [4]:\nfrom torch.nn import Linear\nIn [5]:\n%pip install torch==2.4.0\n" + INSTALLED, "torch"),
        (">>> import numpy as np; import torch\n>>> os.system('pip install torch==2.4.0')\n" + INSTALLED, "numpy torch"),
    ],
)
def test_what_was_imported_before_is_told_with_what_came(text: str, loaded: str) -> None:
    assert seen(text) == [(loaded, "torch triton")]


@pytest.mark.parametrize(
    "text",
    [
        "In [1]: !pip install torch==2.4.0\n" + INSTALLED + "In [2]: import torch\n",
        "In [7]: import torch\nIn [1]: !pip install torch==2.4.0\n" + INSTALLED,
        ">>> import torch\n>>> exit()\n$ pip install torch==2.4.0\n" + INSTALLED,
        ">>> import torch\nC:\\Users\\a>pip install torch==2.4.0\n" + INSTALLED,
        "import torch\n" + INSTALLED,
    ],
)
def test_another_program_has_loaded_nothing(text: str) -> None:
    assert seen(text) == []
