"""What tests of rules write and read again and again: a symptom in a few words, what remedies say, the causes that a report names."""

from typing import Any

import msgspec

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.engine import diagnose
from envcheck.report import Finding, Report, Role, Severity
from envcheck.rules import all_rules


def said(kind: str, subject: str = "", code: int | None = None, scope: str = "", **details: str) -> dict[str, Any]:
    """A symptom as it stands in a saved snapshot."""
    return {"kind": kind, "text": f"said {kind}", "subject": subject, "code": code, "scope": scope, "details": details}


def words(outcome: Any) -> str:
    """Commands and words of all steps."""
    return " ".join(" ".join(step.run) + step.do for remedy in outcome.remedies for step in remedy.steps)


def judged(snapshot: Snapshot) -> Report:
    """The report of all rules."""
    return diagnose(snapshot, all_rules())


def told(report: Report) -> list[Finding]:
    """The findings without the hints: that something is no longer maintained stands beside most old reports."""
    return [finding for finding in report.findings if finding.severity is not Severity.INFO]


def causes_about_gpus(report: Report) -> list[str]:
    """The rules of the primary findings that are no hints and speak of the GPU, its driver or the container."""
    areas = ("gpu", "container", "system")
    return [
        finding.rule
        for finding in report.findings
        if finding.role is Role.PRIMARY and finding.severity is not Severity.INFO and finding.area.value in areas
    ]


def one_cause(facts: dict[str, Any]) -> str:
    """The one primary cause of a machine's facts that is no hint; it has a remedy, and no rule broke over them."""
    report = judged(msgspec.convert(facts, Snapshot))
    (cause,) = [finding for finding in report.findings if finding.role is Role.PRIMARY and finding.severity is not Severity.INFO]
    assert cause.remedies
    assert not [gap for gap in report.not_evaluated if "crashed" in gap.reason]
    return cause.rule
