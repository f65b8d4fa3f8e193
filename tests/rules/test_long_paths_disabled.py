"""long-paths-disabled."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable
from envcheck.messages import parse_message
from envcheck.rules.long_paths_disabled import RULE
from tests.rules.rule_words import words

DEEP = "C:\\\\Users\\\\me" + "\\\\folder" * 40 + "\\\\x.h"
STORE = "C:\\\\Users\\\\me\\\\PythonSoftwareFoundation.Python.3.11_x" + "\\\\folder" * 40 + "\\\\x.h"


def judge(text: str, **facts: Any) -> list[Any]:
    said = [msgspec.to_builtins(symptom) for symptom in parse_message(text)]
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": said}, Snapshot))))


def test_a_path_above_the_limit_is_refused_for_its_length() -> None:
    (found,) = judge(f"OSError: [Errno 2] No such file or directory: '{DEEP}'", system={"os": "Windows"})
    assert isinstance(found, Found)
    assert found.message == "Windows refused a path for its length (295 characters): long paths are not enabled."
    assert "LongPathsEnabled" in words(found)
    assert "C:\\venvs\\env" in words(found)


@pytest.mark.parametrize(
    "text",
    [
        "HINT: This error might have occurred since this system does not have Windows Long Path support enabled. You can find",
        "FileNotFoundError: [WinError 206] Der Dateiname oder die Erweiterung ist zu lang",
    ],
)
def test_the_systems_and_pips_own_words_decide(text: str) -> None:
    assert [type(outcome) for outcome in judge(text)] == [Found]


def test_git_has_a_setting_of_its_own() -> None:
    (found,) = judge("error: unable to create file third_party/a/b.h: Filename too long")
    assert "core.longpaths true" in words(found).partition("reg add")[0]


def test_the_folder_of_the_stores_python_is_named() -> None:
    (found,) = judge(f"OSError: [Errno 2] No such file or directory: '{STORE}'")
    assert "python.org" in words(found)


@pytest.mark.parametrize("path", ["C:\\\\short\\\\x.h", "/home/" + "folder/" * 60 + "x.h"])
def test_a_file_that_is_really_missing_is_no_matter_of_length(path: str) -> None:
    assert [type(outcome) for outcome in judge(f"FileNotFoundError: [Errno 2] No such file or directory: '{path}'")] == [NotApplicable]


def test_other_systems_have_no_such_limit() -> None:
    (outcome,) = judge("[WinError 206] The filename or extension is too long", system={"os": "Linux"})
    assert isinstance(outcome, NotApplicable)
