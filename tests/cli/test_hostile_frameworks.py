"""Frameworks and interpreters that do what no program should, for real: each costs one line of the report and no other fact."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it takes processes and descriptors of POSIX")

FORGED = r"""
import os, sys
descriptor, mark = int(sys.argv[1][3:]), sys.argv[2]
for line in (
    'fact ["memory.total_bytes", 1, "forged"]', 'fact ["packages[evil].version", "1", "forged"]', 'fact ["imports[keras]", 7, "forged"]',
    'fact ["imports[keras].status", {"a": []}, "forged"]', 'fact ["imports[keras].seconds", NaN, "forged"]', 'fact ["", 1, ""]',
    'fact {}', 'fact [', 'fact [' + '[' * 100000, 'observed ["packages", "junk"]', 'observed ["packages", "complete"]',
    'unknown ["memory", "no such reason", ""]', 'unknown ["memory", "denied", "forged"]', 'said [1, 2, 3]', 'said ["keras", "x", {"a": 1}]',
):
    os.write(descriptor, (mark + " " + line + "\n").encode())
"""


def assert_the_rest_is_there(facts: dict[str, Any]) -> None:
    assert facts["memory"]["total_bytes"] > 2**20
    assert facts["python"]["version"] == ".".join(map(str, sys.version_info[:3]))
    assert {package["name"] for package in facts["packages"]} == {"pandas", "keras"}


@pytest.mark.parametrize(
    "code",
    [
        "import os\nos.closerange(0, 1024)",
        "import os\nos.closerange(3, 256)\nfiles = [open(os.devnull, 'w') for _ in range(8)]",
        "import os\nos.fork()",
        "import os, json, time, sys\nos.write = json.dumps = time.perf_counter = sys.exit = None\nos._exit = os.getpid = os.fstat = 1",
        "import sys\nsys.stdout, sys.stderr, sys.excepthook = None, object(), None",
        "import sys\nclass Stream:\n    def flush(self): raise KeyboardInterrupt\nsys.stdout = Stream()",
        "class Version:\n    def __str__(self): raise SystemExit(3)\n__version__ = Version()",
        "__version__ = '9' * 10**7",
        "__version__ = '\\ud800\\x1b[31m'",
        "import threading, time, atexit\nthreading.Thread(target=time.sleep, args=(600,)).start()\natexit.register(time.sleep, 600)",
        "import os\nos.environ.clear()\nos.chdir('/')",
    ],
    ids=[
        *("closes all descriptors", "opens its own in their place", "forks", "patches os", "patches sys", "stream that raises"),
        *("version that exits", "version of ten million digits", "version that is no text", "threads and exit handlers", "clears all"),
    ],
)
def test_a_framework_that_comes_up_is_imported_whatever_it_does_on_the_way(target: Any, code: str) -> None:
    target.add("keras", "3.15.1", code)
    run = target.doctor()
    if "perf_counter" in code:
        assert run.imported == {"keras": "crashed"}  # it takes away what the probe itself stands on
    else:
        assert run.imported == {"keras": "imported"}, run.report["findings"]
        assert "framework-import-crashes" not in run.rules
    assert_the_rest_is_there(run.report["facts"])


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("import os, sys\nwhile True: os.write(int(sys.argv[1][3:]), b'x' * 2**20)", "killed_for_memory"),
        ("import os, sys\nline = (sys.argv[2] + ' stage x\\n').encode() * 10000\nfor _ in range(50): os.write(3, line)", "crashed"),
        ("import os\nos.killpg(0, 9)", "crashed"),
        ("import os\nif os.fork(): os._exit(0)\nos.setsid()\nimport time\ntime.sleep(600)", "crashed"),
        ("import signal, time\nfor number in (2, 10, 12, 15): signal.signal(number, signal.SIG_IGN)\ntime.sleep(600)", "timed_out"),
        ("import faulthandler, time\nfaulthandler.cancel_dump_traceback_later()\ntime.sleep(600)", "timed_out"),
        ("import sys\ndel sys.modules['keras']", "failed"),
        ("class Odd(Exception):\n    def __str__(self): return str(self)\nraise Odd()", "failed"),
        ("raise ImportError('x' * 10**7)", "failed"),
    ],
    ids=["floods", "floods with stages", "kills its group", "daemon", "no signal", "no deadline", "not there", "no words", "all words"],
)
def test_a_framework_that_does_not_come_up_costs_one_finding(target: Any, code: str, status: str) -> None:
    target.add("keras", "3.15.1", code.replace("os.write(3,", "os.write(int(sys.argv[1][3:]),"))
    run = target.doctor()
    assert run.imported == {"keras": status}
    assert len([rule for rule in run.rules if rule.startswith("framework-import")]) == 1
    assert run.seconds < 30
    assert_the_rest_is_there(run.report["facts"])


def test_a_framework_is_believed_only_about_its_own_import(target: Any) -> None:
    target.add("keras", "3.15.1", FORGED)
    run = target.doctor()
    assert run.code in (0, 1), run.err
    assert_the_rest_is_there(run.report["facts"])
    assert "forged" not in str(run.report["facts"]["sources"].get("memory"))
    assert all(entry["fact"].startswith("imports[keras]") for entry in run.report["facts"]["unknown"] if "no such fact" in entry["detail"])


def test_an_interpreter_that_forges_its_answer_loses_only_its_own_facts(target: Any) -> None:
    target.add("keras", "3.15.1")
    forged = FORGED.replace("int(sys.argv[1][3:]), sys.argv[2]", "int(words[place][3:]), words[place + 1]")
    find = "words = open('/proc/self/cmdline').read().split('\\0')\nplace = next(i for i, w in enumerate(words) if w.startswith('fd:'))\n"
    (target.site / "sitecustomize.py").write_text(find + forged)
    run = target.doctor()
    assert run.code in (0, 1), run.err
    assert run.report["facts"]["memory"]["total_bytes"] > 2**20
    assert run.report["facts"]["python"]["version"] == ".".join(map(str, sys.version_info[:3]))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import sys; sys.exit(0)", "cannot start"),
        ("import os; os._exit(3)", "status 3"),
        ("import os; os.kill(os.getpid(), 9)", "SIGKILL"),
    ],
)
def test_a_named_interpreter_that_ends_before_it_answers_is_refused_in_two_lines(target: Any, code: str, words: str) -> None:
    (target.site / "sitecustomize.py").write_text(code)
    run = target.doctor()
    assert (run.code, run.out) == (2, "")
    assert words in run.err
    assert len(run.err.splitlines()) <= 2


@pytest.mark.parametrize("code", ["import os; os.closerange(0, 256)", "print('x' * 10**6)", "raise ValueError('\\x1b[31m')"])
def test_what_an_interpreter_does_at_its_start_costs_nothing(target: Any, code: str) -> None:
    target.add("keras", "3.15.1")
    (target.site / "sitecustomize.py").write_text(code)
    run = target.doctor()
    assert run.code == 0
    assert_the_rest_is_there(run.report["facts"])


def test_a_daemon_that_lets_go_of_everything_does_not_outlive_the_run(target: Any, tmp_path: Path) -> None:
    note = tmp_path / "daemon"
    target.add(
        "keras",
        "3.15.1",
        f"""
        import os, time
        if os.fork() == 0:
            os.setsid()
            open({str(note)!r}, "w").write(str(os.getpid()))
            os.closerange(0, 256)
            time.sleep(600)
        while not os.path.exists({str(note)!r}) or not open({str(note)!r}).read(): time.sleep(0.01)
        """,
    )
    run = target.doctor()
    assert run.imported == {"keras": "imported"}
    state = subprocess.run(["ps", "-o", "stat=", "-p", note.read_text()], capture_output=True, text=True, check=False).stdout
    assert state.strip()[:1] in ("", "Z")
    assert not os.path.exists(f"/proc/{note.read_text()}/exe") or state.strip().startswith("Z")
