"""What a snapshot says of the machine's NVIDIA cards and their driver."""

import msgspec
from msgspec import UNSET

from envcheck.facts.claims import TOLD
from envcheck.facts.snapshot import Accelerator, Completeness, Snapshot, known
from envcheck.knowledge.capability import Capability, is_cuda_list, parse_capability
from envcheck.knowledge.cards import find_card
from envcheck.knowledge.drivers import find_branch


class NvidiaCard(msgspec.Struct, frozen=True):
    """One card with its compute capability, if it can be told; `sure`: measured, or by a printed name from a row of high confidence."""

    accelerator: Accelerator
    capability: Capability | None
    sure: bool
    source: str  # of the capability, where it is from a table

    @property
    def name(self) -> str:
        """Its printed name, or a word for it."""
        return known(self.accelerator.name, "NVIDIA card")

    @property
    def fact(self) -> str:
        """Its path in the snapshot."""
        return f"accelerators[{self.accelerator.index}]"


def nvidia_accelerators(facts: Snapshot) -> tuple[Accelerator, ...]:
    """NVIDIA's cards, as they stand in the snapshot; one of which only the capability is told is NVIDIA's beside a build for CUDA."""
    by_cuda = any(isinstance(build.cuda, str) or is_cuda_list(known(build.arch_list, ())) for build in facts.builds.values())
    return tuple(
        card
        for card in facts.accelerators
        if card.vendor == "nvidia" or card.backend == "cuda" or (by_cuda and card.vendor is UNSET and card.compute_capability is not UNSET)
    )


def nvidia_cards(facts: Snapshot) -> tuple[NvidiaCard, ...]:
    """Every NVIDIA card that is known, visible to programs or not."""
    return tuple(_card(entry, facts) for entry in nvidia_accelerators(facts))


def _card(entry: Accelerator, facts: Snapshot) -> NvidiaCard:
    measured = parse_capability(known(entry.compute_capability, ""))
    if measured is not None:
        return NvidiaCard(entry, measured, sure=True, source="")
    row = find_card(known(entry.name, ""))
    if row is None:
        return NvidiaCard(entry, None, sure=False, source="")
    shown = not facts.source_of(f"accelerators[{entry.index}].name").endswith(TOLD)
    return NvidiaCard(entry, row.compute_capability, sure=row.is_sure and shown, source=row.source)


def has_no_nvidia_card(facts: Snapshot) -> bool:
    """Whether it is known that there is none: every accelerator was looked for, and none is NVIDIA's."""
    return facts.observed.accelerators is Completeness.COMPLETE and not nvidia_cards(facts)


def driver_cuda(facts: Snapshot) -> str | None:
    """The newest CUDA that the driver supports: what it reports itself, else what its branch is known to report."""
    if isinstance(facts.nvidia.cuda_version, str):
        return facts.nvidia.cuda_version
    row = find_branch(facts.nvidia.driver_version) if isinstance(facts.nvidia.driver_version, str) else None
    return row.cuda if row is not None else None


def has_driver_on_disk(facts: Snapshot) -> bool:
    """Whether any part of the driver is known to be installed: its libraries, its packages, or a module for some kernel."""
    nvidia = facts.nvidia
    parts = (nvidia.library_version, nvidia.package_version)
    return any(isinstance(part, str) for part in parts) or bool(nvidia.packages_unfinished) or bool(nvidia.module_kernels)


def has_windows_driver(facts: Snapshot) -> bool:
    """Whether the driver is numbered as on Windows; under WSL it is Windows's own."""
    return known(facts.system.os, "") == "Windows" or isinstance(facts.system.wsl, int)
