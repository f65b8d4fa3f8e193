"""What a program's word that memory ran out tells of who had the memory: the program itself, or others on the same card."""

import msgspec

from envcheck.facts.snapshot import Accelerator, GpuProcess, Snapshot
from envcheck.facts.symptoms import Symptom

GIB = 2**30
# The driver, the context and the libraries of a process take this much that no allocator counts.
_OVERHEAD = GIB + GIB // 2
_MUCH = 1 / 3
_NEARLY_ALL = 0.9


class Shares(msgspec.Struct, frozen=True):
    """Bytes of one card when memory ran out; `others` is what neither is free nor the program's own."""

    total: int
    free: int
    own: int
    requested: int | None = None

    @property
    def others(self) -> int:
        """Never below nothing: sizes are rounded where they are printed."""
        return max(self.total - self.free - self.own, 0)

    @property
    def are_held_by_others(self) -> bool:
        """Whether others have so much that the request would have fitted without them."""
        much = self.others > max(_OVERHEAD, self.total * _MUCH)
        return much and (self.requested is None or self.requested <= self.free + self.others)


def shares(symptom: Symptom) -> Shares | None:
    """What was told; None: not enough to tell whose the memory was."""
    numbers = {
        name: int(symptom.details[name]) for name in ("total", "free", "own", "requested") if symptom.details.get(name, "").isdigit()
    }
    if not {"total", "free", "own"} <= numbers.keys():
        return None
    return Shares(**numbers)


def occupied_cards(facts: Snapshot) -> tuple[tuple[Accelerator, tuple[GpuProcess, ...]], ...]:
    """The cards that are shown nearly full, with the processes that are listed for them: a list from before or after the failure."""
    found = []
    for card in facts.accelerators:
        if isinstance(card.processes, tuple) and card.processes and isinstance(card.memory_bytes, int):
            held = sum(process.memory_bytes for process in card.processes if isinstance(process.memory_bytes, int))
            full = isinstance(card.memory_free_bytes, int) and card.memory_free_bytes < card.memory_bytes * (1 - _NEARLY_ALL)
            if full or held > card.memory_bytes * _NEARLY_ALL:
                found.append((card, card.processes))
    return tuple(found)
