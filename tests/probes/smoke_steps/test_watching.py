"""An import that gets on is told from one that hangs: by hand, and in children with a real deadline."""

import sys
import time
import types
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from envcheck.observing.answer import Ending
from tests.probes.smoke.running import run_smoke

Probe = Callable[[str], ModuleType]


class Deadlines:
    def __init__(self) -> None:
        self.told: list[float] = []

    def deadline(self, seconds: float) -> None:
        self.told.append(seconds)


@pytest.fixture
def watching(probe: Probe, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = probe("smoke_steps.watching")
    monkeypatch.setattr(module, "_LOOK_S", 0.02)
    return module


def test_the_deadline_begins_anew_with_further_modules(watching: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = Deadlines()
    with watching.alive_while_importing(channel, 0.5):
        assert channel.told == [0.5]
        until, count = time.monotonic() + 20, 0
        while len(channel.told) < 4:
            assert time.monotonic() < until
            count += 1
            monkeypatch.setitem(sys.modules, f"envcheck_test_part_{count}", types.ModuleType("part"))
            time.sleep(0.02)
    assert set(channel.told) == {0.5}


def test_without_further_modules_it_does_not(watching: ModuleType) -> None:
    channel = Deadlines()
    with watching.alive_while_importing(channel, 0.5):
        time.sleep(0.3)
    assert channel.told == [0.5]


def test_modules_that_come_fast_are_told_of_seldom(watching: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = Deadlines()
    with watching.alive_while_importing(channel, 1000.0):
        for count in range(20):
            monkeypatch.setitem(sys.modules, f"envcheck_test_part_{count}", types.ModuleType("part"))
            time.sleep(0.02)
    assert channel.told == [1000.0], "a tenth of the deadline has not gone by"


def test_it_ends_with_its_block_also_by_an_error(watching: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = Deadlines()
    with pytest.raises(ImportError), watching.alive_while_importing(channel, 0.1):
        raise ImportError
    time.sleep(0.15)
    monkeypatch.setitem(sys.modules, "envcheck_test_part", types.ModuleType("part"))
    time.sleep(0.3)
    assert channel.told == [0.1]


@pytest.fixture
def stand_in(tmp_path: Path) -> Callable[[str], dict[str, str | None]]:
    """The environment of a child that finds another numpy, with this code."""

    def made(code: str) -> dict[str, str | None]:
        package = tmp_path / "numpy"
        package.mkdir()
        (package / "__init__.py").write_text(code)
        for count in range(10):
            (package / f"part_{count}.py").write_text("import time\ntime.sleep(0.6)\n")
        return {"PYTHONPATH": str(tmp_path)}

    return made


def test_a_slow_import_that_gets_on_is_not_ended(stand_in: Callable[[str], dict[str, str | None]]) -> None:
    variables = stand_in("for count in range(10):\n    __import__(f'numpy.part_{count}')\nraise ImportError('at its end')\n")
    answer = run_smoke(sys.executable, "numpy", "import=3", variables=variables)
    assert answer.ending is Ending.ANSWERED, (answer.ending, answer.stages)
    assert [said.text for said in answer.said] == ["ImportError: at its end"]
    assert answer.seconds > 3


def test_an_import_that_hangs_is_ended_at_its_deadline(stand_in: Callable[[str], dict[str, str | None]]) -> None:
    answer = run_smoke(sys.executable, "numpy", "import=2", variables=stand_in("import time\ntime.sleep(150)\n"))
    assert answer.ending is Ending.TIMED_OUT
    assert answer.stage == "importing numpy"
    assert "numpy/__init__.py:2" in answer.stack[0]
    assert answer.seconds < 60
