"""Why the kernel does not run NVIDIA's module although the driver is installed, told from facts and from the kernel's words."""

import enum
from collections.abc import Sequence

from envcheck.facts.snapshot import Snapshot
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.cards import nvidia_accelerators
from envcheck.knowledge.versions import agree, release
from envcheck.report import Proof


class Refusal(enum.Enum):
    """What keeps the module out of the kernel, in the words that end the sentence of a finding."""

    ANOTHER_DRIVER = "another driver, as a rule nouveau, has taken the card"
    HALF_AN_UPGRADE = "the installation of its packages stopped half-way"
    SECURE_BOOT = "Secure Boot refuses it, as it is not signed with a key that the firmware knows"
    NO_MODULE = "there is none for the running kernel"
    NO_HEADERS = "it could not be built, as the headers of the kernel are not installed"
    BUILD_FAILED = "its build for the kernel failed, as a rule because the kernel is newer than this release of the driver"
    NOT_SUPPORTED = "this release of the driver does not support the card"
    NEEDS_OPEN_MODULES = "this card needs NVIDIA's open kernel modules, and the proprietary ones are installed"
    NOT_OPEN = "its open kernel modules do not support the card"
    NO_ADDRESSES = "the firmware gave the card no address space"
    UNKNOWN = ""


_UNSIGNED = ("not signed", "unsigned module", "key not available", "key was rejected", "key rejected", "unavailable key")
_ABSENT = ("not found", "no such file", "built for another kernel", "invalid module format")
_OF_CARD = {
    "not supported by this driver": Refusal.NOT_SUPPORTED,
    "needs the open kernel modules": Refusal.NEEDS_OPEN_MODULES,
    "not supported by the open": Refusal.NOT_OPEN,
    "no address space": Refusal.NO_ADDRESSES,
}
_OF_BUILD = {"headers are missing": Refusal.NO_HEADERS, "its build failed": Refusal.BUILD_FAILED}
_ENOUGH_PLACES = 2


def refusal(facts: Snapshot, said: Sequence[Symptom]) -> Refusal:
    """The reason, the most telling first; what is only half known decides nothing."""
    reasons = " ".join(symptom.details.get("reason", "").lower() for symptom in said)
    of_card = next((refused for words, refused in _OF_CARD.items() if words in reasons), None)
    if of_card is not None:
        return of_card
    if has_nouveau(facts) or "another driver" in reasons or "nouveau" in reasons:
        return Refusal.ANOTHER_DRIVER
    if facts.nvidia.packages_unfinished or has_two_package_versions(facts):
        return Refusal.HALF_AN_UPGRADE
    if any(word in reasons for word in _UNSIGNED) or (facts.system.secure_boot is True and has_module(facts) is True):
        return Refusal.SECURE_BOOT
    of_build = next((refused for words, refused in _OF_BUILD.items() if words in reasons), None)
    if of_build is not None:
        return of_build
    if has_module(facts) is False or any(word in reasons for word in _ABSENT):
        return Refusal.NO_MODULE
    return Refusal.UNKNOWN


def refuses_card(facts: Snapshot) -> bool:
    """Whether the module said of a card that it is not one for it: no card is lost then, whatever follows from that."""
    said = [symptom for symptom in facts.symptoms if symptom.kind is SymptomKind.KERNEL_MODULE_FAILED]
    return refusal(facts, said) in (Refusal.NOT_SUPPORTED, Refusal.NEEDS_OPEN_MODULES, Refusal.NOT_OPEN)


def has_nouveau(facts: Snapshot) -> bool:
    """Whether the kernel's own driver has a card, or is loaded where that is all that is known of the cards' drivers."""
    drivers = [card.driver for card in nvidia_accelerators(facts) if isinstance(card.driver, str)]
    return "nouveau" in drivers or (not drivers and "nouveau" in facts.modules)


def has_module(facts: Snapshot) -> bool | None:
    """Whether a module for the running kernel lies on disk; None: not known."""
    kernels, running = facts.nvidia.module_kernels, facts.system.kernel
    if not isinstance(kernels, tuple) or not isinstance(running, str):
        return None
    return running in kernels


def has_two_package_versions(facts: Snapshot) -> bool:
    """Whether the package manager has another version of the driver than the libraries on disk are of."""
    package, library = facts.nvidia.package_version, facts.nvidia.library_version
    if not isinstance(package, str) or not isinstance(library, str):
        return False
    packaged = package.rpartition(":")[2]
    told = min(len(release(packaged)), len(release(library)))
    return told >= _ENOUGH_PLACES and not agree(packaged, library)


def proofs_of(facts: Snapshot, reason: Refusal) -> list[Proof]:
    """The facts that a reason stands on."""
    nvidia = facts.nvidia
    told: dict[str, object] = {}
    if reason is Refusal.ANOTHER_DRIVER:
        held = [card for card in nvidia_accelerators(facts) if card.driver == "nouveau"]
        told = {f"accelerators[{card.index}].driver": "nouveau" for card in held} or (
            {"modules": "nouveau"} if "nouveau" in facts.modules else {}
        )
    elif reason is Refusal.HALF_AN_UPGRADE and nvidia.packages_unfinished:
        told = {"nvidia.packages_unfinished": ", ".join(nvidia.packages_unfinished)}
    elif reason is Refusal.HALF_AN_UPGRADE:
        told = {"nvidia.package_version": nvidia.package_version, "nvidia.library_version": nvidia.library_version}
    elif reason is Refusal.SECURE_BOOT and facts.system.secure_boot is True:
        told = {"system.secure_boot": "on"}
    elif reason is Refusal.NO_MODULE and isinstance(nvidia.module_kernels, tuple):
        told = {"nvidia.module_kernels": ", ".join(nvidia.module_kernels) or "none", "system.kernel": facts.system.kernel}
    return [Proof(fact=fact, value=str(value), source=facts.source_of(fact)) for fact, value in told.items()]
