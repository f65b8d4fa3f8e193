"""Which device a build is to compute on: what is wished, else the kind of GPU that is there, else the CPU."""

import msgspec
from msgspec.structs import replace

from envcheck.choosing.build import Reason, Wishes
from envcheck.choosing.machine import Machine
from envcheck.facts.snapshot import Completeness, Snapshot
from envcheck.judging.gpu_wishes import gpu_wish
from envcheck.judging.wording import listed


class Device(msgspec.Struct, frozen=True):
    """A kind of build; where it is not `required` and none fits, one for the CPU will do."""

    kind: str
    why: Reason
    required: bool = True


def devices(facts: Snapshot, machine: Machine, wishes: Wishes, offered: tuple[str, ...], *, needed: bool) -> tuple[Device, ...]:
    """The kinds to try, the best first.

    `offered` are those that the framework's own releases have builds for; `needed`: it is of use on a GPU above all.
    """
    if wishes.device:
        return (Device(wishes.device, Reason(wishes.device, "it is wished for")),)
    if wishes.cuda:
        return (Device("cuda", Reason("cuda", f"CUDA {wishes.cuda} is wished for")),)
    there = _there(facts, machine)
    usable = tuple(replace(device, required=device.required and needed) for device in there if device.kind in offered)
    if usable:
        return usable
    if there:
        return (Device("cpu", Reason("cpu", f"there is {there[0].why.because}, and no release of the framework itself computes on it")),)
    return (Device("cpu", _why_cpu(facts)),)


def _there(facts: Snapshot, machine: Machine) -> tuple[Device, ...]:
    if machine.place.os == "macos":
        # NVIDIA and AMD have no driver for computing on a Mac of today.
        return (Device("metal", Reason("metal", "a GPU of Apple's"), required=False),) if _has_metal(machine) else ()
    found = []
    if machine.nvidia:
        found.append(Device("cuda", Reason("cuda", listed(tuple(dict.fromkeys(card.name for card in machine.nvidia))))))
    elif facts.observed.accelerators is not Completeness.COMPLETE and machine.knows_driver:
        found.append(Device("cuda", Reason("cuda", "an NVIDIA driver")))
    if machine.amd:
        card = machine.amd[0]
        found.append(Device("rocm", Reason("rocm", card.name), required=not card.is_built_in))
    if machine.intel:
        found.append(Device("xpu", Reason("xpu", "a GPU of Intel's")))
    return tuple(found) or _asked_for(facts)


def _has_metal(machine: Machine) -> bool:
    return machine.place.processor == "arm64" and machine.metal


def _asked_for(facts: Snapshot) -> tuple[Device, ...]:
    """What programs miss, where nobody has looked for cards."""
    wish = gpu_wish(facts) if facts.observed.accelerators is not Completeness.COMPLETE else None
    if not wish:
        return ()
    kind = wish.backend or "cuda"
    return (Device(kind, Reason(kind, "a program that asks for a GPU")),)


def _why_cpu(facts: Snapshot) -> Reason:
    if facts.observed.accelerators is Completeness.COMPLETE:
        return Reason("cpu", "there is no GPU that it could use", facts.source_of("accelerators"))
    return Reason("cpu", "no GPU is known of, and nothing asks for one")
