"""Folders that pip passes over with a warning."""

import pytest

from envcheck.facts.snapshot import PackageState
from envcheck.readers.read import read_text


@pytest.mark.parametrize(
    ("line", "name", "location"),
    [
        (
            "WARNING: Ignoring invalid distribution ~umpy (/opt/venv/lib/python3.11/site-packages)",
            "~umpy",
            "/opt/venv/lib/python3.11/site-packages",
        ),
        ("WARNING: Ignoring invalid distribution -orch (c:\\python310\\lib\\site-packages)", "~orch", "c:\\python310\\lib\\site-packages"),
        ("> WARNING: Ignoring invalid distribution ~ensorflow-intel", "~ensorflow-intel", None),
    ],
)
def test_the_folder_is_a_torn_package(line: str, name: str, location: str | None) -> None:
    (package,) = read_text(f"{line}\n{line}\n").packages
    assert (package.name, package.state, package.detail) == (name, PackageState.TORN, f"left over from an interrupted removal: {name}")
    if location is not None:
        assert package.location == location


def test_a_warning_without_a_folder_is_passed_over() -> None:
    assert not read_text("WARNING: Ignoring invalid distribution name\n").packages


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ValueError: Unable to compare versions for safetensors>=0.4.1: need=0.4.1 found=None. This is unusual.\n", "safetensors"),
        ("╰─> The package's contents are unknown: no RECORD file was found for torch.\n\nhint: You might be able to recover\n", "torch"),
        ("ERROR: Cannot uninstall 'scikit_learn', RECORD file not found. You might be able to recover from this via: …\n", "scikit-learn"),
        ("WARNING: Error parsing dependencies of numpy: [Errno 2] No such file or directory: '/v/numpy.dist-info/METADATA'\n", "numpy"),
    ],
)
def test_metadata_that_cannot_be_used(text: str, name: str) -> None:
    (package,) = read_text(text).packages
    assert (package.name, package.state) == (name, PackageState.BROKEN)
    assert package.detail


@pytest.mark.parametrize(
    "text",
    [
        "no RECORD file was found for numpy.\n\nhint: The package was installed by conda. You should check if it can uninstall it.\n",
        "ERROR: Cannot uninstall 'PyYAML', RECORD file not found. Hint: see below\nHint: The package was installed by debian.\n",
        "WARNING: Error parsing dependencies of omegaconf: .* suffix can only be used with `==` or `!=` operators\n",
        "ValueError: Unable to compare versions for tqdm>=4.27: need=4.27 found=4.20. This is unusual.\n",
    ],
)
def test_what_another_manager_brought_or_pip_only_dislikes_is_not_broken(text: str) -> None:
    assert not read_text(text).packages
