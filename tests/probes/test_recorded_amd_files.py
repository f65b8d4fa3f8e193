"""Every recorded tree of the kernel's topology and of AMD's devices: each expected value that facts have a place for."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from envcheck.facts.claims import Claim, Evidence, Trust, resolve
from envcheck.facts.snapshot import Accelerator, Snapshot

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

RECORDINGS = Path(__file__).parents[3] / "shared" / "recordings"
# What recordings expect that facts have no place for, and why.
NO_PLACE = {
    "nodes": "processors are no accelerators",
    "cpu_nodes": "processors are no accelerators",
    "cpu_threads_total": "processors are no accelerators",
    "distinct_locations": "partitions of a card are not told one by one",
    "card": "the number of a screen's device",
    "pci_subsys_id": "the maker of the board",
    "pci_class": "decided before a card is one",
    "vendor": "decided before a card is AMD's",
    "device": "a part of pci_id",
    "vis_vram_bytes": "a window of the memory, never its size",
    "vbios_version": "firmware",
}
LOOKED_AT = {"gpu_nodes", "distinct_unique_ids", "first_gpu_nodes", "driver", "pci_id", "pci_slot", "vram_bytes", "gtt_bytes"}
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="addresses of the bus are no names of files there")


def recordings(pattern: str) -> list[Any]:
    return [pytest.param(path.parent, id=path.parent.name) for path in sorted(RECORDINGS.glob(f"{pattern}/SOURCE.toml"))]


def expected(folder: Path) -> dict[str, Any]:
    """What a right reader finds, without what facts have no place for."""
    source = tomllib.loads((folder / "SOURCE.toml").read_text(encoding="utf-8"))
    wanted = {key: value for key, value in source["expect"].items() if key not in NO_PLACE}
    assert wanted.keys() <= LOOKED_AT
    return wanted


@pytest.fixture
def files_probe(probe: Callable[[str], ModuleType]) -> ModuleType:
    return probe("cards.amd_files")


@pytest.mark.parametrize("folder", recordings("kfd-topology/*"))
def test_the_kernels_topology(folder: Path, files_probe: ModuleType, tmp_path: Path):
    nodes = tmp_path / "sys/class/kfd/kfd/topology"
    nodes.mkdir(parents=True)
    (nodes / "nodes").symlink_to(folder / "nodes")
    want = expected(folder)
    cards = files_probe.read_kfd(str(tmp_path))
    apart = want["distinct_unique_ids"]
    assert len(cards) == apart
    first = want["first_gpu_nodes"][0]
    parts = want["gpu_nodes"] // apart
    assert cards[0].get("architecture") == first.get("gfx")
    assert cards[0]["pci_id"] == f"1002:{first['device_id_hex'][2:]}"
    assert cards[0]["compute_units"] % first["compute_units"] == 0
    assert parts <= cards[0]["compute_units"] // first["compute_units"] <= parts + 1
    memory = first.get("mem_bank_bytes") or first["local_mem_size"]
    whole = memory * cards[0]["compute_units"] // first["compute_units"]  # of which the first partition may lack what is reserved
    assert cards[0].get("memory_bytes", 0) == pytest.approx(whole, rel=1e-3)
    assert len({card["uuid"] for card in cards}) == apart


@pytest.mark.parametrize("folder", recordings("sysfs-drm/amd-*"))
def test_the_files_of_a_device(folder: Path, files_probe: ModuleType, tmp_path: Path, channel: Any):
    want = expected(folder)
    bus = tmp_path / "sys/bus/pci/devices"
    bus.mkdir(parents=True)
    (bus / want["pci_slot"]).symlink_to(next(folder.glob("card*/device")))
    files_probe.report_amd(channel, [{"pci_address": want["pci_slot"], "vendor": "amd", "backend": "rocm"}], str(tmp_path))
    snapshot = snapshot_of(channel)
    (card,) = snapshot.accelerators
    assert card.pci_id == want["pci_id"].lower()
    assert (card.memory_bytes, card.shared_memory_bytes) == (unset_or(want.get("vram_bytes")), unset_or(want.get("gtt_bytes")))
    assert snapshot.amd.state == ("no-kfd" if want["driver"] == "amdgpu" else "driver-not-loaded")


def unset_or(value: int | None) -> object:
    return Accelerator(index=0).memory_bytes if value is None else value


def snapshot_of(channel: Any) -> Snapshot:
    claims = [Claim(path, value, "file", Trust.MEASURED) for path, value in channel.facts.items()]
    return resolve(Evidence(claims=claims), taken="", live=True)
