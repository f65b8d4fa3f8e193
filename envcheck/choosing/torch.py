"""The builds of torch: releases, newest first, and of each the variants on its download index."""

from collections.abc import Iterator

from envcheck.choosing.build import Companion, Reason, Wishes
from envcheck.choosing.candidate import Candidate, is_wished, is_wished_cuda
from envcheck.choosing.machine import Place
from envcheck.knowledge.amd_cards import find_wheel
from envcheck.knowledge.metal import oldest_macos
from envcheck.knowledge.table import Confidence
from envcheck.knowledge.torch import COMPANIONS, Release, Wheel, find_kernels, releases, wheels_of
from envcheck.knowledge.versions import is_below

KINDS = ("cuda", "rocm", "xpu", "metal")


def candidates(place: Place, kind: str, wishes: Wishes) -> Iterator[Candidate]:
    """Every build of a kind that is wished for, the newest release first, and of a release the newest CUDA or ROCm."""
    for row in releases():
        if not is_wished(row.version, wishes):
            continue
        if place.os == "macos":
            yield from _for_mac(row, place, kind)
        else:
            for wheel in wheels_of(row.version, kind):
                if kind != "cuda" or is_wished_cuda(wheel.cuda, wishes):
                    yield _from_index(row, wheel, place)


def _for_mac(row: Release, place: Place, kind: str) -> Iterator[Candidate]:
    """One wheel, on PyPI, is for the CPU and for Apple's GPUs."""
    macos = row.macos(place.processor, place.python)
    if not macos or kind not in ("cpu", "metal") or (kind == "metal" and place.processor != "arm64"):
        return
    with_gpu = oldest_macos(row.version)
    yield Candidate(
        distribution="torch",
        version=row.version,
        kind=kind,
        variant=kind,
        platforms=(place.platform,),
        pythons=row.python,
        rows=(row,),
        macos=with_gpu if kind == "metal" and is_below(macos, with_gpu) else macos,
        companions=companions(row),
    )


def _from_index(row: Release, wheel: Wheel, place: Place) -> Candidate:
    kernels = find_kernels(wheel.tag, row.version, place.platform) if wheel.kind == "cuda" else None
    targets = find_wheel(wheel.rocm) if wheel.kind == "rocm" else None
    on_pypi = wheel.kind == "cpu" and place.os == "win"
    return Candidate(
        distribution="torch",
        version=row.version,
        kind=wheel.kind,
        variant=wheel.tag,
        # A CUDA build whose kernels are in no table is not known to serve any card.
        platforms=wheel.platforms if wheel.kind != "cuda" or kernels is not None else (),
        pythons=row.python,
        rows=tuple(table for table in (row, wheel, kernels, targets) if table is not None),
        # An index that may not have the build is no answer.
        doubtful=wheel.confidence is Confidence.LOW,
        index=None if on_pypi else wheel.index,
        glibc=row.glibc_aarch64 if place.processor == "aarch64" else row.glibc,
        cuda=wheel.cuda,
        targets=kernels.arch_list if kernels is not None else (),
        gfx=targets.targets if targets is not None else (),
        companions=companions(row),
        notes=_notes(wheel),
    )


def companions(row: Release) -> tuple[Companion, ...]:
    """What was released with it, as that is on the same index; NumPy only where it has to be an old one."""
    found = [Companion(name, row.companions(name)[0]) for name in COMPANIONS if row.companions(name)]
    return (*found, *(() if row.numpy2 else (Companion("numpy", "<2"),)))


def _notes(wheel: Wheel) -> tuple[Reason, ...]:
    if wheel.kind == "rocm":
        return (Reason(wheel.tag, "it brings ROCm's libraries; the machine needs the kernel driver amdgpu only", wheel.source),)
    if wheel.kind == "xpu":
        return (Reason(wheel.tag, "it brings oneAPI's libraries; the machine needs Intel's GPU driver only", wheel.source),)
    return ()
