"""Intel's GPUs out of a tree of files, as the kernel's drivers i915 and xe make them."""

import os
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Probe = Callable[[str], types.ModuleType]
ARC = {"pci_address": "0000:03:00.0", "pci_id": "8086:e20b"}
BUILT_IN = {"pci_address": "0000:00:02.0", "pci_id": "8086:a780"}
GIB = 2**30


class Tree:
    """A fake root."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def file(self, path: str, text: str = "") -> Path:
        target = self.root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        return target

    def card(self, card: dict[str, str], driver: str | None, *, node: str = "renderD128") -> str:
        folder = f"/sys/bus/pci/devices/{card['pci_address']}"
        self.file(folder + "/uevent", f"{'DRIVER=' + driver if driver else ''}\nPCI_ID={card['pci_id'].upper()}\n")
        if driver:
            (self.root / "sys/bus/pci/drivers" / driver).mkdir(parents=True, exist_ok=True)
            (self.root / folder.lstrip("/") / "driver").symlink_to(f"../../../../bus/pci/drivers/{driver}")
            self.file(f"{folder}/drm/{node}/dev", "226:128")
            self.file(f"/dev/dri/{node}")
        return folder

    def libraries(self) -> None:
        folder = "/usr/lib/x86_64-linux-gnu"
        for name, version in (("libze_intel_gpu.so.1", "1.6.33578"), ("libze_loader.so.1", "1.21.9")):
            real = self.file(f"{folder}/{name[:-2]}.{version}")
            (real.parent / name).symlink_to(real.name)


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


def report(probe: Probe, channel: Any, tree: Tree, *cards: dict[str, Any]) -> dict[str, Any]:
    probe("cards.intel_files").report_intel(channel, list(cards), str(tree.root))
    facts: dict[str, Any] = channel.facts
    return facts


def test_a_card_with_all_that_it_takes(probe: Probe, channel: Any, tree: Tree) -> None:
    folder = tree.card(ARC, "xe")
    tree.file(folder + "/tile0/physical_vram_size_bytes", f"{12 * GIB}\n")
    tree.libraries()
    facts = report(probe, channel, tree, ARC)
    assert facts["accelerators[0000:03:00.0]"] == {
        "vendor": "intel",
        "driver": "xe",
        "memory_bytes": 12 * GIB,
        "integrated": False,
        "state": "ok",
    }
    assert (facts["intel.driver_version"], facts["intel.level_zero_version"], facts["intel.state"]) == ("1.6.33578", "1.21.9", "ok")


def test_the_tiles_of_a_card_are_added(probe: Probe, channel: Any, tree: Tree) -> None:
    folder = tree.card(ARC, "xe")
    for tile in range(2):
        tree.file(f"{folder}/tile{tile}/physical_vram_size_bytes", str(64 * GIB))
    assert report(probe, channel, tree, ARC)["accelerators[0000:03:00.0]"]["memory_bytes"] == 128 * GIB


@pytest.mark.parametrize("second", ["", "0", "many", "9" * 30])
def test_a_tile_that_does_not_say_leaves_the_memory_unknown(probe: Probe, channel: Any, tree: Tree, second: str) -> None:
    folder = tree.card(ARC, "xe")
    tree.file(folder + "/tile0/physical_vram_size_bytes", str(GIB))
    tree.file(folder + "/tile1/physical_vram_size_bytes", second)
    assert "memory_bytes" not in report(probe, channel, tree, ARC)["accelerators[0000:03:00.0]"]


def test_intels_own_i915_tells_the_memory_and_the_kernels_does_not(probe: Probe, channel: Any, tree: Tree) -> None:
    folder = tree.card({**ARC, "pci_id": "8086:56a0"}, "i915")
    assert "memory_bytes" not in report(probe, channel, tree, ARC)["accelerators[0000:03:00.0]"]
    tree.file(folder + "/drm/card1/lmem_total_bytes", str(16 * GIB))
    assert report(probe, channel, tree, ARC)["accelerators[0000:03:00.0]"]["memory_bytes"] == 16 * GIB


def test_one_that_is_built_in(probe: Probe, channel: Any, tree: Tree) -> None:
    tree.card(BUILT_IN, "i915")
    told = report(probe, channel, tree, BUILT_IN)["accelerators[0000:00:02.0]"]
    assert (told["integrated"], told["unified_memory"]) == (True, True)


def test_at_an_unknown_place_an_unknown_card_is_neither(probe: Probe, channel: Any, tree: Tree) -> None:
    card = {"pci_address": "0000:05:00.0", "pci_id": "8086:ffff"}
    tree.card(card, "xe")
    assert "integrated" not in report(probe, channel, tree, card)["accelerators[0000:05:00.0]"]


def test_a_discrete_card_that_a_hypervisor_puts_where_the_built_in_one_is(probe: Probe, channel: Any, tree: Tree) -> None:
    card = {**BUILT_IN, "pci_id": "8086:56c0"}
    tree.card(card, "i915")
    assert report(probe, channel, tree, card)["accelerators[0000:00:02.0]"]["integrated"] is False


def test_without_a_driver(probe: Probe, channel: Any, tree: Tree) -> None:
    tree.card(ARC, None)
    tree.libraries()
    facts = report(probe, channel, tree, ARC)
    assert (facts["accelerators[0000:03:00.0]"]["driver"], facts["intel.state"]) == (None, "driver-not-loaded")


def test_without_level_zero(probe: Probe, channel: Any, tree: Tree) -> None:
    tree.card(ARC, "xe")
    facts = report(probe, channel, tree, ARC)
    assert (facts["intel.driver_version"], facts["intel.level_zero_version"], facts["intel.state"]) == (None, None, "no-level-zero")


def test_a_node_that_is_not_given_to_this_container(probe: Probe, channel: Any, tree: Tree) -> None:
    tree.card(ARC, "xe")
    (tree.root / "dev/dri/renderD128").unlink()
    tree.libraries()
    facts = report(probe, channel, tree, ARC)
    assert facts["accelerators[0000:03:00.0]"]["state"] == "hidden"
    assert "intel.state" not in facts


def test_a_node_that_may_not_be_opened(probe: Probe, channel: Any, tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.card(ARC, "xe")
    tree.libraries()
    monkeypatch.setattr(os, "access", lambda path, mode: not str(path).endswith("renderD128"))  # the tests may run as root
    facts = report(probe, channel, tree, ARC)
    assert (facts["accelerators[0000:03:00.0]"]["state"], facts["intel.state"]) == ("denied", "denied")


def test_one_card_that_works_is_enough(probe: Probe, channel: Any, tree: Tree) -> None:
    tree.card(BUILT_IN, "i915", node="renderD128")
    tree.card(ARC, None)
    tree.libraries()
    assert report(probe, channel, tree, BUILT_IN, ARC)["intel.state"] == "ok"


def test_a_card_that_is_lent_to_a_virtual_machine(probe: Probe, channel: Any, tree: Tree) -> None:
    tree.card(ARC, "vfio-pci")
    tree.libraries()
    facts = report(probe, channel, tree, ARC)
    assert facts["accelerators[0000:03:00.0]"]["state"] == "other-driver"
    assert "intel.state" not in facts


def test_nothing_is_looked_for_where_there_is_no_card(probe: Probe, channel: Any, tree: Tree) -> None:
    tree.libraries()
    assert report(probe, channel, tree) == {}
