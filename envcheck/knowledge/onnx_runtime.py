"""Which CUDA and cuDNN a release of onnxruntime-gpu is built for."""

from functools import cache

import msgspec

from envcheck.knowledge.table import Row, load
from envcheck.knowledge.versions import is_below


class Releases(Row, frozen=True, kw_only=True):
    """Releases in a row with the same needs; `extras`: `onnxruntime-gpu[cuda,cudnn]` brings NVIDIA's libraries."""

    first: str
    last: str
    cuda: int
    cudnn: int
    extras: bool


class _Table(msgspec.Struct, frozen=True):
    releases: tuple[Releases, ...]


@cache
def _rows() -> tuple[Releases, ...]:
    return load("onnxruntime_cuda", _Table).releases


def find_needs(version: str) -> Releases | None:
    """What that release needs; None: no row speaks of it."""
    return next((row for row in _rows() if not is_below(version, row.first) and not is_below(row.last, version)), None)


def newest_for(cuda: int, cudnn: int | None = None) -> Releases | None:
    """The newest releases for those major versions."""
    return next((row for row in _rows() if row.cuda == cuda and cudnn in (None, row.cudnn)), None)
