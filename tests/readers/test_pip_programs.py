"""The pip of PATH in a pasted text."""

import pytest
from msgspec import UNSET

from envcheck.facts.snapshot import PipCommand
from envcheck.readers.read import read_text

WORDS = "pip 23.2.1 from /usr/lib/python3/dist-packages/pip (python 3.11)\n"
SAID = PipCommand(executable="pip", location="/usr/lib/python3/dist-packages/pip", version="3.11")


def test_pips_own_word() -> None:
    assert read_text(WORDS).python.pip == SAID
    assert read_text(f"$ pip3 --version\n{WORDS}").python.pip == PipCommand(executable="pip3", location=SAID.location, version="3.11")


def test_the_place_that_the_shell_finds() -> None:
    pip = read_text(f"$ which pip\n/usr/local/bin/pip\n$ pip -V\n{WORDS}").python.pip
    assert isinstance(pip, PipCommand)
    assert pip.executable == "/usr/local/bin/pip"


def test_a_path_in_a_longer_text_needs_its_question() -> None:
    rest = "\n".join(f"line {number}" for number in range(9))
    assert read_text(f"/usr/bin/pip\n{rest}\n").python.pip is UNSET


def test_the_pip_of_an_interpreter_is_not_that_of_path() -> None:
    python = read_text(f"$ python3 -m pip --version\n{WORDS}").python
    assert python.pip is UNSET
    assert python.version == "3.11"


def test_another_pythons_word_on_its_version_goes_before_pips() -> None:
    assert read_text(f"$ pip --version\n{WORDS}$ python --version\nPython 3.12.4\n").python.version == "3.12.4"


@pytest.mark.parametrize("words", ["No broken requirements found.", "All installed packages are compatible"])
def test_a_check_that_found_nothing(words: str) -> None:
    assert read_text(f"$ pip check\n{words}\n").python.requirements_met is True
    assert read_text(f"I hope for: {words}\n").python.requirements_met is UNSET
