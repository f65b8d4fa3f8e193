"""Releases of TensorFlow: the CUDA and cuDNN that each needs, who brings them, and where it can compute on a GPU at all."""

from functools import cache

import msgspec

from envcheck.knowledge.table import Row, load
from envcheck.knowledge.versions import is_below, is_same, release, series

# The newest release whose wheel for native Windows was built with CUDA, and what replaced it there: a plugin that stopped at this release.
LAST_WINDOWS_GPU = "2.10"
LAST_DIRECTML = "2.10"
# From here on `import keras` beside TensorFlow is Keras 3.
FIRST_KERAS_3 = "2.16"
# The first release whose extra `and-cuda` brings CUDA and cuDNN, on Linux.
FIRST_EXTRA = "2.14"


class Release(Row, frozen=True, kw_only=True):
    """One release; `extra`: its extra `and-cuda` brings the CUDA libraries; `windows_gpu`: its Windows wheel was built with CUDA.

    `targets` is what its Linux wheel has code for, by CUDA `wheel_cuda`, and `driver_min` Linux's; empty where that was not read.
    """

    version: str
    python: tuple[str, ...]
    cuda: str
    cudnn: str
    extra: bool
    windows_gpu: bool
    keras: tuple[str, ...]
    platforms: tuple[str, ...]
    targets: tuple[str, ...] = ()
    wheel_cuda: str = ""
    capability_min: str = ""
    driver_min: str = ""
    glibc: str = ""
    macos_arm64: str = ""
    macos_x86_64: str = ""


class Metal(Row, frozen=True, kw_only=True):
    """The plugin of Apple's (tensorflow-metal) that belongs to a series of TensorFlow; no Pythons: they are not known."""

    tensorflow: str
    plugin: str
    macos: str
    python: tuple[str, ...]


class _Table(msgspec.Struct, frozen=True):
    release: tuple[Release, ...]
    metal: tuple[Metal, ...]


def releases() -> tuple[Release, ...]:
    """All known releases, the newest first."""
    return _table().release


@cache
def _table() -> _Table:
    return load("tensorflow_releases", _Table)


def find_release(version: str) -> Release | None:
    """The row of that release, else one of its series: CUDA is chosen once for a series."""
    if not release(version):
        return None
    rows = releases()
    exact = next((row for row in rows if is_same(row.version, version)), None)
    return exact or next((row for row in rows if series(row.version) == series(version)), None)


def releases_for(cuda: str) -> tuple[Release, ...]:
    """The releases that look for the libraries of that CUDA, the newest first: before 11 its whole number counts, else its major."""
    exact = is_below(cuda, "11")
    return tuple(row for row in releases() if (is_same(row.cuda, cuda) if exact else row.cuda.partition(".")[0] == cuda.partition(".")[0]))


def computes_on_windows(version: str) -> bool:
    """Whether that release has a GPU build for native Windows; one of no table by its number."""
    row = find_release(version)
    return row.windows_gpu if row is not None else is_below(version, "2.11")


def metal_releases() -> tuple[Metal, ...]:
    """The plugins for Apple's GPUs, the one of the newest TensorFlow first."""
    return tuple(sorted(_table().metal, key=lambda row: release(row.tensorflow), reverse=True))


def find_metal(version: str) -> Metal | None:
    """The plugin for Apple's GPUs that belongs to a release; None: none is known to."""
    return next((row for row in _table().metal if row.tensorflow == series(version)), None)
