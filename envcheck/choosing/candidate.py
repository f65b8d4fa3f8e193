"""One build that exists, with all that it needs, and whether a machine has it."""

import enum
from functools import lru_cache

import msgspec

from envcheck.choosing.build import Companion, Reason, Wishes
from envcheck.choosing.machine import Machine, capability_of
from envcheck.knowledge.capability import Capability, runs_on, shown
from envcheck.knowledge.drivers import find_minimum
from envcheck.knowledge.table import Row
from envcheck.knowledge.versions import is_below, is_same, major, release, series

_PLATFORMS = {
    "linux_x86_64": "Linux on x86-64",
    "linux_aarch64": "Linux on ARM",
    "win_amd64": "Windows on x86-64",
    "win_arm64": "Windows on ARM",
    "macos_arm64": "macOS on Apple silicon",
    "macos_x86_64": "macOS on Intel processors",
}
_KINDS = {"cpu": "the CPU", "cuda": "CUDA", "rocm": "ROCm", "xpu": "Intel GPUs", "metal": "Apple GPUs"}


class Stage(enum.IntEnum):
    """What a candidate failed on; those that came further are nearer to a fit."""

    WISH = 0
    PLATFORM = 1
    PYTHON = 2
    SYSTEM = 3
    DRIVER = 4
    CARD = 5


class Refusal(msgspec.Struct, frozen=True):
    """Why a machine cannot have a candidate: a clause with the candidate as its subject."""

    stage: Stage
    words: str


class Candidate(msgspec.Struct, frozen=True):
    """A release in one variant; an empty field asks for nothing. `kind` is cpu, cuda, rocm, xpu or metal.

    Of a `doubtful` one the tables only guess that it exists. `targets` are compiled by CUDA `cuda`; `rocm` is the major version that the
    machine has to have, where the build does not bring it.
    """

    distribution: str
    version: str
    kind: str
    variant: str
    platforms: tuple[str, ...]
    pythons: tuple[str, ...]
    rows: tuple[Row, ...]
    index: str | None = None
    extras: tuple[str, ...] = ()
    doubtful: bool = False
    any_implementation: bool = False
    musl: bool = False
    glibc: str = ""
    macos: str = ""
    avx: bool = False
    cuda: str = ""
    driver_min: str = ""
    targets: tuple[str, ...] = ()
    capability_min: str = ""
    gfx: tuple[str, ...] = ()
    rocm: str = ""
    companions: tuple[Companion, ...] = ()
    notes: tuple[Reason, ...] = ()

    @property
    def name(self) -> str:
        """`torch 2.14.1 for CUDA 12.6`."""
        which = f"CUDA {self.cuda}" if self.cuda else kind_in_words(self.kind)
        return f"{self.distribution} {self.version} for {which}"


def in_words(platform: str) -> str:
    """`linux_x86_64` → "Linux on x86-64"."""
    return _PLATFORMS.get(platform, platform.replace("_", " on "))


def kind_in_words(kind: str) -> str:
    """`rocm` → "ROCm"."""
    return _KINDS.get(kind, kind)


def is_wished(version: str, wishes: Wishes) -> bool:
    """Whether a release is in the wished range: a wish of two numbers means a series, of more that very release."""
    wanted = release(wishes.version)
    if wanted and not (is_same(version, wishes.version) if len(wanted) > 2 else release(version)[: len(wanted)] == wanted):
        return False
    return not (wishes.at_least and is_below(version, wishes.at_least)) and not (wishes.below and not is_below(version, wishes.below))


def is_wished_cuda(cuda: str, wishes: Wishes) -> bool:
    """Whether a CUDA is of the wished family: `12` is any of it, `12.6` that one; a build that tells the major number only may be any."""
    wanted = release(wishes.cuda)
    length = min(len(wanted), len(release(cuda)), 2)
    return release(cuda)[:length] == wanted[:length]


is_older = lru_cache(maxsize=4096)(is_below)


def refuse(candidate: Candidate, machine: Machine) -> Refusal | None:
    """The first thing that the machine lacks; None: it can have the candidate."""
    if candidate.doubtful:
        return Refusal(Stage.WISH, "is not certain to exist")
    if machine.place.platform not in candidate.platforms and "any" not in candidate.platforms:
        return Refusal(Stage.PLATFORM, f"has no wheel for {in_words(machine.place.platform)}")
    refusal = _python(candidate, machine) or _system(candidate, machine)
    if refusal is not None or candidate.kind in ("cpu", "xpu", "metal"):
        return refusal
    if candidate.kind == "rocm":
        return _rocm(candidate, machine)
    return _driver(candidate, machine) or _nvidia_card(candidate, machine)


def _python(candidate: Candidate, machine: Machine) -> Refusal | None:
    if not candidate.any_implementation and not machine.cpython:
        return Refusal(Stage.PYTHON, "has wheels for CPython only")
    if not candidate.any_implementation and machine.bits == 32:
        return Refusal(Stage.PYTHON, "has no wheel for a 32-bit Python")
    if machine.place.python and machine.place.python not in candidate.pythons:
        return Refusal(Stage.PYTHON, f"has no wheel for Python {machine.place.python}")
    return None


def _system(candidate: Candidate, machine: Machine) -> Refusal | None:
    if machine.place.os == "linux" and candidate.glibc:
        if machine.place.musl and not candidate.musl:
            return Refusal(Stage.SYSTEM, "has wheels for glibc only, and this system has musl")
        if not machine.place.musl and machine.glibc is not None and is_older(machine.glibc, candidate.glibc):
            return Refusal(Stage.SYSTEM, f"needs glibc {candidate.glibc}, and this system has {machine.glibc}")
    if machine.place.os == "macos" and machine.macos is not None and candidate.macos and is_older(machine.macos, candidate.macos):
        return Refusal(Stage.SYSTEM, f"needs macOS {candidate.macos}, and this is {machine.macos}")
    if candidate.avx and machine.avx is False and machine.place.processor in ("x86_64", "amd64"):
        return Refusal(Stage.SYSTEM, "needs a processor with AVX")
    return None


def driver_floor(candidate: Candidate, *, windows: bool) -> str:
    """The oldest driver that runs it: of its CUDA's family, or its own where that is newer."""
    return _floor(candidate.cuda, "" if windows else candidate.driver_min, windows)


@lru_cache(maxsize=256)
def _floor(cuda: str, own: str, windows: bool) -> str:
    row = find_minimum(cuda)
    family = row.version(windows=windows) if row is not None else ""
    return own if own and (not family or is_older(family, own)) else family


def _driver(candidate: Candidate, machine: Machine) -> Refusal | None:
    if not machine.knows_driver:
        return None
    floor = driver_floor(candidate, windows=machine.windows_driver)
    if machine.driver is not None and floor and is_older(machine.driver, floor):
        return Refusal(Stage.DRIVER, f"needs driver {floor}, and this one is {machine.driver}")
    if machine.driver_cuda is not None and major(machine.driver_cuda) < major(candidate.cuda):
        return Refusal(
            Stage.DRIVER, f"needs a driver for CUDA {major(candidate.cuda)}, and this one runs CUDA {machine.driver_cuda} at most"
        )
    return None


def _nvidia_card(candidate: Candidate, machine: Machine) -> Refusal | None:
    for capability in machine.capabilities:
        if capability < capability_of(candidate.capability_min):
            return Refusal(Stage.CARD, f"needs compute capability {candidate.capability_min}, and there is one of {shown(capability)}")
        if candidate.targets and code_for(candidate, capability, machine) is None:
            return Refusal(Stage.CARD, _lacks(candidate, capability))
    return None


def _lacks(candidate: Candidate, capability: Capability) -> str:
    if _best(candidate.targets, capability) is not None:
        return f"has PTX only for compute capability {shown(capability)}, which needs a driver for CUDA {series(candidate.cuda)}"
    return f"has no code for compute capability {shown(capability)}"


def code_for(candidate: Candidate, capability: Capability, machine: Machine) -> str | None:
    """The target that runs on a card: machine code before PTX, which a driver compiles only if it is as new as the CUDA that wrote it."""
    target = _best(candidate.targets, capability)
    if target is None or target.startswith("sm_") or machine.driver_cuda is None:
        return target
    return None if is_older(machine.driver_cuda, series(candidate.cuda)) else target


@lru_cache(maxsize=1024)
def _best(targets: tuple[str, ...], capability: Capability) -> str | None:
    fitting = [target for target in targets if runs_on(target, capability)]
    """The newest machine code, else the newest PTX: lists are in ascending order."""
    code = [target for target in fitting if target.startswith("sm_")]
    return next(iter(reversed(code or fitting)), None)


def _rocm(candidate: Candidate, machine: Machine) -> Refusal | None:
    if candidate.rocm and machine.rocm is not None and major(machine.rocm) != major(candidate.rocm):
        return Refusal(Stage.DRIVER, f"needs ROCm {candidate.rocm} on the machine, and this has {machine.rocm}")
    for gpu in machine.amd:
        if gpu.target is not None and candidate.gfx and gpu.target not in candidate.gfx:
            return Refusal(Stage.CARD, f"has no code for {gpu.target}")
    return None
