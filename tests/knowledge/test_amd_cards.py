import re

import pytest

from envcheck.knowledge import amd_cards
from envcheck.knowledge.amd_cards import (
    find_amd_card,
    find_chip,
    find_device,
    find_override,
    find_wheel,
    newest_wheel_with,
    oldest_target,
    order_of,
)
from envcheck.knowledge.table import load
from envcheck.parsers.amd.gfx_target import family_of, gfx_of_override, override_of


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("AMD Radeon RX 7900 XTX", "gfx1100"),
        ("Navi 22 [Radeon RX 6700/6700 XT / 6800M]", "gfx1031"),
        ("Navi 31 [Radeon RX 7900 XT/7900 XTX/7900M]", "gfx1100"),
        ("Radeon RX 580 Series", "gfx803"),
        ("Ellesmere [Radeon RX 470/480/570/570X/580/580X/590]", "gfx803"),
        ("AMD Instinct MI300X OAM", "gfx942"),
        ("Aqua Vanjaram [Instinct MI300A]", "gfx942"),
        ("Aldebaran/MI200 [Instinct MI210]", "gfx90a"),
        ("Radeon Instinct MI50 32GB", "gfx906"),
        ("AMD Radeon Pro VII", "gfx906"),
        ("AMD Radeon RX 9070 XT", "gfx1201"),
        ("AMD Radeon 780M Graphics", "gfx1103"),
        ("Strix [Radeon 880M / 890M]", "gfx1150"),
        ("Strix Halo [Radeon Graphics / Radeon 8050S Graphics / Radeon 8060S Graphics]", "gfx1151"),
        ("Tahiti XT [Radeon HD 7970/8970 OEM / R9 280X]", "gfx600"),
        ("Pitcairn XT [Radeon HD 7870 GHz Edition]", "gfx601"),
    ],
)
def test_cards_by_their_printed_names(name: str, target: str):
    card = find_amd_card(name)
    assert card is not None
    assert card.target == target


@pytest.mark.parametrize("name", ["", "AMD Radeon Graphics", "NVIDIA GeForce RTX 580", "Raven Ridge [Radeon Vega Series]", "MI3", "RX"])
def test_other_names_are_no_card(name: str):
    assert find_amd_card(name) is None


def test_every_row_is_of_a_target_and_its_pattern_is_valid():
    table = load("amd_cards", amd_cards._Table)
    for card in table.card:
        re.compile(card.pattern)
        assert order_of(card.target)
        assert card.kind in ("consumer", "workstation", "datacenter", "built-in")
    assert all(order_of(row.target) for row in table.device)
    ids = [number for row in table.device for number in row.ids]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[0-9a-f]{4}", number) for number in ids)


def test_an_override_is_of_a_relative():
    for row in load("amd_cards", amd_cards._Table).override:
        assert gfx_of_override(row.value) is not None
        assert family_of(gfx_of_override(row.value) or "") == family_of(row.target)
    assert find_override("gfx1100") is None
    assert override_of("gfx1030") == "10.3.0"


@pytest.mark.parametrize(
    ("pci_id", "target"), [("1002:67DF", "gfx803"), ("1002:744c", "gfx1100"), ("10de:744c", None), ("1002:ffff", None), ("", None)]
)
def test_devices_by_number(pci_id: str, target: str | None):
    row = find_device(pci_id)
    assert (row.target if row else None) == target


@pytest.mark.parametrize(("chip", "target"), [("POLARIS10", "gfx803"), ("polaris11", "gfx803"), ("TAHITI", "gfx600"), ("NEW", None)])
def test_chips_by_the_kernels_name(chip: str, target: str | None):
    row = find_chip(chip)
    assert (row.target if row else None) == target


@pytest.mark.parametrize(("rocm", "row"), [("6.2.4", "6.2.4"), ("6.2.41134-65d174c3e", "6.2"), ("7.1.1", "7.1"), ("3.10", None)])
def test_wheels_of_a_release(rocm: str, row: str | None):
    found = find_wheel(rocm)
    assert (found.rocm if found else None) == row


def test_the_oldest_target_and_the_newest_wheel():
    assert oldest_target() == (9, 0, 0)
    newest = newest_wheel_with("gfx1103")
    assert newest is not None
    assert newest.rocm == "7.14"
    assert newest_wheel_with("gfx803") is None
