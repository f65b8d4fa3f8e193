"""A plain installation that somebody typed says where torch came from, and nothing of its version."""

import pytest

from envcheck.facts.snapshot import known
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


@pytest.mark.parametrize(
    ("line", "extra"),
    [
        ("  WARNING: jax 0.3.4 does not provide the extra 'cuda111'", "jax[cuda111]"),
        ("Requirement already satisfied: absl-py in ./env (from jax[cuda12]) (1.0.0)", "jax[cuda12]"),
        ("Collecting jax[cuda12_pip]", "jax[cuda12_pip]"),
        ('C:\\work> pip install -U "jax[cuda]"', "jax[cuda]"),
        ("pip install --upgrade jax[cuda13]", "jax[cuda13]"),
        ("you can have jax[cuda12] by pip install", ""),
        ("on Linux try pip install jax[cuda12]", ""),
        ("Collecting jax[cpu]", ""),
    ],
)
def test_an_extra_of_jax_tells_what_was_wanted(line: str, extra: str) -> None:
    jax = read_text(line).package("jax")
    assert (known(jax.channel, "") if jax is not None else "") == extra


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


CPU = "--index-url https://download.pytorch.org/whl/cpu"


@pytest.mark.parametrize(
    ("text", "version"),
    [
        (f"$ pip install torch==2.5.1 {CPU}", "2.5.1+cpu"),
        ("RUN pip install --no-cache-dir torch==2.5.1+cpu -f https://download.pytorch.org/whl/torch_stable.html", "2.5.1+cpu"),
        ("me@box:~$ uv pip install 'torch==2.6.0' --index-url https://download.pytorch.org/whl/cu124", "2.6.0+cu124"),
        ("!pip install -q torch==2.4.0 && pip list", "2.4.0"),
        ("%pip install torch==2.4.0 numpy", "2.4.0"),
        ("C:\\Users\\a> python -m pip install torch==2.4.0", "2.4.0"),
    ],
)
def test_what_was_typed_names_the_version(text: str, version: str) -> None:
    snapshot = read_text(text)
    torch = snapshot.package("torch")
    assert torch is not None
    assert torch.version == version
    assert snapshot.source_of("packages[torch].version").endswith("as told")


def test_what_else_was_typed_with_its_version_is_wished_too() -> None:
    snapshot = read_text("$ pip install torch==2.2.2 'numpy==2.1.0' transformers[torch]==4.40.0 requests==2.31.0\n")
    told = {package.name: package.version for package in snapshot.packages}
    assert told == {"torch": "2.2.2", "numpy": "2.1.0", "transformers": "4.40.0"}
    assert snapshot.source_of("packages[numpy].version").endswith("as told")
    listed = read_text("$ pip install numpy==2.1.0\n$ pip list\nPackage Version\n------- -------\nnumpy   1.26.4\n")
    assert [package.version for package in listed.packages if package.name == "numpy"] == ["1.26.4"]


@pytest.mark.parametrize(("first", "channel"), [("FROM python:alpine", "pypi"), ("FROM python:3.11-slim", None)])
def test_musl_has_no_wheel_whatever_the_version(first: str, channel: str | None) -> None:
    torch = read_text(f"{first}\nRUN pip install flask torch\n").package("torch")
    assert (torch.channel if torch is not None else None) == channel


def test_an_index_without_a_version_tells_the_build_and_cpuonly_condas() -> None:
    assert read_text(f"$ pip install torch torchvision {CPU}").builds["torch"].cuda is None
    assert read_text("$ conda install pytorch cpuonly -c pytorch").package("cpuonly") is not None


@pytest.mark.parametrize(
    "text",
    [
        "# pip install torch==2.5.1+cpu",
        "pip install torch==2.5.1+cpu",
        "$ pip install torch==2.5.1\n$ pip install torch==2.4.0",
        "$ pip install torch==1.7.0+cu110\nERROR: No matching distribution found for torch==1.7.0+cu110",
        "$ pip download torch==2.5.1",
    ],
)
def test_what_did_not_come_or_came_in_several_ways_is_not_there(text: str) -> None:
    torch = read_text(text).package("torch")
    assert torch is None or not isinstance(torch.version, str)


def test_what_a_program_prints_is_believed_more() -> None:
    torch = read_text(f"$ pip install torch==2.5.1 {CPU}\n>>> torch.__version__\n'2.6.0+cu124'\n").package("torch")
    assert torch is not None
    assert torch.version == "2.6.0+cu124"
