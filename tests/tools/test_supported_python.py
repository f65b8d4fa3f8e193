"""tools/doctor.py and tools/test.py under Pythons that envcheck does not run on."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, find_pythons

PROGRAMS = ("doctor", "test")


def old_pythons() -> list[str]:
    """Real ones, also those that not even a probe runs on."""
    ancient = [str(path) for path in sorted(Path("~/.pyenv/versions").expanduser().glob("[23].[67].*/bin/python"))]
    return ancient + [path for version, path in find_pythons().items() if tuple(map(int, version.split("."))) < (3, 10)]


@pytest.mark.parametrize("program", PROGRAMS)
def test_an_old_python_gets_one_sentence(program: str) -> None:
    for python in old_pythons():
        done = subprocess.run([python, "-B", ROOT / "tools" / f"{program}.py"], capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, done.stdout) == (2, ""), python
        assert done.stderr.startswith("envcheck needs Python 3.10 or newer; ")
        assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("file", [*PROGRAMS, "supported_python"])
def test_what_is_read_before_the_sentence_has_no_syntax_of_newer_pythons(file: str) -> None:
    text = (ROOT / "tools" / f"{file}.py").read_text(encoding="ascii")
    assert not any(word in text for word in ('f"', "f'", ":=", "->", "file=", "match "))


def test_nothing_is_imported_before_the_sentence() -> None:
    for program in PROGRAMS:
        lines = (ROOT / "tools" / f"{program}.py").read_text(encoding="utf-8").splitlines()
        imported = [line.split()[1] for line in lines if line.startswith(("import ", "from "))]
        assert set(imported) <= {"supported_python", *sys.stdlib_module_names}
