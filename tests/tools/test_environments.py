"""Where tools/ keeps its environments, and what is said where none can be had."""

import importlib.util
import os
import subprocess
import sys
import types
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def environments() -> types.ModuleType:
    spec = importlib.util.spec_from_file_location("environments", ROOT / "tools" / "environments.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_relative_folder_is_one_of_the_working_folder(
    environments: types.ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ENVCHECK_ENVIRONMENTS", "kept here")
    assert environments.cache_folder() == tmp_path / "kept here"


def test_a_tilde_is_the_home(environments: types.ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVCHECK_ENVIRONMENTS", "~/kept")
    assert environments.cache_folder() == Path.home() / "kept"


def test_without_a_home_it_says_which_variable_helps(environments: types.ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("ENVCHECK_ENVIRONMENTS", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    with pytest.raises(environments.CannotBeHad, match="ENVCHECK_ENVIRONMENTS names another folder"):
        environments.cache_folder()


def test_a_folder_that_cannot_be_made_ends_with_words_and_no_verdict(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "doctor.py"],
        env={**os.environ, "ENVCHECK_ENVIRONMENTS": str(tmp_path / "file")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 3
    assert done.stdout == ""
    assert "cannot make the virtual environment" in done.stderr
    assert "ENVCHECK_ENVIRONMENTS names another folder" in done.stderr
    assert "Traceback" not in done.stderr
