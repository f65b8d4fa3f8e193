import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from envcheck.shipped import folder
from tests.probes.smoke.javas import fake_java, path_without_java

Probe = Callable[[str], ModuleType]
_HEAD = """
import os, subprocess, sys, types
package = types.ModuleType("envcheck_probes")
package.__path__ = [sys.argv[1]]
sys.modules["envcheck_probes"] = package
from envcheck_probes.smoke_steps.services import *
"""


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own, whose streams are its own."""
    command = [sys.executable, "-c", _HEAD + script, str(folder("probes")), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_what_processes_print_is_kept_from_the_streams(tmp_path: Path) -> None:
    script = """
print("before")
with words_kept(sys.argv[2], "It"):
    print("within")
    subprocess.run(["sh", "-c", "echo out; echo err >&2"], check=True)
print("after")
"""
    done = run(script, str(tmp_path))
    assert (done.stdout, done.stderr) == ("before\nafter\n", "")
    [file] = tmp_path.iterdir()
    assert file.read_text() == "within\nout\nerr\n"


def test_an_exception_has_the_last_words_and_where_was_looked(tmp_path: Path) -> None:
    script = """
try:
    with words_kept(sys.argv[2], "The server", "It was looked for here."):
        subprocess.run(["sh", "-c", "yes no | head -n 5000; echo no room >&2"], check=True)
        raise OSError("it ended")
except NotStarted as error:
    lines = str(error).split("\\n")
    print(lines[:2], lines[-1], len(str(error)) < 5000, repr(error.__cause__))
"""
    done = run(script, str(tmp_path))
    assert done.stderr == ""
    assert done.stdout == "['The server did not start.', 'It was looked for here.'] no room True OSError('it ended')\n"


@pytest.mark.parametrize("heeds", [True, False])
def test_a_process_is_ended_whether_it_heeds_or_not(probe: Probe, heeds: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    services = probe("smoke_steps.services")
    monkeypatch.setattr(services, "_PATIENCE_S", 0.5)
    ignore = "" if heeds else "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    script = f"{ignore}print('ready', flush=True)\nimport time; time.sleep(100)"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        services.end(process)
        assert process.returncode == (-15 if heeds else -9)


def test_without_a_folder_there_is_nothing_to_test(probe: Probe) -> None:
    with pytest.raises(probe("smoke_steps.trial").NotEvaluated):
        probe("smoke_steps.services").prepare("")


def test_where_java_was_looked_for(probe: Probe, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sought = probe("smoke_steps.services").java_sought
    monkeypatch.setenv("PATH", path_without_java(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    assert sought() == "Java was looked for: JAVA_HOME is unset; PATH has no java."
    home = fake_java(tmp_path, "exit 1")
    monkeypatch.setenv("JAVA_HOME", home)
    assert sought() == f"Java was looked for: JAVA_HOME is {home}; PATH has no java."
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", os.path.join(home, "bin"))
    assert sought() == f"Java was looked for: JAVA_HOME is {tmp_path}, where there is no java; PATH has {home}/bin/java."
