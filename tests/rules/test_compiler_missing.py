"""compiler-missing."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, Passed
from envcheck.messages import parse_message
from envcheck.rules.compiler_missing import RULE
from tests.rules.rule_words import words


def judge(text: str, **facts: Any) -> list[Any]:
    said = [msgspec.to_builtins(symptom) for symptom in parse_message(text)]
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": said}, Snapshot))))


@pytest.mark.parametrize(
    ("text", "subject", "command"),
    [
        (
            'error: Microsoft Visual C++ 14.0 or greater is required. Get it with "Microsoft',
            "Microsoft's C++ compiler",
            "Microsoft.VisualStudio.2022.BuildTools",
        ),
        (
            "error: command 'x86_64-linux-gnu-gcc' failed: No such file or directory",
            "a C compiler",
            "apt-get install --yes build-essential",
        ),
        ("error: command '/usr/bin/g++' failed: No such file or directory", "a C compiler", "build-essential"),
        ("unable to execute 'gcc': No such file or directory", "a C compiler", "build-essential"),
        ("  No CMAKE_CXX_COMPILER could be found.", "a C compiler", "build-essential"),
        ("src/x.c:1:10: fatal error: Python.h: No such file or directory", "Python's own headers (Python.h)", "python3-dev"),
        ("error: can't find Rust compiler", "the Rust compiler", "rustup"),
        (
            "xcrun: error: invalid active developer path (/Library/Developer/CommandLineTools), missing",
            "Apple's command line tools",
            "xcode-select",
        ),
    ],
)
def test_each_compiler_is_named_with_what_brings_it(text: str, subject: str, command: str) -> None:
    (found,) = judge(text, system={"distribution_id": "ubuntu"})
    assert isinstance(found, Found)
    assert found.subject == subject
    assert command in words(found)
    assert "--only-binary :all:" in words(found)


def test_what_compiles_while_it_runs_is_not_told_of_wheels() -> None:
    (found,) = judge("RuntimeError: Failed to find C compiler. Please specify via CC environment variable.")
    assert "a program that compiles while it runs" in found.message
    assert "--only-binary" not in words(found)


def test_conda_has_compilers_of_its_own() -> None:
    (found,) = judge("unable to execute 'gcc': No such file or directory", python={"environment": "conda", "prefix": "/c"})
    assert "conda install --yes --prefix /c --channel conda-forge c-compiler cxx-compiler" in words(found)


def test_a_compiler_that_is_there_passes() -> None:
    assert [type(outcome) for outcome in judge("", tools=[{"name": "gcc", "version": "12.2.0"}])] == [Passed]


@pytest.mark.parametrize(
    "text",
    ["error: command '/usr/bin/gcc' failed with exit code 1", "OSError: CUDA_HOME environment variable is not set.", "gcc: not found"],
)
def test_a_compiler_that_failed_or_another_one_is_not_missed_here(text: str) -> None:
    assert [type(outcome) for outcome in judge(text)] == [NotApplicable]
