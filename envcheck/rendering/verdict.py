"""The verdict of a report in one sentence."""

import msgspec

from envcheck.facts.snapshot import Completeness, Observed, Snapshot
from envcheck.rendering.areas import cut
from envcheck.rendering.quantities import counted
from envcheck.rendering.unexplained import answered, unexplained
from envcheck.report import Report, Role, Severity, Status


class Verdict(msgspec.Struct, frozen=True):
    """`state` is good, bad, warning or unknown; `count` says how many problems there are, `message` the first one's own words."""

    state: str
    message: str
    count: str = ""


def verdict(report: Report) -> Verdict:
    """One sentence; of problems the first one's own words."""
    if report.status is Status.HEALTHY and report.selected:
        return Verdict("good", f"Nothing wrong was found in what was selected: {', '.join(cut(report.selected))}.")
    if report.status is Status.HEALTHY and _imported_nothing(report.facts):
        return Verdict("good", "Nothing wrong was found without importing anything; envcheck doctor lets the frameworks compute, too.")
    if report.status is Status.HEALTHY:
        return Verdict("good", "This environment is healthy.")
    if report.status is Status.UNKNOWN:
        return Verdict("unknown", _unknown(report))
    roots = [finding for finding in report.findings if finding.role is Role.PRIMARY and finding.severity is not Severity.INFO]
    errors = [finding for finding in roots if finding.severity is Severity.ERROR]
    first = next(iter(roots or report.findings), None)
    count = counted(len(errors), "problem") if errors else counted(len(roots), "warning")
    return Verdict("bad" if errors else "warning", first.message if first else "", count)


def _imported_nothing(facts: Snapshot) -> bool:
    """There are frameworks that would have been imported, and nobody did."""
    from envcheck.knowledge.frameworks import TRIED, installed_for

    return facts.live and facts.observed.imports is Completeness.NONE and any(installed_for(facts, name) for name in TRIED)


def _unknown(report: Report) -> str:
    if any(gap.required for gap in report.not_evaluated):
        return "Not everything that was asked for could be checked."
    if not report.facts.live and _is_empty(report.facts):
        return "Nothing in the text that was given was recognised: it is no report, table or error message that envcheck reads."
    if unexplained(report):
        return "The text tells of trouble, but not enough to say what causes it."
    if answers := answered(report):
        return answers[0].message
    if not report.facts.live:
        return "Nothing wrong was found in what was given, but it does not show enough to call it healthy."
    return "Not everything could be checked."


def _is_empty(facts: Snapshot) -> bool:
    """Nothing but what every snapshot says of itself: one that somebody saved may have no sources, and facts all the same."""
    return msgspec.structs.replace(facts, taken="", live=False, observed=Observed()) == Snapshot()
