"""The lines in which words stand, which readers ask for in place of looking at every line."""

import pytest

from envcheck.readers.interface import Text

_LINES = ["GPU 1: Tesla T4", "step 10/20", "gpu 2: Tesla T4", "step 11/20", "", "step 10/20", "\u212aernel 5.15", "Packages:"]
# Of a text that is longer the words are searched in another way.
_MORE = [f"loss {number}" for number in range(2000)]


@pytest.mark.parametrize(
    ("word", "indices"),
    [
        ("gpu", [0, 2]),
        ("gpu 1", [0]),
        ("gpu 2", [2]),
        ("gpu 3", []),
        ("10/20", [1, 5]),
        ("11/20", [3]),
        ("12/20", []),
        ("kernel 5.15", [6]),
        ("radeon", []),
    ],
)
def test_a_word_is_found_in_every_line_that_has_it_in_whatever_case(word: str, indices: list[int]) -> None:
    for lines in (_LINES, [*_LINES, *_MORE]):
        text = Text(lines)
        assert list(text.with_words(word)) == indices
        assert text.has(word) == bool(indices)


def test_the_lines_of_several_words_come_once_and_in_their_order() -> None:
    assert list(Text(_LINES).with_words("tesla", "gpu 2", "step 1", "10/")) == [0, 1, 2, 3, 5]


@pytest.mark.parametrize(("word", "there"), [("packages:\n", True), ("tesla t4\n", True), ("tesla\n", False), ("t5\n", False)])
def test_a_word_at_the_end_of_a_line_is_told_from_one_within_it(word: str, there: bool) -> None:
    assert Text(_LINES).has(word) is there
    assert Text([*_LINES, *_MORE]).has(word) is there
