"""Packages of one real environment that PYTHONPATH brings into another, and those of the user's folder."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.examined import Environment, Run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the folders of POSIX")


@pytest.fixture
def other(tmp_path: Path) -> Environment:
    """Another environment: its TensorFlow and its Keras do not belong together."""
    folder = tmp_path / "other"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    environment = Environment(folder)
    environment.add("tensorflow", "2.14.0")
    environment.add("keras", "3.4.1")
    return environment


def assert_no_manager_touches(run: Run, *names: str) -> None:
    remedies = [remedy for finding in run.report["findings"] for remedy in finding["remedies"]]
    commands = [step["run"] for remedy in remedies for step in remedy["steps"] if {"pip", "uv", "conda"} & set(step.get("run", ()))]
    assert not [word for command in commands for word in command if word.startswith(names)]


def test_what_is_wrong_with_the_other_environments_packages_follows_from_pythonpath(environment: Environment, other: Environment) -> None:
    environment.add("keras", "2.14.0")
    run = environment.doctor("--quick", PYTHONPATH=str(other.site))
    leak, mismatch = run.finding("pythonpath-mixes-environments"), run.finding("keras-tensorflow-mismatch")
    assert run.report["findings"][0] == leak
    assert (leak["severity"], leak["role"]) == (mismatch["severity"], "primary")
    assert f"hides the environment's own keras (2.14.0 at {environment.site}) behind keras 3.4.1" in leak["message"]
    assert mismatch["because_of"] == [leak["id"]]
    assert mismatch["remedies"][0]["steps"][0]["do"] == f"take {other.site} out of PYTHONPATH"
    assert_no_manager_touches(run, "keras", "tensorflow")
    assert "keras-tensorflow-mismatch" not in environment.doctor("--quick").rules


def test_without_a_hidden_copy_the_folder_is_the_cause_all_the_same(environment: Environment, other: Environment) -> None:
    run = environment.doctor("--quick", PYTHONPATH=str(other.site))
    assert run.report["findings"][0]["rule"] == "pythonpath-mixes-environments"
    assert run.finding("keras-tensorflow-mismatch")["role"] == "consequence"
    assert_no_manager_touches(run, "keras", "tensorflow")


def test_packages_that_fit_stay_a_hint(environment: Environment, other: Environment) -> None:
    (other.site / "keras-3.4.1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: keras\nVersion: 2.14.0\n\n")
    run = environment.doctor("--quick", PYTHONPATH=str(other.site))
    assert run.finding("pythonpath-mixes-environments")["severity"] == "info"
    assert not [finding for finding in run.report["findings"] if finding["severity"] != "info"]


def test_what_is_wrong_with_the_users_packages_follows_from_their_folder(environment: Environment, tmp_path: Path) -> None:
    configuration = environment.folder / "pyvenv.cfg"
    configuration.write_text(configuration.read_text().replace("packages = false", "packages = true"))
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    base = tmp_path / "user"
    site = base / "lib" / version / "site-packages"
    info = site / "keras-3.4.1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: keras\nVersion: 3.4.1\n\n")
    (info / "RECORD").write_text("")
    environment.add("tensorflow", "2.14.0")
    run = environment.doctor("--quick", PYTHONUSERBASE=str(base))
    leak, mismatch = run.finding("user-site-leaks"), run.finding("keras-tensorflow-mismatch")
    assert run.report["findings"][0] == leak
    assert (leak["severity"], mismatch["because_of"]) == (mismatch["severity"], [leak["id"]])
    assert "PYTHONNOUSERSITE" in mismatch["remedies"][0]["steps"][0]["do"]
    assert_no_manager_touches(run, "keras")
