from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty, Severity
from envcheck.rules.preload_misleads import RULE

IGNORED = {"kind": "preload-ignored", "text": "ERROR: ld.so: …", "subject": "ld.so", "details": {"library": "/usr/lib/libtcmalloc.so.4"}}
MIXED = {"kind": "allocators-mixed", "text": "src/tcmalloc.cc:333] …", "details": {"allocator": "tcmalloc"}}
ENDED = {"kind": "signal", "text": "Aborted", "details": {"signal": "SIGABRT"}}
KILLED = {"kind": "signal", "text": "Killed", "details": {"signal": "SIGKILL"}}
JEMALLOC = {"LD_PRELOAD": "/usr/lib/libfoo.so:/usr/lib/x86_64-linux-gnu/libjemalloc.so.2"}


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


def test_a_library_that_is_not_there_is_passed_over():
    (found,) = judge(IGNORED, variables={"LD_PRELOAD": "/usr/lib/libtcmalloc.so.4"})
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.WARNING, Certainty.CERTAIN)
    assert found.evidence[-1].fact == "variables[LD_PRELOAD]"
    assert ("unset", "LD_PRELOAD") in [step.run for step in found.remedies[0].steps]


@pytest.mark.parametrize(
    ("symptom", "variables", "severity", "words"),
    [
        (MIXED, {}, Severity.ERROR, "Tcmalloc was to free memory"),
        (ENDED, JEMALLOC, Severity.WARNING, "ended with jemalloc preloaded"),
    ],
)
def test_another_allocator_is_likely(symptom: dict[str, Any], variables: dict[str, str], severity: Severity, words: str):
    (found,) = judge(symptom, variables=variables)
    assert (found.severity, found.certainty) == (severity, Certainty.LIKELY)
    assert words in found.message
    assert found.would_confirm


@pytest.mark.parametrize(
    ("symptoms", "facts", "outcome"),
    [
        ((), {}, NotApplicable),
        ((ENDED,), {}, NotApplicable),
        ((), {"variables": JEMALLOC, "system": {"os": "Windows"}}, NotApplicable),
        ((), {"variables": JEMALLOC, "live": True}, Passed),
        ((), {"variables": JEMALLOC}, NotEvaluated),
        ((KILLED,), {"variables": JEMALLOC}, NotEvaluated),
        ((ENDED,), {"variables": {"LD_PRELOAD": "/usr/lib/libgomp.so.1"}}, NotEvaluated),
    ],
)
def test_what_says_nothing_against_it(symptoms: tuple[dict[str, Any], ...], facts: dict[str, Any], outcome: type):
    (told,) = judge(*symptoms, **facts)
    assert isinstance(told, outcome)
