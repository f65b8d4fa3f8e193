"""What the names of NVIDIA's virtual and divided GPUs say: the series of a vGPU, and the memory of a profile."""

import re

import msgspec

from envcheck.parsers.expression import regex

# GRID T4-2B, NVIDIA A16-2A, GRID M60-1B4, NVIDIA RTX6000-Ada-8Q: the card, the memory in GB, the series, and at times a variant.
_VGPU = regex(r"^(?:GRID|NVIDIA) (?P<card>[A-Z][A-Za-z0-9]*(?:-[A-Z][A-Za-z0-9]*)*)-(?P<memory>\d{1,3})(?P<series>[ABCQ])\d?$")
# 3g.71gb, 1c.3g.71gb, 1g.10gb+me
_MIG = regex(r"(?:^|[ .])(?:\d{1,2}c\.)?\d{1,2}g\.(?P<memory>\d{1,4})gb\b", re.IGNORECASE)
_WITH_CUDA = "CQ"


class VirtualGpu(msgspec.Struct, frozen=True):
    """A vGPU profile: what it is cut from, the memory as its name has it, and the series (A, B, C or Q)."""

    card: str
    memory_gb: int
    series: str

    @property
    def has_cuda(self) -> bool:
        """Whether the series is meant to compute: C (compute) and Q (workstation) are, A (applications) and B (desktops) are not."""
        return self.series in _WITH_CUDA


def parse_vgpu(name: str) -> VirtualGpu | None:
    """`GRID T4-2B` → the B series with 2 GB of a T4; None for the name of a whole card, such as `A100-SXM4-40GB`."""
    found = _VGPU.match(name.strip())
    return VirtualGpu(found["card"], int(found["memory"]), found["series"]) if found else None


def parse_mig_memory(profile: str) -> int | None:
    """The GB in the name of a MIG profile: `3g.71gb` → 71, also within `NVIDIA A100-PCIE-40GB MIG 1g.5gb`."""
    found = _MIG.search(profile)
    return int(found["memory"]) if found else None
