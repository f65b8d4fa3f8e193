"""The steps of a remedy as lines for a person: words, and commands in the shell of the machine that they are for."""

from collections.abc import Iterator

import msgspec

from envcheck.facts.snapshot import Snapshot
from envcheck.rendering.shell import Shell, command_line, shell_of
from envcheck.report import Remedy, Safety, Step

_SAFETY = {
    Safety.SAFE: "safe to run",
    Safety.UNSAFE: "changes what is installed",
    Safety.MANUAL: "to be done by hand",
}


class Line(msgspec.Struct, frozen=True):
    """Words, or a command that is to be copied as it stands."""

    text: str
    is_command: bool = False


def shell_for(facts: Snapshot) -> Shell:
    """The shell of the machine that the facts tell of."""
    return shell_of(facts.system.os if isinstance(facts.system.os, str) else "")


def lines_of(remedy: Remedy, facts: Snapshot, own_command: tuple[str, ...] = ("envcheck",), shell: Shell | None = None) -> Iterator[Line]:
    """All steps in their order, for the machine's shell or another one.

    `own_command` starts envcheck for this reader, where the remedy is for the machine that it runs on.
    """
    for step in remedy.steps:
        if facts.live and step.run[:1] == ("envcheck",):
            step = msgspec.structs.replace(step, run=(*own_command, *step.run[1:]))  # noqa: PLW2901 - as it is started here
        yield from _lines(step, facts, shell or shell_for(facts))


def safety_in_words(remedy: Remedy) -> str:
    """Nothing of commands that only look: they are neither done by hand nor do they change anything."""
    if remedy.safety is Safety.MANUAL and remedy.steps and not any(step.do or step.root for step in remedy.steps):
        return ""
    return _SAFETY[remedy.safety]


def _lines(step: Step, facts: Snapshot, shell: Shell) -> Iterator[Line]:
    """Where a command needs more rights than usual it has `sudo` before it, or a line that says so where there is no sudo."""
    if step.do:
        yield Line(step.do)
    if not step.run:
        return
    sudo = shell is Shell.POSIX and not isinstance(facts.system.container, str)
    if not step.root:
        yield Line(command_line(step.run, shell, step.env), is_command=True)
    elif not sudo:
        yield Line("as root:" if shell is Shell.POSIX else "as administrator:")
        yield Line(command_line(step.run[1:] if step.run[0] == "sudo" else step.run, shell, step.env), is_command=True)
    elif step.run[0] == "sudo":
        yield Line(command_line(step.run, shell, step.env), is_command=True)
    else:
        yield Line(command_line(("sudo", *(f"{name}={value}" for name, value in step.env.items()), *step.run), shell), is_command=True)
