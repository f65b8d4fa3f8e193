"""An envcheck that is a tool of its own, and a project to stand in."""

from pathlib import Path

import pytest

from envcheck.observing.choose_python import Running


@pytest.fixture
def tool(tmp_path: Path) -> Running:
    """An envcheck that was installed by pipx."""
    prefix = tmp_path / "pipx" / "envcheck"
    prefix.mkdir(parents=True)
    (prefix / "pipx_metadata.json").write_text("{}")
    return Running(str(prefix / "bin" / "python"), str(prefix))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("")
    return folder
