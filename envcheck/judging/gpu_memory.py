"""How much memory a program can have on one accelerator: as measured, of the largest slice, or within the bounds that a name gives."""

import msgspec

from envcheck.facts.snapshot import Accelerator, Memory, Snapshot, known
from envcheck.knowledge.cards import find_card
from envcheck.knowledge.virtual_gpus import parse_mig_memory, parse_vgpu

GB, GIB = 10**9, 2**30
_JETSON = "jetson"
_SHARED_BY_NAME = ("GB10",)


class GpuMemory(msgspec.Struct, frozen=True):
    """At least `lowest`, at most `highest` bytes; equal where the number was measured.

    `how` says what the bounds are from, in words, and is empty where they were measured.
    """

    lowest: int
    highest: int
    fact: str
    how: str = ""
    source: str = ""

    @property
    def is_measured(self) -> bool:
        """Whether it may decide a finding."""
        return not self.how


def gpu_memory(card: Accelerator, facts: Snapshot) -> GpuMemory | None:
    """The memory of one accelerator; None: neither a number nor a name tells.

    A program gets one slice of a divided card (MIG), so the largest counts. What shares the machine's memory has no memory of its own:
    that it can have half of it is what Linux allows integrated GPUs without being told otherwise, and Apple and Jetson allow more; all
    of it is the most there can be.
    """
    path = f"accelerators[{card.index}]"
    if card.mig == "enabled" and isinstance(card.mig_devices, tuple) and card.mig_devices:
        return _largest_slice(card, f"{path}.mig_devices")
    if shares_memory(card, facts):
        return _shared(card, facts.memory, path)
    if isinstance(card.memory_bytes, int):
        return GpuMemory(card.memory_bytes, card.memory_bytes, f"{path}.memory_bytes")
    return _by_name(known(card.name, ""), f"{path}.name")


def shares_memory(card: Accelerator, facts: Snapshot) -> bool:
    """Whether its memory is that of the machine: as the driver says, or as all of its kind do."""
    if isinstance(card.unified_memory, bool):
        return card.unified_memory
    if card.vendor == "apple" or (card.vendor == "nvidia" and isinstance(facts.nvidia.jetson, str)):
        return True
    row = find_card(known(card.name, "")) if card.vendor == "nvidia" and not isinstance(card.memory_bytes, int) else None
    return row is not None and (row.kind == _JETSON or row.name.startswith(_SHARED_BY_NAME))


def _largest_slice(card: Accelerator, fact: str) -> GpuMemory | None:
    slices: list[GpuMemory] = []
    for device in card.mig_devices if isinstance(card.mig_devices, tuple) else ():
        named = parse_mig_memory(known(device.profile, ""))
        if isinstance(device.memory_bytes, int):
            slices.append(GpuMemory(device.memory_bytes, device.memory_bytes, fact))
        elif named is not None:
            slices.append(_advertised(named, named, fact, f"its largest slice is {device.profile}"))
    return max(slices, key=lambda part: part.lowest, default=None)


def _shared(card: Accelerator, memory: Memory, path: str) -> GpuMemory | None:
    if isinstance(card.shared_memory_bytes, int):
        usable = card.shared_memory_bytes + known(card.memory_bytes, 0)
        return GpuMemory(usable, usable, f"{path}.shared_memory_bytes")
    if not isinstance(memory.total_bytes, int):
        return None
    return GpuMemory(memory.total_bytes // 2, memory.total_bytes, "memory.total_bytes", "it shares the memory of the machine")


def _by_name(name: str, fact: str) -> GpuMemory | None:
    """A vGPU's or MIG device's own size stands in its name; else every variant that is sold under the name is possible.

    A number of GB behind the name (`A100-SXM4-40GB`) is one of those variants.
    """
    virtual, part, row = parse_vgpu(name), parse_mig_memory(name), find_card(name)
    size = virtual.memory_gb if virtual is not None else part
    if size is not None:
        return _advertised(size, size, fact, "as its name says")
    if row is None or not row.memory_gb:
        return None
    sizes = [variant for variant in row.memory_gb if f"{variant}GB" in name.replace(" ", "")] or list(row.memory_gb)
    return _advertised(min(sizes), max(sizes), fact, f"as sold under the name {row.name}", row.memory_source)


def _advertised(lowest: int, highest: int, fact: str, how: str, source: str = "") -> GpuMemory:
    """Makers call GiB GB, and drivers keep some of it: between the two lies what is measured (80 GB: 85.5 · 10⁹ bytes)."""
    return GpuMemory(lowest * GB, highest * GIB, fact, how, source)
