"""The reasons for a build, and how sure it is."""

from envcheck.choosing.build import Reason
from envcheck.choosing.candidate import Candidate, code_for, driver_floor
from envcheck.choosing.devices import Device
from envcheck.choosing.machine import Machine
from envcheck.choosing.search import Search
from envcheck.judging.wording import listed
from envcheck.knowledge.capability import shown
from envcheck.knowledge.drivers import find_minimum
from envcheck.knowledge.table import Confidence
from envcheck.knowledge.versions import major

_STRENGTH = (Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH)


def reasons(found: Candidate, outcome: Search, device: Device) -> tuple[Reason, ...]:
    """Device, release, driver and cards, then what was assumed, then what the build needs besides."""
    machine = outcome.machine
    return (
        _device(device),
        _release(found, outcome),
        *_driver(found, machine),
        *_cards(found, machine),
        *outcome.assumptions,
        *_unknown(found, machine),
        *_libc(found, machine),
        *found.notes,
        *_places(found, machine),
    )


def confidence(found: Candidate, outcome: Search) -> Confidence:
    """That of the weakest row or fact."""
    weakest = min((row.confidence for row in found.rows), key=_STRENGTH.index, default=Confidence.HIGH)
    facts = Confidence.MEDIUM if _unknown(found, outcome.machine) else Confidence.HIGH
    place = Confidence.LOW if _places(found, outcome.machine) else Confidence.HIGH
    return min((weakest, facts, place, outcome.confidence), key=_STRENGTH.index)


def unserved(found: Candidate, machine: Machine) -> tuple[str, ...]:
    """The names of cards that it has no code for."""
    if found.kind != "cuda" or not found.targets:
        return ()
    cards = (card for card in machine.nvidia if card.capability is not None and code_for(found, card.capability, machine) is None)
    return tuple(dict.fromkeys(card.name for card in cards))


def _device(device: Device) -> Reason:
    if device.kind == "cpu" or device.why.because.endswith("wished for"):
        return device.why
    return Reason(device.why.choice, f"there is {device.why.because}", device.why.source)


def _release(found: Candidate, outcome: Search) -> Reason:
    words = "the newest release that has a build for this machine"
    if outcome.newer is not None:
        words += f"; {outcome.newer.candidate.name} {outcome.newer.refusal.words}"
    return Reason(f"{found.distribution} {found.version}", words, found.rows[0].source)


def _driver(found: Candidate, machine: Machine) -> tuple[Reason, ...]:
    row = find_minimum(found.cuda) if found.kind == "cuda" else None
    if row is None or not machine.knows_driver:
        return ()
    have = f"driver {machine.driver}" if machine.driver is not None else f"a driver for CUDA {machine.driver_cuda}"
    floor = driver_floor(found, windows=machine.windows_driver)
    words = f"{have} runs it: builds for CUDA {major(found.cuda)} need {floor} or newer"
    return (Reason(found.variant or f"CUDA {found.cuda}", words, row.source),)


def _cards(found: Candidate, machine: Machine) -> tuple[Reason, ...]:
    choice = found.variant or f"CUDA {found.cuda}"
    if found.kind == "rocm" and found.gfx:
        targets = tuple(dict.fromkeys(gpu.target for gpu in machine.amd if gpu.target))
        return (Reason(found.variant, f"it has code for {listed(targets)}", found.rows[-1].source),) if targets else ()
    if found.kind != "cuda" or not machine.capabilities:
        return ()
    said = tuple(f"{shown(capability)}{_by(found, machine, capability)}" for capability in machine.capabilities)
    return (Reason(choice, f"it has code for compute capability {listed(said)}", found.rows[-1].source),)


def _by(found: Candidate, machine: Machine, capability: tuple[int, int]) -> str:
    target = code_for(found, capability, machine)
    if target is None:
        return ""
    return f" ({target})" if target.startswith("sm_") else f" ({target}: PTX, which the driver compiles at the first start)"


def _unknown(found: Candidate, machine: Machine) -> tuple[Reason, ...]:
    """What was not known of the machine and would have counted."""
    facts = []
    if machine.assumed_platform:
        facts.append(Reason("platform", f"system or processor is not known, and was taken for {machine.place.platform}"))
    if not machine.place.python and not found.any_implementation:
        facts.append(Reason("python", f"the Python is not known: there are wheels for {listed(found.pythons, limit=8)}"))
    return tuple(facts)


def _libc(found: Candidate, machine: Machine) -> tuple[Reason, ...]:
    """Every Linux of today has a glibc that is new enough, so that not knowing it makes nobody less sure."""
    if machine.place.os == "linux" and found.glibc and machine.glibc is None and not machine.place.musl:
        return (Reason("glibc", f"the C library is not known: the wheels need glibc {found.glibc}", found.rows[0].source),)
    return ()


def _places(found: Candidate, machine: Machine) -> tuple[Reason, ...]:
    """Where a build that fits by the tables may yet be the wrong one."""
    if found.kind == "cuda" and machine.jetson:
        return (Reason("Jetson", "these wheels are made for servers: NVIDIA's own for the JetPack release is the surer one"),)
    if found.kind == "rocm" and machine.wsl:
        return (Reason("WSL", "ROCm under WSL 2 serves a few Radeon cards, and needs AMD's own driver packages for WSL"),)
    return ()
