"""Runs everything that is checked before a change lands: `python3 tools/test.py [--forbid-skips] [PYTEST ARGUMENTS]`.

Makes the environments that the tests need, then runs ruff, mypy (for Linux, macOS and Windows) and pytest, and says what was
skipped and why.
"""

import os
import subprocess
import sys
from pathlib import Path

from environments import LOCKS, ROOT, CannotBeHad, ensure, refuse_old_python, torch_environment


def main() -> int:
    refuse_old_python()
    lock = LOCKS / "test.txt"
    key = f"{lock.read_text()}\0{(ROOT / 'pyproject.toml').read_text()}"
    python = ensure("test", key, ["--requirement", str(lock)], ["--no-deps", "--editable", str(ROOT)])
    (python.parent.parent / ".envcheck-tool").touch()
    failed = [name for name, command in checks(python) if not passes(name, command, {})]
    pytest = [str(python), "-m", "pytest", "--numprocesses", str(os.cpu_count() or 1), *sys.argv[1:]]
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


if __name__ == "__main__":
    try:
        sys.exit(main())
    except CannotBeHad as reason:
        sys.exit(str(reason))
    except KeyboardInterrupt:
        sys.exit(130)
