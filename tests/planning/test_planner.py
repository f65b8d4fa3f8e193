"""What a plan says for machines that people have."""

from typing import Any

import pytest

from envcheck.choosing.build import Wishes
from envcheck.facts.snapshot import Snapshot
from envcheck.planning.plan import Plan
from envcheck.planning.planner import plan
from tests.planning.machines import CONDA, LINUX, MAC, VENV, WINDOWS, machine, with_card

CU126 = ("--index-url", "https://download.pytorch.org/whl/cu126", "torch==2.14.1", "torchvision==0.29.1")
PIP = ("/home/me/app/.venv/bin/python", "-m", "pip")


def commands(made: Plan) -> list[tuple[str, ...]]:
    return [step.run for step in made.steps]


def because(made: Plan, choice: str) -> str:
    return next(reason.because for reason in made.why if reason.choice.startswith(choice))


def python(version: str, **more: Any) -> dict[str, Any]:
    return {"python": {**VENV, "version": version, **more}}


def test_torch_comes_from_the_index_that_driver_and_card_allow_with_what_belongs_to_it() -> None:
    made = plan(with_card(), ("pytorch",))
    assert commands(made) == [(*PIP, "install", *CU126)]
    assert [(package.name, package.version, package.variant) for package in made.packages] == [
        ("torch", "2.14.1", "cu126"),
        ("torchvision", "0.29.1", "cu126"),
    ]
    assert (made.manager, made.python, made.impossible, made.before) == ("pip", "3.12", None, ())


def test_every_choice_is_explained_and_most_have_a_source() -> None:
    made = plan(with_card(), ("pytorch",))
    assert {"pip", "Python 3.12", "cuda", "torch 2.14.1", "cu126"} <= {reason.choice for reason in made.why}
    assert because(made, "cu126") == "driver 550.54.15 runs it: builds for CUDA 12 need 525.60.13 or newer"
    assert all(reason.source for reason in made.why if reason.choice in ("torch 2.14.1", "cu126"))


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (with_card(), "ends in torch 2.7.1 for CUDA 11.8: the index has no newer one, and this plan takes 2.14.1"),
        (with_card("Tesla K80", "470.223.02"), "takes this very build"),
        (with_card(**python("3.14.0")), "finds no build here with Python 3.14: cu118 ended with torch 2.7.1"),
        (machine(system=MAC), "finds no build here: cu118 ended with torch 2.7.1"),
        (with_card(driver="440.33"), ""),
    ],
)
def test_the_documents_own_command_is_compared_by_the_tables(facts: Snapshot, words: str) -> None:
    told = [reason for reason in plan(facts, ("pytorch",)).why if "whl/cu118" in reason.choice]
    assert [reason.because for reason in told] == ([f"the documents' own command {words}"] if words else [])
    assert all(reason.source == "document 002_37a246b622a23922.txt, line 89" for reason in told)


def test_several_go_into_one_environment_and_what_is_there_stays() -> None:
    made = plan(with_card(), ("pytorch", "tensorflow"))
    assert commands(made) == [
        (*PIP, "install", *CU126),
        (*PIP, "install", "torch==2.14.1", "torchvision==0.29.1", "tensorflow[and-cuda]==2.21.0"),
    ]


def test_one_python_serves_all_and_a_newer_one_is_got_first() -> None:
    made = plan(machine(**python("3.14.0")), ("pytorch", "tensorflow"))
    assert made.python == "3.12"
    assert commands(made)[0] == ("python3.12", "-m", "venv", ".venv-3.12")
    assert all(command[0] == ".venv-3.12/bin/python" for command in commands(made)[1:])
    assert [remedy.summary for remedy in made.before] == ["install Python 3.12, unless it is there"]
    assert because(made, "Python 3.12") == ("no release of torch and tensorflow that is asked for is for the Python that is there, 3.14.0")


def test_a_release_gives_way_to_what_another_asks_for() -> None:
    made = plan(with_card("Tesla K80", "470.223.02", **python("3.9.2")), ("tf-keras",))
    assert [(package.name, package.version) for package in made.packages][:2] == [("tensorflow", "2.14.1"), ("tf-keras", "2.15.0")]


def test_two_environments_are_needed_where_no_releases_go_together() -> None:
    made = plan(with_card("Tesla K80", "470.223.02", **python("3.9.2")), ("tensorflow", "keras"))
    assert made.impossible == (
        "tensorflow and keras need an environment each: tensorflow 2.14.1 needs keras<2.15,>=2.14.0, "
        "and keras 3.10.0 is the newest that fits."
    )
    assert [(reason.choice, reason.because) for reason in made.why] == [
        ("envcheck plan tensorflow", "tensorflow 2.14.1, with Python 3.9"),
        ("envcheck plan keras", "keras 3.10.0 and torch 2.7.1, with Python 3.9"),
    ]


def test_numpy_is_named_where_it_has_to_be_an_old_one() -> None:
    made = plan(machine(**python("3.9.2")), ("torch",), Wishes(version="2.2.0"))
    assert commands(made)[-1][-1] == "numpy==1.26.4"
    assert because(made, "numpy==1.26.4") == "torch 2.2.0 needs numpy<2"


def test_an_alternative_takes_the_place_of_a_backend_without_a_wheel() -> None:
    assert [package.name for package in plan(machine(), ("keras",)).packages] == ["keras", "tensorflow"]
    assert "torch" in [package.name for package in plan(machine(**python("3.14.0")), ("keras",)).packages]
    assert [package.name for package in plan(machine(), ("keras", "jax")).packages] == ["keras", "jax"]


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        (Wishes(version="2.8"), ("2.8.0", "cu129")),
        (Wishes(cuda="12.6"), ("2.14.1", "cu126")),
        (Wishes(device="cpu"), ("2.15.0", "cpu")),
        (Wishes(python="3.10"), ("2.14.1", "cu126")),
    ],
)
def test_wishes(wishes: Wishes, expected: tuple[str, str]) -> None:
    (torch, *_) = plan(with_card(), ("pytorch",), wishes).packages
    assert (torch.version, torch.variant) == expected


def test_an_impossible_wish_is_a_sentence_with_the_nearest() -> None:
    made = plan(with_card(), ("pytorch",), Wishes(cuda="13.0"))
    assert made.impossible == (
        "No build of torch for CUDA fits this machine: the nearest, torch 2.15.0, needs driver 580, and this one is 550.54.15."
    )
    assert (made.packages, made.steps) == ((), ())
    assert [reason.choice for reason in made.why] == ["driver 580 or newer", "torch 2.14.1", "CPU"]


def test_a_profile_says_what_to_compute_on() -> None:
    made = plan(machine(system=MAC), ("tensorflow-metal",))
    assert [(package.name, package.version) for package in made.packages] == [("tensorflow", "2.18.1"), ("tensorflow-metal", "1.2.0")]
    assert because(made, "metal") == "the profile tensorflow-metal is for it"
    assert plan(machine(system=MAC), ("pytorch-cuda",)).impossible == "torch has no build for CUDA on macOS on Apple silicon."


def test_a_driver_that_is_missing_comes_first() -> None:
    made = plan(with_card(driver=None), ("pytorch",))
    assert [remedy.summary for remedy in made.before] == ["install the NVIDIA driver"]
    assert made.before[0].steps[0].run == ("sudo", "ubuntu-drivers", "install")
    inside = plan(with_card(driver=None, system={**LINUX, "container": "docker"}), ("pytorch",))
    assert [remedy.summary for remedy in inside.before] == ["pass the card into the container"]
    assert plan(with_card(driver=None), ("pytorch",), Wishes(device="cpu")).before == ()


def test_java_comes_before_spark_where_it_is_missing_or_of_another_release() -> None:
    looked: dict[str, Any] = {"observed": {"accelerators": "complete", "tools": "complete"}}
    assert [remedy.summary for remedy in plan(machine(**looked), ("spark-mllib",)).before] == [
        "install Java 17 and let JAVA_HOME lead to it"
    ]
    old, right = ({"tools": [{"name": "java", "version": version}], **looked} for version in ("1.8.0_392", "17.0.9"))
    assert len(plan(machine(**old), ("spark-mllib",)).before) == 1
    assert plan(machine(**right), ("spark-mllib",)).before == ()
    unknown = plan(machine(), ("spark-mllib",))
    assert unknown.before == ()
    assert "whether one is there is not known" in because(unknown, "Java")


def test_the_openmp_runtime_of_a_mac_comes_before_xgboost() -> None:
    assert [step.run for remedy in plan(machine(system=MAC), ("xgboost",)).before for step in remedy.steps] == [
        ("brew", "install", "libomp")
    ]
    assert plan(machine(system=MAC), ("pytorch",)).before == ()
    assert plan(machine(system=MAC, python=CONDA), ("xgboost",)).before == ()


def test_another_build_of_the_same_release_goes_first() -> None:
    there = [
        {"name": "torch", "version": "2.14.1+cpu", "manager": "pip", "state": "ok"},
        {"name": "torchvision", "version": "0.29.1+cpu", "manager": "pip", "state": "ok"},
    ]
    assert commands(plan(with_card(packages=there), ("pytorch",)))[0] == (*PIP, "uninstall", "--yes", "torch", "torchvision")
    same = [{"name": "torch", "version": "2.14.1+cu126", "manager": "pip", "state": "ok"}]
    assert len(commands(plan(with_card(packages=same), ("pytorch",)))) == 1
    other = [{"name": "onnxruntime", "version": "1.20.0", "manager": "pip", "state": "ok"}]
    assert commands(plan(with_card(packages=other), ("onnx-runtime",)))[0] == (*PIP, "uninstall", "--yes", "onnxruntime")


def test_a_python_that_the_system_manages_gets_a_virtual_environment() -> None:
    system = {"version": "3.12.3", "executable": "/usr/bin/python3", "environment": "system", "externally_managed": True}
    made = plan(machine(python=system), ("pytorch", "scikit-learn"))
    assert [command[:4] for command in commands(made)] == [
        ("/usr/bin/python3", "-m", "venv", ".venv"),
        (".venv/bin/python", "-m", "pip", "install"),
        (".venv/bin/python", "-m", "pip", "install"),
    ]


def test_uv_installs_into_the_environment_that_it_made() -> None:
    made = plan(with_card(python={**VENV, "created_by": "uv"}), ("pytorch",))
    assert commands(made) == [("uv", "pip", "install", "--python", PIP[0], *CU126)]
    assert made.manager == "uv"
    other = plan(machine(**python("3.14.1")), ("tensorflow",), manager="uv")
    assert commands(other)[0] == ("uv", "venv", "--python", "3.12", ".venv-3.12")
    assert other.before == ()


def test_conda_takes_conda_forge_and_its_own_names() -> None:
    made = plan(with_card(python=CONDA), ("pytorch", "tensorflow"))
    assert made.manager == "conda"
    assert commands(made) == [
        (
            *("conda", "install", "--yes", "--prefix", "/opt/conda/envs/ml", "--channel", "conda-forge"),
            *("pytorch-gpu<=2.14.1", "torchvision", "tensorflow <=2.21.0 cuda*", "cuda-version=12"),
        )
    ]
    assert {package.index for package in made.packages} == {None}


def test_where_nothing_is_known_of_a_driver_conda_is_told_of_one() -> None:
    made = plan(machine(python=CONDA), ("pytorch-cuda",), Wishes(cuda="12.9"))
    (step,) = made.steps
    assert step.env == {"CONDA_OVERRIDE_CUDA": "12.9"}
    assert step.run[-1] == "cuda-version=12.9"
    assert plan(with_card(python=CONDA), ("pytorch",)).steps[0].env == {}


@pytest.mark.parametrize(
    ("manager", "command"),
    [
        (
            "conda",
            (
                "conda",
                "create",
                "--yes",
                "--name",
                "python3.12",
                "--channel",
                "conda-forge",
                "python=3.12",
                "pytorch-cpu=2.8",
                "torchvision",
            ),
        ),
        (
            "mamba",
            (
                "mamba",
                "create",
                "--yes",
                "--name",
                "python3.12",
                "--channel",
                "conda-forge",
                "python=3.12",
                "pytorch-cpu=2.8",
                "torchvision",
            ),
        ),
        ("pixi", ("pixi", "add", "python=3.12", "pytorch-cpu=2.8", "torchvision")),
    ],
)
def test_outside_of_conda_an_environment_is_made(manager: str, command: tuple[str, ...]) -> None:
    assert commands(plan(machine(), ("pytorch",), Wishes(version="2.8"), manager)) == [command]


def test_pixi_has_to_be_told_of_cuda_first() -> None:
    (remedy,) = plan(with_card(), ("pytorch",), manager="pixi").before
    assert 'platforms = [{ platform = "linux-64", cuda = "12" }]' in remedy.steps[0].do


def test_what_conda_forge_has_no_builds_for_is_impossible_there() -> None:
    card = {"accelerators": [{"index": 0, "vendor": "amd", "backend": "rocm", "architecture": "gfx1100"}]}
    assert plan(machine(**card), ("pytorch",)).impossible is None
    made = plan(machine(**card), ("pytorch",), manager="conda")
    assert made.impossible == "conda-forge has no build of torch for AMD's GPUs."
    assert made.why[0].choice == "--manager pip"


def test_on_windows_the_launcher_makes_the_environment() -> None:
    made = plan(machine(system=WINDOWS, **python("3.14.1", executable=r"C:\Py\python.exe")), ("tensorflow",))
    assert commands(made)[:2] == [
        ("py", "-3.12", "-m", "venv", ".venv-3.12"),
        (r".venv-3.12\Scripts\python.exe", "-m", "pip", "install", "tensorflow==2.21.0"),
    ]


def test_of_a_machine_of_which_little_is_known_the_python_is_chosen() -> None:
    made = plan(with_card(system={}, python={}), ("pytorch",))
    assert made.python == "3.12"
    assert because(made, "Python 3.12") == "the Python is not known, and this one serves torch"
    assert because(made, "platform") == "system or processor is not known, and was taken for linux_x86_64"


def test_a_32_bit_python_is_replaced() -> None:
    made = plan(machine(system=WINDOWS, **python("3.12.1", bits=32)), ("pytorch",))
    assert made.python == "3.12"
    assert commands(made)[0] == ("py", "-3.12", "-m", "venv", ".venv-3.12")


def test_what_the_tables_do_not_know_is_left_to_the_installer() -> None:
    made = plan(machine(), ("nltk",))
    assert [(package.name, package.version) for package in made.packages] == [("nltk", None)]
    assert commands(made) == [(*PIP, "install", "nltk")]
    assert because(made, "nltk") == "the tables know no releases of it: the installer takes the newest that it finds"


def test_a_release_below_what_the_profile_asks_for_is_told() -> None:
    made = plan(with_card("Tesla K80", "470.223.02"), ("pytorch",))
    assert made.packages[0].version == "2.7.1"
    assert because(made, "torch") in {reason.because for reason in made.why}
    assert "pytorch asks for 2.8 or newer, which this machine cannot have with any Python" in {reason.because for reason in made.why}


def test_a_profile_is_met_with_another_python_rather_than_missed_with_this_one() -> None:
    assert plan(machine(**python("3.8.10")), ("torch",)).packages[0].version == "2.4.1"
    made = plan(machine(**python("3.8.10")), ("pytorch",))
    assert (made.python, made.packages[0].version) == ("3.12", "2.15.0")


def test_of_several_pythons_it_is_the_one_with_the_newest_releases() -> None:
    """With a driver that old there are no builds for 3.12 and later."""
    made = plan(with_card(driver="450.80.02", **python("3.12.3")), ("tf-keras",))
    assert made.python != "3.12"
    assert made.packages[0].name == "tensorflow"
