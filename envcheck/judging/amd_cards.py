"""What a snapshot says of the machine's AMD cards, and of who wants to compute on them."""

import msgspec

from envcheck.facts.snapshot import Accelerator, Snapshot, known
from envcheck.knowledge.amd_cards import Order, find_amd_card, find_device, order_of
from envcheck.parsers.amd.amd_devices import BUILT_IN_TARGETS

VARIABLES = ("HSA_OVERRIDE_GFX_VERSION", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES", "GPU_DEVICE_ORDINAL")


class AmdGpu(msgspec.Struct, frozen=True):
    """One card with the target of its code, if that can be told; `sure`: told by the driver, or by a row of high confidence."""

    accelerator: Accelerator
    target: str | None
    sure: bool
    source: str  # of the target, where it is from a table

    @property
    def name(self) -> str:
        """Its printed name, or a word for it."""
        return known(self.accelerator.name, "AMD GPU")

    @property
    def fact(self) -> str:
        """Its path in the snapshot."""
        return f"accelerators[{self.accelerator.index}]"

    @property
    def order(self) -> Order | None:
        """Its target as numbers."""
        return order_of(self.target) if self.target else None

    @property
    def is_built_in(self) -> bool:
        """Whether it is part of a processor, as far as that is known."""
        return known(self.accelerator.integrated, default=self.target in BUILT_IN_TARGETS)


def amd_gpus(facts: Snapshot) -> tuple[AmdGpu, ...]:
    """Every AMD card that is known, in the order of their numbers."""
    cards = (entry for entry in facts.accelerators if entry.vendor == "amd" or entry.backend == "rocm")
    return tuple(_card(entry) for entry in sorted(cards, key=lambda entry: entry.index))


def _card(entry: Accelerator) -> AmdGpu:
    told = known(entry.architecture, "")
    if order_of(told) is not None:
        return AmdGpu(entry, told, sure=True, source="")
    device = find_device(known(entry.pci_id, ""))
    if device is not None:
        return AmdGpu(entry, device.target, sure=device.is_sure, source=device.source)
    row = find_amd_card(known(entry.name, ""))
    if row is None:
        return AmdGpu(entry, None, sure=False, source="")
    return AmdGpu(entry, row.target, sure=row.is_sure, source=row.source)


def rocm_build(facts: Snapshot) -> tuple[str, str] | None:
    """The framework that is built for ROCm, and the release that it is built for."""
    for name, build in facts.builds.items():
        if isinstance(build.rocm, str):
            return name, build.rocm
    for package in facts.packages:
        version = known(package.version, "")
        if "+rocm" in version:
            return package.name, version.partition("+rocm")[2]
    return None


def rocm_reaches_gpu(facts: Snapshot) -> bool:
    """Whether a framework that is built for ROCm was seen to compute on a GPU."""
    return any(isinstance(build.rocm, str) and build.cuda_available is True for build in facts.builds.values())


def wants_rocm(facts: Snapshot) -> bool:
    """Whether anything here is made to compute on AMD's cards: a framework's build, ROCm itself, or a variable of its own."""
    return rocm_build(facts) is not None or isinstance(facts.amd.rocm_version, str) or any(name in facts.variables for name in VARIABLES)
