"""Releases of JAX: which jaxlib each takes, the versions of its CUDA plugins, and the extras that bring CUDA with them."""

from functools import cache

import msgspec

from envcheck.knowledge.table import Row, load
from envcheck.knowledge.versions import is_below, is_same, release


class Release(Row, frozen=True, kw_only=True):
    """One release; `jaxlib` is the range that it accepts (`<=0.8.3,>=0.8.2`), empty where it names none."""

    version: str
    requires_python: str
    python: tuple[str, ...]
    jaxlib: str
    extras: tuple[str, ...]


class Plugin(Row, frozen=True, kw_only=True):
    """One release of a CUDA plugin, with the cuDNN that it needs."""

    name: str
    version: str
    requires_python: str
    cudnn: str


class Extra(Row, frozen=True, kw_only=True):
    """An extra that installs the plugin with CUDA: the oldest driver and card that it runs on, and the first JAX that has it."""

    name: str
    driver_min: str
    capability_min: str
    first_jax: str


class _Table(msgspec.Struct, frozen=True):
    release: tuple[Release, ...]
    plugin: tuple[Plugin, ...]
    extra: tuple[Extra, ...]


@cache
def _table() -> _Table:
    return load("jax_releases", _Table)


def find_release(version: str) -> Release | None:
    """The row of that very release of JAX."""
    return next((row for row in _table().release if is_same(row.version, version)), None)


def find_plugin(name: str, version: str) -> Plugin | None:
    """The row of that very release of a plugin."""
    return next((row for row in _table().plugin if row.name == name and is_same(row.version, version)), None)


def cuda_extras() -> tuple[Extra, ...]:
    """The extras that bring CUDA, the newest CUDA first."""
    return tuple(sorted(_table().extra, key=lambda row: row.name, reverse=True))


def accepts(specifier: str, version: str) -> bool:
    """Whether a version lies in a range of `<=` and `>=`; what has no number is not refused."""
    if not release(version):
        return True
    for bound in filter(None, (part.strip() for part in specifier.split(","))):
        if (bound.startswith(">=") and is_below(version, bound[2:])) or (bound.startswith("<=") and is_below(bound[2:], version)):
            return False
    return True
