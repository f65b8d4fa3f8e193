"""The exit code of a report, the same for every format."""

from envcheck.report import Report, Severity

HEALTHY = 0
FAILED = 1
WRONG_USE = 2
NOT_EVALUATED = 3
INTERRUPTED = 130


def exit_code(report: Report, fail_on: Severity | None = Severity.ERROR) -> int:
    """1 where a finding reaches `fail_on` (None: never), else 3 where something required could not be evaluated, else 0."""
    if fail_on is not None and any(finding.severity.rank <= fail_on.rank for finding in report.findings):
        return FAILED
    return NOT_EVALUATED if any(gap.required for gap in report.not_evaluated) else HEALTHY
