"""pythonhome-misleads."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.messages import parse_message
from envcheck.report import Certainty, Severity
from envcheck.rules.pythonhome_misleads import RULE
from tests.rules.rule_words import words

ENCODINGS = "Fatal Python error: init_fs_encoding: failed\nModuleNotFoundError: No module named 'encodings'"
OWN = {"prefix": "/env", "base_prefix": "/usr"}


def judge(text: str = "", **facts: Any) -> list[Any]:
    said = [msgspec.to_builtins(symptom) for symptom in parse_message(text)]
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": said}, Snapshot))))


def test_a_python_that_does_not_start_for_it_is_an_error() -> None:
    (found,) = judge(ENCODINGS, variables={"PYTHONHOME": "/opt/old"})
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.CERTAIN)
    assert "unset PYTHONHOME" in words(found)


def test_pythons_own_listing_of_its_paths_names_the_folder() -> None:
    listing = f"Python path configuration:\n  PYTHONHOME = '/opt/old'\n  PYTHONPATH = (not set)\n  isolated = 0\n{ENCODINGS}"
    (found,) = judge(listing)
    assert found.message == "Python looks for its standard library in /opt/old, which PYTHONHOME names, and does not find it there."


def test_without_the_variable_it_is_likely() -> None:
    (found,) = judge(ENCODINGS)
    assert (found.certainty, bool(found.would_confirm)) == (Certainty.LIKELY, True)


def test_where_the_python_runs_it_is_a_hint() -> None:
    (found,) = judge(variables={"PYTHONHOME": "/opt/old"}, python=OWN, live=True, observed={"variables": "complete"})
    assert found.severity is Severity.INFO


@pytest.mark.parametrize("home", ["/usr", "/env/"])
def test_this_pythons_own_folder_passes(home: str) -> None:
    assert [type(outcome) for outcome in judge(variables={"PYTHONHOME": home}, python=OWN, live=True)] == [Passed]


def test_unknown_variables_leave_it_open() -> None:
    assert [type(outcome) for outcome in judge(live=True)] == [NotEvaluated]


@pytest.mark.parametrize("text", ["", "ModuleNotFoundError: No module named 'torch'"])
def test_without_the_variable_and_the_words_it_does_not_arise(text: str) -> None:
    assert [type(outcome) for outcome in judge(text)] == [NotApplicable]
