"""The report as Markdown, to be pasted into an issue: the cause, the lines that it stands on, the command, and what else to send."""

from collections.abc import Iterator

from envcheck.rendering.areas import cut
from envcheck.rendering.fact_names import fact_in_words, value_in_words
from envcheck.rendering.interface import RenderOptions
from envcheck.rendering.markdown_text import code, code_block, prose
from envcheck.rendering.plain_text import without_surrogates
from envcheck.rendering.problems import causes, consequences, hints, required_by
from envcheck.rendering.shell import Shell
from envcheck.rendering.steps import lines_of, safety_in_words, shell_for
from envcheck.rendering.unexplained import unexplained
from envcheck.rendering.verdict import verdict
from envcheck.rendering.what_to_send import what_to_send
from envcheck.report import Certainty, Finding, Proof, Remedy, Report, Status

_MOST_IN_FULL = 5
_MOST_PROOFS = 8
_MOST_GAPS = 5


class MarkdownRenderer:
    """GitHub's Markdown; nothing in the text that was judged can become a link, a mention or HTML."""

    name = "markdown"
    suffixes = (".md",)

    def render(self, report: Report, options: RenderOptions) -> str:  # noqa: ARG002 - Markdown has no width
        """The whole answer."""
        lines = [
            *_head(report),
            *_problems(report),
            *_unexplained(report),
            *_gaps(report),
            *_hints(report),
            *_wanted(report),
            *_foot(report),
        ]
        return without_surrogates("\n".join(_without_double_blanks(lines))) + "\n"


RENDERER = MarkdownRenderer()


def _head(report: Report) -> Iterator[str]:
    """The verdict; where there are problems only their number, since each says its own words below."""
    words = verdict(report)
    title = words.count or ("what the error is" if causes(report) else prose(words.message))
    yield f"### envcheck: {title}"
    yield ""


def _problems(report: Report) -> Iterator[str]:
    roots = causes(report)
    follow = consequences(report)
    for root in roots[:_MOST_IN_FULL]:
        yield from _problem(root, follow.get(root.id, []), report)
    for root in roots[_MOST_IN_FULL:]:
        yield f"- {prose(root.message)} ({code(root.rule)})"
    yield ""


def _problem(finding: Finding, follow: list[Finding], report: Report) -> Iterator[str]:
    yield f"**{prose(finding.message)}**"
    likely = ", likely, not certain" if finding.certainty is Certainty.LIKELY else ""
    subject = f", {prose(finding.subject)}" if finding.subject else ""
    yield f"({code(finding.rule)}{subject}{likely})"
    yield ""
    if finding.requirement is not None:
        yield prose(required_by(finding.requirement))
        yield ""
    yield from _list("How it is known:", [_proof(entry) for entry in finding.evidence[:_MOST_PROOFS]], len(finding.evidence))
    yield from _list("What follows from it:", [prose(effect.message) for effect in follow[:_MOST_PROOFS]], len(follow))
    for number, remedy in enumerate(finding.remedies):
        yield from _remedy(remedy, "What to do" if number == 0 else "Or", report)


def _proof(entry: Proof) -> str:
    """The line itself as code: what a reader compares with the text that was pasted."""
    source = f" ({prose(entry.source)})" if entry.source else ""
    if entry.fact.startswith("symptoms["):
        return f"{code(entry.value)}{source}"
    return f"{prose(fact_in_words(entry.fact))}: {code(value_in_words(entry.fact, entry.value))}{source}"


def _list(title: str, items: list[str], number: int) -> Iterator[str]:
    if not items:
        return
    yield title
    yield ""
    yield from (f"- {item}" for item in items)
    if number > len(items):
        yield f"- and {number - len(items):,} more"
    yield ""


def _remedy(remedy: Remedy, lead: str, report: Report) -> Iterator[str]:
    safety = safety_in_words(remedy)
    yield f"{lead}: {prose(remedy.summary)}{f' ({safety})' if safety else ''}"
    yield ""
    language = "powershell" if shell_for(report.facts) is Shell.POWERSHELL else "sh"
    commands: list[str] = []
    for line in lines_of(remedy, report.facts):
        if line.is_command:
            commands.append(line.text)
            continue
        yield from _commands(commands, language)
        commands = []
        yield prose(line.text)
        yield ""
    yield from _commands(commands, language)


def _commands(commands: list[str], language: str) -> Iterator[str]:
    if commands:
        yield from code_block(commands, language)
        yield ""


def _unexplained(report: Report) -> Iterator[str]:
    said = unexplained(report)
    yield from _list("Said, and not explained by anything else in the text:", [_proof(entry) for entry in said[:_MOST_PROOFS]], len(said))


def _gaps(report: Report) -> Iterator[str]:
    """Only what was required, or could not be seen on the machine itself: a text leaves most things open."""
    gaps = [gap for gap in report.not_evaluated if gap.required or report.facts.live]
    items = [f"{prose(': '.join(part for part in (gap.subject, gap.reason) if part))} ({code(gap.rule)})" for gap in gaps[:_MOST_GAPS]]
    yield from _list("Not checked:", items, len(gaps))


def _hints(report: Report) -> Iterator[str]:
    told = hints(report)
    yield from _list("Hints:", [f"{prose(hint.message)} ({code(hint.rule)})" for hint in told[:_MOST_IN_FULL]], len(told))


def _wanted(report: Report) -> Iterator[str]:
    wanted = what_to_send(report)
    title = "What else to send:" if report.status is Status.UNKNOWN else "To be sure, look at or send:"
    yield from _list(title, [prose(word) for word in wanted], len(wanted))


def _foot(report: Report) -> Iterator[str]:
    """What was judged by what."""
    target = f"Python {report.target.version}, " if report.target.version else ""
    judged = "examined on the machine" if report.facts.live else "judged from the text that was given"
    profiles = f", checked against {', '.join(cut(report.profiles))}" if report.profiles else ""
    yield f"<sub>{prose(f'{target}{judged}{profiles}; envcheck {report.envcheck}, tables of {report.tables}')}</sub>"


def _without_double_blanks(lines: list[str]) -> Iterator[str]:
    last = ""
    for line in lines:
        if line or last:
            yield line
        last = line
