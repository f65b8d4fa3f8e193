"""The kernel's list of what can compute (/sys/class/kfd/kfd/topology/nodes/*): processors and GPUs, partitions of one card as several.

    simd_count 416
    simd_per_cu 4
    gfx_target_version 90010
    device_id 29711
    location_id 25344
    unique_id 1

A node is a GPU where it has SIMD units. Old kernels have no `gfx_target_version`; new ones tell memory by bank only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from envcheck.parsers.amd.amd_cards_printed import VENDOR, known_only
from envcheck.parsers.amd.gfx_target import gfx_of_version
from envcheck.parsers.amd.rocminfo import address_of

# Memory of the card's own, seen by the processor or not (HSA_HEAPTYPE_FRAME_BUFFER_PUBLIC and _PRIVATE).
_OWN_MEMORY = (1, 2)
_MOST_LINES = 500


def parse_properties(text: str) -> dict[str, int]:
    """The numbers of one `properties` file by their names."""
    said: dict[str, int] = {}
    for line in text.split("\n")[:_MOST_LINES]:
        name, _, value = line.strip().partition(" ")
        if name and len(value) < 24 and value.isascii() and value.isdecimal():
            said[name] = int(value)
    return said


def is_gpu(node: Mapping[str, int]) -> bool:
    """Whether a node has anything to compute with that is no processor."""
    return node.get("simd_count", 0) > 0


def bank_bytes(bank: Mapping[str, int]) -> int:
    """The size of one of a node's memory banks, where it is memory of its own; else 0."""
    return bank.get("size_in_bytes", 0) if bank.get("heap_type") in _OWN_MEMORY else 0


def cards_of(nodes: Sequence[tuple[Mapping[str, int], int]]) -> list[dict[str, object]]:
    """The cards of a topology, in its order; each node comes with the bytes of its own memory banks.

    Nodes of one unique number are partitions of one card: their units and memory are added up. A node that is built into a processor
    has no memory of its own to speak of.
    """
    groups: dict[object, list[tuple[Mapping[str, int], int]]] = {}
    for place, (node, memory) in enumerate(nodes):
        if is_gpu(node):
            groups.setdefault(node.get("unique_id") or ("node", place), []).append((node, memory))
    return [_card(group) for group in groups.values()]


def _card(group: Sequence[tuple[Mapping[str, int], int]]) -> dict[str, object]:
    node = group[0][0]
    sizes = [memory or part.get("local_mem_size", 0) for part, memory in group]
    per_unit = node.get("simd_per_cu", 0)
    units = sum(part.get("simd_count", 0) for part, _ in group) // per_unit if per_unit else None
    unique = node.get("unique_id", 0)
    # In the place of a partition the function is the partition's number.
    place = node.get("location_id", 0) & ~7 if len(group) > 1 else node.get("location_id", 0)
    return known_only(
        {
            "architecture": gfx_of_version(node.get("gfx_target_version", 0)),
            "compute_units": units,
            "memory_bytes": sum(sizes) if all(sizes) else None,
            "pci_id": f"{VENDOR}:{node['device_id']:04x}" if node.get("device_id") else None,
            "pci_address": address_of(node.get("domain", 0), place) if place else None,
            "uuid": f"GPU-{unique:016x}" if unique else None,
        }
    )
