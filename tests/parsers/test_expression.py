"""Expressions that are compiled late behave as those that are compiled at once."""

import re

import pytest

from envcheck.parsers import expression
from envcheck.parsers.expression import folded, regex


def test_an_expression_is_compiled_when_it_is_first_used(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    monkeypatch.setattr(expression.re, "compile", lambda pattern, flags: compiled.append(pattern) or re.match(pattern, "", flags))
    regex("a")
    assert compiled == []
    assert regex("(").pattern == "("


def test_without_one_of_its_words_an_expression_is_not_even_compiled() -> None:
    broken = regex("(", words=("cuda", "rocm"))
    for method in (broken.search, broken.match, broken.fullmatch):
        assert method("neither of them") is None
    assert list(broken.finditer("neither of them")) == []
    for method in (broken.search, broken.match, broken.fullmatch, broken.finditer):
        with pytest.raises(re.error):
            method("CUDA")


def test_words_are_found_in_whatever_case() -> None:
    named = regex(r"version (\d+)", re.IGNORECASE, words=("version",))
    assert named.search("the VERSION 12")[1] == "12"
    assert named.match("Version 3")[1] == "3"
    assert named.match("the version 12", 4)[1] == "12"
    assert named.fullmatch("version 12 of") is None
    assert [found[1] for found in named.finditer("version 1, VERSION 2")] == ["1", "2"]
    assert named.sub("", "version 1") == ""


def test_after_many_lines_nothing_else_is_found() -> None:
    named = regex(r"\d+ cuda", words=("cuda",))
    lines = [f"{number} cuda" if number % 7 == 0 else f"{number} other" for number in range(1000)]
    assert [line for line in lines if named.match(line)] == [line for line in lines if "cuda" in line]
    assert [line for line in lines if named.fullmatch(line)] == [line for line in lines if "cuda" in line]


def test_letters_that_are_the_same_without_case_are_folded() -> None:
    assert folded("NV\u0130D\u0131A \u212aernel \u017f") == "nvidia kernel s"
    assert folded("ASCII") == "ascii"
