"""What a person should send besides, so that a pasted report can be judged."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Completeness
from envcheck.rendering.unexplained import unexplained
from envcheck.report import Certainty, Report, Role, Status

_MOST = 6


def what_to_send(report: Report) -> tuple[str, ...]:
    """What would confirm what is only likely; where nothing was found, the outputs that tell most of what the text leaves open.

    Nothing of a live machine: there envcheck looks by itself.
    """
    if report.facts.live:
        return ()
    wanted = [word for finding in report.findings if _is_open(finding.certainty, finding.role) for word in finding.would_confirm]
    if report.status is Status.UNKNOWN:
        wanted += _missing(report)
    return tuple(dict.fromkeys(wanted))[:_MOST]


def _is_open(certainty: Certainty, role: Role) -> bool:
    return certainty is Certainty.LIKELY and role is Role.PRIMARY


def _missing(report: Report) -> Iterator[str]:
    facts = report.facts
    if not facts.symptoms:
        yield "the whole error message, from its first line to its last"
    if not facts.builds:
        yield "the output of python -m torch.utils.collect_env, or of the framework's own report"
    if facts.observed.packages is Completeness.NONE:
        yield "the output of python -m pip list"
    if facts.observed.accelerators is Completeness.NONE or unexplained(report):
        yield "the output of nvidia-smi, or of rocminfo for an AMD card"
    yield "best of all, made on the machine itself: envcheck doctor --output report.md"
