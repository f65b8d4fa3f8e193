"""Ctrl-C, SIGTERM and SIGHUP at every moment: nothing goes on, nothing is left behind, and the exit code says what happened."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")

HANGS = """
import os, subprocess, sys, time
quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
stray = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True, **quiet)
with open(NOTE + ".new", "w") as note:
    note.write(f"{os.getpid()} {stray.pid}")
os.rename(NOTE + ".new", NOTE)
time.sleep(600)
"""


def start(target: Any, scratch: Path, prefix: tuple[str, ...] = ()) -> "subprocess.Popen[str]":
    command = [*prefix, sys.executable, "-m", "envcheck", "doctor", "--python", target.python, "--timeout", "60"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(scratch)}
    return subprocess.Popen(
        command, cwd=scratch, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def wait_for(note: Path) -> list[int]:
    deadline = time.monotonic() + 30
    while not note.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return [int(number) for number in note.read_text().split()]


def is_running(number: int) -> bool:
    try:
        return psutil.Process(number).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize(
    ("number", "times", "code"),
    [(signal.SIGINT, 1, 130), (signal.SIGINT, 4, 130), (signal.SIGTERM, 1, 143), (signal.SIGHUP, 1, 129)],
    ids=["Ctrl-C", "Ctrl-C again and again", "SIGTERM", "SIGHUP"],
)
def test_an_end_during_an_import_leaves_nothing_behind(target: Any, tmp_path: Path, number: signal.Signals, times: int, code: int) -> None:
    note, scratch = tmp_path / "note", tmp_path / "scratch"
    scratch.mkdir()
    target.add("keras", "3.15.1", f"NOTE = {str(note)!r}\n{HANGS}")
    process = start(target, scratch)
    running = wait_for(note)
    for _ in range(times):
        process.send_signal(number)
        time.sleep(0.01)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (code, "")
    assert "Traceback" not in err
    assert not [pid for pid in running if is_running(pid)]
    assert not list(scratch.iterdir())


def test_what_nohup_has_ignored_stays_ignored(target: Any, tmp_path: Path) -> None:
    note, scratch = tmp_path / "note", tmp_path / "scratch"
    scratch.mkdir()
    code = f"open({str(note)!r} + '.new', 'w').write('0'); import os, time; os.rename({str(note)!r} + '.new', {str(note)!r}); time.sleep(1)"
    target.add("keras", "3.15.1", code)
    process = start(target, scratch, ("sh", "-c", 'trap "" HUP; exec "$@"', "sh"))
    wait_for(note)
    process.send_signal(signal.SIGHUP)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "keras" in out


@pytest.mark.parametrize("module", ["click", "envcheck.cli"])
def test_ctrl_c_while_modules_are_read_is_no_traceback(tmp_path: Path, module: str) -> None:
    program = f"""
import sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            raise KeyboardInterrupt
sys.meta_path.insert(0, Finder())
from envcheck.__main__ import main
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (130, "")
    assert "Traceback" not in done.stderr
