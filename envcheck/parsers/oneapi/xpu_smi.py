"""What `xpu-smi discovery` prints: a table of two columns, and JSON of one device or of all.

    | 0         | Device Name: Intel(R) Data Center GPU Max 1550                                       |
    |           | PCI BDF Address: 0000:18:00.0                                                        |
    |           | Memory Physical Size: 32768.00 MiB                                                   |

Releases of 2026 print the same without its borders. The list of all devices has no memory in it; `discovery -d N` has. Its other
tables (stats, topology, health) begin otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from envcheck.parsers.expression import regex
from envcheck.parsers.text.sizes import parse_size

_ROW = regex(r"^\s*\|\s*(?P<index>\d{0,4})\s*\|\s*(?P<label>[A-Za-z][A-Za-z0-9 /_]{1,40}?)\s*:\s*(?P<value>[^|]{0,200}?)\s*\|?\s*$")
_RULE = regex(r"^\s*\+[-=+]{10,}\+?\s*$")
_HEADING = regex(r"^\s*\|\s*Device ID\s*\|\s*Device Information\s*\|?\s*$")
_BLANK = regex(r"^\s*\|\s*\|\s*\|?\s*$")
# The same without borders: its rows count only below its heading.
_BARE_HEADING = regex(r"^\s{0,8}Device ID\s{2,}Device Information\s*$")
_BARE_ROW = regex(r"^(?:\s{0,8}(?P<index>\d{1,4})\s{2,}|\s{8,})(?P<said>[A-Za-z][A-Za-z0-9 /_]{1,40}:.{0,240})$")
_NOTHING = ("", "n/a", "unknown", "none")
_MOST_DEVICES = 256


class XpuDevice:
    """One device; what was not said is None. `line` is where it begins in a table, -1 in JSON."""

    __slots__ = ("driver", "function", "index", "line", "memory_bytes", "name", "pci_address", "pci_id", "uuid")

    def __init__(self, index: int, line: int = -1) -> None:
        self.index = index
        self.line = line
        self.name: str | None = None
        self.pci_address: str | None = None
        self.pci_id: str | None = None
        self.uuid: str | None = None
        self.memory_bytes: int | None = None
        self.driver: str | None = None
        self.function: str | None = None


def parse_xpu_smi_tables(lines: list[str]) -> tuple[list[XpuDevice], list[int]]:
    """The devices of all tables of a text, and the lines that they stand in; a table that is cut gives what is left."""
    devices: dict[int, XpuDevice] = {}
    taken: list[int] = []
    current: XpuDevice | None = None
    for number, line in enumerate(_with_borders(lines)):
        if "|" not in line and "+" not in line:
            current = None
            continue
        row = _ROW.match(line)
        if row is not None and row["index"] and row["label"] in ("Device Name", "Device Type"):
            if len(devices) >= _MOST_DEVICES:
                break
            current = devices.setdefault(int(row["index"]), XpuDevice(int(row["index"]), number))
        elif row is not None and row["index"]:
            current = None  # a row of another table of the same make, such as that of stats
        if row is not None and current is not None:
            _take(current, row["label"].lower(), row["value"])
            taken.append(number)
        elif _HEADING.match(line) or (current is not None and (_RULE.match(line) or _BLANK.match(line))):
            taken.append(number)
    return [device for device in devices.values() if device.name or device.pci_address], taken


def _with_borders(lines: list[str]) -> Iterator[str]:
    """Each line, those of a table without borders as one with them has it."""
    in_table = False
    for line in lines:
        row = _BARE_ROW.match(line) if in_table else None
        if "Device ID" in line and _BARE_HEADING.match(line):
            in_table = True
            yield "| Device ID | Device Information |"
        elif row is not None:
            yield f"| {row['index'] or ''} | {row['said'].rstrip()} |"
        else:
            in_table = in_table and not line.strip()
            yield "| | |" if in_table else line


def _take(device: XpuDevice, label: str, value: str) -> None:
    if value.lower() in _NOTHING:
        return
    if label == "device name":
        device.name = value
    elif label == "pci bdf address":
        device.pci_address = value
    elif label == "pci device id":
        device.pci_id = _pci_id(value)
    elif label in ("uuid", "soc uuid"):
        device.uuid = value
    elif label == "memory physical size":
        device.memory_bytes = parse_size(value) or None
    elif label in ("driver version", "kernel driver version"):
        device.driver = value
    elif label in ("function type", "device function type"):
        device.function = value.lower()


def parse_xpu_smi_json(document: Any) -> list[XpuDevice]:
    """The devices of `discovery -j` (a list) and of `discovery -d N -j` (one); anything else gives none."""
    if not isinstance(document, dict):
        return []
    listed = document.get("device_list")
    entries = listed if isinstance(listed, list) else [document]
    devices = (_entry(entry, place) for place, entry in enumerate(entries[:_MOST_DEVICES]) if isinstance(entry, dict))
    return [device for device in devices if device is not None]


def _entry(entry: dict[str, Any], place: int) -> XpuDevice | None:
    """Stats and health name a device's number and no name: those are passed over."""
    name, address = _word(entry, "device_name"), _word(entry, "pci_bdf_address")
    if name is None or ("device_id" not in entry and address is None):
        return None
    number = entry.get("device_id")
    whole = isinstance(number, (int, str)) and not isinstance(number, bool) and re.fullmatch(r"\d{1,4}", str(number))
    device = XpuDevice(int(str(number)) if whole else place)
    device.name, device.pci_address = name, address
    device.pci_id = _pci_id(_word(entry, "pci_device_id") or "")
    device.uuid = _word(entry, "uuid") or _word(entry, "soc_uuid")
    device.driver = _word(entry, "driver_version") or _word(entry, "kernel_driver_version")
    device.function = (_word(entry, "device_function_type") or "").lower() or None
    size = entry.get("memory_physical_size_byte")
    text = str(size) if isinstance(size, (int, str)) and not isinstance(size, bool) else ""
    device.memory_bytes = int(text) if re.fullmatch(r"[1-9]\d{0,16}", text) else None
    return device


def _word(entry: dict[str, Any], key: str) -> str | None:
    value = entry.get(key)
    text = value.strip() if isinstance(value, str) else ""
    return text[:200] if text.lower() not in _NOTHING else None


def _pci_id(value: str) -> str | None:
    """`0xbda` → 8086:0bda."""
    digits = re.fullmatch(r"(?:0x)?([0-9a-fA-F]{1,4})", value.strip())
    return f"8086:{int(digits[1], 16):04x}" if digits else None
