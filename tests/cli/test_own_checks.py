"""Checks of profiles through the real command line: who may have a command run, what comes of it, and the exit code."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.cli.examined import ROOT, Environment, Run, run_envcheck

NOT_ALLOWED = "it runs a command; --allow-commands lets it"
CONFIGURED = "it runs a command, and a configuration file cannot have one run; --profile can name the profile"


def check(name: str, command: list[str], level: str = "must", more: str = "") -> str:
    return f'[[check]]\nname = "{name}"\ncommand = {json.dumps(command)}\nlevel = "{level}"\n{more}\n'


def lab(path: Path, *checks: str, name: str = "lab", head: str = "") -> Path:
    path.write_text(f'name = "{name}"\ntitle = "Lab"\n{head}\n{"".join(checks)}')
    return path


def touching(marker: Path, level: str = "must", name: str = "touch") -> str:
    """A check that shows by a file that it was run."""
    return check(name, ["{python}", "-c", f"open({str(marker)!r}, 'w').write('run'); print('done')"], level, 'output = ["done"]')


def of_own(run: Run) -> list[dict[str, Any]]:
    return [gap for gap in run.report["not_evaluated"] if gap["rule"] == "own-check-fails"]


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    return tmp_path / "marker"


@pytest.mark.parametrize(("level", "code"), [("must", 3), ("should", 0)])
def test_a_command_is_not_run_without_consent_and_that_is_said(
    environment: Environment, tmp_path: Path, marker: Path, level: str, code: int
) -> None:
    run = environment.doctor("--profile", str(lab(tmp_path / "lab.toml", touching(marker, level))))
    assert (run.code, marker.exists()) == (code, False)
    (gap,) = of_own(run)
    assert (gap["subject"], gap["reason"], gap.get("required", False)) == ("touch of lab", NOT_ALLOWED, level == "must")
    (smoke,) = run.report["facts"]["smoke"]
    assert (smoke["framework"], smoke["status"], smoke["reason"]) == ("touch", "skipped", NOT_ALLOWED)


def test_with_consent_it_runs_under_the_examined_interpreter_and_passes(environment: Environment, tmp_path: Path) -> None:
    command = ["{python}", "-c", "import os, sys; print(sys.prefix, os.getcwd())"]
    more = f"output = {json.dumps([str(environment.folder), str(tmp_path)])}"
    run = environment.doctor("--profile", str(lab(tmp_path / "lab.toml", check("where", command, more=more))), "--allow-commands")
    assert run.code == 0, run.report["findings"]
    assert [entry["subject"] for entry in run.report["passed"] if entry["rule"] == "own-check-fails"] == ["where of lab"]


@pytest.mark.parametrize(("level", "code", "severity"), [("must", 1, "error"), ("should", 0, "warning")])
def test_one_that_fails_is_as_bad_as_its_level(environment: Environment, tmp_path: Path, level: str, code: int, severity: str) -> None:
    path = lab(tmp_path / "lab.toml", check("loader", ["{python}", "-c", "raise SystemExit('no data')"], level))
    run = environment.doctor("--profile", str(path), "--allow-commands")
    found = run.finding("own-check-fails")
    assert (run.code, found["severity"]) == (code, severity)
    assert found["message"] == "The check loader of the profile lab fails: it ended with exit code 1, not 0."
    assert found["requirement"] == {"profile": "lab", "level": level, "line": 5}
    assert "no data" in [proof["value"] for proof in found["evidence"]]
    assert found["remedies"][0]["steps"][0]["run"][1:] == ["-c", "raise SystemExit('no data')"]


def test_one_whose_program_is_not_there_could_not_be_evaluated(environment: Environment, tmp_path: Path) -> None:
    run = environment.doctor("--profile", str(lab(tmp_path / "lab.toml", check("burn", ["no-such-burn"]))), "--allow-commands")
    assert (run.code, of_own(run)[0]["reason"]) == (3, 'there is no program "no-such-burn"')


def test_one_that_hangs_crashes_or_prints_much_costs_the_others_nothing(environment: Environment, tmp_path: Path, marker: Path) -> None:
    bodies = {
        "hangs": "import time; time.sleep(60)",
        "crashes": "import os; os.abort()",
        "prints": "import sys; [sys.stdout.write('x' * 2**20) for _ in range(50)]",
    }
    checks = [check(name, ["{python}", "-c", body]) for name, body in bodies.items()]
    path = lab(tmp_path / "lab.toml", *checks, touching(marker))
    run = environment.doctor("--profile", str(path), "--allow-commands", "--timeout", "2")
    assert run.code == 1
    found = {entry["framework"]: entry["status"] for entry in run.report["facts"]["smoke"]}
    assert found == {"hangs": "timed_out", "crashes": "crashed", "prints": "passed", "touch": "passed"}
    assert marker.exists()
    assert len(run.out) < 10**6


def test_a_configuration_can_have_nothing_run_and_cannot_give_the_consent(environment: Environment, tmp_path: Path, marker: Path) -> None:
    project = tmp_path / "cloned"
    project.mkdir()
    lab(project / "lab.toml", touching(marker))
    configuration = project / "envcheck.toml"
    for text in ('profiles = ["./lab.toml"]\n', lab(project / "own", touching(marker).replace("[[", "[[profile.")).read_text()):
        configuration.write_text(text if text.startswith("profiles") else f"[profile]\n{text}")
        run = environment.doctor(cwd=project)
        assert (run.code, marker.exists(), of_own(run)[0]["reason"]) == (3, False, CONFIGURED)
        assert (environment.doctor("--allow-commands", cwd=project).code, marker.exists()) == (3, False)
    configuration.write_text('profiles = ["./lab.toml"]\n')
    assert environment.doctor("--allow-commands", "--profile", str(project / "lab.toml"), cwd=project).code == 0
    assert marker.exists()
    for consent in ("allow-commands = true", "allow_commands = true"):
        configuration.write_text(f"{consent}\n")
        run = environment.doctor(cwd=project)
        assert (run.code, "There is no key" in run.err) == (2, True)


def test_what_a_profile_extends_can_have_nothing_run_either(environment: Environment, tmp_path: Path, marker: Path) -> None:
    lab(tmp_path / "base.toml", touching(marker), name="base")
    path = lab(tmp_path / "lab.toml", head='extends = ["./base.toml"]')
    run = environment.doctor("--profile", str(path))
    assert (run.code, marker.exists(), of_own(run)[0]["subject"]) == (3, False, "touch of base")
    assert environment.doctor("--profile", str(path), "--allow-commands").code == 0
    assert marker.exists()


def test_a_profile_that_has_the_name_and_folder_of_a_shipped_one_needs_the_consent(
    environment: Environment, tmp_path: Path, marker: Path
) -> None:
    (tmp_path / "profiles").mkdir()
    path = lab(tmp_path / "profiles" / "pytorch.toml", touching(marker), name="pytorch")
    assert (environment.doctor("--profile", str(path)).code, marker.exists()) == (3, False)


def test_the_quick_look_runs_nothing(environment: Environment, tmp_path: Path, marker: Path) -> None:
    path = str(lab(tmp_path / "lab.toml", touching(marker)))
    call = ("doctor", "--python", environment.python, "--quick", "--profile", path, "--format", "json")
    run = run_envcheck(*call, cwd=tmp_path)
    assert (run.code, marker.exists(), of_own(run)[0]["reason"]) == (3, False, "it runs a command, and --quick runs none")
    run = run_envcheck(*call, "--allow-commands", cwd=tmp_path)
    assert (run.code, run.out, "Give one of them" in run.err) == (2, "", True)


def test_a_saved_report_is_judged_by_its_results_and_nothing_is_run(environment: Environment, tmp_path: Path, marker: Path) -> None:
    path = str(lab(tmp_path / "lab.toml", touching(marker)))
    saved = tmp_path / "report.json"
    assert environment.doctor("--profile", path, "--allow-commands", "--output", str(saved)).code == 0
    marker.unlink()
    for call in (("diagnose", str(saved)), ("doctor", "--facts", str(saved))):
        run = run_envcheck(*call, "--profile", path, "--format", "json", cwd=tmp_path)
        assert [entry["subject"] for entry in run.report["passed"] if entry["rule"] == "own-check-fails"] == ["touch of lab"]
    run = run_envcheck("diagnose", "-", "--profile", path, "--format", "json", cwd=tmp_path, text=b"torch 2.8.0")
    assert (run.code, of_own(run)[0]["subject"]) == (3, "touch of lab")
    for call in (("diagnose", str(saved)), ("doctor", "--facts", str(saved)), ("facts",)):
        assert run_envcheck(*call, "--allow-commands", cwd=tmp_path).code == 2
    assert not marker.exists()


def test_smoke_runs_them_beside_its_tests_and_tells_what_comes(environment: Environment, tmp_path: Path, marker: Path) -> None:
    path = str(lab(tmp_path / "lab.toml", touching(marker), check("loader", ["{python}", "-c", "raise SystemExit(3)"])))
    call = ("smoke", "--python", environment.python, "--profile", path, "--format", "json")
    run = run_envcheck(*call, cwd=tmp_path)
    assert (run.code, marker.exists()) == (3, False)
    run = run_envcheck(*call, "--allow-commands", cwd=tmp_path)
    assert (run.code, marker.exists()) == (1, True)
    assert run.finding("own-check-fails")["subject"] == "loader of lab"
    assert "Running the checks touch and loader: at most 20 s each." in run.err
    assert "the check loader FAILED: it ended with exit code 3, not 0" in run.err


@pytest.mark.parametrize("hidden", ["\u202e", "\u001b[2J", "\n", "\u200b"])
def test_a_command_that_looks_like_another_is_refused_with_its_place(environment: Environment, tmp_path: Path, hidden: str) -> None:
    path = lab(tmp_path / "lab.toml", check("loader", ["sh", "-c", f"true{hidden}"]))
    for call in (
        ("doctor", "--python", environment.python, "--profile", str(path), "--allow-commands"),
        ("profiles", "validate", str(path)),
    ):
        run = run_envcheck(*call, cwd=tmp_path)
        assert (run.code, run.out) == (2, "")
        assert f"{path}:6: " in run.err
        assert all(line.isprintable() for line in run.err.splitlines())


def test_a_profile_is_shown_with_its_commands_as_they_can_be_typed(tmp_path: Path) -> None:
    path = lab(tmp_path / "lab.toml", check("loader", ["{python}", "a b.py", "$HOME"], more='output = ["x"]\nwhy = "the data"'))
    run = run_envcheck("profiles", "show", str(path), cwd=tmp_path)
    assert "    '{python}' 'a b.py' '$HOME'\n" in run.out
    assert "the data" in run.out
    assert "Ends within 20 s with exit code 0, and prints 'x'." in run.out
    data = run_envcheck("profiles", "show", str(path), "--format", "json", cwd=tmp_path).report
    assert data["check"][0]["command"] == ["{python}", "a b.py", "$HOME"]
    run = run_envcheck("profiles", "validate", str(path), cwd=tmp_path)
    assert run.out.endswith("1 check, run with --allow-commands only.\n")
    data = run_envcheck("profiles", "validate", str(path), "--format", "json", cwd=tmp_path).report
    assert data["checks"] == 1


def test_the_schema_of_a_profile_has_checks_and_their_bounds(tmp_path: Path) -> None:
    schema = run_envcheck("schema", "profile", cwd=tmp_path).report
    own = schema["$defs"]["Check"]
    assert own["required"] == ["name", "command", "level"]
    assert own["properties"]["level"] == {"enum": ["must", "should"]}
    assert set(own["properties"]) == {"name", "command", "level", "exit-code", "output", "timeout", "why"}
    assert "check" in schema["$defs"]["Profile"]["properties"]


@pytest.mark.parametrize("command", ["doctor", "smoke"])
def test_the_help_says_what_the_option_does(command: str, tmp_path: Path) -> None:
    words = " ".join(run_envcheck(command, "--help", cwd=tmp_path).out.split())
    assert "--allow-commands Run the commands that profiles name as checks, with your rights" in words


def test_a_secret_in_a_command_and_in_its_output_does_not_leave_the_machine(environment: Environment, tmp_path: Path) -> None:
    secret = "ghp_" + "a1B2c3D4e5" * 4
    path = lab(tmp_path / "lab.toml", check("loader", ["{python}", "-c", f"raise SystemExit('token {secret}')"]))
    run = environment.doctor("--profile", str(path), "--allow-commands")
    assert run.code == 1
    assert secret not in run.out


@pytest.mark.skipif(sys.platform == "win32", reason="signals are of POSIX")
def test_ctrl_c_ends_what_was_run_and_what_that_left_in_a_session_of_its_own(environment: Environment, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    lines = (
        "import os, subprocess, time",
        'left = subprocess.Popen(["sleep", "60"], start_new_session=True, env={"PATH": os.environ["PATH"]})',
        f'open({str(pid)!r}, "w").write(str(left.pid))',
        "time.sleep(60)",
    )
    body = "; ".join(lines)
    path = lab(tmp_path / "lab.toml", check("loader", ["{python}", "-c", body]))
    command = [sys.executable, "-m", "envcheck", "doctor", "--python", environment.python, "--profile", str(path), "--allow-commands"]
    process = subprocess.Popen(
        command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    for _ in range(600):
        if pid.exists() and pid.read_text():
            break
        time.sleep(0.05)
    left = psutil.Process(int(pid.read_text()))
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 130
    psutil.wait_procs([left], timeout=5)
    assert not left.is_running() or left.status() == psutil.STATUS_ZOMBIE
