"""Whole plans, compared with those in plans/*.txt; ENVCHECK_REWRITE=1 writes them anew, to be read before they are committed."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from envcheck.choosing.build import Wishes
from envcheck.facts.snapshot import Snapshot
from envcheck.planning.planner import plan
from envcheck.rendering.interface import RenderOptions
from envcheck.rendering.plan_json import render_plan_json
from envcheck.rendering.plan_page import render_plan
from envcheck.rendering.schemas import plan_schema
from envcheck.rendering.shell import Shell
from tests.planning.machines import CONDA, MAC, VENV, WINDOWS, machine, with_card

EXPECTED = Path(__file__).parent / "plans"
WINDOWS_PYTHON: dict[str, Any] = {"python": {**VENV, "executable": r"C:\My Py\python.exe"}}
SITUATIONS: dict[str, tuple[Snapshot, tuple[str, ...], Wishes, str]] = {
    "one_card": (with_card(), ("pytorch", "tensorflow"), Wishes(), ""),
    "no_driver": (with_card(driver=None), ("pytorch",), Wishes(), ""),
    "another_python": (machine(python={**VENV, "version": "3.14.0"}), ("tensorflow",), Wishes(), ""),
    "conda": (machine(python=CONDA), ("pytorch-cuda",), Wishes(cuda="12.6"), ""),
    "windows": (with_card(system=WINDOWS, **WINDOWS_PYTHON), ("pytorch",), Wishes(), ""),
    "mac": (machine(system=MAC), ("xgboost", "tensorflow-metal"), Wishes(), ""),
    "impossible": (with_card(), ("pytorch",), Wishes(cuda="13.0"), ""),
}


def check(text: str, name: str) -> None:
    path = EXPECTED / f"{name}.txt"
    if os.environ.get("ENVCHECK_REWRITE"):
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8")


def page(name: str, width: int = 80, encoding: str = "utf-8", shell: Shell | None = None) -> str:
    facts, names, wishes, manager = SITUATIONS[name]
    return render_plan(plan(facts, names, wishes, manager), names, facts, RenderOptions(width=width, encoding=encoding), shell)


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("name", SITUATIONS)
def test_whole_plans(name: str, width: int) -> None:
    check(page(name, width), f"{name}-{width}")


def test_a_whole_plan_in_ascii() -> None:
    text = page("impossible", encoding="ascii")
    assert text.isascii()
    check(text, "impossible-ascii")


@pytest.mark.parametrize(
    ("shell", "line"),
    [
        (Shell.POSIX, r"""  'C:\My Py\python.exe' -m pip install"""),
        (Shell.POWERSHELL, r"""  & 'C:\My Py\python.exe' -m pip install"""),
        (Shell.CMD, r"""  "C:\My Py\python.exe" -m pip install"""),
    ],
)
def test_commands_are_quoted_for_the_shell(shell: Shell, line: str) -> None:
    assert any(each.startswith(line) for each in page("windows", shell=shell).splitlines())


def test_variables_are_set_as_the_shell_does_it() -> None:
    assert "\n  CONDA_OVERRIDE_CUDA=12.6 conda install " in page("conda")
    assert "\n  $env:CONDA_OVERRIDE_CUDA = '12.6'; conda install " in page("conda", shell=Shell.POWERSHELL)
    assert '\n  set "CONDA_OVERRIDE_CUDA=12.6"& conda install ' in page("conda", shell=Shell.CMD)


@pytest.mark.parametrize("name", SITUATIONS)
def test_the_plan_as_json_follows_its_published_schema(name: str) -> None:
    facts, names, wishes, manager = SITUATIONS[name]
    data = json.loads(render_plan_json(plan(facts, names, wishes, manager)))
    schema = plan_schema()
    Draft202012Validator.check_schema(schema)
    assert [error.message for error in Draft202012Validator(schema).iter_errors(data)] == []
    assert list(data) == ["schema", "manager", "python", "impossible", "packages", "steps", "before", "why", "verification", "tables"]
    assert data["verification"] == {"state": "not_verified", "reason": "--verify was not asked for", "resolver": None}
    assert all({"run", "env", "root"} <= set(step) for step in data["steps"])
    assert all(set(package) == {"name", "version", "variant", "index", "size_bytes"} for package in data["packages"])
