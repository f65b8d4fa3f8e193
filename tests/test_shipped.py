"""Probes and profiles are found in both layouts: beside the package in a checkout, inside it once installed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from envcheck import shipped
from tests.conftest import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FOLDERS = ("probes", "profiles")


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A site folder laid out as the wheel is."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    without_caches = shutil.ignore_patterns("__pycache__")
    for package in settings["packages"]:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=without_caches)
    for source, target in settings["force-include"].items():
        shutil.copytree(ROOT / source, tmp_path / target, ignore=without_caches)
    return tmp_path


@pytest.mark.parametrize("name", FOLDERS)
def test_in_a_checkout_they_lie_beside_the_package(name: str) -> None:
    assert shipped.folder(name).samefile(ROOT / name)


@pytest.mark.parametrize("name", FOLDERS)
def test_installed_they_lie_inside_it(installed: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "PACKAGE", installed / "envcheck")
    assert shipped.folder(name) == installed / "envcheck" / "bundled" / name
    assert sorted(path.name for path in shipped.folder(name).iterdir()) == sorted(
        path.name for path in (ROOT / name).iterdir() if path.name != "__pycache__"
    )


def test_an_installed_envcheck_examines_and_lists_its_profiles(installed: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "envcheck", *arguments],
            cwd=installed,
            env={**os.environ, "PYTHONPATH": str(installed)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    assert "deep-learning" in run("profiles", "list").stdout
    done = run("doctor", "--quick", "--python", sys.executable)
    assert done.stderr == ""
    assert done.stdout.startswith("Python ")


def test_the_sdist_holds_what_the_wheel_is_made_from() -> None:
    targets = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]
    needed = {*targets["wheel"]["packages"], *targets["wheel"]["force-include"]}
    assert needed <= {name.strip("/") for name in targets["sdist"]["include"]}
