"""Where no build fits: the sentence that says why, and what could be done instead.

That is found by asking for the build of a machine with one thing changed.
"""

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from envcheck.choosing.build import Impossible, Reason, Wishes
from envcheck.choosing.candidate import Candidate, Stage, driver_floor, in_words, kind_in_words
from envcheck.choosing.machine import Machine, Place, capability_of
from envcheck.choosing.search import Search, Source, search
from envcheck.judging.wording import listed
from envcheck.knowledge.amd_cards import find_override
from envcheck.knowledge.capability import shown
from envcheck.knowledge.drivers import find_last_branch
from envcheck.knowledge.versions import is_below, major, series

# Which Python to name where several would do equally well: the one that most frameworks have wheels for first.
PYTHONS = ("3.12", "3.13", "3.11", "3.10", "3.14", "3.9", "3.8", "3.7")


class Asked(msgspec.Struct, frozen=True):
    """What was looked for in vain."""

    framework: str
    source: Source
    machine: Machine
    kind: str
    wishes: Wishes

    def again(self, machine: Machine, kind: str = "") -> Candidate | None:
        """The build for another machine, or for another kind of device on this one."""
        wishes = self.wishes if not kind else replace(self.wishes, cuda="")
        return search(self.source, machine, kind or self.kind, wishes).found


def impossible(asked: Asked, outcome: Search) -> Impossible:
    """The answer where nothing fits."""
    return Impossible(_sentence(asked, outcome), tuple(_alternatives(asked, outcome)))


def _sentence(asked: Asked, outcome: Search) -> str:
    name, what = asked.framework, kind_in_words(asked.kind)
    if outcome.nearest is None:
        wished = _wished(asked.wishes)
        if wished and asked.source(asked.machine.place, asked.kind, Wishes()):
            return f"The tables have no release of {name} for {what} {wished}."
        return f"{name} has no build for {what} on {in_words(asked.machine.place.platform)}."
    candidate, refusal = outcome.nearest.candidate, outcome.nearest.refusal
    if refusal.stage is Stage.PLATFORM:
        return f"{name} has no build for {what} on {in_words(asked.machine.place.platform)}."
    return f"No build of {name} for {what} fits this machine: the nearest, {candidate.distribution} {candidate.version}, {refusal.words}."


def _wished(wishes: Wishes) -> str:
    parts = (("of", wishes.version), ("from", wishes.at_least), ("below", wishes.below), ("with CUDA", wishes.cuda))
    return " ".join(f"{word} {bound}" for word, bound in parts if bound)


def _alternatives(asked: Asked, outcome: Search) -> Iterator[Reason]:
    yield from _other_python(asked)
    yield from _other_driver(asked)
    yield from _other_system(asked)
    yield from _other_release(asked)
    yield from _override(asked)
    if asked.kind != "cpu" and (cpu := asked.again(asked.machine, "cpu")) is not None:
        yield Reason("CPU", f"{cpu.distribution} {cpu.version} for the CPU fits this machine", cpu.rows[0].source)
    if outcome.nearest is not None and outcome.nearest.refusal.stage is Stage.CARD:
        yield from _other_gpu(asked, outcome.nearest.candidate)


def _other_python(asked: Asked) -> Iterator[Reason]:
    """The Python with which the newest release could be had; CPython of 64 bits in the place of another kind."""
    whichever = replace(asked.machine, place=replace(asked.machine.place, python=""), cpython=True, bits=None)
    if asked.again(whichever) is None:
        return
    best: tuple[Candidate, str] | None = None
    free = "t" if asked.machine.place.python.endswith("t") else ""
    for python in (*(f"{version}{free}" for version in PYTHONS), *(PYTHONS if free else ())):
        if python == asked.machine.place.python and asked.machine.cpython and asked.machine.bits != 32:
            continue
        found = asked.again(replace(whichever, place=replace(whichever.place, python=python)))
        if found is not None and (best is None or is_below(best[0].version, found.version)):
            best = found, python
    if best is not None:
        found, python = best
        yield Reason(f"Python {python}", f"{found.name} has a wheel for it", found.rows[0].source)


def _other_driver(asked: Asked) -> Iterator[Reason]:
    machine = asked.machine
    if asked.kind == "rocm" and machine.rocm is not None and (found := asked.again(replace(machine, rocm=None))) is not None:
        yield Reason(f"ROCm {found.rocm}", f"{found.name} runs with it", found.rows[-1].source)
    if asked.kind != "cuda" or not machine.knows_driver:
        return
    found = asked.again(replace(machine, driver=None, driver_cuda=None))
    if found is None or not _has_driver(machine, floor := driver_floor(found, windows=machine.windows_driver)):
        return
    if machine.driver is not None and not is_below(machine.driver, floor):
        yield Reason(
            f"a driver for CUDA {series(found.cuda)} or newer", f"it compiles the PTX that {found.name} has", found.rows[-1].source
        )
    else:
        yield Reason(f"driver {floor} or newer", f"{found.name} runs with it", found.rows[-1].source)


def _has_driver(machine: Machine, floor: str) -> bool:
    """Whether NVIDIA has made drivers as new for the oldest of these cards."""
    capabilities = [card.capability for card in machine.nvidia if card.capability is not None]
    last = find_last_branch(shown(min(capabilities))) if capabilities else None
    return last is None or major(floor) <= last.branch


def _other_system(asked: Asked) -> Iterator[Reason]:
    machine = asked.machine
    python = machine.place.python
    if machine.place.os == "linux" and (machine.place.musl or machine.glibc is not None):
        found = asked.again(replace(machine, place=replace(machine.place, musl=False), glibc=None))
        if found is not None:
            what = (
                "a system with glibc, such as an image of Debian," if machine.place.musl else f"a system with glibc {found.glibc} or newer"
            )
            yield Reason(what.rstrip(","), f"{found.name} installs there", found.rows[0].source)
    if machine.place.os == "macos":
        found = asked.again(replace(machine, macos=None))
        if found is not None and machine.macos is not None:
            yield Reason(f"macOS {found.macos} or newer", f"{found.name} installs there", found.rows[0].source)
        arm = asked.again(replace(machine, place=Place("macos_arm64", python))) if machine.place.processor == "x86_64" else None
        if arm is not None:
            yield Reason("a Python for arm64", f"on a Mac with Apple's own chip it has {arm.name}", arm.rows[0].source)
    if machine.place.os == "win":
        processor = "aarch64" if machine.place.processor == "arm64" else "x86_64"
        inside = replace(machine, place=Place(f"linux_{processor}", python), glibc=None)
        found = asked.again(inside) or asked.again(replace(inside, place=replace(inside.place, python="")))
        if found is not None:
            with_python = "" if not python or python in found.pythons else f" with Python {found.pythons[-1]}"
            yield Reason("WSL 2", f"{found.name} runs there{with_python}, with the driver of Windows", found.rows[0].source)


def _other_release(asked: Asked) -> Iterator[Reason]:
    if asked.wishes == Wishes(device=asked.wishes.device, python=asked.wishes.python):
        return
    free = replace(asked, wishes=Wishes())
    if (found := free.again(asked.machine)) is not None:
        yield Reason(f"{found.distribution} {found.version}", f"{found.name} fits this machine", found.rows[0].source)


def _override(asked: Asked) -> Iterator[Reason]:
    """What users of AMD's consumer cards do, which AMD does not support."""
    if asked.kind != "rocm" or asked.machine.place.os != "linux":
        return
    for gpu in asked.machine.amd:
        row = find_override(gpu.target) if gpu.target else None
        if row is not None:
            words = f"users run {gpu.target} with the code of its sibling by it; AMD does not support that"
            yield Reason(f"HSA_OVERRIDE_GFX_VERSION={row.value}", words, row.source)


def _other_gpu(asked: Asked, nearest: Candidate) -> Iterator[Reason]:
    newest = next(iter(asked.source(asked.machine.place, asked.kind, asked.wishes)), nearest)
    if newest.gfx:
        yield Reason("another GPU", f"{newest.name} has code for {listed(newest.gfx)}", newest.rows[-1].source)
        return
    targets = [target.removeprefix("sm_") for target in newest.targets if target.startswith("sm_")]
    lowest = newest.capability_min or (f"{targets[0][:-1]}.{targets[0][-1]}" if targets else "")
    known = [card.capability for card in asked.machine.nvidia if card.capability is not None]
    if lowest and known and max(known) < capability_of(lowest):
        yield Reason("another GPU", f"{newest.name} needs compute capability {lowest}", newest.rows[-1].source)
