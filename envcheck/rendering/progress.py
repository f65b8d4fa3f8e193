"""What is being done, for somebody who waits: one line on standard error that is gone when it ends, and nothing without a terminal."""

import contextlib
import os
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TextIO

from envcheck.rendering.interface import is_terminal, options_for
from envcheck.rendering.plain_text import carries_symbols, fit, neutral

if TYPE_CHECKING:
    from rich.status import Status

    from envcheck.facts.claims import Evidence
    from envcheck.observing.frameworks import Room
    from envcheck.observing.own_check import CheckRequest
    from envcheck.observing.smoke import SmokeRequest

# Whoever waits longer than this for one thing is told how long it has been.
_LONG_S = 3.0
_SHOWN = 2

_IN_WORDS = {
    "host": "looking at the machine",
    "several": "looking at the machine",
    "disks": "measuring the disks",
    "python": "reading what is installed",
    "surroundings": "looking for other environments",
    "tools": "looking for tools",
    "accelerators": "looking for cards",
    "nvml": "asking the NVIDIA driver",
    "nvidia_smi": "asking nvidia-smi",
    "cuda_driver": "asking CUDA's driver library",
    "toolkits": "looking for CUDA and ROCm on disk",
    "amd": "asking the AMD driver",
    "intel": "asking the Intel driver",
    "apple": "asking macOS about the GPU",
}
_VERBS = {"import": "importing", "smoke": "testing", "check": "running the check"}
# The stages of a smoke test that say more than that it is under way.
_TOLD_STAGES = ("importing ", "testing ")
_NO_STAGES: Mapping[str, str] = {}
_LONGEST_NOTE = 500


class ProgressView:
    """A spinner with words; `tell` is the runner's callback between `start` and `stop`."""

    def __init__(self, stream: TextIO | None = None, environment: Mapping[str, str] = os.environ, *, results: bool = False) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._active = is_terminal(self._stream) and environment.get("TERM") != "dumb"
        self._results = results
        self._running: dict[str, float] = {}
        self._stages: dict[str, str] = {}
        self._status: Status | None = None
        self._ended = threading.Event()

    def start(self) -> None:
        """Begins to show, if somebody looks."""
        if self._active:
            from rich.console import Console
            from rich.status import Status

            options = options_for(self._stream)
            console = Console(
                file=self._stream, markup=False, highlight=False, emoji=False, force_jupyter=False, no_color=not options.color
            )
            self._status = Status("", console=console, spinner="dots" if carries_symbols(options.encoding) else "line")
            self._status.start()
            threading.Thread(target=self._count_seconds, daemon=True).start()

    def stop(self) -> None:
        """Takes the line away, also after Ctrl-C."""
        self._ended.set()
        if self._status is not None:
            with contextlib.suppress(OSError, ValueError):  # the terminal may be gone
                self._status.stop()
            self._status = None

    def tell(self, task: str, event: str) -> None:
        """What the runner reports: a task's name, and "started", "ended" or the stage that it is in."""
        if event == "started":
            self._running[task] = time.monotonic()
        elif event == "ended":
            self._running.pop(task, None)
            self._stages.pop(task, None)
        else:
            self._stages[task] = event
        self._show()

    def begin(self, tests: "Sequence[SmokeRequest]", checks: "Sequence[CheckRequest]", room: "Room") -> None:
        """Says which smoke tests are about to be made and how long they were measured to take, and which commands are run."""
        if self._active or self._results:
            from envcheck.rendering.smoke_words import announcement, announcement_of_checks

            if tests:
                self._note(announcement(tests, room))
            if checks:
                self._note(announcement_of_checks(checks))

    def told(self, evidence: "Evidence") -> None:
        """Says the results that one child brought."""
        if self._results:
            from envcheck.facts.claims import resolve_what_fits
            from envcheck.rendering.smoke_words import result

            for smoke in resolve_what_fits(evidence, taken="", live=True).smoke:
                self._note(result(smoke))

    def _note(self, words: str) -> None:
        """A line that stays, above the one that changes."""
        line = fit(neutral(words, most=_LONGEST_NOTE), getattr(self._stream, "encoding", None) or "utf-8")
        with contextlib.suppress(OSError, ValueError, AttributeError):
            if self._status is not None:
                from rich.text import Text

                self._status.console.print(Text(line))
            else:
                self._stream.write(line + "\n")
                self._stream.flush()

    def _count_seconds(self) -> None:
        while not self._ended.wait(1.0):
            self._show()

    def _show(self) -> None:
        status = self._status
        if status is not None:
            from rich.text import Text

            words = fit(
                doing(dict(self._running), time.monotonic(), dict(self._stages)), getattr(self._stream, "encoding", None) or "utf-8"
            )
            with contextlib.suppress(OSError, ValueError):
                status.update(Text(words, no_wrap=True, overflow="ellipsis"))


@contextlib.contextmanager
def progress_view(*, results: bool = False) -> Iterator[ProgressView]:
    """What listens to the work and shows it on standard error while it goes on; with `results` what each smoke test brought."""
    view = ProgressView(results=results)
    view.start()
    try:
        yield view
    finally:
        view.stop()


def doing(running: Mapping[str, float], now: float, stages: Mapping[str, str] = _NO_STAGES) -> str:
    """What is being done, in words: `importing torch (5 s), measuring the disks`; the longest-running first.

    A smoke test is in one of its stages: `testing torch on cuda:0: gradient`.
    """
    parts = []
    for task, started in sorted(running.items(), key=lambda entry: entry[1]):
        seconds = now - started
        words = neutral(stages[task], most=60) if stages.get(task, "").startswith(_TOLD_STAGES) else task_in_words(task)
        parts.append(f"{words}{f' ({seconds:.0f} s)' if seconds >= _LONG_S else ''}")
    more = [f"{len(parts) - _SHOWN} more"] if len(parts) > _SHOWN else []
    return ", ".join(parts[:_SHOWN] + more)


def task_in_words(task: str) -> str:
    """`host` → "looking at the machine", `import torch` → "importing torch"."""
    verb, _, subject = task.replace(":", " ").partition(" ")
    if subject and verb in _VERBS:
        return f"{_VERBS[verb]} {neutral(subject, most=60)}"
    return _IN_WORDS.get(task, neutral(task, most=60))
