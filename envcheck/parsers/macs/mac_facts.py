"""What a Mac's own report says, as facts: the probe and the reader of pasted text tell it alike."""

from __future__ import annotations

from envcheck.parsers.macs.system_profiler import Mac, MacCard


def said_by_mac(mac: Mac) -> dict[str, object]:
    """Facts by their path, without those of the cards. The cores of Apple's chips have one thread each; Intel's may have two."""
    apple = mac.chip is not None or mac.rosetta
    told: dict[str, object | None] = {
        "system.os": "Darwin",
        "system.distribution": f"macOS {mac.version}" if mac.version else None,
        "system.distribution_id": "macos" if mac.version else None,
        "system.distribution_version": mac.version,
        "system.kernel": mac.kernel,
        "system.virtual_machine": "other" if mac.virtual else None,
        "system.rosetta": True if mac.rosetta else None,
        "cpu.model": mac.chip or mac.intel_cpu,
        "cpu.vendor": "Apple" if apple else "GenuineIntel" if "Intel" in (mac.intel_cpu or "") else None,
        "cpu.physical_cores": mac.cores,
        "cpu.logical_cores": mac.cores if apple else None,
        "memory.total_bytes": mac.memory_bytes,
        "apple.chip": mac.chip,
    }
    for card in mac.cards:
        if card.vendor == "apple":
            told.setdefault("apple.gpu_cores", card.cores)
            told.setdefault("apple.metal", card.metal or None)
            told["apple.chip"] = told["apple.chip"] or card.model
    return {fact: value for fact, value in told.items() if value is not None}


def said_by_card(card: MacCard) -> dict[str, object]:
    """One entry of `accelerators`. Apple's GPU has the machine's memory and none of its own; a card of which no Metal is said has none."""
    apple = card.vendor == "apple"
    told: dict[str, object | None] = {
        "name": card.model,
        "vendor": card.vendor or None,
        "backend": "metal" if apple or card.metal else None,
        "memory_bytes": None if apple else card.memory_bytes,
        "shared_memory_bytes": card.shared_bytes,
        "unified_memory": True if apple else None,
        "integrated": True if apple or card.shared_bytes is not None or (card.builtin and card.vendor == "intel") else None,
        "compute_units": card.cores,
        "pci_id": card.pci_id,
    }
    entry: dict[str, object] = {fact: value for fact, value in told.items() if value is not None}
    if card.metal is not None:
        entry["metal"] = card.metal or None
    elif not card.vendor and card.model is None:
        entry["metal"] = None  # a display that a hypervisor makes up
    return entry
