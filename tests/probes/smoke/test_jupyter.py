import json
import sys
from pathlib import Path

import pytest

from envcheck.observing.answer import Ending
from tests.probes.smoke.running import assert_catches, assert_passes, result
from tests.probes.smoke.surroundings import LOOPBACK, Surroundings

COMPARED = ["6 times 7 in the kernel", "interpreter of the kernel"]
ARGUMENTS = ["-m", "ipykernel_launcher", "-f", "{connection_file}"]


@pytest.fixture
def around(tmp_path: Path) -> Surroundings:
    return Surroundings(tmp_path)


def described(folder: Path, name: str, *arguments: str) -> dict[str, str | None]:
    """A kernel that is described in this folder: where Jupyter looks first."""
    place = folder / "kernels" / name
    place.mkdir(parents=True)
    (place / "kernel.json").write_text(json.dumps({"argv": arguments, "display_name": name, "language": "python"}))
    return {"JUPYTER_PATH": str(folder)}


def script(folder: Path, text: str) -> str:
    path = folder / "python3"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def test_a_kernel_starts_and_computes_and_leaves_nothing_behind(services_python: str, around: Surroundings) -> None:
    answer = around.run(services_python, "jupyter")
    assert_passes(answer, COMPARED)
    assert result(answer)["notes"] == {"kernel python3": "python", "python of the kernel": services_python}
    assert around.addresses
    assert around.addresses <= LOOPBACK
    assert around.left() == []


def test_each_kernel_is_told(services_python: str, around: Surroundings, tmp_path: Path) -> None:
    folder = tmp_path / "more"
    folder.mkdir()
    answer = around.run(services_python, "jupyter", variables=described(folder, "other", "/nowhere/bin/python", *ARGUMENTS))
    assert_passes(answer, COMPARED)
    assert result(answer)["notes"]["kernel other"] == "/nowhere/bin/python"


def test_another_interpreter_than_the_described_one_is_caught(services_python: str, around: Surroundings, tmp_path: Path) -> None:
    # What is called python3 starts the environment's Python.
    claimed = script(tmp_path, f'exec {services_python} "$@"')
    answer = around.run(services_python, "jupyter", variables=described(tmp_path / "more", "python3", claimed, *ARGUMENTS))
    assert_catches(answer, "interpreter of the kernel")
    assert answer.said[-1].details["expected"] == repr(claimed)[:60]


def test_a_wrapper_that_names_no_interpreter_claims_none(services_python: str, around: Surroundings, tmp_path: Path) -> None:
    variables = described(tmp_path / "more", "python3", "/usr/bin/env", services_python, *ARGUMENTS)
    answer = around.run(services_python, "jupyter", variables=variables)
    assert_passes(answer, COMPARED[:1])
    assert result(answer)["compared"] == COMPARED[:1]


def test_a_wrong_number_is_caught(services_python: str, around: Surroundings, tmp_path: Path) -> None:
    # The kernel's own error: what it compiles has an 8 where a 6 was.
    wrong = tmp_path / "wrong"
    wrong.mkdir()
    (wrong / "sitecustomize.py").write_text("""
import ast, builtins
parse = builtins.compile
def compiled(source, *arguments, **options):
    if isinstance(source, ast.AST):
        for node in ast.walk(source):
            if isinstance(node, ast.Constant) and node.value == 6:
                node.value = 8
    return parse(source, *arguments, **options)
builtins.compile = compiled
""")
    variables = described(tmp_path / "more", "python3", "/usr/bin/env", f"PYTHONPATH={wrong}", services_python, *ARGUMENTS)
    answer = around.run(services_python, "jupyter", variables=variables)
    assert_catches(answer, "6 times 7 in the kernel")


def test_an_interpreter_that_is_gone_is_told(services_python: str, around: Surroundings, tmp_path: Path) -> None:
    gone = str(tmp_path / "gone" / "bin" / "python")
    answer = around.run(services_python, "jupyter", variables=described(tmp_path / "more", "python3", gone, *ARGUMENTS))
    assert (result(answer)["status"], result(answer)["layer"]) == ("failed", "computed")
    assert gone in answer.said[-1].text
    assert around.left() == []


def test_a_kernel_that_dies_is_told_in_its_own_words(services_python: str, around: Surroundings, tmp_path: Path) -> None:
    # An environment without ipykernel: that of the tests themselves.
    answer = around.run(services_python, "jupyter", variables=described(tmp_path / "more", "python3", sys.executable, *ARGUMENTS))
    assert (result(answer)["status"], result(answer)["layer"]) == ("failed", "computed")
    assert "No module named ipykernel_launcher" in answer.said[-1].text


def test_a_kernel_that_hangs_is_ended(services_python: str, around: Surroundings, tmp_path: Path) -> None:
    hangs = script(tmp_path, "exec sleep 100")
    variables = described(tmp_path / "more", "python3", hangs, *ARGUMENTS)
    answer = around.run(services_python, "jupyter", "test=4", variables=variables)
    assert answer.ending is Ending.TIMED_OUT
    assert answer.stage == f"testing jupyter on cpu: computed, starting the kernel of {hangs}"
    assert "sleep" in around.names
    assert around.left() == []


def test_without_a_kernel_there_is_nothing_to_test(services_python: str, around: Surroundings) -> None:
    planted = """
import jupyter_client.kernelspec as kernelspec
kernelspec.KernelSpecManager.find_kernel_specs = lambda self: {}
"""
    answer = around.run(services_python, "jupyter", planted=planted, module="jupyter_client")
    assert result(answer)["status"] == "skipped"
