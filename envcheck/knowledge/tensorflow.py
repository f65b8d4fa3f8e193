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
    """One release; `extra`: its extra `and-cuda` brings the CUDA libraries; `windows_gpu`: its Windows wheel was built with CUDA."""

    version: str
    python: tuple[str, ...]
    cuda: str
    cudnn: str
    extra: bool
    windows_gpu: bool
    keras: tuple[str, ...]
    platforms: tuple[str, ...]


class _Table(msgspec.Struct, frozen=True):
    release: tuple[Release, ...]


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


def newest_for_python(python: str, *, extra: bool = False) -> Release | None:
    """The newest release with a wheel for a Python (`3.11.4`); `extra`: one whose CUDA comes with it."""
    rows = (row for row in releases() if row.extra or not extra)
    return next((row for row in rows if not python or series(python) in row.python), None)


def computes_on_windows(version: str) -> bool:
    """Whether that release has a GPU build for native Windows; one of no table by its number."""
    row = find_release(version)
    return row.windows_gpu if row is not None else is_below(version, "2.11")
