"""Runs several probes at a time, each with its deadline, and leaves nothing behind."""

import os
import threading
import time
from collections.abc import Callable, Iterable

from envcheck.observing.answer import Answer, Ending
from envcheck.observing.process import Child, Task

# How often a child that keeps its pipes open is looked at, and how often its memory is measured.
_LOOK_S = 0.05
_MEASURE_S = 0.25

Progress = Callable[[str, str], None]  # a task's name, and "started" or "ended"


def run(
    tasks: Iterable[Task],
    *,
    at_once: int | None = None,
    progress: Progress | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> dict[str, Answer]:
    """Every task's answer, by its name. On Ctrl-C all children are killed before KeyboardInterrupt goes on.

    `meanwhile` is called once, after the first children were started: work that needs none of their answers.
    """
    waiting = list(tasks)
    slots = at_once or max(2, os.cpu_count() or 1)
    wake = threading.Event()
    running: list[Child] = []
    answers: dict[str, Answer] = {}
    tell = progress or _tell_nobody
    try:
        while waiting or running:
            while waiting and len(running) < slots:
                _start(waiting.pop(0), wake, running, answers, tell)
            work, meanwhile = meanwhile, None
            if work is not None:
                work()
            wake.wait(_LOOK_S if running else 0)
            wake.clear()
            for child in list(running):
                answer = _look(child)
                if answer is not None:
                    running.remove(child)
                    answers[answer.name] = answer
                    tell(answer.name, "ended")
    finally:
        for child in running:
            child.kill()
    return answers


def _tell_nobody(_name: str, _event: str) -> None:
    """No one is watching."""


def _start(task: Task, wake: threading.Event, running: list[Child], answers: dict[str, Answer], tell: Progress) -> None:
    try:
        running.append(Child(task, wake))
    except (OSError, ValueError) as error:  # ValueError: a NUL byte in a path
        answers[task.name] = Answer(task.name, Ending.NOT_STARTED, detail=str(error))
        return
    tell(task.name, "started")


def _look(child: Child) -> Answer | None:
    """The child's answer, if it has one or has to be stopped."""
    if child.ended():
        return child.collect()
    if child.overdue:
        return child.collect(Ending.TIMED_OUT if child.kill() else Ending.UNKILLABLE)
    limit = child.task.memory_limit_bytes
    if limit is not None and _due(child):
        resident = child.resident_bytes()
        if resident > limit:
            killed = child.kill()
            answer = child.collect(Ending.OUT_OF_MEMORY if killed else Ending.UNKILLABLE)
            answer.resident_bytes = resident
            return answer
    return None


def _due(child: Child) -> bool:
    """Whether the child's memory is to be measured now: not in its first moments, and not more often than makes sense."""
    now = time.monotonic()
    if child.seconds < _MEASURE_S or now - child.measured < _MEASURE_S:
        return False
    child.measured = now
    return True
