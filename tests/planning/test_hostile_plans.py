"""Whoever writes a profile, a report or an environment variable puts no command, and no option, into a plan."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from envcheck.choosing.build import Wishes
from envcheck.planning.names import read_names
from envcheck.planning.planner import plan
from envcheck.profiles.error import ProfileError
from envcheck.rendering.interface import RenderOptions
from envcheck.rendering.plan_json import render_plan_json
from envcheck.rendering.plan_page import render_plan
from envcheck.rendering.shell import Shell
from tests.planning.machines import CONDA, LINUX, VENV, WINDOWS, machine

EVIL = (
    "; touch /tmp/owned",
    "$(touch /tmp/owned)",
    "`touch /tmp/owned`",
    "\ntouch /tmp/owned",
    "& calc.exe",
    "| sh",
    "' ; x '",
    '" & calc & "',
    "%COMSPEC%",
)


@pytest.mark.parametrize(
    "name", ["--index-url=https://evil.example", "-r", "torch;touch x", "torch @ https://evil.example/x.whl", "../x", "a b", "$(x)"]
)
def test_a_profile_cannot_name_what_is_no_distribution(name: str, tmp_path: Path) -> None:
    file = tmp_path / "evil.toml"
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    file.write_text(
        'name = "evil"\ntitle = "Evil"\n[[requirement]]\n'
        f'fact = "packages[{quoted}]"\noperator = "installed"\nlevel = "must"\nwhy = "so"\n',
        encoding="utf-8",
    )
    with pytest.raises(ProfileError):
        read_names((str(file),))


@pytest.mark.parametrize("name", ["--index-url", "torch; x", "$(touch x)", "-e."])
def test_a_profiles_framework_is_a_name_or_nothing(name: str, tmp_path: Path) -> None:
    file = tmp_path / "evil.toml"
    file.write_text(f'name = "evil"\ntitle = "Evil"\nframeworks = ["torch", "{name}"]\n', encoding="utf-8")
    try:
        made = plan(machine(), (str(file),))
    except ProfileError:
        return
    assert all(name.lower() not in word for step in made.steps for word in step.run)


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize("system", [LINUX, WINDOWS], ids=["linux", "windows"])
def test_a_report_puts_nothing_into_a_command(evil: str, system: dict[str, Any]) -> None:
    """Every value of a report that comes near a command is hostile."""
    cards = [{"index": 0, "vendor": "nvidia", "backend": "cuda", "name": f"RTX 3090{evil}"}]
    for python in (VENV, CONDA):
        hostile = {**python, "executable": f"/usr/bin/env{evil}", "prefix": evil, "version": f"3.12.3{evil}", "created_by": evil}
        facts = machine(
            system={**system, "kernel": evil, "distribution_version": f"22.04{evil}"},
            python=hostile,
            accelerators=cards,
            nvidia={"driver_version": f"550.54.15{evil}"},
            packages=[{"name": "torch", "version": f"2.14.1+{evil}", "manager": evil, "state": "ok", "channel": evil}],
            variables={"PIP_INDEX_URL": evil, "VIRTUAL_ENV": evil, "CONDA_PREFIX": evil},
        )
        for manager in ("pip", "uv", "conda", "pixi"):
            made = plan(facts, ("pytorch", "xgboost"), Wishes(), manager)
            for step in made.steps:
                assert not any(evil.strip() in word for word in (*step.run, *step.env.values()))
            page = render_plan(made, ("pytorch",), facts, RenderOptions(width=80))
            commands = page.partition("To run")[2].partition("\nWhy")[0]
            assert evil.strip() not in commands


@pytest.mark.parametrize("executable", ["curl", "/bin/sh", "/tmp/python;x", "rm -rf /", "python\u202e"])
def test_an_interpreter_of_a_report_is_an_interpreter_or_left_out(executable: str) -> None:
    for live in (False, True):  # a file may say of itself that it was observed here
        made = plan(machine(live=live, python={**VENV, "executable": executable}), ("pytorch",))
        assert made.steps[0].run[0] == "python"


@pytest.mark.parametrize("folder", ["/home/me/my env/bin", "/home/$(x)/bin", "/home/a;b/bin", "/home/it's/bin"])
def test_a_strange_folder_is_quoted(folder: str) -> None:
    facts = machine(python={**VENV, "executable": f"{folder}/python"})
    made = plan(facts, ("pytorch",))
    page = render_plan(made, ("pytorch",), facts, RenderOptions(width=120), Shell.POSIX)
    line = page.partition("To run")[2].splitlines()[1]
    assert shlex.split(line) == list(made.steps[0].run)


def test_nothing_of_the_environment_changes_a_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    before = plan(machine(), ("pytorch", "tensorflow"))
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "UV_INDEX_URL", "CONDA_CHANNELS", "CONDA_OVERRIDE_CUDA", "PATH", "HOME"):
        monkeypatch.setenv(name, "https://evil.example/$(touch x)")
    assert plan(machine(), ("pytorch", "tensorflow")) == before


def test_what_turns_the_direction_of_reading_is_escaped_in_json() -> None:
    cards = [{"index": 0, "vendor": "nvidia", "backend": "cuda", "name": "RTX 3090 \u202e\x9b31m"}]
    made = plan(machine(accelerators=cards, nvidia={"driver_version": "550.54.15"}), ("pytorch",))
    text = render_plan_json(made)
    assert "\u202e" not in text
    assert "\x9b" not in text
    assert any("\u202e" in reason["because"] for reason in json.loads(text)["why"])
