"""The problems of a report on a page: each cause with its evidence, what follows from it, and the commands that remedy it."""

from envcheck.rendering.areas import cut
from envcheck.rendering.fact_names import fact_in_words, value_in_words
from envcheck.rendering.page import Page
from envcheck.rendering.steps import lines_of, safety_in_words
from envcheck.rendering.unexplained import answered
from envcheck.report import Certainty, Finding, Origin, Remedy, Report, Role, Severity

# Of more problems than these only what was found is said, in a line each: the deeper ones come first.
_MOST_IN_FULL = 5
MARK_OF = {Severity.ERROR: "bad", Severity.WARNING: "warning", Severity.INFO: "hint"}


def causes(report: Report) -> list[Finding]:
    """All that are more than hints, in the report's order; of a text that tells of errors without any, what those errors are."""
    roots = [finding for finding in report.findings if finding.role is Role.PRIMARY and finding.severity is not Severity.INFO]
    return [*roots, *answered(report)]


def hints(report: Report) -> list[Finding]:
    """What is good to know beside the causes."""
    told = answered(report)
    return [finding for finding in report.findings if finding.severity is Severity.INFO and finding not in told]


def put_problems(page: Page, report: Report) -> None:
    """Each cause, the first ones with all that is known of them."""
    roots = causes(report)
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
        page.paragraph((required_by(finding.requirement), ""), indent=inner, hanging=inner + 2)
    _put_evidence(page, finding, inner)
    _put_list(page, "Would confirm it:", list(finding.would_confirm), inner)
    _put_list(page, "What follows from it:", [effect.message for effect in follow], inner)
    for number, remedy in enumerate(finding.remedies):
        _put_remedy(page, remedy, "To do" if number == 0 else "Or", report, inner)


def required_by(origin: Origin) -> str:
    """The sentence that names the profile, and the document's line."""
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
    """Commands stand on lines of their own."""
    safety = safety_in_words(remedy)
    about = f"  ({safety})" if safety else ""
    page.paragraph((f"{lead}: ", "bold"), (remedy.summary, ""), (about, "dim"), indent=indent, hanging=indent + 2)
    for line in lines_of(remedy, report.facts, page.own_command):
        if line.is_command:
            page.command(line.text, indent=indent + 2)
        else:
            page.paragraph((line.text, ""), indent=indent + 2, hanging=indent + 4)
