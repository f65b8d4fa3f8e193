"""Lists, lines and numbers in messages."""

import pytest

from envcheck.judging.wording import MAX_LINE, counted, full_stop, listed, one_line, titled


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ((), ""),
        (("a",), "a"),
        (("a", "b"), "a and b"),
        (("a", "b", "c", "d", "e"), "a, b, c, d and e"),
        (("a", "b", "c", "d", "e", "f"), "a, b, c, d, e and 1 more"),
        (tuple("abcdefghij"), "a, b, c, d, e and 5 more"),
    ],
)
def test_a_list_of_more_than_five_is_cut_with_its_count(names: tuple[str, ...], text: str) -> None:
    assert listed(names) == text


def test_one_line_is_the_first_that_says_something() -> None:
    assert one_line("\n   \n  a   b\tc \nsecond") == "a b c"
    assert one_line("") == ""


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "ImportError: \n\nIMPORTANT: READ THIS!\nModuleNotFoundError: No module named 'a.b'",
            "ModuleNotFoundError: No module named 'a.b'",
        ),
        ("ImportError:\nOSError: first\nRuntimeError: last\nand more", "RuntimeError: last"),
        ("ImportError:\nIMPORTANT: READ THIS!\nOriginal error was: libx.so: cannot open", "libx.so: cannot open"),
        ("ImportError:\nIMPORTANT: READ THIS!", "ImportError: IMPORTANT: READ THIS!"),
        ("AssertionError:", "AssertionError"),
        ("AssertionError:\nKeyError", "AssertionError"),
        ("ImportError: one\nOSError: two", "ImportError: one"),
    ],
)
def test_an_exception_without_words_gives_way_to_one_that_has_some(text: str, line: str) -> None:
    assert one_line(text) == line


def test_a_line_is_cut_at_its_bound() -> None:
    assert one_line("x" * MAX_LINE) == "x" * MAX_LINE
    assert one_line("x" * (MAX_LINE + 1)) == "x" * (MAX_LINE - 1) + "…"


@pytest.mark.parametrize(("sentence", "text"), [("a", "a."), ("a.", "a."), ("a!", "a!"), ("a…", "a…"), ("a:b", "a:b.")])
def test_a_sentence_has_one_mark_at_its_end(sentence: str, text: str) -> None:
    assert full_stop(sentence) == text


@pytest.mark.parametrize(("number", "text"), [(0, "0 files"), (1, "1 file"), (2, "2 files")])
def test_things_are_counted(number: int, text: str) -> None:
    assert counted(number, "file") == text


@pytest.mark.parametrize(("version", "text"), [("2.8.0", "torch 2.8.0"), ("", "torch"), (None, "torch")])
def test_an_unknown_version_is_left_out(version: object, text: str) -> None:
    assert titled("torch", version) == text
