"""A plain installation that somebody typed says where torch came from, and nothing of its version."""

import pytest

from envcheck.readers.read import read_text


@pytest.mark.parametrize(
    "text",
    [
        "pip install torch",
        "$ pip3 install -U torch torchvision",
        "2. `pip install torch`",
        "!pip install torch",
        "me@box:~$ python -m pip install torch",
    ],
)
def test_it_came_from_pypi(text: str) -> None:
    torch = read_text(text).package("torch")
    assert torch is not None
    assert (torch.channel, isinstance(torch.version, str)) == ("pypi", False)


@pytest.mark.parametrize(
    "text",
    [
        "pip install torch==2.1.0",
        "pip install torch --index-url https://download.pytorch.org/whl/cu128",
        "you could pip install torch",
        "pip install torch\nwas bypassed with\npip3 install torch --index-url https://download.pytorch.org/whl/cu128",
        "## Installation\npip install torch",
        "pip install -r requirements.txt",
        "pip uninstall torch",
    ],
)
def test_what_was_advised_or_came_from_elsewhere(text: str) -> None:
    assert read_text(text).package("torch") is None
