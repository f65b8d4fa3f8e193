"""What a configuration file may say, and one message with its place for what it may not."""

from pathlib import Path

import pytest

from envcheck.cli.configuration import Configuration, read_configuration
from envcheck.mistake import Mistake

WHOLE = """
profiles = ["pytorch", "ours/cluster.toml"]
select = ["memory"]
fail-on = "warning"
[ignore]
memory-too-small = "we know"
"""


def test_no_file_is_the_default(tmp_path: Path) -> None:
    assert read_configuration(None, tmp_path) == Configuration()


def test_a_path_of_a_profile_counts_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "envcheck.toml").write_text(WHOLE)
    configuration = read_configuration(None, tmp_path)
    assert configuration.profiles == ("pytorch", str(tmp_path / "ours/cluster.toml"))
    assert configuration.select == ("memory",)
    assert configuration.ignore == {"memory-too-small": "we know"}
    assert configuration.fail_on == "warning"


def test_pyproject_of_a_parent_is_read_and_its_other_tools_are_not(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.other]\nunknown = 1\n[tool.envcheck]\nfail-on = "never"\n')
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert read_configuration(None, inner).fail_on == "never"


def test_envcheck_toml_stands_before_pyproject(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.envcheck]\nfail-on = "never"\n')
    (tmp_path / "envcheck.toml").write_text('fail-on = "warning"\n')
    assert read_configuration(None, tmp_path).fail_on == "warning"


def test_envcheck_toml_of_the_projects_root_holds_in_its_folders(tmp_path: Path) -> None:
    inner = tmp_path / "project" / "a"
    (tmp_path / "project" / ".git").mkdir(parents=True)
    inner.mkdir()
    (tmp_path / "envcheck.toml").write_text('fail-on = "never"\n')
    assert read_configuration(None, inner).fail_on == "error"  # that one lies outside of the project
    (tmp_path / "project" / "envcheck.toml").write_text('fail-on = "warning"\n')
    assert read_configuration(None, inner).fail_on == "warning"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("\nprofils = []\n", 2, 'Did you mean "profiles"?'),
        ("python = '/bin/sh'\n", 1, "Known keys are"),
        ("a = 1\nselect = 'memory'\n", 1, "Known keys are"),
        ("\n\nselect = 'memory'\n", 3, "a list of texts"),
        ("fail-on = 'sometimes'\n", 1, "error, warning, never"),
        ("fail-on = 3\n", 1, "takes text"),
        ("\n[ignore]\npackage-torn = ' '\n", 2, "Say why"),
        ("\n[ignore]\npackage-torn = 1\n", 2, "a table of rules"),
        ("x = \n", 1, "not valid TOML"),
    ],
)
def test_a_mistake_is_one_message_with_its_place(tmp_path: Path, text: str, line: int, words: str) -> None:
    file = tmp_path / "envcheck.toml"
    file.write_text(text)
    with pytest.raises(Mistake) as caught:
        read_configuration(str(file))
    assert caught.value.place == f"{file}:{line}"
    assert words in " ".join(caught.value.lines())


@pytest.mark.parametrize("content", [b"\xff\xfe", b"#" * (2**20 + 1), b"a=" + b"[" * 100_000], ids=["not UTF-8", "too large", "too deep"])
def test_a_file_that_is_none_is_one_message(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "envcheck.toml"
    file.write_bytes(content)
    with pytest.raises(Mistake) as caught:
        read_configuration(str(file))
    assert len(caught.value.lines()) <= 2


@pytest.mark.parametrize("name", ["missing.toml", ".", "nul\0byte"])
def test_a_named_file_that_cannot_be_read_is_a_mistake(tmp_path: Path, name: str) -> None:
    with pytest.raises(Mistake):
        read_configuration(str(tmp_path / name))
