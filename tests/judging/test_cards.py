from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.cards import driver_cuda, has_no_nvidia_card, has_windows_driver, nvidia_cards


def facts(**groups: Any) -> Snapshot:
    return msgspec.convert(groups, Snapshot)


def test_a_measured_capability_goes_before_the_names():
    measured = {"index": 0, "vendor": "nvidia", "name": "NVIDIA GeForce RTX 3090", "compute_capability": "8.9"}
    by_name = {"index": 1, "backend": "cuda", "name": "NVIDIA GeForce RTX 3090"}
    unknown = {"index": 2, "vendor": "nvidia", "name": "NVIDIA Something of 2031"}
    other = {"index": 3, "vendor": "amd", "name": "AMD Radeon RX 6900 XT"}
    cards = nvidia_cards(facts(accelerators=[measured, by_name, unknown, other]))
    assert [card.capability for card in cards] == [(8, 9), (8, 6), None]
    assert [bool(card.source) for card in cards] == [False, True, False]


def test_a_row_that_is_not_sure_makes_the_capability_unsure():
    (card,) = nvidia_cards(facts(accelerators=[{"index": 0, "vendor": "nvidia", "name": "NVIDIA GeForce GT 1030"}]))
    assert card.capability == (6, 1)
    assert not card.sure


def test_absence_is_evidence_only_where_every_accelerator_was_looked_for():
    assert has_no_nvidia_card(facts(observed={"accelerators": "complete"}))
    assert not has_no_nvidia_card(facts(observed={"accelerators": "partial"}))
    assert not has_no_nvidia_card(facts(observed={"accelerators": "complete"}, accelerators=[{"index": 0, "vendor": "nvidia"}]))


@pytest.mark.parametrize(
    ("nvidia", "expected"),
    [
        ({"cuda_version": "12.4", "driver_version": "535.54.03"}, "12.4"),
        ({"driver_version": "535.54.03"}, "12.2"),
        ({"driver_version": "390.77"}, None),
        ({"driver_version": None}, None),
        ({}, None),
    ],
)
def test_the_drivers_own_cuda_goes_before_its_branchs(nvidia: dict[str, Any], expected: str | None):
    assert driver_cuda(facts(nvidia=nvidia)) == expected


@pytest.mark.parametrize(
    ("system", "expected"),
    [({"os": "Windows"}, True), ({"os": "Linux", "wsl": 2}, True), ({"os": "Linux", "wsl": None}, False), ({}, False)],
)
def test_under_wsl_the_driver_is_windowss(system: dict[str, Any], expected: bool):
    assert has_windows_driver(facts(system=system)) is expected


@pytest.mark.parametrize(("source", "sure"), [("report line 1", True), ("report line 1, as told", False)])
def test_the_capability_of_a_card_that_is_only_told_convicts_nobody(source: str, sure: bool) -> None:
    card = {"index": 0, "vendor": "nvidia", "name": "NVIDIA GeForce RTX 3090"}
    facts = msgspec.convert({"accelerators": [card], "sources": {"accelerators[0].name": source}}, Snapshot)
    assert [(each.capability, each.sure) for each in nvidia_cards(facts)] == [((8, 6), sure)]
