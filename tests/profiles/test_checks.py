"""Checks of one's own in a profile: what is taken, the one message for each mistake, and whose they are."""

import textwrap
from pathlib import Path

import pytest

from envcheck.cli.configuration import read_configuration
from envcheck.profiles.error import ProfileError
from envcheck.profiles.inline import inline_profile
from envcheck.profiles.load import checks, is_shipped, load_profile, shipped_profiles
from envcheck.profiles.model import Check, Level, Operator
from envcheck.profiles.parse import parse_profile

HEAD = 'name = "lab"\ntitle = "Lab"\n'
CHECK = '[[check]]\nname = "loader"\ncommand = ["{python}", "check.py"]\nlevel = "must"\n'


def test_a_whole_check_is_read() -> None:
    more = 'exit-code = 3\noutput = ["ready", "a\\tb"]\ntimeout = 1.5\nwhy = """the\ndata"""\n'
    (check,) = parse_profile(HEAD + CHECK + more, "lab.toml").checks
    assert check == Check(
        name="loader",
        command=("{python}", "check.py"),
        level=Level.MUST,
        exit_code=3,
        output=("ready", "a\tb"),
        timeout=1.5,
        why="the data",
        profile="lab",
        line=4,
    )


def test_what_is_not_said_is_the_usual() -> None:
    (check,) = parse_profile(HEAD + CHECK, "lab.toml").checks
    assert (check.exit_code, check.output, check.timeout) == (0, (), 20.0)


def test_that_it_passes_is_a_requirement_on_its_result() -> None:
    (check,) = parse_profile(HEAD + CHECK, "lab.toml").checks
    requirement = check.requirement
    assert (requirement.fact, requirement.operator, requirement.bound) == ("smoke[loader:lab@].status", Operator.EQUALS, "passed")
    assert (requirement.level, requirement.profile, requirement.line) == (Level.MUST, "lab", 4)


def replaced(old: str, new: str) -> str:
    assert old in CHECK
    return HEAD + CHECK.replace(old, new)


@pytest.mark.parametrize(
    ("text", "line", "title", "hint"),
    [
        (HEAD + "check = 1\n", 3, 'The key "check" takes a table: [[check]].', '"1" is a number.'),
        (HEAD + CHECK.replace('level = "must"\n', ""), 3, 'The key "level" is missing.', "text in quotes"),
        (HEAD + CHECK.replace('name = "loader"\n', ""), 3, 'The key "name" is missing.', "text in quotes"),
        (replaced("command", "comand"), 5, 'There is no key "comand" here.', 'Did you mean "command"?'),
        (replaced('"must"', '"hint"'), 6, 'There is no level "hint".', "Known are must, should."),
        (replaced('"loader"', '"My Check"'), 4, '"My Check" is no name for a check.', "hyphens"),
        (replaced('"loader"', '"a]@b"'), 4, '"a]@b" is no name for a check.', "hyphens"),
        (replaced('"loader"', f'"{"a" * 61}"'), 4, "is no name for a check.", "hyphens"),
        (HEAD + CHECK + CHECK, 8, 'There are two checks "loader".', "a name of its own"),
        (replaced('["{python}", "check.py"]', '"python check.py"'), 5, 'The key "command" takes a list of texts.', "is text."),
        (replaced('["{python}", "check.py"]', "[]"), 5, "The command names no program.", "{python}"),
        (replaced('["{python}", "check.py"]', '[""]'), 5, "The command names no program.", "{python}"),
        (replaced('["{python}", "check.py"]', '["a", 3]'), 5, 'The key "command" takes a list of texts.', "a list"),
        (replaced("check.py", "a\\u0000b"), 5, 'The key "command" holds a control character.', "shown around it"),
        (replaced("check.py", "\\u001b[2J"), 5, 'The key "command" holds a control character.', "shown around it"),
        (replaced("check.py", "\\u202eyp.kcehc"), 5, 'The key "command" holds a control character.', "shown around it"),
        (replaced("check.py", "a\\nb"), 5, "The command holds a character that cannot be seen.", "another command"),
        (replaced("check.py", "a\\tb"), 5, "The command holds a character that cannot be seen.", "another command"),
        (replaced("check.py", "a\\u200bb"), 5, "The command holds a character that cannot be seen.", "another command"),
        (replaced("check.py", "rm\\u00a0-r"), 5, "The command holds a character that cannot be seen.", "another command"),
        (replaced("check.py", "x" * 3000), 5, "The command has more than 2000 characters.", "a script"),
        (HEAD + CHECK + "exit-code = 256\n", 7, '"256" is no exit code.', "0 to 255"),
        (HEAD + CHECK + "exit-code = -9\n", 7, '"-9" is no exit code.', "0 to 255"),
        (HEAD + CHECK + "exit-code = true\n", 7, 'The key "exit-code" takes a whole number.', "truth"),
        (HEAD + CHECK + f"exit-code = 1{'0' * 400}\n", 7, "is no exit code.", "0 to 255"),
        (HEAD + CHECK + "timeout = 0\n", 7, '"0" is no time for a check.', "0.1 to 86400"),
        (HEAD + CHECK + "timeout = nan\n", 7, '"nan" is no time for a check.', "0.1 to 86400"),
        (HEAD + CHECK + "timeout = inf\n", 7, '"inf" is no time for a check.', "0.1 to 86400"),
        (HEAD + CHECK + f"timeout = 1{'0' * 400}\n", 7, "is no time for a check.", "0.1 to 86400"),
        (HEAD + CHECK + 'timeout = "20"\n', 7, 'The key "timeout" takes a number of seconds.', "is text."),
        (HEAD + CHECK + 'output = "ready"\n', 7, 'The key "output" takes a list of texts.', "is text."),
        (HEAD + CHECK + 'output = [""]\n', 7, "The output holds a text that is empty or has several lines.", "several texts"),
        (HEAD + CHECK + 'output = ["a\\nb"]\n', 7, "The output holds a text that is empty or has several lines.", "several texts"),
        (HEAD + CHECK + f'output = ["{"x" * 3000}"]\n', 7, "The output has more than 2000 characters.", "few words"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, line: int, title: str, hint: str) -> None:
    with pytest.raises(ProfileError) as caught:
        parse_profile(text, "lab.toml")
    assert (caught.value.file, caught.value.line) == ("lab.toml", line)
    assert title in caught.value.title
    assert hint in caught.value.hint
    assert caught.value.title.isprintable()


def test_there_are_not_more_than_anybody_has() -> None:
    text = HEAD + "".join(CHECK.replace("loader", f"a{number}") for number in range(101))
    with pytest.raises(ProfileError, match='"check" has more than 100 entries'):
        parse_profile(text, "lab.toml")


def write(path: Path, name: str, extends: str = "") -> str:
    path.parent.mkdir(exist_ok=True)
    path.write_text(f'name = "{name}"\ntitle = "x"\nextends = [{extends}]\n{CHECK}')
    return str(path)


def test_those_of_bases_belong_to_it_and_each_stands_once_with_its_profile(tmp_path: Path) -> None:
    write(tmp_path / "base.toml", "base")
    lab = load_profile(write(tmp_path / "lab.toml", "lab", '"./base.toml"'))
    found = checks([lab, lab, load_profile(str(tmp_path / "base.toml"))])
    assert [(check.key, Path(profile.path).name) for check, profile in found] == [
        ("loader:base@", "base.toml"),
        ("loader:lab@", "lab.toml"),
    ]


def test_two_files_with_the_same_names_are_a_mistake(tmp_path: Path) -> None:
    profiles = [load_profile(write(tmp_path / folder / "lab.toml", "lab")) for folder in ("one", "two")]
    with pytest.raises(ProfileError, match='Another profile "lab" has a check "loader", too'):
        checks(profiles)


def test_a_profile_from_elsewhere_is_never_taken_for_a_shipped_one(tmp_path: Path) -> None:
    assert all(is_shipped(profile) for profile in shipped_profiles())
    assert not is_shipped(load_profile(write(tmp_path / "profiles" / "pytorch.toml", "pytorch")))


def test_no_shipped_profile_runs_anything() -> None:
    assert checks(shipped_profiles()) == ()


def test_in_a_configuration_they_have_the_lines_of_that_file(tmp_path: Path) -> None:
    text = """\
    [tool.envcheck.profile]
    name = "app"
    title = "App"

    [[tool.envcheck.profile.check]]
    name = "loader"
    command = ["a"]
    level = "should"
    """
    (tmp_path / "pyproject.toml").write_text(textwrap.dedent(text))
    configuration = read_configuration(None, tmp_path)
    assert configuration.own_profile is not None
    (check,) = inline_profile(*configuration.own_profile).checks
    assert (check.name, check.line, check.profile) == ("loader", 6, "app")
