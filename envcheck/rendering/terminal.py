"""The report for somebody who reads it in a terminal: the verdict, the areas at a glance, the problems, and what was not checked."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Smoke, known
from envcheck.rendering.areas import FRAMEWORKS, cut, facts_in_words, is_unknown
from envcheck.rendering.interface import RenderOptions
from envcheck.rendering.page import Page, Span
from envcheck.rendering.problems import MARK_OF, hints, put_problems
from envcheck.rendering.quantities import counted
from envcheck.rendering.unexplained import unexplained
from envcheck.rendering.verdict import verdict
from envcheck.report import Area, Finding, Gap, Report, Role, Severity

_MOST_GAPS = _MOST_HINTS = 5
_LABELS = {Area.CPU: "CPU", Area.GPU: "GPU", Area.SMOKE: "Smoke tests", Area.CONFIG: "Settings"}
_LABEL_WIDTH = 12
_ASKS = {"must": "required", "should": "recommended"}
_STYLES = {"good": "bold green", "unknown": "bold magenta", "bad": "bold red", "warning": "bold yellow"}


class TerminalRenderer:
    """Text of the options' width, with colour where they ask for it."""

    name = "terminal"
    suffixes = (".txt",)

    def render(self, report: Report, options: RenderOptions) -> str:
        """The whole report."""
        page = Page(options)
        for line in _target(report):
            page.paragraph(*line)
        page.blank()
        page.paragraph(*_verdict(report))
        page.blank()
        _put_areas(page, report)
        put_problems(page, report)
        _put_unexplained(page, report)
        _put_gaps(page, report)
        _put_hints(page, report)
        _put_ignored(page, report)
        page.blank()
        gaps = [gap.rule for gap in report.not_evaluated if gap.required or report.facts.live]
        rules = [finding.rule for finding in report.findings] or gaps
        if rules:
            page.paragraph(("What a rule checks, why, and when to ignore it:", "dim"))
            page.envcheck("explain", rules[0], indent=2)
        if not report.facts.live:
            page.paragraph(("What was understood of the text, line by line:", "dim"))
            page.envcheck("facts", "--format", "terminal", "FILE", indent=2)
        page.paragraph((_counts(report), ""))
        return page.text()


RENDERER = TerminalRenderer()


def _target(report: Report) -> Iterator[tuple[Span, ...]]:
    """Which Python and why; and where the frameworks are that this one lacks."""
    target = report.target
    version = f"Python {target.version}" if target.version else "Python of unknown version"
    if target.python:
        about = "; ".join(part for part in (target.environment, target.chosen_because) if part)
        yield ((version, "bold"), (f"  {target.python}", ""), (f"  ({about})" if about else "", "dim"))
    elif report.facts.live:
        yield (("No Python was examined.", "bold"),)
    elif target.version:
        yield ((version, "bold"), ("  (from the text that was given; nothing was looked at on this machine)", "dim"))
    else:
        yield (("The text that was given names no Python; nothing was looked at on this machine.", "bold"),)
    for environment in _elsewhere(report):
        yield ((environment, ""),)
    if report.profiles:
        yield ((f"Checked against {', '.join(cut(report.profiles))}.", ""),)


def _elsewhere(report: Report) -> Iterator[str]:
    nearby = report.facts.python.nearby
    if not isinstance(nearby, tuple):
        return
    for environment in nearby:
        there = {name: version for name, version in environment.frameworks.items() if name in FRAMEWORKS}
        lacking = [f"{name} {version}".strip() for name, version in there.items() if report.facts.package(name) is None]
        if lacking:
            yield f"Another environment nearby has {', '.join(cut(lacking))}, which this one lacks: {environment.path}"
            return


def _verdict(report: Report) -> tuple[Span, ...]:
    words = verdict(report)
    if not words.count:
        return ((words.message, _STYLES[words.state]),)
    lead = f"{words.count}: " if words.count.startswith("1 ") else f"{words.count}, first: "
    return ((lead, _STYLES[words.state]), (words.message, "bold"))


def _put_areas(page: Page, report: Report) -> None:
    for area in Area:
        words = _area_words(area, report)
        if words and not _is_beside_the_point(area, report):
            label = _LABELS.get(area, area.value.capitalize())
            page.row(label, (words, ""), mark=page.mark(_state(area, report)), label_width=_LABEL_WIDTH)


def _is_beside_the_point(area: Area, report: Report) -> bool:
    """Outside of any container nobody looks for a line about it, unless something is wrong with what its rules watch."""
    nowhere = area is Area.CONTAINER and not known(report.facts.system.container, "")
    return nowhere and not any(finding.area is area for finding in report.findings)


def _state(area: Area, report: Report) -> str:
    findings = [finding.severity for finding in report.findings if finding.area is area]
    if findings:
        return MARK_OF[min(findings, key=lambda severity: severity.rank)]
    if area is Area.SMOKE and report.facts.smoke:
        return _state_of_tests(report.facts.smoke)
    if not report.facts.live and is_unknown(area, report.facts):
        return "unknown"
    if any(entry.area is area for entry in report.passed):
        return "good"
    missed = any(gap.area is area for gap in report.not_evaluated) or is_unknown(area, report.facts)
    return "unknown" if missed else "none"


def _state_of_tests(tests: tuple[Smoke, ...]) -> str:
    """By what came of them: a framework that could not even be imported is a finding of another area."""
    if any(test.status not in ("passed", "skipped", "absent") for test in tests):
        return "bad"
    if any(test.asked_for and test.status == "absent" and not test.reason for test in tests):
        return "bad"
    return "good" if all(test.status == "passed" for test in tests) else "unknown"


def _area_words(area: Area, report: Report) -> str:
    """The area's facts; of an area that has none, what came of its checks."""
    if words := facts_in_words(area, report.facts):
        return words
    passed = sum(entry.area is area for entry in report.passed)
    found = sum(finding.area is area for finding in report.findings)
    missed = sum(gap.area is area for gap in report.not_evaluated)
    parts = ((found, counted(found, "finding")), (passed, f"{counted(passed, 'check')} passed"), (missed, f"{missed} not checked"))
    return ", ".join(words for number, words in parts if number)


def _put_unexplained(page: Page, report: Report) -> None:
    said = unexplained(report)
    if said:
        page.heading("Said, and not explained by anything else in the text")
    for proof in said[:_MOST_HINTS]:
        place = f"  ({proof.source})" if proof.source else ""
        page.paragraph(page.mark("unknown"), (f" {proof.value}", ""), (place, "dim"), hanging=page.mark_width + 1)
    if len(said) > _MOST_HINTS:
        page.paragraph((f"and {len(said) - _MOST_HINTS:,} more", "dim"), indent=page.mark_width + 1)


def _put_gaps(page: Page, report: Report) -> None:
    """What was required comes first; what could not be checked for one and the same reason stands together."""
    together: dict[tuple[str, tuple[str, ...]], list[Gap]] = {}
    listed = [gap for gap in report.not_evaluated if gap.required or report.facts.live]
    for gap in sorted(listed, key=lambda gap: not gap.required):
        together.setdefault((_gap_words(gap), gap.needs), []).append(gap)
    if together:
        page.heading("Not checked")
    groups = list(together.items())
    for (words, needs), gaps in groups[:_MOST_GAPS]:
        rules = ", ".join(cut(dict.fromkeys(gap.rule for gap in gaps)))
        page.paragraph(page.mark("unknown"), (f" {words}", ""), (f"  {rules}", "dim"), hanging=page.mark_width + 1)
        for need in cut(needs):
            page.paragraph((f"To find out: {need}", ""), indent=page.mark_width + 3, hanging=page.mark_width + 5)
    left_out = sum(len(gaps) for _, gaps in groups[_MOST_GAPS:])
    if left_out:
        page.paragraph((f"and {left_out:,} more", "dim"), indent=page.mark_width + 1)
    _put_untold(page, len(report.not_evaluated) - len(listed))


def _put_untold(page: Page, number: int) -> None:
    """A pasted text leaves most things open; a list of them would bury what it does tell."""
    if number:
        page.blank()
        words = f"{counted(number, 'check')} would need facts that the text does not give. On the machine itself they are made by:"
        page.paragraph((words, "dim"))
        page.command("envcheck doctor", indent=2)  # it is typed there, not here


def _gap_words(gap: Gap) -> str:
    subject = f"{gap.subject}: " if gap.subject else ""
    return f"{'required: ' if gap.required else ''}{subject}{gap.reason}"


def _put_hints(page: Page, report: Report) -> None:
    told = hints(report)
    if not told:
        return
    page.heading("Hints")
    for hint in told[:_MOST_HINTS]:
        page.paragraph(page.mark("hint"), (f" {hint.message}", ""), (f"  {hint.rule}", "dim"), hanging=page.mark_width + 1)
    if len(told) > _MOST_HINTS:
        page.paragraph((f"and {len(told) - _MOST_HINTS:,} more", "dim"), indent=page.mark_width + 1)


def _put_ignored(page: Page, report: Report) -> None:
    """What somebody asked not to hear of, so that nobody takes it for right."""
    if not report.ignored:
        return
    page.heading("Ignored")
    for entry in report.ignored[:_MOST_HINTS]:
        origin = entry.requirement
        asks = f"{_ASKS.get(origin.level, 'asked for')} by the profile {origin.profile}; " if origin else ""
        page.paragraph(
            page.mark("none"), (f" {entry.subject}: {asks}{entry.reason}", ""), (f"  {entry.rule}", "dim"), hanging=page.mark_width + 1
        )
    if len(report.ignored) > _MOST_HINTS:
        page.paragraph((f"and {len(report.ignored) - _MOST_HINTS:,} more", "dim"), indent=page.mark_width + 1)


def _counts(report: Report) -> str:
    roots = [finding for finding in report.findings if finding.role is Role.PRIMARY]
    follow = len(report.findings) - len(roots)

    def of(severity: Severity, findings: list[Finding]) -> int:
        return sum(finding.severity is severity for finding in findings)

    return ", ".join(
        (
            counted(of(Severity.ERROR, roots), "problem"),
            counted(of(Severity.WARNING, roots), "warning"),
            *([counted(follow, "consequence")] if follow else []),
            counted(of(Severity.INFO, roots), "hint"),
            f"{len(report.passed):,} passed",
            f"{len(report.not_evaluated):,} not evaluated",
            f"{len(report.ignored):,} ignored",
        )
    )
