"""What macOS's `system_profiler` says of hardware, displays and software, as JSON.

    {"SPHardwareDataType": [{"chip_type": "Apple M2 Pro", "number_processors": "proc 12:0:8:4", "physical_memory": "16 GB"}],
     "SPDisplaysDataType": [{"sppci_model": "Apple M2 Pro", "sppci_cores": "19", "spdisplays_mtlgpufamilysupport": "spdisplays_metal4"}]}

`_name` of a display may be a key of a translation table. `chip_type` is "Unknown" where the program ran under Rosetta.
"""

from __future__ import annotations

import re
from typing import Any

from envcheck.parsers.macs.mac_numbers import parse_core_count, parse_mac_size

KEYS = ("SPHardwareDataType", "SPDisplaysDataType", "SPSoftwareDataType")
_MOST_CARDS = 64
_VENDORS = (("apple", "apple"), ("amd", "amd"), ("ati", "amd"), ("intel", "intel"), ("nvidia", "nvidia"))
_BY_ID = {"0x106b": "apple", "0x1002": "amd", "0x8086": "intel", "0x10de": "nvidia"}
_BY_NAME = (
    ("Apple", "apple"),
    ("Radeon", "amd"),
    ("AMD", "amd"),
    ("Intel", "intel"),
    ("GeForce", "nvidia"),
    ("NVIDIA", "nvidia"),
    ("Quadro", "nvidia"),
)


class MacCard:
    """One GPU; what was not said is None. `metal` "" means that it was said to have none."""

    __slots__ = ("builtin", "cores", "line", "memory_bytes", "metal", "model", "pci_id", "shared_bytes", "vendor")

    def __init__(self, line: int = -1) -> None:
        self.line = line
        self.model: str | None = None
        self.vendor = ""
        self.cores: int | None = None
        self.metal: str | None = None
        self.memory_bytes: int | None = None
        self.shared_bytes: int | None = None
        self.pci_id: str | None = None
        self.builtin = False


class Mac:
    """What one output says; a part that is not in it stays None."""

    __slots__ = (
        "cards",
        "chip",
        "cores",
        "displays_listed",
        "efficiency_cores",
        "intel_cpu",
        "kernel",
        "memory_bytes",
        "model_identifier",
        "performance_cores",
        "rosetta",
        "version",
        "virtual",
    )

    def __init__(self) -> None:
        self.chip: str | None = None
        self.intel_cpu: str | None = None
        self.cores: int | None = None
        self.performance_cores: int | None = None
        self.efficiency_cores: int | None = None
        self.memory_bytes: int | None = None
        self.model_identifier: str | None = None
        self.virtual = False
        self.rosetta = False
        self.version: str | None = None
        self.kernel: str | None = None
        self.cards: list[MacCard] = []
        self.displays_listed = False

    def take_chip(self, name: str) -> None:
        """`Apple M4 Max (Virtual)`; Unknown is what a program under Rosetta is told."""
        if name == "Unknown":
            self.rosetta = True
        elif name:
            self.chip = name
        self.virtual = self.virtual or "(Virtual)" in name

    def take_cores(self, words: object) -> None:
        """See `parse_core_count`."""
        counted = parse_core_count(words)
        if counted is not None:
            self.cores, self.performance_cores, self.efficiency_cores = counted

    def take_model(self, identifier: str) -> None:
        """`Mac14,7`, `VirtualMac2,1`."""
        self.model_identifier = identifier or None
        self.virtual = self.virtual or identifier.startswith("VirtualMac")


def parse_system_profiler_json(document: Any) -> Mac | None:
    """None: the document is none of system_profiler's."""
    if not isinstance(document, dict) or not any(isinstance(document.get(key), list) for key in KEYS):
        return None
    mac = Mac()
    for entry in _entries(document, "SPHardwareDataType")[:1]:
        _take_hardware(mac, entry)
    for entry in _entries(document, "SPSoftwareDataType")[:1]:
        mac.version = version_in(_word(entry, "os_version"))
        mac.kernel = _word(entry, "kernel_version").replace("Darwin", "").strip() or None
    mac.displays_listed = isinstance(document.get("SPDisplaysDataType"), list)
    mac.cards = [_card(entry) for entry in _entries(document, "SPDisplaysDataType")[:_MOST_CARDS]]
    return mac


def _entries(document: dict[str, Any], key: str) -> list[dict[str, Any]]:
    listed = document.get(key)
    return [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []


def _word(entry: dict[str, Any], key: str) -> str:
    value = entry.get(key)
    return value.strip()[:200] if isinstance(value, str) else ""


def _take_hardware(mac: Mac, entry: dict[str, Any]) -> None:
    mac.take_chip(_word(entry, "chip_type"))
    mac.intel_cpu = _word(entry, "cpu_type") or None
    mac.take_cores(entry.get("number_processors"))
    mac.memory_bytes = parse_mac_size(_word(entry, "physical_memory"))
    mac.take_model(_word(entry, "machine_model"))


def _card(entry: dict[str, Any]) -> MacCard:
    card = MacCard()
    card.model = _word(entry, "sppci_model") or _readable(_word(entry, "_name"))
    vendor = _word(entry, "spdisplays_vendor") or _word(entry, "spdisplays_vendor-id")
    card.vendor = vendor_of_card(vendor, card.model or "")
    counted = parse_core_count(entry.get("sppci_cores"))
    card.cores = counted[0] if counted else None
    card.metal = _metal(entry)
    card.memory_bytes = parse_mac_size(_word(entry, "spdisplays_vram"))
    card.shared_bytes = parse_mac_size(_word(entry, "spdisplays_vram_shared"))
    card.builtin = _word(entry, "sppci_bus") == "spdisplays_builtin"
    card.pci_id = pci_id_of(vendor, _word(entry, "spdisplays_device-id"), _word(entry, "spdisplays_vendor-id"), card.vendor)
    return card


def _readable(name: str) -> str | None:
    """A name that is no key: `kHW_AppleM1Item`, `spdisplays_display`."""
    return None if not name or name.startswith(("kHW_", "spdisplays_", "sppci_")) else name


def _metal(entry: dict[str, Any]) -> str | None:
    """`spdisplays_metal4` → metal4; "supported" alone names no version, and a GPU of which nothing is said may have none."""
    said = next(
        (_word(entry, key) for key in ("spdisplays_mtlgpufamilysupport", "spdisplays_metalfamily", "spdisplays_metal") if entry.get(key)),
        "",
    )
    return metal_of(said)


def metal_of(words: str) -> str | None:
    """`Metal 3`, `spdisplays_metal3` → metal3; `Supported, Metal GPUFamily macOS 2` → metal; `Not Supported` → ""."""
    low = words.lower()
    if not low:
        return None
    if re.search(r"not.?supported|unsupported|nicht unterstützt|不支持", low):
        return ""
    found = re.search(r"(?:^|_|\b)metal ?(?P<number>\d{1,2})\b", low)
    if found:
        return "metal" + found["number"]
    return "metal" if any(word in low for word in ("support", "metal", "支持")) else None


def vendor_of_card(words: str, model: str) -> str:
    """`sppci_vendor_amd`, `AMD (0x1002)`, `Intel`, or the model's own name; empty where nobody says."""
    low = words.lower().replace("sppci_vendor_", "")
    for number, vendor in _BY_ID.items():
        if number in low:
            return vendor
    named = next((vendor for word, vendor in _VENDORS if re.search(rf"\b{word}\b", low)), "")
    return named or next((vendor for word, vendor in _BY_NAME if word in model), "")


def pci_id_of(words: str, device: str, vendor_id: str, vendor: str) -> str | None:
    """Vendor and device as "1002:67df"; Apple's own GPUs are on no PCI bus."""
    maker = re.search(r"0x([0-9a-fA-F]{4})\b", f"{vendor_id} {words}")
    numbers = {name: number for number, name in _BY_ID.items()}
    first = maker[1].lower() if maker else numbers.get(vendor, "")[2:]
    second = re.fullmatch(r"0x([0-9a-fA-F]{4})", device)
    return f"{first}:{second[1].lower()}" if first and second and vendor != "apple" else None


def version_in(words: str) -> str | None:
    """`macOS 10.15.2 (19C57)` → 10.15.2; a server's or a beta's name too."""
    found = re.search(r"\b(\d{1,2}(?:\.\d{1,2}){0,2})\b", words)
    return found[1] if found else None
