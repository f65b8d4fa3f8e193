"""What the wheels of packages other than the tensor frameworks need of an NVIDIA card and its driver."""

from functools import cache

import msgspec

from envcheck.knowledge.table import Row, load
from envcheck.knowledge.versions import is_below


class CudaBuild(Row, frozen=True, kw_only=True):
    """Releases in a row that were built for one CUDA; no targets: they were not read; `driver_min` is Linux's."""

    package: str
    first: str
    last: str
    cuda: str
    driver_min: str
    capability_min: str
    targets: tuple[str, ...]
    platforms: tuple[str, ...]
    glibc: str = ""


class _Table(msgspec.Struct, frozen=True):
    cuda: tuple[CudaBuild, ...]


@cache
def _rows() -> tuple[CudaBuild, ...]:
    return load("package_cuda", _Table).cuda


def find_cuda_build(package: str, version: str) -> CudaBuild | None:
    """The row of a release; None: it has no code for NVIDIA's cards, or it is not known for which."""
    rows = (row for row in _rows() if row.package == package)
    return next((row for row in rows if not is_below(version, row.first) and not is_below(row.last, version)), None)
