"""Releases of JAX: which jaxlib each takes, the versions of its plugins for GPUs, and the extras that bring them."""

from functools import cache

import msgspec

from envcheck.knowledge.table import Row, load
from envcheck.knowledge.versions import is_same


class Release(Row, frozen=True, kw_only=True):
    """One release; `jaxlib` is the range that it accepts (`<=0.8.3,>=0.8.2`), empty where it names none."""

    version: str
    requires_python: str
    python: tuple[str, ...]
    jaxlib: str
    extras: tuple[str, ...]
    platforms: tuple[str, ...]
    glibc: str
    macos_arm64: str
    macos_x86_64: str


class Plugin(Row, frozen=True, kw_only=True):
    """One release of a CUDA plugin, with the cuDNN that it needs."""

    name: str
    version: str
    requires_python: str
    cudnn: str


class Extra(Row, frozen=True, kw_only=True):
    """An extra that installs the plugin with CUDA: the oldest driver and card that it runs on, and the first JAX that has it.

    `targets` is what the plugin of the release `targets_of` has code for.
    """

    name: str
    driver_min: str
    capability_min: str
    first_jax: str
    targets: tuple[str, ...]
    targets_of: str

    @property
    def cuda(self) -> str:
        """The major version of its CUDA."""
        return self.name.removeprefix("cuda")


class Rocm(Row, frozen=True, kw_only=True):
    """The extra of a release for AMD's cards, with the major version of ROCm that the machine has to have; Linux x86-64."""

    jax: str
    extra: str
    plugin: str
    rocm: str
    glibc: str
    python: tuple[str, ...]


class Metal(Row, frozen=True, kw_only=True):
    """A release of Apple's plugin, jax-metal, with the range of jaxlib that it takes and the oldest macOS."""

    plugin: str
    jaxlib: str
    macos: str


class _Table(msgspec.Struct, frozen=True):
    release: tuple[Release, ...]
    plugin: tuple[Plugin, ...]
    extra: tuple[Extra, ...]
    rocm: tuple[Rocm, ...]
    metal: tuple[Metal, ...]


@cache
def _table() -> _Table:
    return load("jax_releases", _Table)


def releases() -> tuple[Release, ...]:
    """All known releases, the newest first."""
    return _table().release


def find_rocm(version: str) -> Rocm | None:
    """The row of a release that has a plugin for AMD's cards."""
    return next((row for row in _table().rocm if is_same(row.jax, version)), None)


def metal_plugins() -> tuple[Metal, ...]:
    """Apple's plugins, the newest first."""
    return _table().metal


def find_release(version: str) -> Release | None:
    """The row of that very release of JAX."""
    return next((row for row in _table().release if is_same(row.version, version)), None)


def find_plugin(name: str, version: str) -> Plugin | None:
    """The row of that very release of a plugin."""
    return next((row for row in _table().plugin if row.name == name and is_same(row.version, version)), None)


def cuda_extras() -> tuple[Extra, ...]:
    """The extras that bring CUDA, the newest CUDA first."""
    return tuple(sorted(_table().extra, key=lambda row: row.name, reverse=True))
