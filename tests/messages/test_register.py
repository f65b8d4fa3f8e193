"""The words of a family never keep one of its messages from being found, and spare most texts most families."""

from pathlib import Path

import pytest

from envcheck.messages.parse import patterns_in
from envcheck.messages.register import FAMILIES, Family, patterns_for
from envcheck.messages.vocabulary import Vocabulary

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.module)
def test_every_anchor_has_a_word_of_its_family(family: Family) -> None:
    anchors = [pattern.anchor for pattern in family.load()]
    assert anchors
    assert [anchor for anchor in anchors if not any(word in anchor for word in family.words)] == []
    assert [word for word in family.words if not any(word in anchor for anchor in anchors)] == []


def test_every_table_is_registered_once() -> None:
    modules = [family.module for family in FAMILIES]
    assert len(modules) == len(set(modules))
    tables = {path.stem for path in (ROOT / "envcheck" / "messages").glob("*.py") if "\nPATTERNS" in path.read_text("utf-8")}
    assert tables == set(modules)


def test_a_text_without_a_message_needs_few_families() -> None:
    assert list(patterns_for("torch 2.1.0 runs well on two cards\n")) == []


def test_a_message_that_wraps_is_found_by_its_family() -> None:
    text = "RuntimeError: CUDA error: no kernel image is\navailable for execution on the device"
    assert "no kernel image is available for execution on the device" in {pattern.anchor for pattern in patterns_in(text, Vocabulary(text))}
