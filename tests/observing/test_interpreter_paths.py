"""Shims and placeholders that stand where an interpreter is expected, and what a child's answer shows of a named one."""

import os
import sys
from pathlib import Path

import pytest

from envcheck.observing.answer import Answer, Ending
from envcheck.observing.choose_python import Running, refuse
from tests.observing.choosing import answer_of, chosen_in, mistake, named, program

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the layouts here are those of POSIX; Windows' own is tested by its names")


# Shims and placeholders.


@pytest.fixture
def pyenv(tmp_path: Path) -> Path:
    root = tmp_path / "pyenv"
    for version in ("3.9.2", "3.9.18", "3.11.7"):
        program(root / "versions" / version / "bin" / "python3")
    program(root / "shims" / "python3", "#!/bin/sh\nsleep 60\n")
    return root


@pytest.mark.parametrize(
    ("says", "version"),
    [("3.11.7\n", "3.11.7"), ("3.9\n", "3.9.18"), ("# mine\n3.8.1 3.9.2\n", "3.9.2"), ("../../evil\n3.11.7", "3.11.7")],
)
def test_the_interpreter_behind_a_shim_of_pyenv_is_told_without_asking_it(
    says: str, version: str, pyenv: Path, tmp_path: Path, tool: Running
) -> None:
    (tmp_path / ".python-version").write_text(says)
    chosen = chosen_in(tmp_path, tool, {"PATH": str(pyenv / "shims")})
    assert chosen.executable == str(pyenv / "versions" / version / "bin" / "python3")


def test_pyenvs_variable_comes_before_the_file_and_its_own_choice_last(pyenv: Path, tmp_path: Path, tool: Running) -> None:
    (pyenv / "version").write_text("3.9.2\n")
    variables = {"PATH": str(pyenv / "shims")}
    assert "/3.9.2/" in chosen_in(tmp_path, tool, variables).executable
    (tmp_path / ".python-version").write_text("3.9.18\n")
    assert "/3.9.18/" in chosen_in(tmp_path, tool, variables).executable
    assert "/3.11.7/" in chosen_in(tmp_path, tool, {**variables, "PYENV_VERSION": "3.11.7"}).executable


@pytest.mark.parametrize("says", ["system\n", "", "2.6.6\n"])
def test_a_shim_that_leads_nowhere_leaves_the_rest_of_path(says: str, pyenv: Path, tmp_path: Path, tool: Running) -> None:
    (pyenv / "version").write_text(says)
    python = program(tmp_path / "bin" / "python3")
    assert chosen_in(tmp_path, tool, {"PATH": f"{pyenv / 'shims'}:{tmp_path / 'bin'}"}).executable == str(python)


def test_a_pipe_in_the_place_of_a_version_file_is_not_waited_for(pyenv: Path, tmp_path: Path, tool: Running) -> None:
    os.mkfifo(tmp_path / ".python-version")
    (pyenv / "version").write_text("3.9.2\n")
    assert "/3.9.2/" in chosen_in(tmp_path, tool, {"PATH": str(pyenv / "shims")}).executable


def test_the_placeholder_of_microsofts_store_is_never_taken(tmp_path: Path, tool: Running) -> None:
    aliases = tmp_path / "Microsoft" / "WindowsApps"
    program(aliases / "python.exe", "")
    variables = {"PATH": str(aliases)}
    assert chosen_in(tmp_path, tool, variables, platform="win32").because == "no other Python was found"
    assert "placeholder" in mistake(str(aliases / "python.exe"), tmp_path, platform="win32").title
    for minor in (9, 12):
        program(aliases / f"PythonSoftwareFoundation.Python.3.{minor}_qbz5n2kfra8p0" / "python.exe", "x")
    assert "Python.3.12_" in chosen_in(tmp_path, tool, variables, platform="win32").executable


def test_windows_environments_have_another_layout(tmp_path: Path, project: Path) -> None:
    python = program(tmp_path / "env" / "Scripts" / "python.exe", "MZ")
    assert named("./env", tmp_path, platform="win32") == str(python)
    conda = program(tmp_path / "conda" / "python.exe", "MZ")
    assert named("./conda", tmp_path, platform="win32") == str(conda)


@pytest.mark.skipif(
    Path("/Library/Developer").exists() or not Path("/usr/bin/python3").exists(), reason="needs /usr/bin/python3 and no Xcode"
)
def test_macos_placeholder_is_never_taken_without_apples_tools(tmp_path: Path, tool: Running) -> None:
    assert "placeholder" in mistake("/usr/bin/python3", tmp_path, platform="darwin").title
    assert chosen_in(tmp_path, tool, {"PATH": "/usr/bin"}, platform="darwin").executable != "/usr/bin/python3"


# What a child's answer shows.


def test_a_real_python_is_not_refused() -> None:
    assert refuse(sys.executable, answer_of(sys.executable)) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("#!/bin/sh\nexit 0\n", "is not a Python interpreter"),
        ("#!/bin/sh\necho 'I am \033[31mcat' >&2; sleep 0.3; exit 3\n", "is not a Python interpreter"),
        ("#!/bin/sh\nexec sleep 60\n", "did not answer within "),
        ("#!/nowhere/python\n", "cannot be started"),
        ("\0\0\0\0", "cannot be started"),
        ("#!/bin/sh\nkill -SEGV $$\n", "crashed (SIGSEGV)"),
        ('#!/bin/sh\necho "Fatal Python error: init_fs_encoding" >&2; sleep 0.3\n', "is a Python that cannot start"),
        (
            "#!/bin/sh\necho 'libpython3.9.so.1.0: cannot open' >&2; sleep 0.3\n",
            "is a Python that cannot start",
        ),
    ],
)
def test_what_is_no_python_is_refused_by_its_answer(text: str, problem: str, tmp_path: Path) -> None:
    path = program(tmp_path / "named", text)
    refusal = refuse("named", answer_of(path))
    assert refusal is not None
    assert refusal.title.startswith("--python named ")
    assert problem in refusal.title
    assert refusal.hint.isprintable()


def test_what_it_said_is_the_hint_without_control_characters(tmp_path: Path) -> None:
    refusal = refuse(
        "named", answer_of(program(tmp_path / "named", "#!/bin/sh\nprintf '\\n No Python at \\033[31mx\\nmore' >&2; sleep 0.3\n"))
    )
    assert refusal is not None
    assert refusal.hint == "It said: No Python at [31mx"


def test_an_old_python_is_refused_with_its_version() -> None:
    refusal = refuse("python2", Answer("python", Ending.TOO_OLD, stages=["started"], detail="2.7.18"))
    assert refusal is not None
    assert refusal.title == "--python python2 is Python 2.7.18; envcheck examines Python 3.8 and newer"


@pytest.mark.parametrize("ending", [Ending.TIMED_OUT, Ending.EXITED, Ending.SIGNALLED, Ending.UNKILLABLE, Ending.ANSWERED])
def test_what_happened_after_the_start_is_no_matter_of_the_name(ending: Ending) -> None:
    assert refuse("x", Answer("python", ending, stages=["started"])) is None
