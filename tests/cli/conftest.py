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

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str
    seconds: float

    @property
    def report(self) -> dict[str, Any]:
        assert self.out, self.err
        loaded: dict[str, Any] = json.loads(self.out)
        return loaded

    @property
    def rules(self) -> set[str]:
        return {finding["rule"] for finding in self.report["findings"]}

    @property
    def imported(self) -> dict[str, str]:
        return {entry["name"]: entry["status"] for entry in self.report["facts"]["imports"]}


@dataclass(frozen=True)
class Target:
    """A virtual environment with a "torch" of one file, and numpy beside it."""

    folder: Path

    @property
    def python(self) -> str:
        return str(self.folder / "bin" / "python")

    @property
    def site(self) -> Path:
        return next(self.folder.glob("lib/python*/site-packages"))

    def add(self, name: str, version: str, code: str = "") -> Path:
        """Installs a distribution of one module; returns its metadata's folder."""
        (self.site / f"{name}.py").write_text(textwrap.dedent(code))
        info = self.site / f"{name}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\n")
        (info / "RECORD").write_text(f"{name}.py,,\n")
        return info

    def doctor(self, *arguments: str, cwd: Path | None = None, prefix: tuple[str, ...] = (), **variables: str) -> Outcome:
        """The JSON report of this environment; imports have five seconds."""
        command = ("doctor", "--python", self.python, "--format", "json", "--timeout", "5", *arguments)
        return run_envcheck(*command, cwd=cwd or self.folder, prefix=prefix, **variables)


def run_envcheck(*arguments: str, cwd: Path, prefix: tuple[str, ...] = (), text: bytes = b"", **variables: str) -> Outcome:
    """Runs it to its end; `prefix` is a program that starts it, `text` its standard input."""
    path = os.pathsep.join(filter(None, (str(ROOT), variables.pop("PYTHONPATH", ""))))
    command = [*prefix, sys.executable, "-m", "envcheck", *arguments]
    before = time.monotonic()
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **variables, "PYTHONPATH": path}, input=text, capture_output=True, timeout=120, check=False
    )
    out, err = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    assert "Traceback" not in out + err, err
    return Outcome(done.returncode, out, err, time.monotonic() - before)


@pytest.fixture
def target(bare_venv: Path) -> Target:
    made = Target(bare_venv)
    made.add("numpy", "2.4.6")
    return made


@pytest.fixture
def call() -> Any:
    """`run_envcheck`, for tests that examine nothing of their own."""
    return run_envcheck
