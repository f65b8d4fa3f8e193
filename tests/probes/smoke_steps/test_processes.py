"""Processes that depend on each other: what they tell, how they fail, and that none stays behind."""

import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import psutil
import pytest

from envcheck.shipped import PACKAGE, folder

Probe = Callable[[str], ModuleType]

# Does what its first argument says.
_PROBE = """
def main(channel, arguments):
    import os, sys, time
    channel.fact("pid", os.getpid(), "os")
    channel.stage("at work")
    if arguments[0] == "says":
        channel.said("it", "OSError: what is wrong", {})
    if arguments[0] == "crashes":
        sys.stderr.write("last words")
        sys.stderr.flush()
        os._exit(7)
    if arguments[0] == "hangs":
        open(os.path.join(os.getcwd(), "pid"), "w").write(str(os.getpid()))
        time.sleep(60)
    channel.fact("variable", os.environ.get("OF_THE_TEST"), "os")
    channel.fact("argument", arguments[1:], "argv")
"""


@pytest.fixture
def run_together(probe: Probe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    probes = tmp_path / "probes"
    probes.mkdir()
    shutil.copy(folder("probes") / "child.py", probes)
    (probes / "works.py").write_text(_PROBE)
    module = probe("smoke_steps.processes")
    here, package = ModuleType("envcheck_probes"), ModuleType("envcheck")
    here.__path__, package.__path__ = [str(probes)], [str(PACKAGE)]
    monkeypatch.setitem(sys.modules, "envcheck_probes", here)
    monkeypatch.setitem(sys.modules, "envcheck", package)
    scratch = tmp_path / "scratch"
    scratch.mkdir()

    def run(*arguments: list[str], limit_s: float = 30.0) -> Any:
        return module.run_together("works", arguments, str(scratch), {"OF_THE_TEST": "its value"}, limit_s)

    run.failed = module.ProcessFailed  # type: ignore[attr-defined]
    run.scratch = scratch  # type: ignore[attr-defined]
    return run


def test_each_tells_its_own(run_together: Any) -> None:
    told = run_together(["works", "1"], ["works", "2"])
    assert [facts["argument"] for facts in told] == [["1"], ["2"]]
    assert [facts["variable"] for facts in told] == ["its value"] * 2


@pytest.mark.parametrize(
    ("does", "words"),
    [("says", "process 1, at work: OSError: what is wrong"), ("crashes", "process 1 ended with status 7, at work: last words")],
)
def test_the_one_that_failed_is_told_and_not_the_one_that_waits_for_it(run_together: Any, does: str, words: str) -> None:
    before = time.monotonic()
    with pytest.raises(run_together.failed) as raised:
        run_together(["hangs"], [does])
    assert str(raised.value) == words
    assert time.monotonic() - before < 20
    _assert_gone(run_together)


def test_one_that_does_not_get_on_is_ended(run_together: Any) -> None:
    with pytest.raises(run_together.failed, match=r"process 0 (did not get on, at work|ended with status .*, at work)"):
        run_together(["hangs"], limit_s=3.0)
    _assert_gone(run_together)


def _assert_gone(run_together: Any) -> None:
    assert not psutil.pid_exists(int((run_together.scratch / "pid").read_text()))
