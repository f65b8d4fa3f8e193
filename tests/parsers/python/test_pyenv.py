"""Which of pyenv's versions a shim would start."""

import pytest

from envcheck.parsers.python.pyenv import choose_installed, parse_python_version


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("3.11.7\n", ["3.11.7"]),
        ("3.11.7:3.9.18", ["3.11.7", "3.9.18"]),
        ("# all of it\n3.9.18 # why\n\nmine\n", ["3.9.18", "mine"]),
        ("../../../evil\n..\n3.9\n", ["3.9"]),
        ("", []),
    ],
)
def test_pyenvs_files_name_versions_and_lead_nowhere_else(text: str, names: list[str]) -> None:
    assert parse_python_version(text) == names


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("3.9", "3.9.18"),
        ("3", None),
        ("3.9.2", "3.9.2"),
        ("python-3.9.2", "3.9.2"),
        ("3.1", None),
        ("mine", "mine"),
        ("system", None),
        ("3.9.", None),
    ],
)
def test_a_version_means_itself_or_the_newest_that_begins_with_it(name: str, version: str | None) -> None:
    assert choose_installed(name, ["3.9.2", "3.9.18", "3.11.7", "mine"]) == version
