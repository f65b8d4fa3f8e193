"""One call of envcheck in a process of its own, and an environment to be examined whose content a test writes by hand."""

import json
import os
import subprocess
import sys
import textwrap
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Run:
    """One call of envcheck in a process of its own."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def report(self) -> dict[str, Any]:
        assert self.out, self.err
        loaded: dict[str, Any] = json.loads(self.out)
        return loaded

    def finding(self, rule: str) -> dict[str, Any]:
        """The first finding of that rule."""
        found = [finding for finding in self.report["findings"] if finding["rule"] == rule]
        assert found, [finding["rule"] for finding in self.report["findings"]]
        first: dict[str, Any] = found[0]
        return first

    @property
    def rules(self) -> set[str]:
        return {finding["rule"] for finding in self.report["findings"]}

    @property
    def imported(self) -> dict[str, str]:
        return {entry["name"]: entry["status"] for entry in self.report["facts"]["imports"]}


@dataclass(frozen=True)
class Environment:
    """A virtual environment into which distributions are put by hand."""

    folder: Path

    @property
    def python(self) -> str:
        return str(self.folder / "bin" / "python")

    @property
    def site(self) -> Path:
        return next(self.folder.glob("lib/python*/site-packages"))

    def add(self, name: str, version: str = "1.0", code: str = "", metadata: bytes | None = None) -> Path:
        """Installs a distribution of one module; returns its metadata's folder."""
        (self.site / f"{name}.py").write_text(textwrap.dedent(code))
        info = self.site / f"{name}-{version}.dist-info"
        info.mkdir()
        words = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\n".encode() if metadata is None else metadata
        (info / "METADATA").write_bytes(words)
        (info / "RECORD").write_text(f"{name}.py,,\n")
        (info / "INSTALLER").write_text("pip\n")
        return info

    def doctor(self, *arguments: str, cwd: Path | None = None, prefix: tuple[str, ...] = (), **variables: str) -> Run:
        """The JSON report of this environment; imports have five seconds."""
        return self._report("doctor", *arguments, cwd=cwd, prefix=prefix, **variables)

    def smoke(self, *arguments: str) -> Run:
        """The JSON report of smoke tests."""
        return self._report("smoke", *arguments)

    def _report(self, command: str, *arguments: str, cwd: Path | None = None, prefix: tuple[str, ...] = (), **variables: str) -> Run:
        words = (command, "--python", self.python, "--format", "json", "--timeout", "5", *arguments)
        return run_envcheck(*words, cwd=cwd or self.folder, prefix=prefix, **variables)


def run_envcheck(*arguments: str, cwd: Path, prefix: tuple[str, ...] = (), text: bytes = b"", **variables: str) -> Run:
    """Runs it to its end; `prefix` is a program that starts it, `text` its standard input."""
    path = os.pathsep.join(filter(None, (str(ROOT), variables.pop("PYTHONPATH", ""))))
    command = [*prefix, sys.executable, "-m", "envcheck", *arguments]
    before = time.monotonic()
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **variables, "PYTHONPATH": path}, input=text, capture_output=True, timeout=120, check=False
    )
    out, err = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    assert "Traceback" not in out + err, err
    return Run(done.returncode, out, err, time.monotonic() - before)
