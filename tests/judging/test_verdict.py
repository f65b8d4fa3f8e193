"""Exit codes."""

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.verdict import exit_code
from envcheck.report import (
    SCHEMA,
    Area,
    Certainty,
    Finding,
    Gap,
    Origin,
    Report,
    Role,
    Severity,
    Status,
    Target,
)


def report(*severities: Severity, gap: bool | None = None) -> Report:
    findings = tuple(
        Finding(
            id=str(number),
            rule="rule",
            area=Area.PYTHON,
            severity=severity,
            certainty=Certainty.CERTAIN,
            role=Role.PRIMARY,
            subject="",
            message="",
        )
        for number, severity in enumerate(severities)
    )
    gaps = () if gap is None else (Gap(rule="rule", subject="", area=Area.PYTHON, reason="", required=gap),)
    return Report(
        schema=SCHEMA,
        envcheck="0",
        tables="",
        status=Status.UNKNOWN,
        target=Target(),
        profiles=(),
        findings=findings,
        not_evaluated=gaps,
        passed=(),
        ignored=(),
        facts=Snapshot(),
    )


@pytest.mark.parametrize(
    ("severities", "fail_on", "code"),
    [
        ((), Severity.ERROR, 0),
        ((Severity.INFO, Severity.WARNING), Severity.ERROR, 0),
        ((Severity.INFO, Severity.ERROR), Severity.ERROR, 1),
        ((Severity.ERROR,), Severity.WARNING, 1),
        ((Severity.WARNING,), Severity.WARNING, 1),
        ((Severity.INFO,), Severity.WARNING, 0),
        ((Severity.INFO,), Severity.INFO, 1),
        ((Severity.ERROR,), None, 0),
    ],
)
def test_a_finding_fails_the_run_from_the_chosen_severity_on(severities: tuple[Severity, ...], fail_on: Severity | None, code: int) -> None:
    assert exit_code(report(*severities), fail_on) == code


def test_errors_fail_by_default_and_warnings_do_not() -> None:
    assert exit_code(report(Severity.ERROR)) == 1
    assert exit_code(report(Severity.WARNING)) == 0


@pytest.mark.parametrize(("required", "code"), [(True, 3), (False, 0)])
def test_only_a_required_gap_counts(required: bool, code: int) -> None:
    assert exit_code(report(gap=required)) == code


def test_a_finding_weighs_more_than_a_gap() -> None:
    assert exit_code(report(Severity.ERROR, gap=True)) == 1


def test_with_findings_switched_off_a_required_gap_still_counts() -> None:
    assert exit_code(report(Severity.ERROR, gap=True), None) == 3


def test_a_hint_is_never_a_matter_of_the_exit_code_however_severe() -> None:
    plain = report(Severity.WARNING)
    hint = msgspec.structs.replace(plain.findings[0], requirement=Origin(profile="system-minimum", level="hint"))
    should = msgspec.structs.replace(plain.findings[0], requirement=Origin(profile="system-minimum", level="should"))
    assert exit_code(msgspec.structs.replace(plain, findings=(hint,)), Severity.WARNING) == 0
    assert exit_code(msgspec.structs.replace(plain, findings=(should,)), Severity.WARNING) == 1
