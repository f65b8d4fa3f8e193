"""How much memory a program can have: measured, of a slice, shared with the machine, or as a name tells."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.gpu_memory import GB, GIB, gpu_memory


def bounds(card: dict[str, Any], **facts: Any) -> tuple[int, int] | None:
    snapshot = msgspec.convert({"accelerators": [{"index": 0, "vendor": "nvidia", "backend": "cuda", **card}], **facts}, Snapshot)
    found = gpu_memory(snapshot.accelerators[0], snapshot)
    return (found.lowest, found.highest) if found is not None else None


def test_a_measured_number_is_itself():
    assert bounds({"memory_bytes": 12_884_901_888, "name": "NVIDIA GeForce RTX 3060"}) == (12_884_901_888, 12_884_901_888)


@pytest.mark.parametrize(
    ("name", "lowest", "highest"),
    [
        ("NVIDIA GeForce RTX 3090", 24, 24),
        ("NVIDIA GeForce RTX 2060", 6, 12),
        ("NVIDIA A100-SXM4-40GB", 40, 40),
        ("NVIDIA H100 80GB HBM3", 80, 80),
        ("Tesla V100-SXM2-16GB", 16, 16),
        ("GRID T4-4C", 4, 4),
        ("NVIDIA A100-PCIE-40GB MIG 1g.5gb", 5, 5),
    ],
)
def test_a_name_gives_the_variants_that_are_sold_under_it(name: str, lowest: int, highest: int):
    assert bounds({"name": name}) == (lowest * GB, highest * GIB)


@pytest.mark.parametrize("name", ["NVIDIA Something of 2031", "Graphics Device", ""])
def test_a_name_of_no_table_gives_nothing(name: str):
    assert bounds({"name": name}) is None


def test_of_a_divided_card_the_largest_slice_counts():
    slices = [{"profile": "1g.18gb", "memory_bytes": 17_700_000_000}, {"profile": "3g.71gb", "memory_bytes": 75_800_000_000}]
    assert bounds({"memory_bytes": 150_754_820_096, "mig": "enabled", "mig_devices": slices}) == (75_800_000_000, 75_800_000_000)
    assert bounds({"mig": "enabled", "mig_devices": [{"profile": "3g.71gb"}]}) == (71 * GB, 71 * GIB)


def test_what_shares_the_machines_memory_can_have_half_of_it_at_the_least():
    memory = {"total_bytes": 64 * GIB}
    assert bounds({"name": "NVIDIA GB10", "unified_memory": True}, memory=memory) == (32 * GIB, 64 * GIB)
    assert bounds({"name": "NVIDIA GB10"}, memory=memory) == (32 * GIB, 64 * GIB)
    assert bounds({"name": "Orin (nvgpu)"}, memory=memory, nvidia={"jetson": "Jetson AGX Orin"}) == (32 * GIB, 64 * GIB)
    assert bounds({"name": "Apple M2", "vendor": "apple", "backend": "metal"}, memory=memory) == (32 * GIB, 64 * GIB)
    assert bounds({"name": "NVIDIA GB10"}) is None


def test_a_share_that_the_driver_tells_is_measured():
    apu = {"vendor": "amd", "backend": "rocm", "unified_memory": True, "memory_bytes": 512 * 2**20, "shared_memory_bytes": 16 * GIB}
    assert bounds(apu, memory={"total_bytes": 32 * GIB}) == (16 * GIB + 512 * 2**20,) * 2
