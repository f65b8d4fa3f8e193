"""The same of `system_profiler` as text, whole, or a few lines of it without their indentation.

    Hardware Overview:
      Chip: Apple M2 Pro
      Total Number of Cores: 12 (8 performance and 4 efficiency)
      Memory: 16 GB
    Graphics/Displays:
      Chipset Model: Apple M2 Pro
      Total Number of Cores: 19
      Metal Support: Metal 3

A label such as `Memory` or `Vendor` counts only near one that nothing else prints. Labels may be in the user's language.
"""

from __future__ import annotations

import re

from envcheck.parsers.expression import regex
from envcheck.parsers.macs.mac_labels import in_english
from envcheck.parsers.macs.mac_numbers import parse_core_count, parse_mac_size
from envcheck.parsers.macs.system_profiler import Mac, MacCard, metal_of, pci_id_of, vendor_of_card, version_in

_LINE = regex(r"^[\s*\-|]{0,40}(?P<label>[A-Z][A-Za-z0-9 /()&,]{1,40}?):\s+(?P<value>\S.{0,200}?)\s*$")
# Labels with values that only this program prints, or whose value is Apple's word.
_ANCHORS = regex(
    r"^[\s*\-|]{0,40}(?:Chipset Model:\s+\S|Model Identifier:\s+\w*Mac\w*\d|Chip:\s+(?:Apple M\d|Unknown\s*$)|"
    r"System Version:\s+(?:macOS|OS X|Mac OS X)|Kernel Version:\s+Darwin|Boot ROM Version:\s|Total Number of Cores:\s+\d+ \(\d+ [Pp]erf)",
    words=("chip", "model", "version:", "number of cores"),
)
_REACH = 14
_WIDE_COLON = "\uff1a"


class MacText:
    """What was read, the lines of it, and where each part stands."""

    __slots__ = ("hardware_line", "lines", "mac", "software_line")

    def __init__(self) -> None:
        self.mac = Mac()
        self.lines: list[int] = []
        self.hardware_line = -1
        self.software_line = -1


def parse_system_profiler_text(lines: list[str]) -> MacText | None:
    """None: the text has nothing of it."""
    english = {line: in_english(line) for line in dict.fromkeys(lines) if ":" in line or _WIDE_COLON in line}
    lines = [english.get(line, line) for line in lines]
    anchors = [number for number, line in enumerate(lines) if ":" in line and _ANCHORS.match(line)]
    if not anchors:
        return None
    found = MacText()
    card: MacCard | None = None
    nearest = 0
    for number in range(max(0, anchors[0] - _REACH), min(len(lines), anchors[-1] + _REACH + 1)):
        while nearest + 1 < len(anchors) and anchors[nearest + 1] <= number:
            nearest += 1
        near = min(abs(anchors[place] - number) for place in (nearest, min(nearest + 1, len(anchors) - 1)))
        field = _LINE.match(lines[number]) if near <= _REACH else None
        if field is None:
            if re.match(r"\s*(?:Hardware|Software|Displays|.{2,40} Overview):\s*$", lines[number]):
                card = None
            continue
        card, taken = _take(found, card, field["label"], field["value"], number)
        if taken:
            found.lines.append(number)
    return found


def _take(found: MacText, card: MacCard | None, label: str, value: str, number: int) -> tuple[MacCard | None, bool]:
    """The card that the next lines are about, and whether the line was understood."""
    if label == "Chipset Model":
        card = MacCard(number)
        card.model, card.vendor = value, vendor_of_card("", value)
        found.mac.cards.append(card)
        found.mac.displays_listed = True
        return card, True
    if label in ("Model Name", "Model Identifier", "Chip", "Processor Name", "System Version"):
        card = None
    if card is not None:
        return card, _take_of_card(card, label, value)
    return None, _take_of_machine(found, label, value, number)


def _take_of_card(card: MacCard, label: str, value: str) -> bool:
    if label == "Total Number of Cores":
        counted = parse_core_count(value)
        card.cores = counted[0] if counted else None
    elif label == "Vendor":
        card.vendor = vendor_of_card(value, card.model or "")
        card.pci_id = card.pci_id or pci_id_of(value, "", "", card.vendor)
    elif label == "Device ID":
        card.pci_id = pci_id_of("", value, "", card.vendor)
    elif label == "Bus":
        card.builtin = value.lower().startswith("built")
    elif label.startswith("VRAM"):
        shared = "Dynamic" in label or "Shared" in label
        size = parse_mac_size(value)
        card.shared_bytes, card.memory_bytes = (size, card.memory_bytes) if shared else (card.shared_bytes, size)
    elif label.startswith("Metal"):
        card.metal = metal_of(value) if card.metal is None else card.metal
    else:
        return label == "Type" and value == "GPU"
    return True


def _take_of_machine(found: MacText, label: str, value: str, number: int) -> bool:
    mac = found.mac
    if label == "Chip" and (value.startswith("Apple") or value == "Unknown"):
        mac.take_chip(value)
    elif label == "Processor Name" and mac.intel_cpu is None:
        mac.intel_cpu = value
    elif label == "Total Number of Cores" and mac.cores is None:
        mac.take_cores(value)
    elif label == "Memory" and mac.memory_bytes is None:
        mac.memory_bytes = parse_mac_size(value)
    elif label == "Model Identifier" and mac.model_identifier is None:
        mac.take_model(value)
    elif label == "System Version" and re.match(r"(?:macOS|OS X|Mac OS X)", value):
        mac.version = version_in(value)
        found.software_line = number
        return True
    elif label == "Kernel Version" and value.startswith("Darwin"):
        mac.kernel = value.replace("Darwin", "").strip()
        found.software_line = number if found.software_line < 0 else found.software_line
        return True
    else:
        return label in ("Model Name", "Model Number", "Boot ROM Version", "System Firmware Version", "OS Loader Version")
    if found.hardware_line < 0:
        found.hardware_line = number
    return True
