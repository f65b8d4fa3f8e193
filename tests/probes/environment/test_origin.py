"""What made an environment, told by places and files that this machine does not have."""

import os
import sys

import pytest


@pytest.mark.parametrize(
    ("prefix", "origin"),
    [
        ("/home/me/.pyenv/versions/3.11.7", ("pyenv", "pyenv")),
        ("/home/me/.asdf/installs/python/3.12.1", ("asdf", "asdf")),
        ("/home/me/.local/share/mise/installs/python/3.12", ("mise", "mise")),
        ("/home/me/.local/share/uv/python/cpython-3.12.7-linux-x86_64-gnu", ("standalone", "uv")),
        ("/nix/store/abc-python3-3.11.9", ("nix", "nix")),
        ("/opt/hostedtoolcache/Python/3.11.9/x64", ("toolcache", "setup-python")),
        ("/opt/homebrew/opt/python@3.12/Frameworks/Python.framework/Versions/3.12", ("homebrew", "homebrew")),
        ("/usr/local/Cellar/python@3.11/3.11.9/Frameworks/Python.framework/Versions/3.11", ("homebrew", "homebrew")),
        ("/Library/Frameworks/Python.framework/Versions/3.12", ("system", "python.org")),
        ("/Library/Developer/CommandLineTools/Library/Frameworks/Python3.framework/Versions/3.9", ("system", "xcode")),
        (r"C:\Users\me\AppData\Local\Programs\Python\Python312", ("system", "python.org")),
        (r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.11", ("system", "microsoft store")),
        ("/usr/local", ("local", None)),
        ("/opt/company/python", ("other", None)),
    ],
)
def test_the_place_tells_the_maker(probe, prefix, origin):
    assert probe("environment.origin").find_origin(prefix, prefix, prefix + "/bin/python") == origin


def test_pyenv_may_lie_anywhere(probe, monkeypatch, tmp_path):
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    prefix = str(tmp_path / "versions" / "3.11.7")
    assert probe("environment.origin").find_origin(prefix, prefix, "") == ("pyenv", "pyenv")


def test_a_pixi_environment_is_told(probe, tmp_path):
    (tmp_path / "conda-meta").mkdir()
    (tmp_path / "conda-meta" / "pixi").touch()
    assert probe("environment.origin").find_origin(str(tmp_path), str(tmp_path), "") == ("conda", "pixi")


def test_a_conda_installation_without_history_is_condas(probe, tmp_path):
    (tmp_path / "conda-meta").mkdir()
    assert probe("environment.origin").find_origin(str(tmp_path), str(tmp_path), "") == ("conda", "conda")


STATUS = b"""Package: python3.12
Version: 3.12.3-1

Package: python3.12-minimal
Status: install ok installed
Version: %s

Package: zlib1g
Version: 1+jammy1
"""


@pytest.mark.parametrize(("number", "answer"), [(b"3.12.11-1+jammy1", True), (b"3.12.3-1ubuntu0.5", False), (b"3.12.3-1+deb12u1", False)])
def test_deadsnakes_is_known_by_the_version_of_its_package(probe, number, answer):
    assert probe("environment.origin").is_deadsnakes(STATUS % number, (3, 12), "jammy") is answer


def test_another_python_than_the_one_asked_for_is_not_deadsnakes(probe):
    assert probe("environment.origin").is_deadsnakes(STATUS % b"3.12.11-1+jammy1", (3, 11), "jammy") is False


def test_the_tags_of_each_platform(probe, monkeypatch):
    tags = probe("environment.tags")
    monkeypatch.setattr(tags, "_glibc", lambda: (2, 31))
    assert tags.platforms("linux-x86_64", is_32bit=False) == ["manylinux_2_31_x86_64", "linux_x86_64"]
    assert tags.platforms("linux-x86_64", is_32bit=True) == ["manylinux_2_31_i686", "linux_i686"]
    assert tags.platforms("linux-aarch64", is_32bit=False) == ["manylinux_2_31_aarch64", "linux_aarch64"]
    assert tags.platforms("win-amd64", is_32bit=False) == ["win_amd64"]
    assert tags.platforms("win32", is_32bit=True) == ["win32"]
    monkeypatch.setattr(tags, "_glibc", lambda: None)  # musl
    assert tags.platforms("linux-x86_64", is_32bit=False) == ["linux_x86_64"]


@pytest.mark.parametrize(
    ("version", "tag"), [("14.5", "macosx_14_0_arm64"), ("10.15.7", "macosx_10_15_arm64"), ("", "macosx_11_0_universal2")]
)
def test_the_tag_of_macos_is_that_of_the_running_system(probe, monkeypatch, version, tag):
    import platform

    monkeypatch.setattr(platform, "mac_ver", lambda: (version, ("", "", ""), "arm64"))
    assert probe("environment.tags").platforms("macosx-11.0-universal2", is_32bit=False) == [tag]


def test_what_may_not_be_read_is_told_in_words(probe):
    reading = probe("reading")
    assert reading.why(PermissionError(13, "Permission denied")) == "cannot be read: Permission denied"
    assert reading.why(FileNotFoundError(2, "No such file")) == "is missing"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no user 0")
def test_a_folder_that_may_not_be_read_is_reported_as_denied(environment, tmp_path, place):
    """Root reads everything, so for root the folder is one whose listing fails for a reason of its own."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o000)
    try:
        snapshot = environment.examine(PYTHONPATH=str(closed))
    finally:
        closed.chmod(0o700)
    reasons = [unknown.reason.value for unknown in snapshot.unknown if unknown.fact == "packages"]
    assert (snapshot.observed.packages.value, reasons) == (("complete", []) if os.geteuid() == 0 else ("partial", ["denied"]))
