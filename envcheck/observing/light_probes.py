"""The quick probes of a machine and a Python: what each is asked, which run in one process, and what an early end leaves unknown."""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from envcheck.facts.claims import Evidence, unknowns
from envcheck.facts.snapshot import Unknown, UnknownReason
from envcheck.observing.answer import Answer, Ending
from envcheck.observing.process import Task
from envcheck.observing.runner import Progress, run
from envcheck.observing.volumes import volumes

DEADLINE_S = 10.0
PYTHON = "python"
# The groups of facts that each probe answers for.
_ANSWERS_FOR = {
    PYTHON: ("python", "packages", "overwrites", "builds"),
    "host": ("system", "cpu", "memory", "variables"),
    "accelerators": ("accelerators", "nvidia", "amd", "intel", "devices"),
    "surroundings": ("python.pip", "python.kernels", "python.nearby"),
    "tools": ("tools",),
    "disks": ("disks",),
}
# Those that read files and are done in some milliseconds; disks may hang, and tools may start programs.
_IN_ONE_PROCESS = ("host", "accelerators", "surroundings")
_TOGETHER = "several"
_HUNG = {Ending.TIMED_OUT: UnknownReason.TIMED_OUT, Ending.UNKILLABLE: UnknownReason.UNKILLABLE}


def look_around(
    executable: str, folder: str, *, quick: bool, progress: Progress | None = None, meanwhile: Callable[[], None] | None = None
) -> dict[str, Answer]:
    """Runs the probes for an interpreter and a working folder; the answers by probe, several in one under "several"."""
    tasks = {task.name: task for task in _tasks(executable, folder, quick=quick)}
    grouped = [tasks[name] for name in (*_IN_ONE_PROCESS, *(("tools",) if quick else ()))]
    alone = [task for task in tasks.values() if task not in grouped]
    first = [*alone, _in_one(grouped)]
    answers = run(first, at_once=len(first), progress=progress, meanwhile=meanwhile)
    together = answers[_TOGETHER]
    if together.ending is not Ending.ANSWERED:
        answers |= run([task for task in grouped if _to_be_repeated(task.name, together)], progress=progress)
    return answers


def evidence_of(answers: dict[str, Answer]) -> Evidence:
    """All that was found; of what could not be answered any more, the reason."""
    evidence = Evidence()
    for answer in answers.values():
        if answer.name == PYTHON:
            answer.confine(*_ANSWERS_FOR[PYTHON])
        evidence.add(answer.evidence)
        if answer.ending is not Ending.ANSWERED:
            evidence.unknown += _left_unknown(answer, answers)
    return evidence


def _tasks(executable: str, folder: str, *, quick: bool) -> list[Task]:
    own, home = sys.executable, os.path.expanduser("~")  # noqa: PTH111 - pathlib raises where there is no home
    environment = _environment_folder(executable)
    disks = volumes(environment, os.environ, home, sys.platform)
    asked: dict[str, tuple[str, tuple[str, ...]]] = {
        PYTHON: (executable, (f"cwd={folder}",)),
        "host": (own, () if quick else ("full",)),
        "accelerators": (own, ()),
        "surroundings": (own, (f"executable={executable}", f"prefix={environment}", f"cwd={folder}", f"home={home}")),
        "tools": (own, ("quick" if quick else "full",)),
        "disks": (own, tuple(f"{purpose}={path}" for purpose, path in disks.items())),
    }
    return [Task(name, name, python, arguments, DEADLINE_S, own=name != PYTHON) for name, (python, arguments) in asked.items()]


def _environment_folder(executable: str) -> str:
    r"""The prefix that an interpreter's place suggests: `…/bin/python` and `…\Scripts\python.exe` lie one below it."""
    parent = Path(executable).parent
    return str(parent.parent if parent.name.lower() in ("bin", "scripts") else parent)


def _in_one(tasks: Sequence[Task]) -> Task:
    arguments: list[str] = []
    for task in tasks:
        arguments += ["--next", task.probe, *task.arguments]
    return Task(_TOGETHER, "several", tasks[0].python, tuple(arguments), DEADLINE_S, own=True)


def _to_be_repeated(name: str, together: Answer) -> bool:
    """Unfinished, and not the one that hung: a hang costs its deadline once."""
    return f"finished {name}" not in together.stages and name != _hung(together)


def _hung(together: Answer) -> str:
    """The probe that was running when several of them ran out of time."""
    if together.ending not in _HUNG:
        return ""
    return next((stage for stage in reversed(together.stages) if stage in _ANSWERS_FOR), "")


def _left_unknown(answer: Answer, answers: dict[str, Answer]) -> list[Unknown]:
    name = answer.name
    if name == _TOGETHER:
        name = _hung(answer)
        if not name or name in answers:
            return []  # each of its probes has been run again and answers for itself
    detail = f"the {name} probe {end_in_words(answer)}"
    return unknowns(_ANSWERS_FOR[name], Unknown(fact="", reason=reason_of(answer), detail=detail))


def reason_of(answer: Answer) -> UnknownReason:
    """Why nothing more is known of what a probe was asked."""
    return _HUNG.get(answer.ending, UnknownReason.CRASHED)


def end_in_words(answer: Answer) -> str:
    """How a probe ended that did not answer."""
    if answer.ending is Ending.NOT_STARTED:
        return f"could not be started: {answer.detail}"
    if answer.ending is Ending.TOO_OLD:
        return f"needs Python 3.8 or newer, this is {answer.detail}"
    if answer.ending is Ending.SIGNALLED:
        return f"was ended by {answer.signal}"
    if answer.ending in _HUNG:
        return f"did not answer within {answer.seconds:.0f} s (at: {answer.stage or 'start'})"
    last = answer.stderr.strip().splitlines()[-1:] or ["it said nothing"]
    return f"ended with status {answer.status}: {last[0]}"
