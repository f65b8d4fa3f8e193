import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.rendering.plain_text import carries_symbols, escape, fit, is_plain, neutral, without_surrogates


@given(st.text(st.characters(exclude_categories=()), max_size=300))
def test_neutral_text_is_one_printable_line_and_stays_as_it_is(text: str) -> None:
    once = neutral(text)
    assert all(character.isprintable() for character in once)
    assert "\n" not in once
    assert neutral(once) == once


@given(
    st.text(st.characters(exclude_categories=()), max_size=50),
    st.sampled_from(["utf-8", "ascii", "cp1252", "cp437", "latin-1", "no-such-encoding"]),
)
def test_text_fits_every_encoding(text: str, encoding: str) -> None:
    fitted = fit(neutral(text), encoding)
    fitted.encode("ascii" if encoding == "no-such-encoding" else encoding)


def test_ordinary_text_of_any_language_is_left_alone() -> None:
    for text in ("Zoë's GPU", "显卡驱动", "ドライバー", "≥ 8 GB … ✓", "क्षि"):
        assert neutral(text) == text


def test_what_is_cut_is_counted() -> None:
    assert neutral("a" * 1000, most=10) == "aaaaaaaaaa… (990 more characters)"
    assert neutral("a" * 10, most=10) == "a" * 10


@pytest.mark.parametrize(
    ("character", "expected"), [("\x1b", r"\x1b"), ("\u202e", r"\u202e"), ("\ud800", r"\ud800"), ("\U000e0001", r"\U000e0001")]
)
def test_escapes(character: str, expected: str) -> None:
    assert escape(character) == expected
    assert not is_plain(character)


def test_symbols_have_words_where_the_encoding_lacks_them() -> None:
    assert carries_symbols("utf-8")
    assert not carries_symbols("cp1252")
    assert fit("✓ ≥ 8 GB…", "ascii") == "ok >= 8 GB..."
    assert fit("é", "cp1252") == "é"


def test_surrogates_are_written_out() -> None:
    assert without_surrogates("caf\udce9 é") == r"caf\udce9 é"
