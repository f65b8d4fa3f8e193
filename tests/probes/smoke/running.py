"""Runs a smoke test as envcheck does, in a child under a given interpreter; and plants errors in frameworks, to see them caught."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from envcheck.knowledge.smoke_tests import smoke_test
from envcheck.observing.answer import Answer, Ending
from envcheck.observing.process import Task
from envcheck.observing.runner import run

# Run by every interpreter that finds it on PYTHONPATH: lets `plant` change a module as soon as it has been imported.
_SITECUSTOMIZE = """
import sys

def plant(module):
{body}

class _Finder:
    def find_spec(self, name, path=None, target=None):
        if name != {module!r}:
            return None
        sys.meta_path.remove(self)
        from importlib.util import find_spec
        spec = find_spec(name)
        run = spec.loader.exec_module
        def exec_module(module):
            run(module)
            plant(module)
        spec.loader.exec_module = exec_module
        return spec

sys.meta_path.insert(0, _Finder())
"""


def run_smoke(
    python: str, name: str, *arguments: str, planted: str = "", module: str = "", variables: dict[str, str | None] | None = None
) -> Answer:
    """One child's answer. `planted` is the body of `plant(module)`, called with the freshly imported `module` (default: `name`)."""
    with tempfile.TemporaryDirectory() as folder:
        test = smoke_test(name)
        changed: dict[str, str | None] = {**(test.variables if test else {}), **(variables or {})}
        if planted:
            body = "\n".join("    " + line for line in planted.strip("\n").split("\n"))
            Path(folder, "sitecustomize.py").write_text(_SITECUSTOMIZE.format(body=body, module=module or name))
            changed["PYTHONPATH"] = folder
        scratch = Path(folder, "scratch")
        scratch.mkdir()
        task = Task(
            name=f"smoke {name}",
            probe="smoke_test",
            python=python,
            arguments=(name, "import=60", "test=120", f"folder={scratch}", *arguments),
            deadline_s=200,
            heavy=True,
            variables=changed,
        )
        return run([task])[task.name]


def result(answer: Answer, device: str = "cpu", name: str = "") -> dict[str, Any]:
    """What was told of the test on this device: the value of smoke[NAME@DEVICE]."""
    assert answer.ending is Ending.ANSWERED, (answer.ending, answer.stages, answer.stack, answer.stderr[-2000:])
    name = name or answer.name.removeprefix("smoke ")
    told = [claim.value for claim in answer.evidence.claims if claim.fact == f"smoke[{name}@{device}]"]
    assert len(told) == 1, (told, answer.said, answer.stderr[-2000:])
    value: dict[str, Any] = told[0]
    return value


def assert_passes(answer: Answer, compared: Sequence[str], device: str = "cpu", name: str = "") -> None:
    """It passed, and it compared at least these."""
    found = result(answer, device, name)
    assert found["status"] == "passed", (found, answer.said, answer.stderr[-2000:])
    assert set(compared) <= set(found["compared"]), found["compared"]
    test = smoke_test(answer.name.removeprefix("smoke "))
    assert test is not None
    untold = {layer["name"] for layer in found["layers"]} - set(test.manual)
    assert not untold, f"the manual says nothing of a failure of {untold}"


def assert_catches(answer: Answer, what: str, device: str = "cpu", name: str = "") -> None:
    """It failed because this comparison found another value than the truth."""
    found = result(answer, device, name)
    assert found["status"] == "failed", found
    assert answer.said[-1].details.get("what") == what, answer.said
    assert answer.said[-1].text.startswith("WrongResult: "), answer.said


def assert_passes_on_each_gpu(answer: Answer, name: str) -> None:
    """On all that it lists, or on those that nobody else has taken; a build without GPUs proves nothing, and is passed over."""
    assert answer.ending is Ending.ANSWERED, (answer.ending, answer.stages, answer.stack, answer.stderr[-2000:])
    told = {claim.fact: claim.value for claim in answer.evidence.claims if claim.fact.startswith(f"smoke[{name}@")}
    if told.get(f"smoke[{name}@cuda]", {}).get("status") == "skipped" and not answer.said:
        pytest.skip(f"this build of {name} lists no GPU")
    assert told, answer.said
    for found in told.values():
        assert found["status"] == "passed" or found.get("reason", "").startswith("busy"), (found, answer.said)
        assert int(found.get("notes", {}).get("card_bytes", 0)) <= 64 * 2**20
