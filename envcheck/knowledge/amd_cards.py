"""What AMD cards run: the target of their code by printed name, number on the PCI bus or chip, and which builds have code for it."""

import re
from functools import cache

import msgspec

from envcheck.knowledge.table import Confidence, Row, load
from envcheck.knowledge.versions import is_same, release, series

# (major, minor, stepping) of a target, to compare by.
Order = tuple[int, int, int]


class AmdCard(Row, frozen=True, kw_only=True):
    """One product, or several of one target; `kind` is consumer, workstation, datacenter or built-in; `memory_gb` the variants sold."""

    name: str
    pattern: str
    target: str
    family: str
    kind: str
    memory_gb: tuple[int, ...]

    @property
    def is_sure(self) -> bool:
        """Whether the target may decide a finding."""
        return self.confidence is Confidence.HIGH

    @property
    def is_built_in(self) -> bool:
        """Whether it is part of a processor, so that its memory is the machine's."""
        return self.kind == "built-in"


class Device(Row, frozen=True, kw_only=True):
    """The PCI device numbers of a target, and the names that the kernel has for its chips."""

    target: str
    chips: tuple[str, ...]
    ids: tuple[str, ...]

    @property
    def is_sure(self) -> bool:
        """Whether the target may decide a finding."""
        return self.confidence is Confidence.HIGH


class Wheel(Row, frozen=True, kw_only=True):
    """The targets that the wheels of torch for a ROCm release have code for."""

    rocm: str
    targets: tuple[str, ...]


class Override(Row, frozen=True, kw_only=True):
    """What users set HSA_OVERRIDE_GFX_VERSION to for a target that builds have no code for."""

    target: str
    value: str
    products: str


class _Table(msgspec.Struct, frozen=True):
    card: tuple[AmdCard, ...]
    device: tuple[Device, ...]
    wheel: tuple[Wheel, ...]
    override: tuple[Override, ...]


@cache
def _table() -> _Table:
    return load("amd_cards", _Table)


@cache
def find_amd_card(name: str) -> AmdCard | None:
    """The product that a printed name means (`AMD Radeon RX 7900 XTX`, `Navi 22 [Radeon RX 6700/6700 XT / 6800M]`)."""
    return next((card for card in _table().card if re.search(card.pattern, name, re.IGNORECASE)), None)


def find_device(pci_id: str) -> Device | None:
    """The row of a device by its number, `1002:67df`."""
    vendor, _, number = pci_id.lower().partition(":")
    return next((row for row in _table().device if number in row.ids), None) if vendor == "1002" else None


def find_chip(name: str) -> Device | None:
    """The row of a chip by the kernel's name for it, `POLARIS10`."""
    return next((row for row in _table().device if name.upper() in row.chips), None)


def find_wheel(rocm: str) -> Wheel | None:
    """What torch's wheels for a ROCm release have code for: that very release, else the one of its series."""
    rows = _table().wheel
    exact = next((row for row in rows if is_same(row.rocm, rocm)), None)
    return exact or next((row for row in rows if row.rocm == series(rocm)), None)


def find_override(target: str) -> Override | None:
    """What users set for a target, where anything is known."""
    return next((row for row in _table().override if row.target == target), None)


def order_of(target: str) -> Order | None:
    """`gfx90a` → (9, 0, 10); None for what is no target."""
    found = re.fullmatch(r"gfx(\d{1,2})([0-9a-f])([0-9a-f])", target)
    return (int(found[1]), int(found[2], 16), int(found[3], 16)) if found else None


@cache
def oldest_target() -> Order:
    """The lowest target that any known wheel of torch has code for."""
    return min(order for row in _table().wheel for target in row.targets if (order := order_of(target)) is not None)


def newest_wheel_with(target: str, *, sure: bool = False) -> Wheel | None:
    """The wheels of the newest ROCm that have code for a target; `sure`: of the rows of high confidence."""
    rows = (row for row in _table().wheel if not sure or row.confidence is Confidence.HIGH)
    return max((row for row in rows if target in row.targets), key=lambda row: release(row.rocm), default=None)
