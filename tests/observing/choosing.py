"""Ways to choose a Python in a test: in a folder, or by a name."""

import venv
from collections.abc import Mapping
from pathlib import Path

import pytest

from envcheck.observing.answer import Answer
from envcheck.observing.choose_python import Chosen, Running, UnusablePython, choose
from envcheck.observing.process import Task
from envcheck.observing.runner import run

NOT_A_TOOL = Running("/own/bin/python", "/own")


def environment_at(folder: Path) -> Path:
    """A real virtual environment, without pip."""
    venv.create(folder, symlinks=True)
    return folder


def program(path: Path, text: str = "#!/bin/sh\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def chosen_in(folder: Path, running: Running, variables: Mapping[str, str] | None = None, **more: object) -> Chosen:
    return choose(None, environment=variables or {"PATH": ""}, folder=str(folder), running=running, **more)  # type: ignore[arg-type]


def named(name: str, folder: Path, variables: Mapping[str, str] | None = None, **more: object) -> str:
    return choose(name, environment=variables or {"PATH": ""}, folder=str(folder), running=NOT_A_TOOL, **more).executable  # type: ignore[arg-type]


def mistake(name: str, folder: Path, variables: Mapping[str, str] | None = None, **more: object) -> UnusablePython:
    with pytest.raises(UnusablePython) as caught:
        named(name, folder, variables, **more)
    assert caught.value.hint
    return caught.value


def answer_of(python: Path | str) -> Answer:
    return run([Task("python", "host", str(python), deadline_s=1.0)])["python"]
