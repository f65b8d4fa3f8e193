"""Questions to a framework with the answers that were printed; hopes, tests and code are no answers."""

import pytest
from msgspec import UNSET

from envcheck.facts.snapshot import Build
from envcheck.readers.read import read_text


def torch(text: str) -> Build:
    return read_text(text).builds.get("torch", Build())


@pytest.mark.parametrize(
    "text",
    [
        ">>> torch.__version__\n'2.5.1+cu121'\n>>> torch.cuda.is_available()\nFalse",
        "In [2]: torch.__version__, torch.cuda.is_available()\nOut[2]: ('2.5.1+cu121', False)",
        '$ python -c "import torch; print(torch.__version__, torch.cuda.is_available())"\n2.5.1+cu121 False',
        "import torch\nprint(torch.__version__)\nprint(torch.cuda.is_available())\n\n2.5.1+cu121\nFalse",
        "torch.__version__ is 2.5.1+cu121\ntorch.cuda.is_available() -> False",
    ],
)
def test_version_and_device_are_read_however_they_were_asked_for(text: str) -> None:
    build = torch(text)
    assert (build.version, build.cuda, build.cuda_available) == ("2.5.1+cu121", "12.1", False)


def test_lists_capabilities_and_names_are_read() -> None:
    facts = read_text(
        ">>> torch.cuda.get_arch_list()\n['sm_80', 'sm_90']\n>>> torch.cuda.get_device_name(0)\n'NVIDIA H200'\n"
        ">>> torch.cuda.get_device_capability()\n(9, 0)\n>>> torch.version.cuda\n'12.4'"
    )
    assert facts.builds["torch"].arch_list == ("sm_80", "sm_90")
    assert facts.builds["torch"].cuda == "12.4"
    assert (facts.accelerators[0].name, facts.accelerators[0].compute_capability) == ("NVIDIA H200", "9.0")


def test_none_is_a_build_without_cuda() -> None:
    assert torch("print(torch.version.cuda)\nNone").cuda is None


@pytest.mark.parametrize(
    "text",
    [
        "make sure torch.cuda.is_available() returns True",
        "torch.cuda.is_available() should be: True",
        "if torch.cuda.is_available() == True:",
        "assert torch.cuda.is_available()",
        ">>> torch.cuda.is_available()\n>>> x = True",
        ">>> torch.cuda.is_available()\nTraceback (most recent call last):\nTrue",
        ">>> print(torch.cuda.is_available())\n\n\n\n\n\nTrue",
        ">>> torch.cuda.is_available()\nTrue story, it never worked",
        ">>> torch.cuda.is_available()\n__import__('os').getcwd()",
    ],
)
def test_what_is_no_answer_says_nothing(text: str) -> None:
    assert torch(text).cuda_available is UNSET


def test_one_answer_of_the_wrong_shape_spoils_its_line() -> None:
    assert torch("print(torch.__version__, torch.cuda.is_available())\n2.5.1 maybe").version is UNSET


def test_the_machine_that_python_runs_for() -> None:
    said = read_text('% python3 -c "import platform; print(platform.machine())"\nx86_64\n')
    assert said.system.machine == "x86_64"
    assert read_text(">>> platform.machine()\n'something'\n").system.machine is UNSET


GPU = "[PhysicalDevice(name='/physical_device:GPU:0', device_type='GPU')]"


@pytest.mark.parametrize(
    ("text", "reached"),
    [
        (">>> print(tf.__version__, tf.config.list_physical_devices('GPU'))\n2.15.0 []", False),
        (f">>> print(tf.__version__, tf.config.list_physical_devices('GPU'))\n2.15.0 {GPU}", True),
        ("In [2]: tf.__version__, tf.config.list_physical_devices('GPU')\nOut[2]: ('2.15.0', [])", False),
        (
            "$ python -c \"import tensorflow as tf; print(tf.__version__); print(tf.config.list_physical_devices('GPU'))\"\n2.15.0\n[]",
            False,
        ),
        (">>> print('TF', tf.__version__, 'GPUs:', tf.config.list_physical_devices('GPU'))\nTF 2.15.0 GPUs: []", False),
    ],
)
def test_tensorflows_version_and_devices_on_one_line(text: str, reached: bool) -> None:
    snapshot = read_text(text)
    package = snapshot.package("tensorflow")
    assert package is not None
    assert (package.version, snapshot.builds["tensorflow"].cuda_available) == ("2.15.0", reached)


def test_an_answer_below_its_number_is_read() -> None:
    assert torch("In [1]:\ntorch.__version__\nOut[1]:\n'2.5.1+cu121'").cuda == "12.1"
