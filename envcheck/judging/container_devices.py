"""What a container or a job was given of the machine's accelerators: device nodes and driver libraries, as far as they are known."""

from fnmatch import fnmatchcase

import msgspec

from envcheck.facts.snapshot import Accelerator, Completeness, Device, Snapshot, known

_ABSENT = "ENOENT"


def nodes(facts: Snapshot, pattern: str) -> tuple[Device, ...]:
    """The device nodes that are there, by a pattern such as /dev/nvidia[0-9]*."""
    return tuple(device for device in facts.devices if device.error != _ABSENT and fnmatchcase(device.path, pattern))


def has_no_node(facts: Snapshot, pattern: str) -> bool:
    """Whether it is known that there is none: all were looked for, or `ls` found nothing under that name."""
    if nodes(facts, pattern):
        return False
    told = any(device.error == _ABSENT and _covers(device.path, pattern) for device in facts.devices)
    return told or facts.observed.devices is Completeness.COMPLETE


def _covers(absent: str, pattern: str) -> bool:
    """`/dev/nvidia*` and `/dev/nvidia0` speak of /dev/nvidia[0-9]*; `/dev/nvidiactl` alone does not."""
    stem = pattern.split("[", maxsplit=1)[0].rstrip("*")
    return absent.rstrip("*") == stem or fnmatchcase(absent, pattern)


class HostSide(msgspec.Struct, frozen=True):
    """Signs that the machine itself has an accelerator of a maker: a card on the bus, a loaded module, the host's own words."""

    cards: tuple[Accelerator, ...] = ()
    module: str = ""
    said: tuple[tuple[str, str, str], ...] = ()  # fact, value, source, where a text tells of the host beside the container

    def __bool__(self) -> bool:
        """Whether there is any sign."""
        return bool(self.cards or self.module or self.said)


def host_side(facts: Snapshot, vendor: str) -> HostSide:
    """What of the host is to be seen from inside, and what a text says of it."""
    cards = tuple(card for card in facts.accelerators if card.vendor == vendor)
    module = known(facts.nvidia.kernel_module_version, "") or "" if vendor == "nvidia" else ""
    module = module or ("amdgpu" if vendor == "amd" and "amdgpu" in facts.modules else "")
    group = "amd" if vendor == "amd" else "nvidia"
    said = tuple(
        (entry.fact, entry.value, entry.source)
        for entry in sorted(facts.contradictions, key=lambda entry: not entry.fact.endswith(".name"))
        if entry.scope == "host"
        and not entry.value.startswith("{")  # a card in all its facts, of which the name is told by itself
        and (entry.fact.startswith(f"{group}.") or (entry.fact.startswith("accelerators") and vendor in entry.value))
    )
    return HostSide(cards, module, said)
