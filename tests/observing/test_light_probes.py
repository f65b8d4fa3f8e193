"""What is left unknown where a probe comes to no end."""

import pytest

from envcheck.facts.claims import resolve
from envcheck.facts.snapshot import UnknownReason
from envcheck.judging.engine import diagnose
from envcheck.observing.answer import Answer, Ending
from envcheck.observing.light_probes import evidence_of
from envcheck.rules import all_rules


@pytest.mark.parametrize(
    ("ending", "reason"),
    [
        (Ending.TIMED_OUT, UnknownReason.TIMED_OUT),
        (Ending.UNKILLABLE, UnknownReason.UNKILLABLE),
        (Ending.SIGNALLED, UnknownReason.CRASHED),
        (Ending.NOT_STARTED, UnknownReason.CRASHED),
    ],
)
def test_the_facts_that_it_answers_for_are_unknown_with_the_reason(ending: Ending, reason: UnknownReason) -> None:
    evidence = evidence_of({"host": Answer("host", ending)})
    assert {entry.fact: entry.reason for entry in evidence.unknown} == dict.fromkeys(("system", "cpu", "memory", "variables"), reason)


def test_a_probe_that_the_kernel_does_not_let_go_of_is_a_finding() -> None:
    evidence = evidence_of({"disks": Answer("disks", Ending.UNKILLABLE, stages=["asking 7 paths"], seconds=14.0)})
    report = diagnose(resolve(evidence, taken="2026-11-21T09:00:00Z", live=True), all_rules())
    assert [finding.rule for finding in report.findings] == ["probe-cannot-be-killed"]
    assert "asking 7 paths" in report.findings[0].evidence[0].value
