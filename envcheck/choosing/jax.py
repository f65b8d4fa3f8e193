"""The builds of JAX: jaxlib is for the CPU, and an extra brings the plugin for CUDA or ROCm; Apple's plugin is a package of its own."""

from collections.abc import Iterator

from msgspec.structs import replace

from envcheck.choosing.build import Companion, Reason, Wishes
from envcheck.choosing.candidate import Candidate, is_wished, is_wished_cuda
from envcheck.choosing.machine import Place
from envcheck.knowledge.jax import Extra, Release, Rocm, cuda_extras, find_rocm, metal_plugins, releases
from envcheck.knowledge.specifiers import accepts
from envcheck.knowledge.versions import is_below

KINDS = ("cuda", "rocm")
_CUDA_PLATFORMS = ("linux_x86_64", "linux_aarch64")


def candidates(place: Place, kind: str, wishes: Wishes) -> Iterator[Candidate]:
    """Every build of a kind that is wished for, the newest release first, and of a release the newest CUDA."""
    for row in releases():
        if not is_wished(row.version, wishes):
            continue
        if kind == "cpu":
            yield _candidate(row, place, kind)
        elif kind == "cuda":
            extras = (extra for extra in cuda_extras() if extra.name in row.extras and not is_below(row.version, extra.first_jax))
            yield from (_for_cuda(row, extra, place) for extra in extras if is_wished_cuda(extra.cuda, wishes))
        elif kind == "rocm" and (plugin := find_rocm(row.version)) is not None:
            yield _for_rocm(row, plugin, place)
        elif kind == "metal":
            yield from _for_metal(row, place)


def _candidate(row: Release, place: Place, kind: str) -> Candidate:
    return Candidate(
        distribution="jax",
        version=row.version,
        kind=kind,
        variant=kind if kind in ("cpu", "metal") else "",
        platforms=row.platforms,
        pythons=row.python,
        rows=(row,),
        glibc=row.glibc,
        macos=row.macos_x86_64 if place.processor == "x86_64" else row.macos_arm64,
        avx=True,
    )


def _for_cuda(row: Release, extra: Extra, place: Place) -> Candidate:
    read = Reason(extra.name, f"its list of targets was read from the plugin of {extra.targets_of}, not from {row.version}'s", extra.source)
    return replace(
        _candidate(row, place, "cuda"),
        platforms=tuple(platform for platform in row.platforms if platform in _CUDA_PLATFORMS),
        extras=(extra.name,),
        rows=(row, extra),
        cuda=extra.cuda,
        driver_min=extra.driver_min,
        targets=extra.targets,
        capability_min=extra.capability_min,
        notes=() if row.version == extra.targets_of else (read,),
    )


def _for_rocm(row: Release, plugin: Rocm, place: Place) -> Candidate:
    needed = Reason(plugin.extra, f"ROCm {plugin.rocm} has to be installed on the machine: the plugin does not bring it", plugin.source)
    return replace(
        _candidate(row, place, "rocm"),
        platforms=("linux_x86_64",),
        pythons=plugin.python,
        extras=(plugin.extra,),
        rows=(row, plugin),
        glibc=plugin.glibc,
        rocm=plugin.rocm,
        notes=(needed,),
    )


def _for_metal(row: Release, place: Place) -> Iterator[Candidate]:
    plain = _candidate(row, place, "metal")
    for plugin in metal_plugins():
        if accepts(plugin.jaxlib, row.version):
            old = Reason(
                "jax-metal", "Apple's plugin is experimental and not kept up with JAX; set ENABLE_PJRT_COMPATIBILITY=1", plugin.source
            )
            yield replace(
                plain,
                platforms=tuple(platform for platform in row.platforms if platform == "macos_arm64"),
                rows=(row, plugin),
                macos=plugin.macos,
                companions=(Companion("jax-metal", plugin.plugin),),
                notes=(old,),
            )
            return
