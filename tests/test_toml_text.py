"""Every way in which a file can fail to be TOML is one error, within a moment."""

import pytest

from envcheck.toml_text import NotToml, parse_toml


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ("a = 1\nb = \n", "not valid TOML: Invalid value", 2),
        ("a = [1,\n", "not valid TOML", 1),
        ("a = " + "[" * 100_000, "nests deeper", 0),
        ("a = " + "{b = " * 5000, "nests deeper", 0),
        ("a = " + "9" * 5000, "thousands of digits", 0),
        ("x = 1\n" + "a." * 500_000 + "b = 1", "more than 64 parts", 2),
        ("x = {" + '"a" . ' * 500 + "b = 1}", "more than 64 parts", 1),
        ("[" + "a." * 500 + "a]", "more than 64 parts", 1),
    ],
)
def test_what_is_no_toml_says_why_and_where(text: str, words: str, line: int) -> None:
    with pytest.raises(NotToml, match=words) as error:
        parse_toml(text)
    assert error.value.line == line


@pytest.mark.parametrize("text", ["", "a.b.c = 1", "[x]\ny = 'see. this. and. that.'", "u = '" + "a" * 100_000 + "." * 1000 + "'"])
def test_what_is_toml_is_read(text: str) -> None:
    assert isinstance(parse_toml(text), dict)
