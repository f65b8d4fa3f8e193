"""The POSIX words are given to a real shell; those for PowerShell are compared with what its documentation says."""

import os
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envcheck.rendering.shell import Shell, command_line, shell_of

SH = shutil.which("sh")
WORDS = st.lists(
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12).filter(lambda word: not word.startswith("~")), max_size=4
)


@pytest.mark.skipif(SH is None, reason="needs a POSIX shell")
@settings(max_examples=60, deadline=None)
@given(WORDS, st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8))
def test_a_shell_reads_the_words_that_were_meant(words: list[str], value: str) -> None:
    assert SH is not None
    line = command_line(["printf", "%s\\0", "", *words], env={"ENVCHECK_X": value})
    done = subprocess.run([SH, "-c", line], capture_output=True, check=True)
    assert done.stdout.decode().split("\0")[1:-1] == words


@pytest.mark.skipif(SH is None, reason="needs a POSIX shell")
def test_a_shortened_home_is_still_expanded() -> None:
    assert SH is not None
    line = command_line(["printf", "%s", "~/my env/bin"])
    done = subprocess.run([SH, "-c", line], capture_output=True, check=True, env={"HOME": "/h", "PATH": os.environ["PATH"]})
    assert done.stdout == b"/h/my env/bin"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["python", "-m", "pip", "install", "torch>=2.8"], "python -m pip install 'torch>=2.8'"),
        (["pip", "install", "tensorflow[and-cuda]"], "pip install 'tensorflow[and-cuda]'"),
        (["pip", "install", "a; python_version < '3.13'"], "pip install \"a; python_version < '3.13'\""),
        (["x", "$HOME'"], "x '$HOME'\"'\"''"),
    ],
)
def test_posix(words: list[str], line: str) -> None:
    assert command_line(words) == line


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ([r"C:\Py\python.exe", "-m", "pip", "install", "torch>=2.8"], r"C:\Py\python.exe -m pip install 'torch>=2.8'"),
        ([r"C:\My Py\python.exe", "-V"], r"& 'C:\My Py\python.exe' -V"),
        (["pip", "it's", "$x", "a,b", "-x.y"], "pip 'it''s' '$x' 'a,b' '-x.y'"),
        (["~\\v\\python.exe", "-V"], '& "$HOME\\v\\python.exe" -V'),
        (["x", ""], "x ''"),
        (["x", "\u2019; calc"], "x '\u2019\u2019; calc'"),
    ],
)
def test_powershell(words: list[str], line: str) -> None:
    assert command_line(words, Shell.POWERSHELL) == line


def test_powershell_sets_variables_before() -> None:
    assert command_line(["x"], Shell.POWERSHELL, {"A": "b'c"}) == "$env:A = 'b''c'; x"


def test_the_shell_follows_the_system() -> None:
    assert [shell_of(name) for name in ("Linux", "Darwin", "Windows", "")] == [Shell.POSIX, Shell.POSIX, Shell.POWERSHELL, Shell.POSIX]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ([r"C:\Py\python.exe", "-m", "pip", "install", "torch==2.8.0"], r'C:\Py\python.exe -m pip install "torch==2.8.0"'),
        ([r"C:\My Py\python.exe", "tensorflow[and-cuda]"], r'"C:\My Py\python.exe" tensorflow[and-cuda]'),
        (["x", "numpy<2", "a&b", "a^b", "it's", ""], 'x "numpy<2" "a&b" "a^b" "it\'s" ""'),
        (["x", "my folder\\"], 'x "my folder\\\\"'),
        (["x", 'say "hi" & calc'], 'x ^"say \\^"hi\\^" ^& calc^"'),
        (["x", "%PATH%"], 'x ^"^%PATH^%^"'),
        (["~\\v\\python.exe"], '"%USERPROFILE%\\v\\python.exe"'),
    ],
)
def test_cmd(words: list[str], line: str) -> None:
    assert command_line(words, Shell.CMD) == line


def test_cmd_sets_variables_before() -> None:
    assert command_line(["x"], Shell.CMD, {"A": "b c"}) == 'set "A=b c"& x'
    assert command_line(["x"], Shell.CMD, {"A": "%b%"}) == 'set ^"A=^%b^%^"& x'


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=12))
def test_cmd_finds_nothing_to_obey(word: str) -> None:
    """What stands outside of cmd's own quotes has a caret before it, and no variable is named anywhere."""
    quoted = False
    line = command_line(["x", word], Shell.CMD).partition(" ")[2]
    if word.startswith("~"):
        return
    position = 0
    while position < len(line):
        character = line[position]
        if character == "^" and not quoted:
            position += 2
            continue
        if character == '"':
            quoted = not quoted
        assert character not in "%!"
        assert quoted or character not in "&|<>()"
        position += 1
    assert not quoted
