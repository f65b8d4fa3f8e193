"""Releases and wheels of torch: which exist, what they install on and are compiled for, and which companions belong to them."""

from functools import cache

import msgspec

from envcheck.knowledge.capability import Capability, parse_capability
from envcheck.knowledge.table import Row, load
from envcheck.knowledge.versions import is_below, is_same, release, series

# Where PyTorch keeps the wheels of every variant: its tag follows.
WHEEL_INDEX = "https://download.pytorch.org/whl/"
# What is released with every torch, compiled against that very one.
COMPANIONS = ("torchvision", "torchaudio")


class Release(Row, frozen=True, kw_only=True):
    """One release; `pypi_cuda` is the CUDA of the wheel that a plain install takes on Linux x86-64; an empty companion list pins none.

    `glibc…` and `macos_…` are the oldest that its wheels install on, empty where there are none.
    """

    version: str
    python: tuple[str, ...]
    torchvision: tuple[str, ...]
    torchaudio: tuple[str, ...]
    pypi_cuda: str
    numpy2: bool
    pypi_aarch64_cuda: str = ""
    glibc: str
    glibc_aarch64: str
    macos_arm64: str
    macos_x86_64: str
    macos_14_pythons: tuple[str, ...] = ()

    def macos(self, machine: str, python: str = "") -> str:
        """The oldest macOS for a processor (arm64, x86_64), with that Python (`3.13t`); empty: there is no wheel for it."""
        if machine == "x86_64":
            return self.macos_x86_64
        return "14.0" if python in self.macos_14_pythons else self.macos_arm64

    def companions(self, name: str) -> tuple[str, ...]:
        """The versions of torchvision or torchaudio that belong to it."""
        return self.torchvision if name == "torchvision" else self.torchaudio if name == "torchaudio" else ()


class Series(Row, frozen=True, kw_only=True):
    """The companion's series that belongs to a torch series, for releases that have no row of their own."""

    torch: str
    companion: str
    version: str


class Unpinned(Row, frozen=True, kw_only=True):
    """From this version on a companion runs with every torch from `torch_min` on."""

    companion: str
    version: str
    torch_min: str


class Wheel(Row, frozen=True, kw_only=True):
    """A variant that a torch series has on the download index; `kind` is cpu, cuda, rocm or xpu."""

    tag: str
    torch: str
    kind: str
    index: str
    platforms: tuple[str, ...]
    cuda: str = ""
    rocm: str = ""


class Kernels(Row, frozen=True, kw_only=True):
    """The compute capabilities that the wheels of one tag have machine code for; `ptx`: and the newest also as PTX."""

    tag: str
    torch_min: str
    torch_max: str
    platforms: tuple[str, ...]
    capabilities: tuple[str, ...]
    ptx: bool

    @property
    def arch_list(self) -> tuple[str, ...]:
        """As torch itself prints it: `sm_80`, and `compute_120` for the PTX."""
        targets = [capability.replace(".", "") for capability in self.capabilities]
        return (*(f"sm_{target}" for target in targets), *((f"compute_{targets[-1]}",) if self.ptx else ()))


class _Releases(msgspec.Struct, frozen=True):
    release: tuple[Release, ...]
    series: tuple[Series, ...]
    unpinned: tuple[Unpinned, ...]


class _Wheels(msgspec.Struct, frozen=True):
    wheel: tuple[Wheel, ...]
    kernels: tuple[Kernels, ...]


@cache
def _releases() -> _Releases:
    return load("torch_releases", _Releases)


@cache
def _wheels() -> _Wheels:
    return load("torch_wheels", _Wheels)


def releases() -> tuple[Release, ...]:
    """All known releases, the newest first."""
    return _releases().release


def find_release(version: str) -> Release | None:
    """The row of that very release."""
    return next((row for row in _releases().release if is_same(row.version, version)), None)


def find_series(torch: str, companion: str) -> Series | None:
    """The companion's series for a torch that has no row of its own."""
    return next((row for row in _releases().series if row.torch == series(torch) and row.companion == companion), None)


def find_unpinned(companion: str, version: str) -> Unpinned | None:
    """The row that frees this version of a companion from one exact torch."""
    return next((row for row in _releases().unpinned if row.companion == companion and not is_below(version, row.version)), None)


def companion_of(torch: str, name: str) -> str | None:
    """The companion that came with a release, as a version or a series ("0.13.*"); None: the tables know none."""
    row = find_release(torch)
    if row is not None:
        return row.companions(name)[0] if row.companions(name) else None
    older = find_series(torch, name)
    return f"{older.version}.*" if older is not None else None


@cache
def wheels_of(torch: str, kind: str) -> tuple[Wheel, ...]:
    """The variants of a kind that the series of a release has, the newest CUDA or ROCm first."""
    found = (row for row in _wheels().wheel if row.torch == series(torch) and row.kind == kind)
    return tuple(sorted(found, key=lambda row: release(row.cuda or row.rocm), reverse=True))


@cache
def find_kernels(tag: str, torch: str, platform: str) -> Kernels | None:
    """What the wheel of a tag is compiled for, on a platform such as `linux_x86_64`."""
    wanted = series(torch)
    for row in _wheels().kernels:
        if row.tag == tag and platform in row.platforms and not is_below(wanted, row.torch_min) and not is_below(row.torch_max, wanted):
            return row
    return None


def oldest_capability() -> Capability:
    """The lowest compute capability that any known wheel of torch has code for."""
    every = (parse_capability(capability) for row in _wheels().kernels for capability in row.capabilities)
    return min(capability for capability in every if capability is not None)
