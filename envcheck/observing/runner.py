"""Runs several probes at a time, each with its deadline, and leaves nothing behind."""

import errno
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType

from envcheck.observing.answer import Answer, Ending
from envcheck.observing.process import MAX_ANSWER_BYTES, Child, Task

# How often a child that keeps its pipes open is looked at, and how often its memory is measured.
_LOOK_S = 0.05
_MEASURE_S = 0.25
# What a machine or a limit says that has no room for one more process: it may have once another has ended.
_SHORTAGE = (errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE)

Progress = Callable[[str, str], None]  # a task's name, and "started", "ended" or the stage that it is in


def run(
    tasks: Iterable[Task],
    *,
    at_once: int | None = None,
    memory_bytes: int | None = None,
    progress: Progress | None = None,
    meanwhile: Callable[[], None] | None = None,
    ended: Callable[[Answer], Iterable[Task]] | None = None,
) -> dict[str, Answer]:
    """Every task's answer, by its name. On Ctrl-C all children are killed before KeyboardInterrupt goes on, and so with SIGTERM.

    At most `at_once` run beside each other, and only as many as `memory_bytes` has room for; one always runs. `meanwhile` is called once,
    after the first children were started: work that needs none of their answers. `ended` is told each answer as it comes, and may give
    further tasks that follow from it.
    """
    waiting = list(tasks)
    slots = at_once or max(2, os.cpu_count() or 1)
    wake = threading.Event()
    running: list[Child] = []
    answers: dict[str, Answer] = {}
    tell = progress or _tell_nobody
    with _orderly_end(running):
        while waiting or running:
            while len(running) < slots and (task := _next(waiting, running, memory_bytes)) is not None:
                if not _start(task, wake, running, answers, tell):
                    slots = len(running)
                    break
                waiting.remove(task)
            work, meanwhile = meanwhile, None
            if work is not None:
                work()
            wake.wait(_LOOK_S if running else 0)
            wake.clear()
            for child in list(running):
                answer = _look(child, tell)
                if answer is not None:
                    running.remove(child)
                    answers[answer.name] = answer
                    tell(answer.name, "ended")
                    waiting += ended(answer) if ended is not None else ()
    return answers


def _next(waiting: list[Task], running: list[Child], memory_bytes: int | None) -> Task | None:
    """The first that still fits into the memory beside those that run."""
    if memory_bytes is None or not running:
        return waiting[0] if waiting else None
    room = memory_bytes - sum(child.task.expected_bytes for child in running)
    return next((task for task in waiting if task.expected_bytes <= room), None)


@contextmanager
def _orderly_end(running: list[Child]) -> Iterator[None]:
    """Kills what still runs, however the work ends; a second Ctrl-C does not come between. SIGTERM and SIGHUP end it as Ctrl-C does."""
    main = threading.current_thread() is threading.main_thread()
    ends = [number for number in _ENDING if main and signal.getsignal(number) is signal.SIG_DFL]  # nohup has it ignored
    for number in ends:
        signal.signal(number, _stop)
    try:
        yield
    finally:
        if running:
            interrupt = signal.signal(signal.SIGINT, signal.SIG_IGN) if main else None
            for child in running:
                child.kill_group()
            for child in running:
                child.kill()
            if interrupt is not None:
                signal.signal(signal.SIGINT, interrupt)
        for number in ends:
            signal.signal(number, signal.SIG_DFL)


_ENDING = [number for number in (getattr(signal, name, None) for name in ("SIGTERM", "SIGHUP")) if number is not None]


def _stop(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _tell_nobody(_name: str, _event: str) -> None:
    """No one is watching."""


def _start(task: Task, wake: threading.Event, running: list[Child], answers: dict[str, Answer], tell: Progress) -> bool:
    """Whether the task needs no further attempt: it runs, or it never will. False: there is no room for it now."""
    try:
        running.append(Child(task, wake))
    except (OSError, ValueError) as error:  # ValueError: a NUL byte in a path
        shortage = isinstance(error, OSError) and error.errno in _SHORTAGE
        if shortage and running:
            return False
        answers[task.name] = Answer(task.name, Ending.NOT_STARTED, detail=str(error), shortage=shortage)
        return True
    tell(task.name, "started")
    return True


def _look(child: Child, tell: Progress) -> Answer | None:
    """The child's answer, if it has one or has to be stopped."""
    if child.ended():
        return child.collect()
    if child.task.most_s is not None and (stage := child.listen()):
        tell(child.task.name, stage)
    if child.overdue:
        return child.collect(Ending.TIMED_OUT if child.kill() else Ending.UNKILLABLE)
    if child.answer_bytes > MAX_ANSWER_BYTES:
        return _stopped_for_memory(child, child.answer_bytes)
    limit = child.task.memory_limit_bytes
    if limit is not None and _due(child):
        resident = child.resident_bytes()
        if resident > limit:
            return _stopped_for_memory(child, resident)
    return None


def _stopped_for_memory(child: Child, taken: int) -> Answer:
    killed = child.kill()
    answer = child.collect(Ending.OUT_OF_MEMORY if killed else Ending.UNKILLABLE)
    answer.resident_bytes = taken
    return answer


def _due(child: Child) -> bool:
    """Whether the child's memory is to be measured now: not in its first moments, and not more often than makes sense."""
    now = time.monotonic()
    if child.seconds < _MEASURE_S or now - child.measured < _MEASURE_S:
        return False
    child.measured = now
    return True
