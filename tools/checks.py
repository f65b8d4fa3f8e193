"""What is checked before a change lands: ruff, mypy (for Linux, macOS and Windows) and pytest, in environments made for them.

pytest says what was skipped and why.
"""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from environments import ROOT, CannotBeHad, computing_environment, services_environment, tool_environment, torch_environment


def run_checks(pytest_arguments: list[str]) -> int:
    """0 where all of them pass; what failed is named at the end. Raises `CannotBeHad`."""
    python = tool_environment("test")
    failed = [name for name, command in checks(python) if not passes(name, command, {})]
    pytest = [str(python), "-m", "pytest", "--numprocesses", str(os.cpu_count() or 1), *pytest_arguments]
    if not passes("pytest", pytest, framework_variables()):
        failed.append("pytest")
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed.", flush=True)
    return 1 if failed else 0


def checks(python: Path) -> list[tuple[str, list[str]]]:
    """The checks that run no test."""
    run = [str(python), "-m"]
    lint = [("ruff check", [*run, "ruff", "check"]), ("ruff format", [*run, "ruff", "format", "--check"])]
    platforms = ("linux", "darwin", "win32")
    return lint + [(f"mypy for {platform}", [*run, "mypy", "--platform", platform]) for platform in platforms]


def framework_variables() -> dict[str, str]:
    """What tells the tests where real frameworks are, or why there are none."""
    made = {"TORCH": torch_environment, "COMPUTING": computing_environment, "SERVICES": services_environment}
    return dict(_variable(name, make) for name, make in made.items())


def _variable(name: str, make: Callable[[], Path]) -> tuple[str, str]:
    try:
        return f"ENVCHECK_TEST_{name}", str(make())
    except CannotBeHad as reason:
        return f"ENVCHECK_TEST_NO_{name}", f"the environment {name.lower()} could not be had for this Python: {str(reason)[-300:]}"


def passes(name: str, command: list[str], variables: dict[str, str]) -> bool:
    """Runs one check in the checkout and says how it went."""
    print(f"== {name}", flush=True)
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **variables}, check=False).returncode == 0
