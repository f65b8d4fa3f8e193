"""static-tls-exhausted."""

from typing import Any

import msgspec

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.messages import parse_message
from envcheck.readers.read import read_text
from envcheck.rules.static_tls_exhausted import RULE
from tests.rules.rule_words import judged, words

LIBRARY = "/v/lib/python3.8/site-packages/scikit_learn.libs/libgomp-d22c30c5.so.1.0.0"
TEXT = f"ImportError: {LIBRARY}: cannot allocate memory in static TLS block"


def judge(text: str = "", **facts: Any) -> list[Any]:
    said = [msgspec.to_builtins(symptom) for symptom in parse_message(text)]
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": said}, Snapshot))))


def test_the_library_is_named_and_loaded_first() -> None:
    (found,) = judge(TEXT)
    assert isinstance(found, Found)
    assert found.subject == "libgomp-d22c30c5.so.1.0.0"
    assert f"LD_PRELOAD={LIBRARY}" in words(found)


def test_it_is_the_one_cause_and_no_library_of_the_system_is_missed() -> None:
    assert [finding.rule for finding in judged(read_text(TEXT)).findings] == ["static-tls-exhausted"]


def test_imports_that_went_well_pass() -> None:
    assert [type(outcome) for outcome in judge(imports=[{"name": "sklearn", "status": "imported"}])] == [Passed]


def test_where_nothing_was_imported_it_is_not_judged() -> None:
    (outcome,) = judge(live=True, packages=[{"name": "torch", "version": "2.0.0", "state": "ok"}])
    assert isinstance(outcome, NotEvaluated)


def test_a_library_that_is_missing_is_another_matter() -> None:
    assert [type(outcome) for outcome in judge("ImportError: libgomp.so.1: cannot open shared object file")] == [NotApplicable]
