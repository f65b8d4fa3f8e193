"""The words by which most cards are passed over never pass over the right one."""

import re

import pytest

from envcheck.knowledge.cards import Card, _cards, _word, find_card

CARDS = tuple(card for _, card in _cards())


def by_pattern(name: str) -> Card | None:
    return next((card for card in CARDS if re.search(card.pattern, name, re.IGNORECASE)), None)


@pytest.mark.parametrize(
    "written", ["{}", "NVIDIA {}", "Tesla {}", "{} Laptop GPU", "NVIDIA GeForce {} Ti", "{}-SXM4-40GB", "[{}] (rev a1)"]
)
def test_a_name_means_the_first_card_whose_pattern_it_has(written: str) -> None:
    for card in CARDS:
        for name in (written.format(card.name), written.format(card.name).upper(), written.format(card.name).lower()):
            assert find_card(name) is by_pattern(name), name


@pytest.mark.parametrize(
    ("pattern", "word"),
    [
        (r"\bA100\b", "a100"),
        (r"GeForce RTX 3090(?! Laptop)\b", "geforce rtx 3090"),
        (r"\bV100S?\b", "v100"),
        (r"GeForce MX[45]50\b", "geforce mx"),
        (r"\b(?:Quadro )?P6000\b", "p6000"),
        (r"Thor|T5000", ""),
    ],
)
def test_the_word_of_a_pattern_is_what_no_name_is_without(pattern: str, word: str) -> None:
    assert _word(pattern) == word


def test_letters_without_case_are_looked_at_by_the_patterns() -> None:
    assert find_card("Tesla \u212a80") is by_pattern("Tesla \u212a80")


@pytest.mark.parametrize(
    ("name", "capability"),
    [
        ("RTX 5090", "12.0"),
        ("NVIDIA RTX 3090", "8.6"),
        ("RTX4090", "8.9"),
        ("GTX1060", "6.1"),
        ("GTX 1080Ti", "6.1"),
        ("rtx 2080 ti", "7.5"),
        ("Jetson TX1", "5.3"),
    ],
)
def test_names_as_people_write_them(name: str, capability: str) -> None:
    card = find_card(name)
    assert card is not None
    assert card.capability == capability


@pytest.mark.parametrize("name", ["RTX 9999", "XRTX 3090", "GTX 1"])
def test_numbers_that_are_no_cards(name: str) -> None:
    assert find_card(name) is None
