"""Kernels in a pasted text."""

import json

import pytest

from envcheck.facts.environment import NOTEBOOK
from envcheck.facts.snapshot import Kernel
from envcheck.readers.read import read_text


def spec(program: str, language: str = "python") -> dict[str, object]:
    return {"argv": [program, "-m", "ipykernel_launcher", "-f", "{connection_file}"], "display_name": "P", "language": language}


def listing(**kernels: dict[str, object]) -> str:
    return json.dumps({"kernelspecs": {name: {"resource_dir": "/x", "spec": each} for name, each in kernels.items()}}, indent=2)


def test_each_kernel_of_python_with_its_interpreter() -> None:
    text = f"$ jupyter kernelspec list --json\n{listing(a=spec('/v/bin/python'), ir=spec('/usr/bin/R', 'R'), b=spec('python'))}\n$ ls\n"
    assert read_text(text).python.kernels == (Kernel(name="a", executable="/v/bin/python"), Kernel(name="b"))


def test_a_kernel_json_by_itself() -> None:
    assert read_text(json.dumps(spec("/v/bin/python"), indent=1)).python.kernels == (Kernel(name="python3", executable="/v/bin/python"),)


@pytest.mark.parametrize("broken", ['{"kernelspecs": {"a": {"spec": {"argv": [', '{"argv": 3}', '{"argv": []}', "[" * 5000 + '"argv"'])
def test_what_is_broken_says_nothing(broken: str) -> None:
    assert not read_text(broken).sources


def test_a_notebook_that_shows_both_pythons() -> None:
    facts = read_text("In [2]: import sys; sys.executable\nOut[2]: '/usr/bin/python3'\nIn [3]: !which python\n/home/a/v/bin/python\n")
    assert facts.python.kernels == (Kernel(name=NOTEBOOK, executable="/usr/bin/python3"),)
    assert facts.python.executable == "/usr/bin/python3"
    assert [(tool.name, tool.path) for tool in facts.tools] == [("python", "/home/a/v/bin/python")]


def test_a_terminal_is_no_notebook() -> None:
    facts = read_text(">>> sys.executable\n'/usr/bin/python3'\n$ which python\n/home/a/v/bin/python\n")
    assert not isinstance(facts.python.kernels, tuple)
