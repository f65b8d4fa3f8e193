"""paging-file-too-small."""

from typing import Any

import msgspec

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, Passed
from envcheck.messages import parse_message
from envcheck.readers.read import read_text
from envcheck.rules.paging_file_too_small import RULE
from tests.rules.rule_words import judged, said, words

WORDS = 'OSError: [WinError 1455] Le fichier de pagination est insuffisant. Error loading "C:\\v\\torch\\lib\\cublas64_12.dll" or'


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


def test_the_number_decides_in_any_language() -> None:
    (found,) = judge(*(msgspec.to_builtins(symptom) for symptom in parse_message(WORDS)), system={"os": "Windows"})
    assert isinstance(found, Found)
    assert found.message == "Windows had no memory left to promise to load cublas64_12.dll: its paging file is too small."
    assert "SystemPropertiesPerformance.exe" in words(found)


def test_it_is_the_one_cause_of_a_library_that_was_not_loaded() -> None:
    assert [finding.rule for finding in judged(read_text(WORDS)).findings] == ["paging-file-too-small"]


def test_imports_that_went_well_pass() -> None:
    assert [type(outcome) for outcome in judge(system={"os": "Windows"}, imports=[{"name": "torch", "status": "imported"}])] == [Passed]


def test_memory_that_ran_out_otherwise_is_another_matter() -> None:
    assert [type(outcome) for outcome in judge(said("out-of-memory", device="cpu"))] == [NotApplicable]


def test_other_systems_have_no_paging_file() -> None:
    assert [type(outcome) for outcome in judge(said("out-of-memory", code=1455), system={"os": "Linux"})] == [NotApplicable]
