"""What is checked before a change lands: ruff, mypy (for Linux, macOS and Windows) and pytest, in environments made for them.

pytest says what was skipped and why.
"""

import os
import subprocess
from pathlib import Path

from environments import ROOT, CannotBeHad, tool_environment, torch_environment


def run_checks(pytest_arguments: list[str]) -> int:
    """0 where all of them pass; what failed is named at the end. Raises `CannotBeHad`."""
    python = tool_environment("test")
    failed = [name for name, command in checks(python) if not passes(name, command, {})]
    pytest = [str(python), "-m", "pytest", "--numprocesses", str(os.cpu_count() or 1), *pytest_arguments]
    if not passes("pytest", pytest, torch_variables()):
        failed.append("pytest")
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed.", flush=True)
    return 1 if failed else 0


def checks(python: Path) -> list[tuple[str, list[str]]]:
    """The checks that run no test."""
    run = [str(python), "-m"]
    lint = [("ruff check", [*run, "ruff", "check"]), ("ruff format", [*run, "ruff", "format", "--check"])]
    platforms = ("linux", "darwin", "win32")
    return lint + [(f"mypy for {platform}", [*run, "mypy", "--platform", platform]) for platform in platforms]


def torch_variables() -> dict[str, str]:
    """What tells the tests where real torch is, or why there is none."""
    try:
        return {"ENVCHECK_TEST_TORCH": str(torch_environment())}
    except CannotBeHad as reason:
        return {"ENVCHECK_TEST_NO_TORCH": f"no CPU build of torch for this Python could be had: {str(reason)[-300:]}"}


def passes(name: str, command: list[str], variables: dict[str, str]) -> bool:
    """Runs one check in the checkout and says how it went."""
    print(f"== {name}", flush=True)
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **variables}, check=False).returncode == 0
