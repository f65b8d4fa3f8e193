"""Everything that is broken around envcheck: one clear finding or "not evaluated", every other fact, no traceback, no hang."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.examined import Environment, Run
from tests.cli.examined import run_envcheck as envcheck
from tests.conftest import find_pythons

ROOT = Path(__file__).resolve().parents[2]


def assert_the_rest_is_there(run: Run) -> None:
    facts = run.report["facts"]
    assert facts["memory"]["total_bytes"] > 0
    assert facts["cpu"]["logical_cores"] >= 1
    assert facts["python"]["version"] == ".".join(map(str, sys.version_info[:3]))
    assert {"pandas"} <= {package["name"] for package in facts["packages"]}


@pytest.mark.parametrize(
    ("code", "rule", "words"),
    [
        ("raise ImportError('odd')", "framework-import-fails", "odd"),
        ("raise OSError('something else')", "framework-import-fails", "something else"),
        ("raise SystemExit(4)", "framework-import-fails", "SystemExit"),
        ("import time; time.sleep(600)", "framework-import-hangs", "keras"),
        ("import os; os.abort()", "framework-import-crashes", "SIGABRT"),
        ("import ctypes; ctypes.string_at(0)", "framework-import-crashes", "SIGSEGV"),
        ("import os; os._exit(3)", "framework-import-crashes", "3"),
    ],
)
def test_a_framework_that_does_not_come_up_is_one_finding_and_the_rest_is_reported(
    environment: Environment, code: str, rule: str, words: str
) -> None:
    environment.add("keras", "3.15.1", code)
    environment.add("pandas", "3.1.1")
    run = environment.doctor("--timeout", "3")
    finding = run.finding(rule)
    assert (run.code, finding["severity"], run.report["status"]) == (1, "error", "problems")
    assert words in json.dumps(finding)
    assert run.seconds < 30
    assert_the_rest_is_there(run)


@pytest.mark.parametrize(
    "code",
    [
        "import sys\nfor _ in range(50): sys.stdout.write('x' * 2**20)",
        "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], start_new_session=True)",
    ],
    ids=["prints 50 MB", "leaves a detached child that holds the pipe"],
)
def test_a_framework_that_does_odd_things_but_comes_up_is_no_problem(environment: Environment, code: str) -> None:
    environment.add("keras", "3.15.1", code)
    environment.add("pandas", "3.1.1")
    run = environment.doctor()
    assert [entry["status"] for entry in run.report["facts"]["imports"] if entry["name"] == "keras"] == ["imported"]
    assert run.seconds < 30
    assert_the_rest_is_there(run)


@pytest.mark.parametrize(
    ("metadata", "version"),
    [
        (b"Metadata-Version: 2.1\nName: tor", "3.15.1"),
        (b"", "3.15.1"),
        (b"Metadata-Version: 2.1\nName: \xff\xfe\nVersion: \xff\n", "3.15.1"),
        (b"Metadata-Version: 2.1\nName: keras\nVersion: not a version\n", "3.15.1"),
        (b"\0" * 4096, "3.15.1"),
    ],
    ids=["cut", "empty", "not UTF-8", "no version", "NUL bytes"],
)
def test_metadata_that_says_nothing_usable_is_a_broken_package(environment: Environment, metadata: bytes, version: str) -> None:
    environment.add("keras", version, metadata=metadata)
    environment.add("pandas", "3.1.1")
    run = environment.doctor("--quick")
    finding = run.finding("package-broken")
    assert "keras" in finding["subject"]
    assert_the_rest_is_there(run)


def test_metadata_that_cannot_be_read_is_told(environment: Environment) -> None:
    metadata = environment.add("keras", "3.15.1") / "METADATA"
    metadata.unlink()
    metadata.mkdir()  # nobody, not even root, reads a folder as a file
    environment.add("pandas", "3.1.1")
    run = environment.doctor("--quick")
    assert "keras" in run.finding("package-broken")["subject"]
    assert_the_rest_is_there(run)


def test_a_home_that_does_not_exist_costs_nothing(environment: Environment) -> None:
    environment.add("pandas", "3.1.1")
    run = environment.doctor(HOME="/nonexistent/home")
    assert run.code == 0
    assert_the_rest_is_there(run)


def test_no_home_at_all_costs_nothing(environment: Environment) -> None:
    environment.add("pandas", "3.1.1")
    run = envcheck(
        "doctor", "--python", environment.python, "--format", "json", cwd=environment.folder, prefix=("env", "-u", "HOME", "-u", "USER")
    )
    assert run.code == 0
    assert_the_rest_is_there(run)


def test_a_read_only_file_system_costs_nothing(environment: Environment) -> None:
    environment.add("pandas", "3.1.1")
    environment.add("keras", "3.15.1", "import tempfile; tempfile.mkdtemp()")
    mount = "mount --bind / /mnt && mount --rbind /proc /mnt/proc && mount --rbind /dev /mnt/dev && mount -o remount,bind,ro /mnt"
    enter = f'{mount} && exec chroot /mnt sh -c \'cd "$0" && exec "$@"\' "$@"'
    tried = subprocess.run(["unshare", "-m", "sh", "-c", mount], check=False, capture_output=True) if shutil.which("unshare") else None
    if tried is None or tried.returncode != 0:
        pytest.skip("this user may not mount a file system read-only in a namespace of its own")
    run = envcheck(
        *("doctor", "--python", environment.python, "--format", "json"),
        cwd=environment.folder,
        prefix=("unshare", "-m", "sh", "-c", enter, "sh", str(environment.folder)),
    )
    assert_the_rest_is_there(run)
    assert "keras" in run.finding("framework-import-fails")["subject"]


@pytest.mark.parametrize("locale", ["C", "POSIX", "tr_TR.ISO-8859-9"])
def test_any_locale_gets_the_same_report(environment: Environment, locale: str) -> None:
    environment.add("pandas", "3.1.1")
    environment.add("keras", "3.15.1", "raise ImportError('größer \\ud83d\\ude00')")
    run = environment.doctor(LANG=locale, LC_ALL=locale, PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert "keras" in run.finding("framework-import-fails")["subject"]
    terminal = envcheck(
        "doctor", "--python", environment.python, cwd=environment.folder, LC_ALL=locale, PYTHONUTF8="0", PYTHONCOERCECLOCALE="0"
    )
    assert terminal.code == 1
    assert "keras" in terminal.out


@pytest.mark.parametrize("fault", ["", "raise ImportError('odd')"], ids=["healthy", "broken"])
def test_stdout_that_is_closed_early_keeps_the_verdicts_code(environment: Environment, fault: str) -> None:
    environment.add("keras", "3.15.1", fault)
    command = f"{sys.executable} -m envcheck doctor --python {environment.python} --format json; echo code $? >&2"
    done = subprocess.run(
        ["bash", "-c", f"({command}) | true"],
        cwd=environment.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert f"code {1 if fault else 0}" in done.stderr
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


def test_no_stdout_at_all_keeps_the_code(environment: Environment) -> None:
    environment.add("keras", "3.15.1", "raise ImportError('odd')")
    command = f"{sys.executable} -m envcheck doctor --python {environment.python} >&-; echo code $? >&2"
    done = subprocess.run(
        ["bash", "-c", command], env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=120, check=False
    )
    assert "code 1" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_terminal_there_is_no_colour_and_no_spinner(environment: Environment) -> None:
    run = envcheck("doctor", "--python", environment.python, cwd=environment.folder)
    assert "\x1b" not in run.out + run.err
    assert not run.err


def test_a_deleted_working_folder_costs_nothing(environment: Environment, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    environment.add("pandas", "3.1.1")
    command = f"rmdir {gone}; exec {sys.executable} -P -m envcheck doctor --python {environment.python} --format json"
    if sys.version_info < (3, 11):
        command = command.replace(" -P ", " ")
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=gone,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["facts"]["memory"]["total_bytes"] > 0


def script(path: Path, text: str, mode: int = 0o755) -> str:
    path.write_text(text)
    path.chmod(mode)
    return str(path)


def assert_refused(run: Run, words: str) -> None:
    assert run.code == 2, (run.code, run.out, run.err)
    assert not run.out
    assert words in run.err
    assert len(run.err.strip().splitlines()) <= 2


def test_a_named_interpreter_that_is_missing_is_refused(tmp_path: Path) -> None:
    assert_refused(envcheck("doctor", "--python", str(tmp_path / "none"), cwd=tmp_path), "none")


def test_a_named_interpreter_that_is_not_executable_is_refused(tmp_path: Path) -> None:
    named = script(tmp_path / "python", "#!/bin/sh\n", 0o644)
    assert_refused(envcheck("doctor", "--python", named, cwd=tmp_path), "not executable")


@pytest.mark.parametrize("text", ["#!/bin/sh\necho hello\n", "#!/bin/sh\nexit 3\n", "garbage", ""])
def test_a_named_interpreter_that_is_no_python_is_refused(tmp_path: Path, text: str) -> None:
    named = script(tmp_path / "python", text)
    assert_refused(envcheck("doctor", "--python", named, cwd=tmp_path), "python")


def test_a_named_interpreter_that_hangs_is_refused_within_the_deadline(tmp_path: Path) -> None:
    named = script(tmp_path / "python", "#!/bin/sh\nsleep 600\n")
    run = envcheck("doctor", "--python", named, cwd=tmp_path)
    assert_refused(run, "answer")
    assert run.seconds < 25


@pytest.mark.parametrize("version", ["2.7", "3.6", "3.7"])
def test_a_named_python_that_is_too_old_is_refused_with_its_version(tmp_path: Path, version: str) -> None:
    python = find_pythons().get(version)
    if python is None:
        pytest.skip(f"there is no Python {version} on this machine")
    assert_refused(envcheck("doctor", "--python", python, cwd=tmp_path), version)
