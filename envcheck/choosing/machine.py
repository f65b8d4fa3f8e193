"""What of a snapshot decides which build a machine can have: platform, Python, C library, driver, cards."""

from typing import TypeVar

import msgspec

from envcheck.choosing.build import Wishes
from envcheck.facts.snapshot import Snapshot, known
from envcheck.judging.amd_cards import AmdGpu, amd_gpus
from envcheck.judging.cards import NvidiaCard, driver_cuda, has_windows_driver, nvidia_cards
from envcheck.judging.intel_gpus import intel_gpus
from envcheck.judging.macs import macos_version
from envcheck.judging.usable_gpus import is_given_away
from envcheck.knowledge.capability import Capability, parse_capability
from envcheck.knowledge.cards import find_card
from envcheck.knowledge.drivers import find_first_compiler, find_last_branch
from envcheck.knowledge.python_wheels import platform_of, wheel_platform
from envcheck.knowledge.versions import is_below, major, release, series
from envcheck.parsers.expression import regex

_FREE_THREADED_TAG = regex(r"cp\d+-cp\d+t-")
_FREE_THREADED_VERSION = regex(r"\d+\.\d+(?:\.\d+)?t|.*free-threading")
_Card = TypeVar("_Card", NvidiaCard, AmdGpu)

# One capability for each generation that builds have had code for, to stand for a card of which only the maker is known.
_GENERATIONS: tuple[Capability, ...] = ((5, 2), (6, 0), (7, 0), (7, 5), (8, 0), (9, 0), (10, 0), (12, 0))


class Place(msgspec.Struct, frozen=True):
    """What a wheel is made for: a platform as wheels name it (linux_x86_64, win_amd64, macos_arm64), and a Python ("3.13t"; empty: any)."""

    platform: str
    python: str
    musl: bool = False

    @property
    def os(self) -> str:
        """linux, win or macos."""
        return self.platform.partition("_")[0]

    @property
    def processor(self) -> str:
        """x86_64, aarch64, arm64, amd64."""
        return self.platform.partition("_")[2]


class Machine(msgspec.Struct, frozen=True):
    """The deciding facts; None and empty words: not known. `capabilities` are those that a CUDA build has to have code for."""

    place: Place
    assumed_platform: bool
    glibc: str | None
    macos: str | None
    cpython: bool
    bits: int | None
    avx: bool | None
    driver: str | None
    driver_cuda: str | None
    windows_driver: bool
    wsl: bool
    jetson: bool
    nvidia: tuple[NvidiaCard, ...]
    amd: tuple[AmdGpu, ...]
    intel: int
    rocm: str | None
    metal: bool
    capabilities: tuple[Capability, ...] = ()

    @property
    def knows_driver(self) -> bool:
        """Whether anything tells which CUDA the driver runs."""
        return self.driver is not None or self.driver_cuda is not None


def read_machine(facts: Snapshot, wishes: Wishes) -> Machine:
    """The machine, with the wished Python in the place of its own."""
    here = platform_of(facts)
    driver = facts.nvidia.driver_version
    return Machine(
        place=Place(wheel_platform(facts), _wished_python(wishes.python) or _python(facts), here.libc == "musl"),
        assumed_platform=not (here.os and here.machine),
        glibc=_glibc(facts),
        macos=macos_version(facts) if here.os == "macos" else None,
        cpython=bool(wishes.python) or known(facts.python.implementation, "CPython").lower() in ("cpython", ""),
        bits=None if wishes.python else known(facts.python.bits, None),
        avx=_has_avx(facts),
        driver=driver if isinstance(driver, str) and release(driver) else None,
        driver_cuda=driver_cuda(facts),
        windows_driver=has_windows_driver(facts),
        wsl=isinstance(facts.system.wsl, int),
        jetson=isinstance(facts.nvidia.jetson, str) or any(map(_is_jetson, nvidia_cards(facts))),
        nvidia=_within_reach(nvidia_cards(facts)),
        amd=_cards_before_built_in(_within_reach(amd_gpus(facts))),
        intel=sum(1 for card in intel_gpus(facts) if card.backend == "xpu" and card.integrated is not True),
        rocm=known(facts.amd.rocm_version, None),
        metal=facts.apple.metal is not None,
    )


def _glibc(facts: Snapshot) -> str | None:
    name, _, version = known(facts.system.libc, "").partition(" ")
    return version if name == "glibc" and release(version) else None


def _python(facts: Snapshot) -> str:
    version = known(facts.python.version, "")
    free = _FREE_THREADED_VERSION.match(version) or any(_FREE_THREADED_TAG.match(tag) for tag in facts.python.tags)
    return series(version) + ("t" if free and series(version) else "")


def _wished_python(python: str) -> str:
    return series(python.rstrip("t")) + ("t" if python.endswith("t") else "")


def _has_avx(facts: Snapshot) -> bool | None:
    features = facts.cpu.features
    return "avx" in features if isinstance(features, tuple) and features else None


def _within_reach(cards: tuple[_Card, ...]) -> tuple[_Card, ...]:
    """Those that are shown to programs and not lent to a virtual machine; where none is, every one: what hides them may be undone."""
    shown = tuple(card for card in cards if card.accelerator.visible is not False and card.accelerator.state != "hidden")
    return tuple(card for card in shown if not is_given_away(card.accelerator)) or cards


def _is_jetson(card: NvidiaCard) -> bool:
    row = find_card(known(card.accelerator.name, ""))
    return row is not None and row.kind == "jetson"


def _cards_before_built_in(gpus: tuple[AmdGpu, ...]) -> tuple[AmdGpu, ...]:
    """A card beside a processor's graphics is what computes; the graphics count where they are alone."""
    return tuple(gpu for gpu in gpus if not gpu.is_built_in) or gpus


def plausible_capabilities(machine: Machine) -> tuple[Capability, ...]:
    """One for each generation of NVIDIA cards that the driver serves, for a card of which nothing else is known."""
    return tuple(capability for capability in _GENERATIONS if _driver_serves(machine, capability))


def _driver_serves(machine: Machine, capability: Capability) -> bool:
    last = find_last_branch(f"{capability[0]}.{capability[1]}")
    if machine.driver is not None and last is not None and major(machine.driver) > last.branch + 9:
        return False
    first = find_first_compiler(capability[0])
    return machine.driver_cuda is None or first is None or not is_below(machine.driver_cuda, first.cuda)


def capability_of(text: str) -> Capability:
    """`5.2` → (5, 2); of no number the lowest that there can be."""
    return parse_capability(text) or (0, 0)
