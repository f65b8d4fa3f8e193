"""Which Python is examined: real environments, real links, and the order in which they are asked."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from envcheck.observing.choose_python import Chosen, Running, choose, refuse
from tests.observing.choosing import NOT_A_TOOL, answer_of, chosen_in, environment_at, mistake, named, program

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the layouts here are those of POSIX; Windows' own is tested by its names")


# What was named.


def test_an_interpreters_path_is_taken_as_it_is_named_though_it_is_a_link(tmp_path: Path) -> None:
    python = environment_at(tmp_path / "env") / "bin" / "python"
    assert python.is_symlink()
    assert named(str(python), tmp_path) == str(python)
    assert named("env/bin/python", tmp_path) == str(python)


@pytest.mark.parametrize("word", ["env", "./env", "env/", "env/bin"])
def test_an_environments_folder_stands_for_its_interpreter(word: str, tmp_path: Path) -> None:
    environment_at(tmp_path / "env")
    assert named(word, tmp_path) == str(tmp_path / "env" / "bin" / "python")


def test_the_home_folder_may_be_written_as_a_tilde(tmp_path: Path) -> None:
    environment_at(tmp_path / "env")
    assert named("~/env", Path("/"), {"HOME": str(tmp_path), "PATH": ""}) == str(tmp_path / "env" / "bin" / "python")


def test_a_command_of_path_is_found_and_one_of_the_current_folder_is_not(tmp_path: Path) -> None:
    python = program(tmp_path / "bin" / "python3.99")
    program(tmp_path / "here" / "python3.99")
    assert named("python3.99", tmp_path / "here", {"PATH": f":.:bin:{tmp_path / 'bin'}"}) == str(python)
    assert "no command of PATH" in mistake("python3.99", tmp_path / "here", {"PATH": ":.:bin"}).title


def test_a_version_alone_gets_the_commands_name_as_a_hint(tmp_path: Path) -> None:
    assert "python3.11" in mistake("3.11", tmp_path).hint


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "empty name"),
        ("  ", "empty name"),
        ("py\0thon", "NUL"),
        ("./nowhere", "does not exist"),
        ("./plain.txt", "is not executable"),
        ("./empty", "without a Python in it"),
        ("./dangling", "which is not there"),
        ("./broken", "which is not there"),
        ("./pipe", "is not a file"),
        ("/bin/sh", "is a shell"),
        ("/bin/rm", "is not a Python interpreter"),
        ("x" * 5000, "no command of PATH"),
        ("./" + "x" * 5000, "cannot be looked at"),
    ],
)
def test_what_cannot_be_used_is_the_users_mistake(name: str, problem: str, tmp_path: Path) -> None:
    (tmp_path / "plain.txt").write_text("hello")
    (tmp_path / "empty").mkdir()
    (tmp_path / "dangling").symlink_to(tmp_path / "gone" / "python3.8")
    (tmp_path / "broken" / "bin").mkdir(parents=True)
    (tmp_path / "broken" / "bin" / "python").symlink_to("/gone/python3.8")
    os.mkfifo(tmp_path / "pipe")
    assert problem in mistake(name, tmp_path).title


def test_a_real_python_may_have_any_name(tmp_path: Path) -> None:
    (tmp_path / "snake").symlink_to(sys.executable)
    assert named("./snake", tmp_path) == str(tmp_path / "snake")
    program(tmp_path / "wrapper", f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    assert refuse("wrapper", answer_of(named("./wrapper", tmp_path))) is None


def test_a_deleted_current_folder_hinders_nothing_that_has_a_path() -> None:
    chosen = choose(sys.executable, environment={"PATH": ""}, folder="", running=NOT_A_TOOL)
    assert chosen.executable == sys.executable


def test_a_name_is_not_followed_by_another_choice(tmp_path: Path) -> None:
    active = environment_at(tmp_path / "active")
    mistake("./nowhere", tmp_path, {"VIRTUAL_ENV": str(active), "PATH": ""})


# The order.


def test_the_python_that_runs_the_module_comes_first(tmp_path: Path) -> None:
    active = environment_at(tmp_path / "active")
    chosen = chosen_in(tmp_path, Running("/own/bin/python", "/own", as_module=True), {"VIRTUAL_ENV": str(active), "PATH": ""})
    assert (chosen.executable, chosen.because) == ("/own/bin/python", "it runs python -m envcheck")


def test_a_tool_environment_that_runs_the_module_is_passed_by(tmp_path: Path, tool: Running) -> None:
    active = environment_at(tmp_path / "active")
    running = Running(tool.executable, tool.prefix, as_module=True)
    assert chosen_in(tmp_path, running, {"VIRTUAL_ENV": str(active), "PATH": ""}).because == "VIRTUAL_ENV is set"


@pytest.mark.parametrize("receipt", [".envcheck-tool", "pipx_metadata.json", "uv-receipt.toml"])
def test_a_receipt_makes_a_tool_environment(receipt: str, tmp_path: Path) -> None:
    (tmp_path / receipt).write_text("")
    python = program(tmp_path / "bin" / "python3")
    chosen = chosen_in(tmp_path, Running("/own/python", str(tmp_path), as_module=True), {"PATH": str(tmp_path / "bin")})
    assert (chosen.executable, chosen.because) == (str(python), "python3 of PATH")


def test_uvs_cache_makes_a_tool_environment_only_where_uv_made_it(tmp_path: Path) -> None:
    prefix = tmp_path / "cache" / "uv" / "archive-v0" / "abc"
    prefix.mkdir(parents=True)
    running = Running("/own/python", str(prefix))
    assert chosen_in(tmp_path, running).because == "envcheck is installed in it"
    (prefix / "pyvenv.cfg").write_text("home = /usr/bin\nuv = 0.5.11\n")
    assert chosen_in(tmp_path, running).because == "no other Python was found"


def test_a_virtual_env_that_is_the_tools_own_says_nothing(tmp_path: Path, tool: Running) -> None:
    variables = {"VIRTUAL_ENV": tool.prefix, "PATH": ""}
    assert chosen_in(tmp_path, tool, variables) == Chosen(tool.executable, "no other Python was found")


def test_the_active_environments_come_before_the_projects(project: Path, tmp_path: Path, tool: Running) -> None:
    environment_at(project / ".venv")
    active, conda = environment_at(tmp_path / "active"), environment_at(tmp_path / "conda")
    variables = {"VIRTUAL_ENV": str(active), "CONDA_PREFIX": str(conda), "PATH": ""}
    assert chosen_in(project, tool, variables).executable == str(active / "bin" / "python")
    del variables["VIRTUAL_ENV"]
    chosen = chosen_in(project, tool, variables)
    assert (chosen.executable, chosen.because) == (str(conda / "bin" / "python"), "CONDA_PREFIX is set")


@pytest.mark.parametrize("sign", ["name", "condabin", "root"])
def test_condas_base_comes_after_the_projects_environment(sign: str, project: Path, tmp_path: Path, tool: Running) -> None:
    base = environment_at(tmp_path / "conda")
    variables = {"CONDA_PREFIX": str(base), "PATH": ""}
    if sign == "name":
        variables["CONDA_DEFAULT_ENV"] = "base"
    elif sign == "condabin":
        (base / "condabin").mkdir()
    else:
        variables["MAMBA_ROOT_PREFIX"] = str(base)
    assert chosen_in(project, NOT_A_TOOL, variables).because == "conda's base environment is active"
    environment_at(project / ".venv")
    assert chosen_in(project, tool, variables).because == "the .venv of this project"


def test_the_projects_environment_is_found_from_below_and_not_above_its_root(project: Path, tmp_path: Path, tool: Running) -> None:
    environment_at(tmp_path / ".venv")
    below = project / "src" / "deep"
    below.mkdir(parents=True)
    assert chosen_in(below, tool).because == "no other Python was found"
    environment_at(project / ".venv")
    assert chosen_in(below, tool).executable == str(project / ".venv" / "bin" / "python")
    (project / "pyproject.toml").unlink()
    shutil.rmtree(project / ".venv")
    assert chosen_in(below, tool).executable == str(tmp_path / ".venv" / "bin" / "python")


def test_without_a_project_the_search_ends_at_home(tmp_path: Path, tool: Running) -> None:
    environment_at(tmp_path / ".venv")
    home = tmp_path / "home"
    (home / "work").mkdir(parents=True)
    assert chosen_in(home / "work", tool, {"HOME": str(home), "PATH": ""}).because == "no other Python was found"


def test_another_users_environment_is_not_run(project: Path, tool: Running) -> None:
    environment_at(project / ".venv")
    chosen = chosen_in(project, tool, user=(project.stat().st_uid) + 1)
    assert chosen.executable == tool.executable
    assert [(each.path, each.found_by) for each in chosen.passed_over] == [(str(project / ".venv"), ".venv")]
    assert "another user" in chosen.passed_over[0].reason


def test_an_interpreter_of_another_user_in_ones_own_environment_is_not_run(project: Path, tool: Running) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can give a file away")
    environment_at(project / ".venv")
    os.lchown(project / ".venv" / "bin" / "python", 12345, 12345)
    assert "12345" in chosen_in(project, tool).passed_over[0].reason


@pytest.mark.parametrize("version", ["2", "4"])
def test_an_environment_that_came_with_the_repository_is_not_run(version: str, project: Path, tool: Running) -> None:
    if shutil.which("git") is None:
        pytest.skip("there is no git here")
    environment_at(project / ".venv")
    clean = {"PATH": os.environ["PATH"], "HOME": str(project), "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "init", "-q"], cwd=project, env=clean, check=True)
    subprocess.run(["git", "config", "index.version", version], cwd=project, env=clean, check=True)
    # A name that ends alike is somebody else's, and comes first.
    (project / "old.venv").mkdir()
    (project / "old.venv" / "x").write_text("")
    subprocess.run(["git", "add", "pyproject.toml", "old.venv/x"], cwd=project, env=clean, check=True)
    assert chosen_in(project, tool).because == "the .venv of this project"
    subprocess.run(["git", "add", "-f", ".venv/bin/python"], cwd=project, env=clean, check=True)
    chosen = chosen_in(project, tool)
    assert chosen.executable == tool.executable
    assert "came with the project's repository" in chosen.passed_over[0].reason


def test_envchecks_own_python_comes_before_that_of_path(tmp_path: Path) -> None:
    program(tmp_path / "bin" / "python3")
    assert chosen_in(tmp_path, NOT_A_TOOL, {"PATH": str(tmp_path / "bin")}).because == "envcheck is installed in it"


def test_python3_of_path_comes_before_python(tmp_path: Path, tool: Running) -> None:
    python = program(tmp_path / "a" / "python")
    variables = {"PATH": f"{tmp_path / 'a'}:{tmp_path / 'b'}"}
    assert chosen_in(tmp_path, tool, variables) == Chosen(str(python), "python of PATH")
    python3 = program(tmp_path / "b" / "python3")
    assert chosen_in(tmp_path, tool, variables) == Chosen(str(python3), "python3 of PATH")


# What was found and cannot be used.


def test_what_is_broken_is_passed_over_and_told(project: Path, tmp_path: Path, tool: Running) -> None:
    environment_at(project / ".venv")
    for name in ("python", "python3"):
        (project / ".venv" / "bin" / name).unlink()
    (project / ".venv" / "bin" / "python").symlink_to("/gone/python3.8")
    empty = tmp_path / "r-environment"
    empty.mkdir()
    python = program(tmp_path / "bin" / "python3")
    variables = {"VIRTUAL_ENV": str(tmp_path / "deleted"), "CONDA_PREFIX": str(empty), "PATH": str(tmp_path / "bin")}
    chosen = chosen_in(project, tool, variables)
    assert chosen.executable == str(python)
    assert [(each.found_by, each.path, each.reason) for each in chosen.passed_over] == [
        ("VIRTUAL_ENV", str(tmp_path / "deleted"), "does not exist"),
        ("CONDA_PREFIX", str(empty), "is a folder without a Python in it"),
        (".venv", str(project / ".venv" / "bin" / "python"), "leads to /gone/python3.8, which is not there"),
    ]


def test_links_in_a_circle_are_passed_over(project: Path, tool: Running) -> None:
    (project / ".venv" / "bin").mkdir(parents=True)
    (project / ".venv" / "pyvenv.cfg").write_text("")
    (project / ".venv" / "bin" / "python").symlink_to("python3")
    (project / ".venv" / "bin" / "python3").symlink_to("python")
    assert len(chosen_in(project, tool).passed_over) == 1


def test_a_relative_virtual_env_is_not_followed(project: Path, tool: Running) -> None:
    environment_at(project / "env")
    chosen = chosen_in(project, tool, {"VIRTUAL_ENV": "env", "PATH": ""})
    assert [each.reason for each in chosen.passed_over] == ["is not an absolute path"]


def test_a_variable_that_no_file_can_be_named_like_is_passed_over(project: Path, tool: Running) -> None:
    long = "/" + "x" * 5000
    chosen = chosen_in(project, tool, {"VIRTUAL_ENV": long, "CONDA_PREFIX": long, "MAMBA_ROOT_PREFIX": long, "HOME": long, "PATH": long})
    assert [each.found_by for each in chosen.passed_over] == ["VIRTUAL_ENV", "CONDA_PREFIX"]


def test_what_is_closed_to_us_is_passed_over(tmp_path: Path, tool: Running) -> None:
    active = environment_at(tmp_path / "closed" / "env")
    variables = {"VIRTUAL_ENV": str(active), "PATH": str(active / "bin"), "HOME": str(tmp_path / "closed")}
    (tmp_path / "closed").chmod(0)
    if os.getuid() == 0:
        os.seteuid(65534)  # nothing is closed to root
    try:
        chosen = chosen_in(tmp_path / "closed" / "project", tool, variables)
    finally:
        os.seteuid(os.getuid())
        (tmp_path / "closed").chmod(0o700)
    assert [each.found_by for each in chosen.passed_over] == ["VIRTUAL_ENV"]


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_another_tools_dot_venv_is_no_environment(kind: str, project: Path, tool: Running) -> None:
    if kind == "file":
        (project / ".venv").write_text("some-name\n")
    else:
        (project / ".venv").mkdir()
    assert chosen_in(project, tool) == Chosen(tool.executable, "no other Python was found")


def test_nothing_is_started_while_choosing(tmp_path: Path, tool: Running) -> None:
    witness = tmp_path / "started"
    python = program(tmp_path / "bin" / "python3", f"#!/bin/sh\ntouch {witness}\n")
    assert chosen_in(tmp_path, tool, {"PATH": str(tmp_path / "bin")}).executable == str(python)
    assert stat.S_ISREG(python.stat().st_mode)
    assert not witness.exists()
