"""The builds of all other packages: the wheels on PyPI, and what those with code for NVIDIA's cards need of driver and card."""

from collections.abc import Iterator

from msgspec.structs import replace

from envcheck.choosing.build import Reason, Wishes
from envcheck.choosing.candidate import Candidate, is_wished, is_wished_cuda
from envcheck.choosing.machine import Place
from envcheck.knowledge.onnx_runtime import find_needs
from envcheck.knowledge.package_cuda import CudaBuild, find_cuda_build
from envcheck.knowledge.packages import Release, releases_of
from envcheck.knowledge.python_wheels import Wheel, wheels_of
from envcheck.knowledge.specifiers import accepts
from envcheck.knowledge.versions import is_below, release

# What computes on NVIDIA's cards, and the distribution that does; one that is named as it is stands for both.
_FOR_CUDA = {"xgboost": "xgboost", "onnxruntime": "onnxruntime-gpu"}
_ANY_PYTHON = "py3"
# Of pure Python and of the stable interface: as many as there may be for a while.
_PYTHONS = tuple(f"3.{minor}{free}" for minor in range(6, 20) for free in ("", "t"))
_SYSTEMS = {"linux": "linux", "win": "windows", "macos": "macos"}


def kinds_of(framework: str) -> tuple[str, ...]:
    """The devices beside the CPU that its wheels have code for."""
    return ("cuda",) if framework in _FOR_CUDA else ()


def candidates(framework: str, place: Place, kind: str, wishes: Wishes) -> Iterator[Candidate]:
    """Every release that is wished for, the newest first."""
    name = _FOR_CUDA.get(framework, "") if kind == "cuda" else framework if kind == "cpu" else ""
    for candidate in _of_package(name, place) if name else ():
        if not is_wished(candidate.version, wishes):
            continue
        if kind == "cpu":
            yield candidate
        elif (row := find_cuda_build(name, candidate.version)) is not None and is_wished_cuda(row.cuda, wishes):
            yield _with_cuda(candidate, row)


def _of_package(name: str, place: Place) -> Iterator[Candidate]:
    """By the wheels of each platform where those were read, else by the release as a whole."""
    read = {row.version: row for row in reversed(wheels_of(name)) if _is_for(row, place)}
    listed = {row.version: row for row in releases_of(name) if row.python}
    every = {row.version for row in wheels_of(name)} | set(listed)
    for version in sorted(every, key=release, reverse=True):
        if version in read:
            yield _of_wheel(read[version], place)
        elif version in listed:
            yield _of_release(listed[version])


def _is_for(row: Wheel, place: Place) -> bool:
    return (row.os, row.machine, row.libc) == (_SYSTEMS.get(place.os, ""), place.processor, "musl" if place.musl else "")


def _of_wheel(row: Wheel, place: Place) -> Candidate:
    oldest = row.oldest_system(place.python)
    return Candidate(
        distribution=row.package,
        version=row.version,
        kind="cpu",
        variant="",
        platforms=(place.platform,),
        pythons=_pythons(row.python, row.requires_python),
        rows=(row,),
        musl=row.libc == "musl",
        glibc=oldest if place.os == "linux" else "",
        macos=oldest if place.os == "macos" else "",
    )


def _of_release(row: Release) -> Candidate:
    pure = "any" in row.platforms
    return Candidate(
        distribution=row.name,
        version=row.version,
        kind="cpu",
        variant="",
        platforms=row.platforms,
        pythons=_pythons(row.python, row.requires_python),
        rows=(row,),
        any_implementation=pure,
        musl=pure,
        glibc="" if pure else row.glibc_min,
    )


def _pythons(tags: tuple[str, ...], requires: str) -> tuple[str, ...]:
    """Every Python that one of the tags ("3.12", "3.13t", "3.12+" the stable interface, "py3") and Requires-Python allow."""
    return tuple(python for python in _PYTHONS if accepts(requires, python.rstrip("t")) and any(_covers(tag, python) for tag in tags))


def _covers(tag: str, python: str) -> bool:
    if tag.endswith("+"):
        return not python.endswith("t") and not is_below(python, tag[:-1])
    return tag in (_ANY_PYTHON, python)


def _with_cuda(plain: Candidate, row: CudaBuild) -> Candidate:
    needs = find_needs(plain.version) if plain.distribution == "onnxruntime-gpu" else None
    brought = ("cuda", "cudnn") if needs is not None and needs.extras else ()
    missing = (
        (
            Reason(
                f"CUDA {needs.cuda} and cuDNN {needs.cudnn}",
                "the wheel does not bring them: they have to be on the library path",
                needs.source,
            ),
        )
        if needs is not None and not needs.extras
        else ()
    )
    return replace(
        plain,
        kind="cuda",
        platforms=tuple(platform for platform in plain.platforms if platform in row.platforms),
        rows=(*plain.rows, row),
        extras=brought,
        glibc=row.glibc or plain.glibc,
        cuda=row.cuda,
        driver_min=row.driver_min,
        targets=row.targets,
        capability_min=row.capability_min,
        notes=missing,
    )
