"""The exit code of a report, the same for every format."""

from envcheck.profiles.model import Level
from envcheck.report import Finding, Report, Severity

HEALTHY = 0
FAILED = 1
WRONG_USE = 2
NOT_EVALUATED = 3
INTERRUPTED = 130


def exit_code(report: Report, fail_on: Severity | None = Severity.ERROR) -> int:
    """1 where a finding reaches `fail_on` (None: never), else 3 where something required could not be evaluated, else 0.

    A hint is never a matter of the exit code, however severe it sounds.
    """
    if fail_on is not None and any(finding.severity.rank <= fail_on.rank and not _is_hint(finding) for finding in report.findings):
        return FAILED
    return NOT_EVALUATED if any(gap.required for gap in report.not_evaluated) else HEALTHY


def _is_hint(finding: Finding) -> bool:
    return finding.requirement is not None and finding.requirement.level == Level.HINT.value
