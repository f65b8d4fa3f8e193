"""`envcheck plan`: what to install on a machine, by which commands, and why."""

import re
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from envcheck.cli.text_or_json import text_or_json

if TYPE_CHECKING:
    from envcheck.choosing.build import Wishes
    from envcheck.facts.snapshot import Snapshot
    from envcheck.rendering.shell import Shell

_IMPOSSIBLE = 1
_MANAGERS = ("pip", "uv", "conda", "mamba", "pixi")
_SHELLS = ("bash", "powershell", "cmd")


def _version(pattern: str, example: str) -> Callable[[click.Context, click.Parameter, str | None], str | None]:
    """Lets a version of so many numbers through, and nothing else: it goes into commands."""

    def check(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(pattern, value):
            raise click.BadParameter(f"'{value}' is no version such as {example}.")
        return value

    return check


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--manager", type=click.Choice(_MANAGERS), help="Install with this one (default: what made the environment).")
@click.option("--facts", "facts_file", metavar="FILE|-", help="Plan for the machine of this snapshot or pasted report.")
@click.option("--python", callback=_version(r"3\.\d{1,2}t?", "3.12"), metavar="X.Y", help="Plan for this Python.")
@click.option("--like", callback=_version(r"\d{1,4}(?:\.\d{1,6}){1,3}", "2.8"), metavar="VERSION", help="Take this release or series.")
@click.option("--cuda", callback=_version(r"\d{1,2}(?:\.\d{1,2})?", "12.6"), metavar="X.Y", help="Take builds for this CUDA.")
@click.option("--cpu", is_flag=True, help="Take builds for the CPU.")
@click.option("--shell", type=click.Choice(_SHELLS), help="Write the commands for this shell (default: the machine's).")
@text_or_json
def plan(
    *,
    names: Sequence[str],
    manager: str | None,
    facts_file: str | None,
    python: str | None,
    like: str | None,
    cuda: str | None,
    cpu: bool,
    shell: str | None,
    format_: str,
) -> int:
    """Tell what to install on this machine for profiles or frameworks, all in one environment.

    Each NAME is a profile (pytorch, tensorflow-cuda …) or a framework (torch, sklearn …). The newest releases that work on the machine are
    taken, and nothing is installed.
    """
    if cpu and cuda:
        raise click.UsageError("--cpu wants no CUDA, and --cuda wants one. Give one of them.")
    if like and len(set(names)) > 1:
        raise click.UsageError("--like names a release of one package. Plan one NAME with it.")
    from envcheck.choosing.build import Wishes
    from envcheck.planning.names import read_names
    from envcheck.planning.options import WITH_DEVICES

    members = read_names(names)  # a name that is wrong is told before anything is looked at
    if cuda and not any(name in WITH_DEVICES for member in members for name in member.alternatives):
        raise click.UsageError("--cuda: nothing that is named has builds for CUDA.")
    facts = _facts(facts_file, tuple(names))
    return _show(
        facts,
        tuple(names),
        Wishes(version=like or "", device="cpu" if cpu else "", cuda=cuda or "", python=python or ""),
        manager or "",
        shell,
        format_,
    )


def _facts(file: str | None, names: tuple[str, ...]) -> "Snapshot":
    if file is not None:
        from envcheck.cli.diagnose import read_file

        return read_file(file)
    from functools import partial

    from envcheck.cli.doctor import quick_wish
    from envcheck.observing.observe import Watcher, observe
    from envcheck.rendering.progress import progress_view

    with progress_view() as view:
        return observe(quick_wish(None), Watcher(view.tell, view.begin, view.told), meanwhile=partial(_prepare, names))


def _prepare(names: tuple[str, ...]) -> None:
    """Imports what planning needs, and reads its tables, while the children look at the machine."""
    import contextlib

    import envcheck.rendering.plan_page  # noqa: F401 - it is the import that takes the time
    from envcheck.facts.snapshot import Snapshot
    from envcheck.mistake import Mistake
    from envcheck.planning.planner import plan

    with contextlib.suppress(Mistake):
        plan(Snapshot(), names)


def _show(facts: "Snapshot", names: tuple[str, ...], wishes: "Wishes", manager: str, shell: str | None, format_: str) -> int:
    from envcheck.cli.streams import deliver
    from envcheck.planning.planner import plan

    made = plan(facts, names, wishes, manager)
    if format_ == "json":
        from envcheck.rendering.plan_json import render_plan_json

        deliver(render_plan_json(made), "utf-8")
    else:
        from envcheck.rendering.interface import options_for
        from envcheck.rendering.plan_page import render_plan

        deliver(render_plan(made, names, facts, options_for(sys.stdout), _shell(shell)))
    return _IMPOSSIBLE if made.impossible is not None else 0


def _shell(name: str | None) -> "Shell | None":
    from envcheck.rendering.shell import Shell

    return {"bash": Shell.POSIX, "powershell": Shell.POWERSHELL, "cmd": Shell.CMD}[name] if name else None
