"""A plan for a person: what is installed, what comes before, the commands to copy, and why."""

from envcheck.choosing.build import Reason
from envcheck.facts.snapshot import Snapshot
from envcheck.planning.plan import Plan
from envcheck.rendering.interface import RenderOptions
from envcheck.rendering.page import Page
from envcheck.rendering.shell import Shell
from envcheck.rendering.steps import lines_of, shell_for
from envcheck.report import Remedy, Safety

_SHELLS = {Shell.POSIX: "bash", Shell.POWERSHELL: "PowerShell", Shell.CMD: "cmd"}


def render_plan(plan: Plan, names: tuple[str, ...], facts: Snapshot, options: RenderOptions, shell: Shell | None = None) -> str:
    """The whole page; `shell` is the one that the commands are for, None that of the machine."""
    page = Page(options)
    if plan.impossible is not None:
        page.paragraph(page.mark("bad"), (f" {plan.impossible}", "bold"), hanging=page.mark_width + 1)
        _put_reasons(page, "What could be done instead", plan.why)
        return page.text()
    page.paragraph((f"Plan for {', '.join(names)}", "bold"), (f"  {plan.manager}, Python {plan.python}", "dim"))
    _put_packages(page, plan)
    wanted = shell or shell_for(facts)
    if plan.before:
        page.heading("Before")
    for remedy in plan.before:
        page.paragraph((remedy.summary, ""), indent=2, hanging=4)
        _put_steps(page, remedy, facts, wanted, 4)
    page.heading(f"To run, in {_SHELLS[wanted]}")
    steps = Remedy(summary="", manager=plan.manager, safety=Safety.UNSAFE, steps=plan.steps)
    _put_steps(page, steps, facts, wanted, 2)
    _put_reasons(page, "Why", plan.why)
    page.blank()
    page.paragraph((f"Not tried against the indexes: this stands on the tables of {plan.tables}.", "dim"))
    return page.text()


def _put_packages(page: Page, plan: Plan) -> None:
    page.blank()
    column = max(len(package.name) for package in plan.packages) + 4
    for package in plan.packages:
        words = " ".join(filter(None, (package.version or "the newest", package.variant, package.index)))
        page.entry(package.name, words, indent=2, column=column)


def _put_steps(page: Page, remedy: Remedy, facts: Snapshot, shell: Shell, indent: int) -> None:
    for line in lines_of(remedy, facts, page.own_command, shell):
        if line.is_command:
            page.command(line.text, indent=indent)
        else:
            page.paragraph((line.text, ""), indent=indent, hanging=indent + 2)


def _put_reasons(page: Page, title: str, reasons: tuple[Reason, ...]) -> None:
    if reasons:
        page.heading(title)
    for reason in reasons:
        source = f"  ({reason.source})" if reason.source else ""
        page.paragraph((f"{reason.choice}: ", "bold"), (reason.because, ""), (source, "dim"), indent=2, hanging=4)
