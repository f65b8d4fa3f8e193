"""What each command imports: start-up is paid on every call. Times are measured in benchmarks/; here it is which modules."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import json, sys
from envcheck.cli import run
code = run(sys.argv[1:])
sys.stdout.flush()
peak = 0
if sys.platform == "linux":  # ru_maxrss would count what the process was before its exec: the one that runs the tests
    peak = next(int(line.split()[1]) * 1024 for line in open("/proc/self/status") if line.startswith("VmHWM"))
sys.stderr.write("\\n" + json.dumps({"code": code, "modules": sorted(sys.modules), "peak_bytes": peak}))
"""
FRAMEWORKS = {"torch", "tensorflow", "jax", "sklearn", "numpy", "xgboost", "keras", "transformers", "onnxruntime", "ray"}


def modules_of(*arguments: str, cwd: Path) -> tuple[set[str], int, int]:
    """The modules that one call has imported, its exit code, and its peak memory in bytes."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    told = json.loads(done.stderr.splitlines()[-1])
    return set(told["modules"]), told["code"], told["peak_bytes"]


@cache
def brought_by_click() -> frozenset[str]:
    """What click itself imports differs from Python to Python."""
    command = [sys.executable, "-c", "import click, sys; print(*sys.modules)"]
    return frozenset(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], []])
def test_saying_what_it_is_imports_click_and_nothing_else_of_weight(arguments: list[str], tmp_path: Path) -> None:
    modules, code, _ = modules_of(*arguments, cwd=tmp_path)
    assert code == 0
    assert not (modules - brought_by_click()) & {"msgspec", "rich", "psutil", "packaging", "tomllib", "subprocess", "asyncio", "cpuinfo"}
    assert {name for name in modules if name.startswith("envcheck")} == {
        "envcheck",
        "envcheck.cli",
        "envcheck.cli.streams",
        "envcheck.mistake",
    }


@pytest.mark.parametrize(
    ("arguments", "never"),
    [
        (["doctor", "--quick", "--format", "json"], {"rich", "cpuinfo", "asyncio", "psutil", "jinja2", "importlib.metadata"}),
        (["doctor", "--quick"], {"cpuinfo", "asyncio", "psutil", "jinja2", "rich.table", "rich.markdown", "pygments"}),
        (["facts", "--quick"], {"rich", "packaging", "cpuinfo", "asyncio", "psutil"}),
        (["explain", "memory-too-small", "--format", "json"], {"rich", "packaging", "subprocess", "asyncio", "psutil"}),
        (
            ["plan", "pytorch", "--format", "json"],
            {"rich", "packaging", "cpuinfo", "asyncio", "psutil", "envcheck.rules", "envcheck.judging.engine"},
        ),
        (["schema", "report"], {"rich", "packaging", "subprocess", "asyncio", "psutil"}),
    ],
)
def test_a_command_imports_what_it_needs_and_never_a_framework(arguments: list[str], never: set[str], tmp_path: Path) -> None:
    modules, _, _ = modules_of(*arguments, cwd=tmp_path)
    assert not (modules - brought_by_click()) & never
    assert not modules & FRAMEWORKS


def test_the_whole_doctor_stays_small_and_imports_no_framework(torch_python: str, tmp_path: Path) -> None:
    modules, code, peak = modules_of("doctor", "--python", torch_python, cwd=tmp_path)
    assert code == 0
    assert not modules & FRAMEWORKS
    if sys.platform == "linux":
        assert 5 * 10**6 < peak < 80 * 10**6
