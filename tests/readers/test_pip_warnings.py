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
