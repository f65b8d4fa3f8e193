"""A profile inside a configuration file: read like one of its own, its mistakes at the lines of that file."""

import textwrap
from pathlib import Path

import pytest

from envcheck.cli.configuration import read_configuration
from envcheck.profiles.error import ProfileError
from envcheck.profiles.inline import inline_profile
from envcheck.profiles.model import Profile

PROJECT = """\
[project]
name = "app"
description = '''
[tool.envcheck.profile]
name = "no profile, but a text"
'''

[tool.envcheck]
fail-on = "warning"

[tool.envcheck.profile]
name = "app"
title = "What our app needs"
extends = ["system-minimum"]

[[tool.envcheck.profile.requirement]]
fact = "memory.total_bytes"
operator = ">="
bound = "64 GB"
level = "must"

[tool.envcheck.profile.requirement.today]
says = "64 GB since the last release"
source = "ADR 7"

[tool.other]
fact = "nothing of ours"
"""


def read(tmp_path: Path, text: str, name: str = "pyproject.toml") -> Profile:
    (tmp_path / name).write_text(textwrap.dedent(text))
    configuration = read_configuration(None, tmp_path)
    assert configuration.own_profile is not None
    return inline_profile(*configuration.own_profile)


def test_the_table_of_a_pyproject_is_a_profile(tmp_path: Path) -> None:
    profile = read(tmp_path, PROJECT)
    assert (profile.name, profile.extends) == ("app", ("system-minimum",))
    (requirement,) = profile.requirements
    assert (requirement.fact, requirement.asked, requirement.line) == ("memory.total_bytes", "64 GB", 17)
    assert requirement.today is not None


def test_in_a_file_of_its_own_the_table_has_the_short_name(tmp_path: Path) -> None:
    profile = read(tmp_path, '[profile]\nname = "app"\ntitle = "App"\n', "envcheck.toml")
    assert profile.title == "App"


def test_a_base_by_path_counts_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text('name = "base"\ntitle = "Base"\n')
    assert read(tmp_path, PROJECT.replace("system-minimum", "base.toml")).extends == ("base.toml",)


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ('operator = ">="', 'operater = ">="', 18, 'Did you mean "operator"?'),
        ('bound = "64 GB"', 'bound = "much"', 19, "much"),
        ('title = "What our app needs"', "title = 3", 13, "takes text"),
        ('extends = ["system-minimum"]', 'extends = ["system-minimun"]', 14, 'Did you mean "system-minimum"?'),
    ],
)
def test_a_mistake_has_the_line_of_that_file(tmp_path: Path, before: str, after: str, line: int, words: str) -> None:
    with pytest.raises(ProfileError) as caught:
        read(tmp_path, PROJECT.replace(before, after))
    assert caught.value.place == f"{tmp_path / 'pyproject.toml'}:{line}"
    assert words in " ".join(caught.value.lines())


def test_a_table_in_one_line_is_told_how_it_is_written(tmp_path: Path) -> None:
    with pytest.raises(ProfileError) as caught:
        read(tmp_path, 'profile = {name = "app", title = "App"}\n', "envcheck.toml")
    assert "[[profile.requirement]]" in caught.value.hint


def test_a_configuration_without_a_profile_has_none(tmp_path: Path) -> None:
    (tmp_path / "envcheck.toml").write_text('fail-on = "never"\n')
    assert read_configuration(None, tmp_path).own_profile is None
