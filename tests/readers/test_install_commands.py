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


def test_the_index_of_jaxs_builds_for_cuda_tells_what_was_wanted() -> None:
    jax = read_text(
        'pip install --upgrade "jax[cuda11_cudnn82]==0.4.7" -f https://storage.googleapis.com/jax-releases/jax_cuda_releases.html'
    ).package("jax")
    assert jax is not None
    assert jax.channel == "jax_cuda_releases"
    assert read_text('pip install "jax[cpu]" -f https://storage.googleapis.com/jax-releases/jax_releases.html').package("jax") is None


def test_a_command_goes_on_behind_a_backslash() -> None:
    text = "FROM python:3.13-slim\nRUN pip install --upgrade pip && \\\n    pip install numpy==2.1.0 \\\n    tensorflow==2.15.0\n"
    tensorflow = read_text(text).package("tensorflow")
    assert tensorflow is not None
    assert (tensorflow.version, tensorflow.channel) == ("2.15.0", "pypi")


def test_what_another_python_gets_is_not_told_of_this_one() -> None:
    text = "FROM python:3.13-slim\nRUN uv venv --python 3.11 /venv && uv pip install tensorflow==2.15.0\n"
    tensorflow = read_text(text).package("tensorflow")
    assert tensorflow is not None
    assert not isinstance(tensorflow.channel, str)


def test_uvs_backend_for_the_cpu_is_the_index_for_the_cpu() -> None:
    build = read_text("$ uv pip install torch --torch-backend cpu\n").builds["torch"]
    assert build.cuda is None
