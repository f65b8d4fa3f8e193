"""What is laid out without rich looks as rich would lay it out."""

import io
import string
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text

from envcheck.rendering.interface import RenderOptions
from envcheck.rendering.narrow_text import is_narrow, wrap
from envcheck.rendering.page import Page

NARROW = string.ascii_letters + string.digits + string.punctuation + "     é…—→✓✗"


@given(st.text(NARROW, max_size=200), st.integers(10, 60))
def test_lines_are_broken_where_rich_breaks_them(text: str, width: int) -> None:
    lines = list(Text(text).wrap(Console(file=io.StringIO(), width=80), width, overflow="fold"))
    for line in lines:
        line.rstrip()
    assert is_narrow(text)
    assert wrap(text, width) == [line.plain for line in lines]


@given(st.characters())
def test_what_is_called_narrow_takes_one_column(character: str) -> None:
    assert not is_narrow(character) or Text(character).cell_len == 1


def _page(words: list[str], width: int, indent: int) -> str:
    page = Page(RenderOptions(width=width))
    page.heading("Problems")
    page.paragraph(*((word, "bold") for word in words), indent=indent, hanging=indent + 2)
    page.row("label", *((word, "red") for word in words), mark=page.mark("bad"), label_width=12)
    page.command(f"pip install {words[0]}", indent=indent)
    page.blank()
    return page.text()


@given(st.lists(st.text(NARROW + "漢字\u200d🙂", max_size=40), min_size=1, max_size=3), st.integers(30, 80), st.integers(0, 12))
def test_a_page_is_the_same_as_rich_lays_it_out(words: list[str], width: int, indent: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Page, "_is_plain", lambda self, words: False)
        by_rich = _page(words, width, indent)
    assert _page(words, width, indent) == by_rich


def test_a_report_without_colour_needs_no_rich() -> None:
    program = (
        "import sys; from envcheck.rendering.interface import RenderOptions; from envcheck.rendering.page import Page\n"
        "page = Page(RenderOptions()); page.heading('Problems'); page.paragraph(('✗ words', '')); print('rich' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-X", "utf8", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
