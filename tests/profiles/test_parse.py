"""A profile's text: what is taken, and the one message for each mistake in it."""

import ast

import pytest

from envcheck.observing.volumes import volumes
from envcheck.profiles.error import ProfileError
from envcheck.profiles.model import Level, Operator
from envcheck.profiles.parse import parse_profile
from envcheck.profiles.vocabulary import MEMBERS
from envcheck.shipped import folder

HEAD = 'name = "lab"\ntitle = "Lab"\n'
REQUIREMENT = '[[requirement]]\nfact = "memory.total_bytes"\noperator = ">="\nlevel = "must"\nbound = "8 GB"\n'


def test_a_whole_profile_is_read() -> None:
    text = f"""{HEAD}description = "Our
lab"
extends = ["gpu"]
frameworks = ["torch"]
""".replace('"Our\nlab"', '"""Our\nlab"""')
    text += '[[requirement]]\nfact = "packages[Scikit_Learn].version"\noperator = ">="\nlevel = "should"\nbound = "1.7"\nwhy = "x"\n'
    text += 'document = { file = "a.txt", line = 3, says = "b", also = ["a.txt:9"] }\n'
    text += 'today = { says = "c", source = "d", bound = "1.8", required = true }\n'
    profile = parse_profile(text, "lab.toml")
    (requirement,) = profile.requirements
    assert (profile.name, profile.description, profile.extends, profile.frameworks) == ("lab", "Our lab", ("gpu",), ("torch",))
    assert (requirement.fact, requirement.operator, requirement.level) == (
        "packages[scikit-learn].version",
        Operator.AT_LEAST,
        Level.SHOULD,
    )
    assert (requirement.bound, requirement.asked, requirement.profile, requirement.line) == ("1.7", "1.8", "lab", 8)
    assert requirement.document is not None
    assert requirement.document.also == ("a.txt:9",)


def test_a_whole_number_is_a_bound() -> None:
    text = HEAD + '[[requirement]]\nfact = "cpu.physical_cores"\noperator = ">="\nlevel = "must"\nbound = 4\n'
    assert parse_profile(text, "x").requirements[0].asked == "4"


@pytest.mark.parametrize(
    ("text", "line", "title", "hint"),
    [
        ("name = lab\n", 1, "This is not valid TOML: Invalid value", "texts in quotes"),
        (HEAD + "a = [1,\n", 3, "This is not valid TOML", "texts in quotes"),
        (HEAD + 'titel = "x"\n', 3, 'There is no key "titel" here.', 'Did you mean "title"?'),
        ('name = "lab"\n', 1, 'The key "title" is missing.', "text in quotes"),
        ('name = "My Lab"\ntitle = "x"\n', 1, '"My Lab" is no name for a profile.', "hyphens"),
        (HEAD + "extends = 3\n", 3, 'The key "extends" takes a list of texts.', '"3" is a number.'),
        (HEAD + 'extends = "gpu"\n', 3, 'The key "extends" takes a list of texts.', '"gpu" is text.'),
        (HEAD + "requirement = 1\n", 3, 'The key "requirement" takes a table', '"1" is a number.'),
        (HEAD + REQUIREMENT.replace("bound", "bond"), 7, 'There is no key "bond" here.', 'Did you mean "bound"?'),
        (HEAD + REQUIREMENT.replace("must", "musst"), 6, 'There is no level "musst".', 'Did you mean "must"?'),
        (HEAD + REQUIREMENT.replace('">="', '">"'), 5, 'There is no operator ">".', 'Did you mean ">="?'),
        (HEAD + REQUIREMENT.replace(">=", "=="), 5, "memory.total_bytes cannot be compared with ==.", "It takes >=."),
        (HEAD + REQUIREMENT.replace("8 GB", "8 Gigs"), 7, '"8 Gigs" is no bound for memory.total_bytes.', "The units of a size are"),
        (HEAD + REQUIREMENT.replace('bound = "8 GB"\n', ""), 3, "memory.total_bytes has no bound.", "A bound is missing"),
        (
            HEAD + REQUIREMENT.replace("memory.total_bytes", "memory.total_byte"),
            4,
            "There is no fact",
            'Did you mean "memory.total_bytes"?',
        ),
        (HEAD + REQUIREMENT.replace("memory.total_bytes", "packages[torch].versoin"), 4, "There is no fact", '"packages[NAME].version"?'),
        (HEAD + REQUIREMENT.replace("memory.total_bytes", "disks[tmp].free_bytes"), 4, 'disks has no "tmp".', 'Did you mean "temp"?'),
        (HEAD + REQUIREMENT + "document = { file = 'a', line = 0, says = 'b' }\n", 8, "Lines of a document are counted from 1.", ""),
        (HEAD + REQUIREMENT + "document = { file = 'a', says = 'b' }\n", 8, 'The key "line" is missing.', "a whole number"),
        (HEAD + REQUIREMENT + "document = { file = 'a', line = true, says = 'b' }\n", 8, 'The key "line" takes a whole number.', "truth"),
        (HEAD + REQUIREMENT + "[requirement.today]\nsays = 'a'\nsource = 'b'\nbound = '9 GiBB'\n", 11, '"9 GiBB" is no bound', "units"),
        (HEAD + REQUIREMENT.replace('"8 GB"', "8.5"), 7, "bound = 8.5 needs quotes.", "3.10 is read as 3.1"),
        (HEAD + REQUIREMENT.replace("must", "\\u001b[31m"), 6, 'The key "level" holds a control character.', "shown around it"),
        (HEAD.replace("Lab", "\\u202egnp.exe"), 2, 'The key "title" holds a control character.', "shown around it"),
    ],
)
def test_a_mistake_is_told_once_with_its_line_and_a_suggestion(text: str, line: int, title: str, hint: str) -> None:
    with pytest.raises(ProfileError) as caught:
        parse_profile(text, "lab.toml")
    error = caught.value
    assert (error.file, error.line, error.place) == ("lab.toml", line, f"lab.toml:{line}")
    assert title in error.title
    assert hint in error.hint


def test_a_program_that_no_probe_looks_for_cannot_be_required() -> None:
    text = HEAD + '[[requirement]]\nfact = "tools[dokcer]"\noperator = "installed"\nlevel = "must"\n'
    with pytest.raises(ProfileError, match='tools has no "dokcer"') as caught:
        parse_profile(text, "x")
    assert caught.value.hint == 'Did you mean "docker"?'


def test_the_programs_that_may_be_required_are_those_that_the_probe_looks_for() -> None:
    tree = ast.parse((folder("probes") / "tools.py").read_text(encoding="utf-8"))
    questions = next(node.value for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "QUESTIONS")
    assert set(ast.literal_eval(questions)) == set(MEMBERS["tools"])


def test_the_disks_that_may_be_required_are_those_that_are_asked_for() -> None:
    asked = volumes("/opt/miniconda3/envs/ml", {"CONDA_PKGS_DIRS": "/pkgs"}, "/home/ann", "Linux")
    assert set(asked) == set(MEMBERS["disks"])


@pytest.mark.parametrize("bound", ["2.8+", ">=2.8", "newest"])
def test_an_impossible_version_is_refused(bound: str) -> None:
    text = HEAD + f'[[requirement]]\nfact = "packages[torch].version"\noperator = ">="\nlevel = "must"\nbound = "{bound}"\n'
    with pytest.raises(ProfileError, match="is no bound for packages") as caught:
        parse_profile(text, "x")
    assert 'operator = ">=", bound = "2.8"' in caught.value.hint


def test_presence_takes_no_bound() -> None:
    text = HEAD + '[[requirement]]\nfact = "packages[torch]"\noperator = "installed"\nlevel = "must"\nbound = "2.8"\n'
    with pytest.raises(ProfileError, match="is no bound for packages") as caught:
        parse_profile(text, "x")
    assert "packages[NAME].version" in caught.value.hint


def test_hostile_keys_are_shown_escaped_and_cut() -> None:
    with pytest.raises(ProfileError) as caught:
        parse_profile(HEAD + '"\\u001b[2J' + "x" * 500 + '" = 1\n', "x")
    assert "\x1b" not in caught.value.title
    assert len(caught.value.title) < 200


def test_deep_nesting_is_an_error_and_no_crash() -> None:
    with pytest.raises(ProfileError, match=r"nests deeper|not valid TOML"):
        parse_profile(HEAD + "a = " + "[" * 100_000, "x")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD + 'frameworks = ["antigravity"]', "module of Python itself"),
        (HEAD + 'frameworks = ["xml.dom"]', "module of Python itself"),
        (HEAD + 'frameworks = ["__main__"]', "module of Python itself"),
        (HEAD + 'frameworks = ["torch; import os"]', "no name of an import package"),
        (HEAD + 'frameworks = ["-c"]', "no name of an import package"),
        (HEAD + 'frameworks = ["../x"]', "no name of an import package"),
        (HEAD + "frameworks = [" + '"a",' * 101 + "]", "more than 100 entries"),
        (HEAD + "extends = [" + '"gpu",' * 50_000 + "]", "more than 100 entries"),
        (HEAD + '[[requirement]]\nfact = "x"\n' * 20_000, "more than 500 entries"),
        (HEAD + "a = " + "9" * 6000, "thousands of digits"),
        (HEAD + "a." * 100_000 + "b = 1", "more than 64 parts"),
    ],
    ids=lambda value: value[len(HEAD) : len(HEAD) + 30] if value.startswith(HEAD) else None,
)
def test_what_would_take_for_ever_or_run_something_is_refused(text: str, words: str) -> None:
    with pytest.raises(ProfileError, match=words):
        parse_profile(text, "lab.toml")
