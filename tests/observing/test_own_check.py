"""Commands that pass, fail, hang, crash, fork, print and eat memory, run for real in children: one result each, and nothing left behind."""

import os
import sys
import time
from pathlib import Path

import psutil
import pytest

from envcheck.facts.claims import Claim, Evidence, Trust, resolve
from envcheck.facts.snapshot import Smoke, known
from envcheck.observing.answer import Answer, Ending
from envcheck.observing.frameworks import Room, Surroundings, try_frameworks
from envcheck.observing.own_check import CheckRequest, check_evidence, refused_check

AMPLE = Room(cores=4, memory_bytes=8 * 10**9)
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and sessions are of POSIX")
linux = pytest.mark.skipif(sys.platform != "linux", reason="a process adopts others on Linux only")


def request(folder: Path, *command: str, **more: object) -> CheckRequest:
    whole = {"name": "own", "profile": "lab", "key": "own:lab@", "command": command, "folder": str(folder), "timeout_s": 20.0, **more}
    return CheckRequest(**whole)  # type: ignore[arg-type]


def python(folder: Path, code: str, **more: object) -> CheckRequest:
    return request(folder, "{python}", "-c", code, **more)


def results(*requests: CheckRequest, room: Room = AMPLE, variables: dict[str, str] | None = None) -> list[Smoke]:
    surroundings = Surroundings(dict(os.environ) if variables is None else variables)
    evidence = try_frameworks(sys.executable, (), (), room, surroundings, requests)
    assert not evidence.symptoms
    return list(resolve(evidence, taken="", live=True).smoke)


def result(check: CheckRequest, room: Room = AMPLE) -> Smoke:
    (smoke,) = results(check, room=room)
    return smoke


def gone(pid: int) -> bool:
    for _ in range(100):
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.05)
    return False


def written_pid(path: Path) -> int:
    return int(path.read_text())


def test_one_that_ends_and_prints_as_it_should_has_passed(tmp_path: Path) -> None:
    smoke = result(python(tmp_path, "print('all 3 shards readable')", output=("shards readable", "all 3")))
    assert (smoke.framework, smoke.variant, smoke.device, smoke.status, smoke.reason) == ("own", "lab", "", "passed", "")
    assert smoke.command == (sys.executable, "-c", "print('all 3 shards readable')")
    assert smoke.notes == {"exit code": "0", "standard output": "all 3 shards readable"}
    assert smoke.asked_for
    assert known(smoke.seconds, 0.0) > 0


@pytest.mark.parametrize(("expected", "status"), [(7, "passed"), (0, "failed"), (8, "failed")])
def test_the_exit_code_is_the_expected_one_or_it_has_failed(tmp_path: Path, expected: int, status: str) -> None:
    smoke = result(python(tmp_path, "raise SystemExit(7)", exit_code=expected))
    assert (smoke.status, smoke.notes["exit code"]) == (status, "7")
    assert smoke.reason == ("" if status == "passed" else f"it ended with exit code 7, not {expected}")


@pytest.mark.parametrize(
    ("printed", "output", "lacks"),
    [
        ("print('ready')", ("Ready",), '"Ready"'),
        ("print('rea'); print('dy')", ("ready",), '"ready"'),
        ("import sys; print('ready', file=sys.stderr)", ("ready",), '"ready"'),
        ("print('b c')", ("b", "a", "d", "e", "f"), '"a", "d", "e", and 1 more'),
    ],
)
def test_a_text_that_is_not_printed_as_it_is_fails(tmp_path: Path, printed: str, output: tuple[str, ...], lacks: str) -> None:
    smoke = result(python(tmp_path, printed, output=output))
    assert (smoke.status, smoke.reason) == ("failed", f"its output lacks {lacks}")


def test_a_wrong_code_and_a_missing_text_are_both_told(tmp_path: Path) -> None:
    smoke = result(python(tmp_path, "raise SystemExit(1)", output=("x",)))
    assert smoke.reason == 'it ended with exit code 1, not 0; its output lacks "x"'


def test_a_text_in_the_midst_of_fifty_megabytes_and_across_writes_is_found(tmp_path: Path) -> None:
    code = """
import os
for number in range(50):
    os.write(1, b"x" * 2**20)
    os.write(2, b"y" * 2**20)
    if number == 25:
        os.write(1, "gr\u00fc".encode()); os.write(1, "n\\n".encode())
os.write(1, b"\\nlast line")
"""
    smoke = result(python(tmp_path, code, output=("gr\u00fcn",)))
    assert smoke.status == "passed"
    assert smoke.notes["standard output"].splitlines()[-1] == "last line"
    assert len(smoke.notes["standard output"]) < 2000
    assert len(smoke.notes["standard error"]) < 2000


def test_what_a_terminal_would_obey_is_escaped(tmp_path: Path) -> None:
    code = "import sys; sys.stderr.buffer.write('\\x1b[31m\\u202egnp\\x07'.encode() + b'\\xff'); raise SystemExit(1)"
    assert result(python(tmp_path, code)).notes["standard error"] == "\\x1b[31m\\u202egnp\\x07\\xff"


@posix
@pytest.mark.parametrize("name", ["SIGSEGV", "SIGABRT", "SIGKILL"])
def test_one_that_ends_by_a_signal_has_crashed(tmp_path: Path, name: str) -> None:
    smoke = result(python(tmp_path, f"import os, signal; os.kill(os.getpid(), signal.{name})"))
    assert (smoke.status, smoke.reason, smoke.notes["signal"]) == ("crashed", f"it was ended by {name}", name)


@posix
@pytest.mark.parametrize("code", ["import time; time.sleep(60)", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"])
def test_one_that_hangs_is_ended_in_its_time(tmp_path: Path, code: str) -> None:
    before = time.monotonic()
    smoke = result(python(tmp_path, code, timeout_s=0.5))
    assert (smoke.status, smoke.reason) == ("timed_out", "it did not come back within 0.5 s")
    assert time.monotonic() - before < 10


@linux
@pytest.mark.parametrize("environment", ["None", "{}"])
@pytest.mark.parametrize(("end", "status"), [("", "passed"), ("import time; time.sleep(60)", "timed_out")])
def test_what_it_left_in_a_session_of_its_own_is_ended_even_without_its_variables(
    tmp_path: Path, environment: str, end: str, status: str
) -> None:
    pid = tmp_path / "pid"
    code = f"""
import os, subprocess, sys, time
if os.fork() == 0:
    os.setsid()
    left = subprocess.Popen(["/bin/sleep", "60"], start_new_session=True, env={environment})
    open({str(pid)!r}, "w").write(str(left.pid))
    os._exit(0)
while not os.path.exists({str(pid)!r}) or not open({str(pid)!r}).read():
    time.sleep(0.01)
{end}
"""
    before = time.monotonic()
    smoke = result(python(tmp_path, code, timeout_s=3.0))
    assert smoke.status == status
    assert gone(written_pid(pid))
    assert time.monotonic() - before < 10


@posix
def test_one_that_ends_its_whole_group_has_its_result(tmp_path: Path) -> None:
    smoke = result(request(tmp_path, "sh", "-c", "kill -TERM 0; sleep 5"))
    assert (smoke.status, smoke.reason) == ("crashed", "it was ended by SIGTERM")


@linux
def test_one_that_kills_who_watches_it_does_not_pass_and_does_not_stay(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    smoke = result(request(tmp_path, "sh", "-c", f"echo $$ > {pid}; kill -9 $PPID; sleep 60"))
    assert (smoke.status, smoke.reason) == ("crashed", "the process that ran it was ended by SIGKILL")
    assert gone(written_pid(pid))


@linux
def test_one_that_eats_memory_is_stopped_with_what_it_started(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    eater = "held = []\nwhile True:\n    held.append(bytearray(10**7))"
    code = f"""
import subprocess, sys, time
eater = subprocess.Popen([sys.executable, "-c", {eater!r}], start_new_session=True, env={{}})
open({str(pid)!r}, "w").write(str(eater.pid))
time.sleep(60)
"""
    smoke = result(python(tmp_path, code), room=Room(cores=2, memory_bytes=300 * 10**6))
    assert smoke.status == "killed_for_memory"
    assert "before the machine had no memory left" in smoke.reason
    assert gone(written_pid(pid))


def test_a_program_that_is_not_there_is_absent(tmp_path: Path) -> None:
    smoke = result(request(tmp_path, "no-such-program-anywhere"))
    assert (smoke.status, smoke.reason) == ("absent", 'there is no program "no-such-program-anywhere"')


@posix
def test_a_script_without_its_interpreter_without_permission_or_without_a_first_line_is_told_apart(tmp_path: Path) -> None:
    scripts = {"foreign": "#!/no/such/interpreter\n", "denied": "#!/bin/sh\n", "bare": "echo hello\n"}
    for name, text in scripts.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o644 if name == "denied" else 0o755)
    found = {name: result(request(tmp_path, f"./{name}")) for name in scripts}
    assert {name: smoke.status for name, smoke in found.items()} == {"foreign": "absent", "denied": "skipped", "bare": "skipped"}
    assert found["foreign"].reason == 'the program that "./foreign" is written for is not there'
    assert found["denied"].reason == '"./denied" cannot be started: Permission denied'
    assert found["bare"].reason == '"./bare" cannot be started: Exec format error'


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    smoke = result(python(tmp_path / "gone", "pass"))
    assert (smoke.status, smoke.reason) == ("skipped", "the folder of its profile is not there any more")


def test_no_shell_reads_the_arguments_and_nothing_but_the_whole_word_is_replaced(tmp_path: Path) -> None:
    arguments = ("$HOME", "`id`", "a;b", "*", "x{python}", "{PYTHON}", "")
    code = "import os, sys; assert sys.argv[1:] == list(" + repr(arguments) + "), sys.argv; print(os.getcwd())"
    smoke = result(request(tmp_path, "{python}", "-c", code, *arguments, output=(str(tmp_path.resolve()),)))
    assert smoke.status == "passed", smoke.notes


def test_it_reads_nothing_and_has_the_users_variables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    (tmp_path / "beside.py").write_text("")
    code = "import beside, os, sys; assert sys.stdin.read() == '' and os.environ['OMP_NUM_THREADS'] == '7'"
    code += " and 'HF_HUB_OFFLINE' not in os.environ"
    smoke = result(python(tmp_path, code))
    assert smoke.status == "passed", smoke.notes
    assert smoke.changed_variables == ("TF_FORCE_GPU_ALLOW_GROWTH", "XLA_PYTHON_CLIENT_PREALLOCATE")


def test_several_run_beside_each_other_and_each_has_its_result(tmp_path: Path) -> None:
    codes = {"well": "pass", "wrong": "raise SystemExit(1)", "hangs": "import time; time.sleep(60)", "dies": "import os; os.abort()"}
    found = results(*(python(tmp_path, code, name=name, key=f"{name}:lab@", timeout_s=2.0) for name, code in codes.items()))
    assert {smoke.framework: smoke.status for smoke in found} == {
        "well": "passed",
        "wrong": "failed",
        "hangs": "timed_out",
        "dies": "crashed",
    }


def test_of_a_childs_answer_only_its_own_result_is_believed(tmp_path: Path) -> None:
    check = python(tmp_path, "pass")
    forged = Answer("check own of lab", Ending.ANSWERED)
    forged.evidence = Evidence(claims=[forged_claim("smoke[torch@cpu]"), forged_claim("smoke[other:lab@]")])
    (claim,) = check_evidence(sys.executable, check, forged, ()).claims
    assert claim.fact == "smoke[own:lab@]"
    assert claim.value["status"] == "crashed"


def forged_claim(fact: str) -> Claim:
    return Claim(fact, {"status": "passed"}, "nobody", Trust.MEASURED)


def test_one_that_could_not_be_started_is_skipped_and_a_deadline_of_its_child_counts(tmp_path: Path) -> None:
    check = python(tmp_path, "pass")
    for ending, status, words in (
        (Answer("x", Ending.NOT_STARTED, detail="no room"), "skipped", "no room"),
        (Answer("x", Ending.TIMED_OUT, seconds=30.0), "timed_out", "30 s"),
        (Answer("x", Ending.UNKILLABLE), "unkillable", "inside the kernel"),
    ):
        (claim,) = check_evidence(sys.executable, check, ending, ()).claims
        assert claim.value["status"] == status
        assert words in claim.value["reason"]


def test_one_that_is_refused_is_skipped_with_the_reason_and_its_command(tmp_path: Path) -> None:
    claim = refused_check("/env/bin/python", python(tmp_path, "pass", refused="not allowed"))
    (smoke,) = resolve(Evidence(claims=[claim]), taken="", live=True).smoke
    assert (smoke.status, smoke.reason, smoke.command[0], smoke.asked_for) == ("skipped", "not allowed", "/env/bin/python", True)
