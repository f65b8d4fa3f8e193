"""A service's smoke test in surroundings of its own, which tell afterwards whether a process or a file stayed behind."""

import contextlib
import os
import threading
import time
from pathlib import Path

import psutil

from envcheck.observing.answer import Answer
from tests.probes.smoke.running import run_smoke

_VARIABLE = "ENVCHECK_TEST_SURROUNDINGS"
_LOOK_S = 0.05
# A process that was killed is there until its parent has looked.
_GONE_S = 5.0


class Surroundings:
    """A home, a folder for temporary files and a current folder, empty at first; and all processes that were started within."""

    def __init__(self, folder: Path) -> None:
        self.home, self.temporary, self.current = (folder / name for name in ("home", "temporary", "current"))
        for each in (self.home, self.temporary, self.current):
            each.mkdir()
        self.variables: dict[str, str | None] = {
            _VARIABLE: str(folder),
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": None,
            "TMPDIR": str(self.temporary),
            "MPLCONFIGDIR": str(folder),  # as envcheck sets it
        }
        self.addresses: set[str] = set()
        self.names: set[str] = set()

    def run(
        self, python: str, name: str, *arguments: str, planted: str = "", module: str = "", variables: dict[str, str | None] | None = None
    ) -> Answer:
        """As run_smoke; meanwhile it is noted where its processes listen."""
        over = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(over,))
        before = os.getcwd()
        os.chdir(self.current)
        watcher.start()
        try:
            return run_smoke(python, name, *arguments, planted=planted, module=module, variables={**self.variables, **(variables or {})})
        finally:
            over.set()
            watcher.join()
            os.chdir(before)

    def left(self) -> list[str]:
        """What is there that was not: processes by their command, files by their path."""
        until = time.monotonic() + _GONE_S
        while (processes := self._processes()) and time.monotonic() < until:
            time.sleep(_LOOK_S)
        files = [path for each in (self.home, self.temporary, self.current) for path in each.rglob("*")]
        return [*(" ".join(process.cmdline()) for process in processes), *map(str, files)]

    def _watch(self, over: threading.Event) -> None:
        while not over.wait(_LOOK_S):
            for process in self._processes():
                with contextlib.suppress(psutil.Error):  # it has ended meanwhile
                    self.names.add(process.name())
                    self.addresses |= {each.laddr.ip for each in process.net_connections() if each.status == psutil.CONN_LISTEN}

    def _processes(self) -> list[psutil.Process]:
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                if process.environ().get(_VARIABLE) == self.variables[_VARIABLE] and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
        return found


LOOPBACK = {"127.0.0.1", "::1", "::ffff:127.0.0.1"}
