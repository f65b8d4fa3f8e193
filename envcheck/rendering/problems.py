"""The problems of a report on a page: each cause with its evidence, what follows from it, and the commands that remedy it."""

import msgspec

from envcheck.rendering.areas import cut
from envcheck.rendering.fact_names import fact_in_words, value_in_words
from envcheck.rendering.page import Page
from envcheck.rendering.shell import Shell, command_line, shell_of
from envcheck.report import Certainty, Finding, Origin, Remedy, Report, Role, Safety, Severity, Step

# Of more problems than these only what was found is said, in a line each: the deeper ones come first.
_MOST_IN_FULL = 5
MARK_OF = {Severity.ERROR: "bad", Severity.WARNING: "warning", Severity.INFO: "hint"}
_SAFETY = {
    Safety.SAFE: "safe to run",
    Safety.UNSAFE: "changes what is installed",
    Safety.MANUAL: "to be done by hand",
}


def put_problems(page: Page, report: Report) -> None:
    """All causes that are more than hints, in the report's order."""
    roots = [finding for finding in report.findings if finding.role is Role.PRIMARY and finding.severity is not Severity.INFO]
    if not roots:
        return
    page.heading("What was found")
    follow = consequences(report)
    for number, root in enumerate(roots):
        if number < _MOST_IN_FULL:
            _put_problem(page, root, follow.get(root.id, []), report)
        else:
            if number == _MOST_IN_FULL:
                page.blank()
            page.paragraph(
                page.mark(MARK_OF[root.severity]), (f" {root.message}", ""), (f"  {root.rule}", "dim"), hanging=page.mark_width + 1
            )


def consequences(report: Report) -> dict[str, list[Finding]]:
    """By the id of a cause, what follows from it at any distance; what follows from several stands under the first of them."""
    by_id = {finding.id: finding for finding in report.findings}
    under: dict[str, list[Finding]] = {}
    for finding in report.findings:
        if finding.role is Role.CONSEQUENCE:
            roots = _roots(finding, by_id)
            first = next((other.id for other in report.findings if other.id in roots), None)
            if first is not None:
                under.setdefault(first, []).append(finding)
    return under


def _roots(finding: Finding, by_id: dict[str, Finding]) -> set[str]:
    open_ids, seen, roots = list(finding.because_of), set[str](), set[str]()
    while open_ids:
        cause = by_id.get(open_ids.pop())
        if cause is None or cause.id in seen:
            continue
        seen.add(cause.id)
        if cause.role is Role.PRIMARY:
            roots.add(cause.id)
        open_ids += cause.because_of
    return roots


def _put_problem(page: Page, finding: Finding, follow: list[Finding], report: Report) -> None:
    inner = page.mark_width + 1
    page.blank()
    page.paragraph(page.mark(MARK_OF[finding.severity]), (f" {finding.message}", "bold"), hanging=inner)
    likely = "  likely, not certain" if finding.certainty is Certainty.LIKELY else ""
    page.paragraph((finding.rule, "dim"), (f"  {finding.subject}" if finding.subject else "", "dim"), (likely, "yellow"), indent=inner)
    if finding.requirement is not None:
        page.paragraph((_required_by(finding.requirement), ""), indent=inner, hanging=inner + 2)
    _put_evidence(page, finding, inner)
    _put_list(page, "Would confirm it:", list(finding.would_confirm), inner)
    _put_list(page, "What follows from it:", [effect.message for effect in follow], inner)
    for number, remedy in enumerate(finding.remedies):
        _put_remedy(page, remedy, "To do" if number == 0 else "Or", report, inner)


def _required_by(origin: Origin) -> str:
    place = f" (document {origin.file}{f', line {origin.line}' if origin.line else ''})" if origin.file else ""
    return f"{'Recommended' if origin.level == 'should' else 'Required'} by the profile {origin.profile}{place}."


def _put_evidence(page: Page, finding: Finding, indent: int) -> None:
    if finding.evidence:
        page.paragraph(("How it is known:", ""), indent=indent)
    for proof in finding.evidence[:_MOST_IN_FULL]:
        name = fact_in_words(proof.fact)
        source = f"  ({proof.source})" if proof.source else ""
        value = value_in_words(proof.fact, proof.value)
        joined = f"{name}: {value}" if proof.fact.startswith("symptoms[") else f"{name} = {value}"
        page.paragraph((joined, ""), (source, "dim"), indent=indent + 2, hanging=indent + 4)
    if len(finding.evidence) > _MOST_IN_FULL:
        page.paragraph((f"and {len(finding.evidence) - _MOST_IN_FULL:,} more", "dim"), indent=indent + 2)


def _put_list(page: Page, title: str, items: list[str], indent: int) -> None:
    if items:
        page.paragraph((title, ""), indent=indent)
    for item in cut(items):
        page.paragraph((item, ""), indent=indent + 2, hanging=indent + 4)


def _put_remedy(page: Page, remedy: Remedy, lead: str, report: Report, indent: int) -> None:
    """Commands stand on lines of their own; where they need another shell or more rights than usual, a line before says so."""
    system = report.facts.system
    shell = shell_of(system.os if isinstance(system.os, str) else "")
    page.paragraph((f"{lead}: ", "bold"), (remedy.summary, ""), (_safety(remedy), "dim"), indent=indent, hanging=indent + 2)
    sudo = shell is Shell.POSIX and not isinstance(system.container, str)
    for step in remedy.steps:
        if report.facts.live and step.run[:1] == ("envcheck",):
            step = msgspec.structs.replace(step, run=(*page.own_command, *step.run[1:]))  # noqa: PLW2901 - as it is started here
        _put_step(page, step, shell, indent + 2, sudo=sudo)


def _safety(remedy: Remedy) -> str:
    """Nothing of commands that only look: they are neither done by hand nor do they change anything."""
    if remedy.safety is Safety.MANUAL and remedy.steps and not any(step.do or step.root for step in remedy.steps):
        return ""
    return f"  ({_SAFETY[remedy.safety]})"


def _put_step(page: Page, step: Step, shell: Shell, indent: int, *, sudo: bool) -> None:
    if step.do:
        page.paragraph((step.do, ""), indent=indent, hanging=indent + 2)
    if not step.run:
        return
    if step.root and not sudo:
        page.paragraph(("as administrator:" if shell is Shell.POWERSHELL else "as root:", ""), indent=indent)
    arguments = step.run[1:] if step.root and not sudo and step.run[0] == "sudo" else step.run  # as root there is no need of it
    if step.root and sudo and step.run[0] != "sudo":
        arguments = ("sudo", *(f"{name}={value}" for name, value in step.env.items()), *step.run)
        page.command(command_line(arguments, shell), indent=indent)
        return
    page.command(command_line(arguments, shell, step.env), indent=indent)
