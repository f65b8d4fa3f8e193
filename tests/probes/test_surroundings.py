"""What `pip` and Jupyter belong to: real environments, scripts and links, in a real child."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from envcheck.observing.answer import Ending
from envcheck.observing.process import Task
from envcheck.observing.runner import run
from tests.conftest import find_pythons
from tests.probes.surrounding_world import World, environment_at, install, kernel_at, script

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the scripts and links here are those of POSIX")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_no_pip_is_a_known_absence(world: World) -> None:
    assert world.fact("python.pip") is None


def test_the_pip_of_the_examined_environment(world: World) -> None:
    pip = script(world.examined / "bin" / "pip", f"#!{world.examined}/bin/python3\nimport sys\n")
    world.variables["PATH"] = str(world.examined / "bin")
    assert world.fact("python.pip") == {
        "executable": str(pip),
        "python": f"{world.examined}/bin/python3",
        "same_environment": True,
    }


def test_a_real_pip_of_another_environment(world: World) -> None:
    other = world.root / "other"
    subprocess.run([sys.executable, "-m", "venv", str(other)], check=True)
    world.variables["PATH"] = str(other / "bin")
    pip = world.fact("python.pip")
    assert Path(pip["python"]).parent == other / "bin"
    assert pip["same_environment"] is False


def test_a_real_pip_whose_path_is_too_long_for_a_shebang(world: World) -> None:
    other = world.root / ("long " * 12 + "x" * 100) / "other"
    subprocess.run([sys.executable, "-m", "venv", str(other)], check=True)
    assert (other / "bin" / "pip").read_text().startswith("#!/bin/sh")
    world.variables["PATH"] = str(other / "bin")
    pip = world.fact("python.pip")
    assert Path(pip["python"]).parent == other / "bin"
    assert pip["same_environment"] is False


def test_a_pip_that_asks_path_for_its_python(world: World) -> None:
    script(world.bin / "pip", "#!/usr/bin/env python3\n")
    world.variables["PATH"] = f"{world.bin}:{world.examined / 'bin'}"
    assert world.fact("python.pip")["same_environment"] is True
    script(world.bin / "python3", "")
    assert world.fact("python.pip") == {
        "executable": str(world.bin / "pip"),
        "python": str(world.bin / "python3"),
        "same_environment": False,
    }


def test_uvs_relocatable_script_looks_beside_itself_through_links(world: World) -> None:
    text = "#!/bin/sh\n'''exec' \"$(dirname -- \"$(realpath -- \"$0\")\")\"/'python' \"$0\" \"$@\"\n' '''\n"
    script(world.examined / "bin" / "pip", text)
    (world.bin / "pip").symlink_to(world.examined / "bin" / "pip")
    assert world.fact("python.pip")["same_environment"] is True


def test_the_pip_behind_a_shim_of_pyenv(world: World) -> None:
    root = world.home / ".pyenv"
    script(root / "shims" / "pip", "#!/usr/bin/env bash\nsleep 60\n")
    script(root / "versions" / "3.11.7" / "bin" / "pip", f"#!{root}/versions/3.11.7/bin/python3.11\n")
    (world.project / ".python-version").write_text("3.11\n")
    world.variables["PATH"] = str(root / "shims")
    pip = world.fact("python.pip")
    assert pip["python"] == f"{root}/versions/3.11.7/bin/python3.11"
    assert pip["same_environment"] is False


@pytest.mark.parametrize("text", ["#!/bin/sh\nexec $SOMETHING\n", "\x7fELF", "", "#!/bin/sh\nexec pip\n"])
def test_a_pip_that_does_not_tell_its_python(text: str, world: World) -> None:
    script(world.bin / "pip", text)
    assert world.fact("python.pip") == {"executable": str(world.bin / "pip"), "python": None}


def test_pip3_where_there_is_no_pip_and_never_one_of_a_relative_folder(world: World) -> None:
    script(world.project / "pip", f"#!{sys.executable}\n")
    script(world.bin / "pip3", f"#!{world.examined}/bin/python\n")
    world.variables["PATH"] = f":.:{world.bin}"
    assert world.fact("python.pip")["executable"] == str(world.bin / "pip3")


def test_two_environments_of_one_base_are_two(world: World) -> None:
    other = environment_at(world.root / "other")
    assert (other / "bin" / "python").resolve() == (world.examined / "bin" / "python").resolve()
    script(world.bin / "pip", f"#!{other}/bin/python\n")
    assert world.fact("python.pip")["same_environment"] is False


def test_no_kernels_are_an_empty_list(world: World) -> None:
    world.variables["JUPYTER_DATA_DIR"] = str(world.root / "nowhere")
    assert world.kernels() == {}


def test_kernels_of_every_folder_tell_their_interpreter(world: World) -> None:
    python = str(world.examined / "bin" / "python")
    other = environment_at(world.root / "other")
    data = world.home / ".local" / "share" / "jupyter"
    kernel_at(data, "mine", python, "-m", "ipykernel_launcher")
    kernel_at(data, "theirs", str(other / "bin" / "python"))
    kernel_at(data, "gone", str(world.root / "deleted" / "bin" / "python"))
    kernel_at(data, "ir", "/nowhere/R", language="R")
    kernel_at(world.root / "extra", "extra", python)
    kernel_at(world.examined / "share" / "jupyter", "python3", "python", "-m", "ipykernel_launcher")
    world.variables["JUPYTER_PATH"] = str(world.root / "extra")
    assert world.kernels() == {
        "mine": {"name": "mine", "executable": python, "exists": True, "same_environment": True},
        "theirs": {"name": "theirs", "executable": str(other / "bin" / "python"), "exists": True, "same_environment": False},
        "gone": {"name": "gone", "executable": f"{world.root}/deleted/bin/python", "exists": False, "same_environment": False},
        "ir": {"name": "ir", "executable": "/nowhere/R", "exists": False},
        "extra": {"name": "extra", "executable": python, "exists": True, "same_environment": True},
        "python3": {"name": "python3", "executable": python, "exists": True, "same_environment": True},
    }


def test_the_jupyter_of_path_brings_its_own_kernels_and_puts_its_python_for_a_bare_one(world: World) -> None:
    """The usual case of a module that is installed and not found: Jupyter lives in another environment."""
    base = environment_at(world.root / "base")
    script(base / "bin" / "jupyter", f"#!{base}/bin/python\n")
    kernel_at(base / "share" / "jupyter", "python3", "python", "-m", "ipykernel_launcher")
    kernel_at(world.home / ".local" / "share" / "jupyter", "user", "python3")
    world.variables["PATH"] = f"{world.examined / 'bin'}:{base / 'bin'}"
    kernels = world.kernels()
    assert kernels["python3"] == {"name": "python3", "executable": f"{base}/bin/python", "exists": True, "same_environment": False}
    assert kernels["user"]["executable"] == f"{base}/bin/python"


def test_without_a_jupyter_a_bare_python_is_that_of_path(world: World) -> None:
    data = world.home / ".local" / "share" / "jupyter"
    kernel_at(data, "user", "python3")
    kernel_at(data, "missing", "no-such-program")
    world.variables["PATH"] = str(world.examined / "bin")
    kernels = world.kernels()
    assert kernels["user"]["same_environment"] is True
    assert kernels["missing"] == {"name": "missing", "executable": "no-such-program", "exists": False}


def test_of_one_name_jupyter_takes_the_first(world: World) -> None:
    python = str(world.examined / "bin" / "python")
    kernel_at(world.root / "first", "same", python)
    kernel_at(world.home / ".local" / "share" / "jupyter", "same", "/elsewhere/bin/python")
    world.variables["JUPYTER_PATH"] = str(world.root / "first")
    assert world.kernels()["same"]["executable"] == python


def test_kernels_that_cannot_be_read_are_told_and_leave_the_others(world: World) -> None:
    data = world.home / ".local" / "share" / "jupyter"
    for name, text in {"broken": "{", "deep": "[" * 100000, "large": " " * 300_000 + "{}", "binary": "\0\0"}.items():
        kernel_at(data, name, "x")
        (data / "kernels" / name / "kernel.json").write_text(text)
    kernel_at(data, "good", sys.executable)
    (data / "kernels" / "pipe").mkdir()
    os.mkfifo(data / "kernels" / "pipe" / "kernel.json")
    answer = world.answer()
    assert sorted(each.fact for each in answer.evidence.unknown) == [
        f"python.kernels[{name}]" for name in ("binary", "broken", "deep", "large")
    ]
    assert [entry["name"] for entry in world.fact("python.kernels")] == ["good"]


def test_nothing_that_lies_around_is_started(world: World) -> None:
    witness = world.root / "started"
    shell = f"#!/bin/sh\ntouch {witness}\n"
    for name in ("pip", "jupyter", "python3", "conda", "pyenv"):
        script(world.bin / name, shell)
    hostile = world.project / ".venv"
    script(hostile / "bin" / "python", shell)
    (hostile / "pyvenv.cfg").write_text("home = /x\n")
    install(hostile, "torch-1.0.dist-info")
    assert str(hostile) in world.nearby()
    assert not witness.exists()


def test_names_that_are_no_text_are_written_out(world: World) -> None:
    prefix = os.fsencode(world.project) + b"/.venv"
    os.makedirs(prefix + b"/lib/python3.9/site-packages/torch-1.0.dist-info")
    (world.project / ".venv" / "pyvenv.cfg").write_text("")
    other = os.fsencode(world.home) + b"/.virtualenvs/\xff\xfe"
    os.makedirs(other + b"/lib/python3.9/site-packages/torch-1.0.dist-info")
    Path(os.fsdecode(other) + "/pyvenv.cfg").write_text("")
    assert [path.rpartition("/")[2] for path in world.nearby()] == [".venv", "\\xff\\xfe"]


def test_without_a_home_a_folder_or_an_interpreter_there_is_still_an_answer(world: World) -> None:
    answer = run([Task("surroundings", "surroundings", sys.executable, variables=world.variables)])["surroundings"]
    assert answer.ending is Ending.ANSWERED
    assert {claim.fact for claim in answer.evidence.claims} == {"python.pip", "python.kernels", "python.nearby"}
    assert answer.evidence.unknown == []


@pytest.mark.parametrize("version", sorted(version for version in find_pythons() if tuple(map(int, version.split("."))) >= (3, 8)))
def test_it_runs_on_every_python(version: str, world: World) -> None:
    world.interpreter = find_pythons()[version]
    script(world.bin / "pip", f"#!{world.examined}/bin/python\n")
    kernel_at(world.home / ".local" / "share" / "jupyter", "mine", "python3")
    install(environment_at(world.project / ".venv"), "torch-2.8.0.dist-info")
    assert world.answer().evidence.unknown == []
