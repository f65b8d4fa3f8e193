"""What a snapshot says of a Mac: whose chip it has, for which processor its Python was made, and which release of macOS runs."""

import re

from envcheck.facts.snapshot import Snapshot, known
from envcheck.parsers.expression import regex
from envcheck.report import Proof

_APPLE = regex(r"Apple (?:M\d|processor)|VirtualApple|M\d (?:Pro|Max|Ultra)\b")
_X86_PLATFORM = regex(r"macosx?-.*x86_64$", re.IGNORECASE)
_ARM_PLATFORM = regex(r"macosx?-.*arm64$", re.IGNORECASE)
# What an x86_64 Python that was built for older releases is told instead of 11 and newer.
COMPATIBILITY_VERSION = "10.16"


def is_mac(facts: Snapshot) -> bool:
    """Whether it is known to be one."""
    return known(facts.system.os, "") == "Darwin"


def apple_chip(facts: Snapshot) -> Proof | None:
    """The fact that tells that the chip is Apple's own; None: nothing does."""
    chip, model, vendor = known(facts.apple.chip, ""), known(facts.cpu.model, ""), known(facts.cpu.vendor, "")
    if chip:
        return _proof(facts, "apple.chip", chip)
    if _APPLE.match(model):
        return _proof(facts, "cpu.model", model)
    if vendor in ("Apple", "VirtualApple"):
        return _proof(facts, "cpu.vendor", vendor)
    card = next((card for card in facts.accelerators if card.vendor == "apple"), None)
    return _proof(facts, f"accelerators[{card.index}].name", known(card.name, "Apple")) if card is not None else None


def has_intel_chip(facts: Snapshot) -> bool:
    """Whether the processor is known to be Intel's."""
    return apple_chip(facts) is None and "Intel" in known(facts.cpu.model, "") + known(facts.cpu.vendor, "")


def x86_python(facts: Snapshot) -> Proof | None:
    """The fact that tells that the examined Python was made for Intel's processors; None: it was not, or nothing tells.

    What the Python says of itself comes first: envcheck may run under another one. A universal build runs as what started it.
    """
    platform = known(facts.python.platform, "")
    if _X86_PLATFORM.match(platform):
        return _proof(facts, "python.platform", platform)
    if _ARM_PLATFORM.match(platform):
        return None
    tags = [tag for tag in facts.python.tags if "macosx" in tag]
    if tags:
        x86 = next((tag for tag in tags if tag.endswith("x86_64")), None)
        arm = any(tag.endswith("arm64") for tag in tags)
        return _proof(facts, "python.tags", x86) if x86 is not None and not arm else None
    if isinstance(facts.python.machine, str):
        return _proof(facts, "python.machine", "x86_64") if facts.python.machine == "x86_64" else None
    if facts.system.rosetta is True:
        return _proof(facts, "system.rosetta", "true")
    machine = known(facts.system.machine, "")
    return _proof(facts, "system.machine", machine) if machine == "x86_64" else None


def macos_version(facts: Snapshot) -> str | None:
    """The release, such as "12.2.1"; None where it is not known, or where only a compatibility number was told."""
    version = known(facts.system.distribution_version, "")
    found = re.match(r"\d{1,2}(?:\.\d{1,2}){0,2}", version)
    return found[0] if found and not version.startswith(COMPATIBILITY_VERSION) else None


def _proof(facts: Snapshot, fact: str, value: str) -> Proof:
    return Proof(fact=fact, value=value, source=facts.source_of(fact))
