"""The builds of TensorFlow: one wheel for each platform, to which the extra `and-cuda`, or Apple's plugin, brings a GPU."""

from collections.abc import Iterator

from msgspec.structs import replace

from envcheck.choosing.build import Companion, Reason, Wishes
from envcheck.choosing.candidate import Candidate, is_wished, is_wished_cuda
from envcheck.choosing.machine import Place
from envcheck.knowledge.numpy import find_first_for_numpy_2
from envcheck.knowledge.tensorflow import Metal, Release, find_metal, releases
from envcheck.knowledge.versions import is_below

KINDS = ("cuda",)
_EXTRA = "and-cuda"


def candidates(place: Place, kind: str, wishes: Wishes) -> Iterator[Candidate]:
    """Every release that is wished for and whose wheels are known, the newest first."""
    for row in releases():
        if not row.platforms or not is_wished(row.version, wishes):
            continue
        if kind == "cpu":
            yield _candidate(row, place, kind)
        elif kind == "cuda" and is_wished_cuda(row.cuda, wishes):
            yield _for_cuda(row, place)
        elif kind == "metal" and (plugin := find_metal(row.version)) is not None:
            yield _for_metal(row, plugin, place)


def _candidate(row: Release, place: Place, kind: str) -> Candidate:
    return Candidate(
        distribution="tensorflow",
        version=row.version,
        kind=kind,
        variant="" if kind == "cuda" else kind,
        platforms=row.platforms,
        pythons=row.python,
        rows=(row,),
        glibc=row.glibc,
        macos=row.macos_x86_64 if place.processor == "x86_64" else row.macos_arm64,
        avx=True,
        companions=_numpy(row),
    )


def _numpy(row: Release) -> tuple[Companion, ...]:
    first = find_first_for_numpy_2("tensorflow")
    return (Companion("numpy", "<2"),) if first is not None and is_below(row.version, first.version) else ()


def _for_cuda(row: Release, place: Place) -> Candidate:
    """On Linux for x86-64, and for native Windows up to 2.10; the other wheels have no code for CUDA."""
    there = ("linux_x86_64",) if place.os != "win" else ("win_amd64",) if row.windows_gpu else ()
    extras = (_EXTRA,) if row.extra and place.os == "linux" else ()
    libraries = () if extras else (_libraries(row),)
    return replace(
        _candidate(row, place, "cuda"),
        platforms=tuple(platform for platform in row.platforms if platform in there),
        extras=extras,
        cuda=row.wheel_cuda or row.cuda,
        driver_min=row.driver_min,
        targets=row.targets,
        capability_min=row.capability_min,
        notes=libraries,
    )


def _libraries(row: Release) -> Reason:
    which = f"CUDA {row.cuda} and cuDNN {row.cudnn}"
    return Reason(which, f"TensorFlow {row.version} does not bring them: install these very versions from NVIDIA's archive", row.source)


def _for_metal(row: Release, plugin: Metal, place: Place) -> Candidate:
    """With Apple's plugin, which is made for one series; where its Pythons are not known, those of TensorFlow count."""
    plain = _candidate(row, place, "metal")
    return replace(
        plain,
        platforms=tuple(platform for platform in row.platforms if platform == "macos_arm64"),
        pythons=tuple(python for python in row.python if not plugin.python or python in plugin.python),
        macos=plugin.macos if is_below(plain.macos, plugin.macos) else plain.macos,
        rows=(row, plugin),
        companions=(Companion("tensorflow-metal", plugin.plugin), *plain.companions),
    )
