"""Runs several processes of the examined interpreter that depend on each other, each for a bounded time; none stays behind.

Each is a child of child.py: it ends itself at its deadline, and with its parent on Linux.
"""

import sys
import time

_LOOK_S = 0.05
# When one has failed, the others may wait for it for ever; this is for those that fail a moment later, by the same cause.
_AFTER_FAILURE_S = 2.0


class ProcessFailed(Exception):
    """One of them raised, crashed or did not get on; what it said itself is in the text."""


class _Process:
    def __init__(self, probe, number, arguments, folder, variables, limit_s):
        import os
        import subprocess

        self.number = number
        self._mark = os.urandom(12).hex()
        self._answers, self._errors = (os.path.join(folder, "{}-{}".format(kind, number)) for kind in ("answers", "errors"))
        with open(self._answers, "wb"):
            pass  # to be opened by the child
        here, package = (sys.modules[name].__path__[0] for name in ("envcheck_probes", "envcheck"))
        command = [sys.executable, os.path.join(here, "child.py"), self._answers, self._mark, package, str(limit_s), "heavy", probe]
        with open(self._errors, "wb") as errors:
            self.running = subprocess.Popen(  # noqa: S603 - the examined interpreter and our own program
                [*command, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                cwd=folder,
                env=dict(os.environ, **variables),
            )

    def told(self):
        """What it wrote: the facts by name, its last stage, and its own words where it failed, which was in that stage."""
        import json

        facts, stage, words = {}, "", ""
        with open(self._answers, encoding="ascii", errors="replace") as file:
            for line in file:
                mark, _, rest = line.partition(" ")
                kind, _, payload = rest.rstrip("\n").partition(" ")
                if mark != self._mark:
                    continue
                if kind == "stage" and not words:
                    stage = payload
                elif kind == "fact":
                    facts[json.loads(payload)[0]] = json.loads(payload)[1]
                elif kind == "said":
                    words = json.loads(payload)[1]
        return facts, stage, words

    def last_errors(self):
        with open(self._errors, "rb") as file:
            return file.read()[-2000:].decode("utf-8", "replace").strip()

    @property
    def failed(self):
        return self.running.poll() is not None and (self.running.returncode != 0 or bool(self.told()[2]))


def run_together(probe, arguments, folder, variables, limit_s):
    """One process for each list of arguments, all at once: the facts that each told. Raises `ProcessFailed` for the first that failed."""
    processes = []
    try:
        for number, own in enumerate(arguments):
            processes.append(_Process(probe, number, own, folder, variables, limit_s))
        _wait(processes, limit_s)
        return [_facts_of(process) for process in sorted(processes, key=lambda process: not process.failed)]
    finally:
        for process in processes:
            if process.running.poll() is None:
                process.running.kill()
            process.running.wait()


def _wait(processes, limit_s):
    end = time.monotonic() + limit_s
    while any(process.running.poll() is None for process in processes) and time.monotonic() < end:
        if end - time.monotonic() > _AFTER_FAILURE_S and any(process.failed for process in processes):
            end = time.monotonic() + _AFTER_FAILURE_S
        time.sleep(_LOOK_S)


def _facts_of(process):
    status = process.running.poll()
    facts, stage, words = process.told()
    if words:
        raise ProcessFailed("process {}, {}: {}".format(process.number, stage, words))
    if status is None:
        raise ProcessFailed("process {} did not get on, {}".format(process.number, stage))
    if status != 0:
        raise ProcessFailed("process {} ended with status {}, {}: {}".format(process.number, status, stage, process.last_errors()))
    return facts
