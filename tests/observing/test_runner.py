"""The runner, with real children that hang, die, print, and leave others behind."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest

from envcheck.facts.snapshot import UnknownReason
from envcheck.observing.answer import Answer, Ending
from envcheck.observing.process import MARK_VARIABLE, Task
from envcheck.observing.runner import run
from tests.conftest import find_pythons

ROOT = Path(__file__).resolve().parents[2]
PYTHONS = find_pythons()


@pytest.fixture
def probes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of probes of our own, beside the real child.py."""
    folder = tmp_path / "probes"
    folder.mkdir()
    (folder / "child.py").write_text((ROOT / "probes" / "child.py").read_text())
    monkeypatch.setattr("envcheck.observing.process.folder", lambda name: tmp_path / name)
    return folder


def answer_of(probes: Path, body: str, **options: object) -> Answer:
    """The answer of a child whose probe has that body."""
    (probes / "tried.py").write_text("def main(channel, arguments):\n" + textwrap.indent(textwrap.dedent(body), "    "))
    task = Task("tried", "tried", sys.executable, **options)  # type: ignore[arg-type]
    return run([task])["tried"]


def test_facts_unknowns_and_stages_arrive_in_their_order(probes: Path) -> None:
    answer = answer_of(
        probes,
        """
        channel.stage("looking")
        channel.fact("memory.total_bytes", 16, "a file")
        channel.unknown("cpu.model", "denied", "no")
        channel.observed("tools", "partial")
        channel.said("torch", "OSError: é\\ud800", {"frame": "x"})
        """,
    )
    assert answer.ending is Ending.ANSWERED
    assert answer.stages == ["started", "looking", "done"]
    assert [(claim.fact, claim.value, claim.source) for claim in answer.evidence.claims] == [("memory.total_bytes", 16, "a file")]
    assert [(each.fact, each.reason, each.detail) for each in answer.evidence.unknown] == [("cpu.model", UnknownReason.DENIED, "no")]
    assert answer.evidence.observed == {"tools": "partial"}
    assert answer.said[0].text == "OSError: é\ud800"


def test_a_crash_in_one_section_leaves_the_others(probes: Path) -> None:
    answer = answer_of(
        probes,
        """
        def broken(channel):
            raise ValueError("odd")
        def denied(channel):
            raise PermissionError(13, "no")
        channel.section("cpu", broken)
        channel.section("disks", denied)
        channel.fact("memory.total_bytes", 1, "")
        """,
    )
    assert answer.ending is Ending.ANSWERED
    assert [(each.fact, each.reason) for each in answer.evidence.unknown] == [
        ("cpu", UnknownReason.CRASHED),
        ("disks", UnknownReason.DENIED),
    ]
    assert [claim.fact for claim in answer.evidence.claims] == ["memory.total_bytes"]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"),
        ("import os; os.abort()", "SIGABRT"),
        ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
    ],
)
def test_a_death_by_a_signal_is_named_and_keeps_what_was_found_before(probes: Path, body: str, name: str) -> None:
    answer = answer_of(probes, f'channel.fact("memory.total_bytes", 1, "")\nchannel.stage("about to die")\n{body}')
    assert (answer.ending, answer.signal, answer.stage) == (Ending.SIGNALLED, name, "about to die")
    assert len(answer.evidence.claims) == 1


def test_a_segfault_shows_where_python_stood(probes: Path) -> None:
    answer = answer_of(probes, "import ctypes\nctypes.string_at(0)")
    assert any("tried.py:3 in main" in frame for frame in answer.stack)


@pytest.mark.parametrize("body", ["import os; os._exit(7)", "raise SystemExit(7)"])
def test_an_exit_before_the_answer_is_told_with_its_status(probes: Path, body: str) -> None:
    answer = answer_of(probes, body)
    assert (answer.ending, answer.status) == (Ending.EXITED, 7)


def test_a_hang_ends_at_its_deadline_and_shows_where_it_hung(probes: Path) -> None:
    answer = answer_of(probes, 'channel.stage("waiting")\nimport time\ntime.sleep(600)', deadline_s=0.5)
    assert (answer.ending, answer.stage) == (Ending.TIMED_OUT, "waiting")
    assert answer.seconds < 5
    assert "tried.py:4 in main" in answer.stack[0]


def test_a_hang_in_c_that_holds_the_interpreter_ends_too(probes: Path) -> None:
    answer = answer_of(probes, "import ctypes\nctypes.PyDLL(None).sleep(600)", deadline_s=0.5)
    assert answer.ending is Ending.TIMED_OUT
    assert answer.seconds < 5


def test_a_child_that_switches_its_own_watch_off_is_killed(probes: Path) -> None:
    body = """
        import faulthandler, signal, time
        faulthandler.cancel_dump_traceback_later()
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(600)
        """
    answer = answer_of(probes, body, deadline_s=0.3)
    assert answer.ending is Ending.TIMED_OUT
    assert answer.seconds < 6


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # a process that stays is the subject
def test_what_cannot_be_killed_is_given_up_and_said_to_be_so(probes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("envcheck.observing.process.REAP_S", 0.2)
    monkeypatch.setattr("envcheck.observing.process._kill_group", lambda process: None)
    monkeypatch.setattr("envcheck.observing.process.Child._kill_strays", lambda child: None)
    monkeypatch.setattr("envcheck.observing.process.Child._tree", lambda child: [])
    answer = answer_of(probes, "import faulthandler, time\nfaulthandler.cancel_dump_traceback_later()\ntime.sleep(8)", deadline_s=0.1)
    assert answer.ending is Ending.UNKILLABLE
    assert answer.seconds < 5


def test_fifty_megabytes_of_output_are_drained_and_bounded(probes: Path) -> None:
    answer = answer_of(
        probes,
        """
        import sys
        sys.stderr.write("first\\n")
        for _ in range(50):
            sys.stdout.write("x" * 2**20)
            sys.stderr.buffer.write(b"\\xff" * 2**10)
        sys.stdout.write("last")
        """,
        deadline_s=60.0,
    )
    assert answer.ending is Ending.ANSWERED
    assert len(answer.stdout) < 300_000
    assert answer.stdout.endswith("last")
    assert "bytes left out" in answer.stdout
    assert answer.stderr.startswith("first")


def test_a_detached_grandchild_that_holds_the_pipe_is_not_waited_for_and_not_left_behind(probes: Path) -> None:
    answer = answer_of(
        probes,
        """
        import subprocess, sys
        code = "import time; time.sleep(600)"
        child = subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
        channel.fact("python.version", str(child.pid), "")
        """,
    )
    assert answer.ending is Ending.ANSWERED
    assert answer.seconds < 10
    assert gone(int(answer.evidence.claims[0].value))


def gone(pid: int) -> bool:
    """Whether the process ends within a few seconds."""
    for _ in range(50):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.1)
    return False


def test_a_child_that_eats_memory_is_stopped(probes: Path) -> None:
    answer = answer_of(probes, "kept = []\nwhile True:\n    kept.append(bytearray(2**20))", memory_limit_bytes=300 * 2**20, deadline_s=60.0)
    assert answer.ending is Ending.OUT_OF_MEMORY
    assert answer.resident_bytes > 300 * 2**20


def test_several_run_at_the_same_time(probes: Path) -> None:
    (probes / "sleepy.py").write_text("import time\ndef main(channel, arguments):\n    time.sleep(1.0)\n")
    before = time.monotonic()
    answers = run([Task(f"{number}", "sleepy", sys.executable) for number in range(4)], at_once=4)
    assert {answer.ending for answer in answers.values()} == {Ending.ANSWERED}
    assert time.monotonic() - before < 3.5


def test_an_interpreter_that_cannot_be_started_is_an_answer(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no program")
    names = [str(tmp_path / "missing"), str(tmp_path / "text"), str(tmp_path), "nul\0byte"]
    answers = run([Task(name, "host", name) for name in names])
    assert {answer.ending for answer in answers.values()} == {Ending.NOT_STARTED}
    assert all(answer.detail for answer in answers.values())


@pytest.mark.parametrize("version", sorted(PYTHONS))
def test_every_python_runs_a_probe_or_says_that_it_is_too_old(version: str, probes: Path) -> None:
    (probes / "tried.py").write_text('def main(channel, arguments):\n    channel.fact("python.version", arguments[0], "")\n')
    answer = run([Task("tried", "tried", PYTHONS[version], ("an argument",))])["tried"]
    if tuple(map(int, version.split("."))) < (3, 8):
        assert answer.ending is Ending.TOO_OLD
        assert answer.detail.startswith(version)
    else:
        assert [claim.value for claim in answer.evidence.claims] == ["an argument"]


def test_a_probes_own_folder_shadows_nothing(probes: Path) -> None:
    (probes / "json.py").write_text("raise ImportError('the wrong json')\n")
    answer = answer_of(probes, 'import json\nchannel.fact("python.version", json.dumps([1]), "")')
    assert [claim.value for claim in answer.evidence.claims] == ["[1]"]


def test_a_shadowed_standard_module_does_not_take_the_answer(probes: Path, tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise ImportError('the wrong json')\n")
    answer = answer_of(probes, 'channel.fact("memory.total_bytes", 3, "")', variables={"PYTHONPATH": str(tmp_path)})
    assert [claim.value for claim in answer.evidence.claims] == [3]


def test_ctrl_c_leaves_nothing_behind(probes: Path, tmp_path: Path) -> None:
    (probes / "tried.py").write_text(
        "import subprocess, sys, time\n"
        "def main(channel, arguments):\n"
        "    other = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], start_new_session=True)\n"
        "    open(arguments[0], 'w').write(str(other.pid))\n"
        "    time.sleep(600)\n"
    )
    noted = tmp_path / "pid"
    program = f"""
import sys
from pathlib import Path
from envcheck.observing import process
from envcheck.observing.runner import run
process.folder = lambda name: Path({str(tmp_path)!r}) / name
try:
    run([process.Task("tried", "tried", sys.executable, ({str(noted)!r},), deadline_s=300.0)])
except KeyboardInterrupt:
    sys.exit(130)
"""
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    while not noted.exists() or not noted.read_text():
        time.sleep(0.05)
    children = [child.pid for child in psutil.Process(parent.pid).children()]
    parent.send_signal(signal.SIGINT)
    assert parent.wait(20) == 130
    assert all(gone(pid) for pid in [*children, int(noted.read_text())])


def test_a_heavy_child_dies_with_its_parent(probes: Path, tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("PR_SET_PDEATHSIG is Linux's; elsewhere the deadline ends the child")
    (probes / "tried.py").write_text("import time\ndef main(channel, arguments):\n    time.sleep(600)\n")
    program = f"""
import sys
from pathlib import Path
from envcheck.observing import process
from envcheck.observing.runner import run
process.folder = lambda name: Path({str(tmp_path)!r}) / name
run([process.Task("tried", "tried", sys.executable, deadline_s=300.0, heavy=True)])
"""
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    deadline = time.monotonic() + 20
    while not (children := psutil.Process(parent.pid).children()) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1.0)  # the child sets the signal in its first moments
    parent.kill()
    parent.wait(10)
    assert children
    assert all(gone(child.pid) for child in children)


def test_the_childs_environment_is_the_users_but_for_what_is_said(probes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEPT", "1")
    monkeypatch.setenv("REMOVED", "1")
    body = """
        import os
        names = ("KEPT", "REMOVED", "ADDED", "HOME", "PYTHONDONTWRITEBYTECODE")
        channel.fact("variables", {name: os.environ.get(name) for name in names}, "")
        """
    answer = answer_of(probes, body, variables={"REMOVED": None, "ADDED": "2"})
    value = answer.evidence.claims[0].value
    assert value == {"KEPT": "1", "REMOVED": None, "ADDED": "2", "HOME": os.environ.get("HOME"), "PYTHONDONTWRITEBYTECODE": "1"}
    assert MARK_VARIABLE not in os.environ


@pytest.mark.parametrize("kept", [True, False])
def test_the_bytecode_of_our_own_probes_is_kept_where_ours_is(probes: Path, monkeypatch: pytest.MonkeyPatch, kept: bool) -> None:
    """In a checkout they would be compiled at every start, which takes longer than what they do; an examined Python writes none."""
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    monkeypatch.setattr(sys, "dont_write_bytecode", not kept)
    body = """
        import sys
        channel.fact("variables", {"written": not sys.dont_write_bytecode}, "")
        """
    assert answer_of(probes, body, own=True).evidence.claims[0].value == {"written": kept}
    assert answer_of(probes, body, own=False).evidence.claims[0].value == {"written": False}
