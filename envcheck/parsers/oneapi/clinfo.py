"""What `clinfo` prints, whole or as the list of `clinfo -l`.

      Platform Name                                   Intel(R) OpenCL Graphics
      Device Name                                     Intel(R) Arc(TM) A770 Graphics
      Device Type                                     GPU
      Global memory size                              16225243136 (15.11GiB)

    Platform #0: Intel(R) OpenCL Graphics
     `-- Device #0: Intel(R) Arc(TM) A770 Graphics

The list does not tell GPUs from CPUs: there the platform and the name do. Names and values are two columns apart by two blanks at least.
AMD's own clinfo begins a device with its type, and ends it with name and vendor:

      Device Type:                                   CL_DEVICE_TYPE_GPU
      Board name:                                    Radeon RX 580 Series
      Device Topology:                               PCI[ B#34, D#0, F#0 ]
      Global memory size:                            8589934592
      Name:                                          gfx803
      Vendor:                                        Advanced Micro Devices, Inc.
"""

from __future__ import annotations

import re

from envcheck.parsers.expression import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_LISTED_PLATFORM = regex(r"^\s*Platform #\d{1,3}: (?P<name>\S.{0,200}?)\s*$")
_LISTED_DEVICE = regex(r"^\s*[`+|]?-- Device #(?P<index>\d{1,3}): (?P<name>\S.{0,300}?)\s*$")
_FIELD = regex(
    r"^\s*(?P<key>Platform Name|Platform Vendor|Device Name|Device Vendor|Device Vendor ID|Device Board Name \(AMD\)|Device Type|"
    r"Driver Version|Global memory size|Unified memory for Host and Device|Device PCI bus info \(KHR\)|Device UUID|"
    r"Device Topology \(AMD\)|Device Topology \(NV\)|Compute Capability \(NV\)|Max compute units|Number of devices|"
    r"NULL platform behavior)(?::?\s{2,}|:\s)(?P<value>\S.{0,400}?)\s*$"
)
_AMDS = regex(
    r"^\s*(?P<key>Device Type|Board name|Device Topology|Global memory size|Name|Vendor|Driver version|Platform Name|Vendor ID)"
    r":[ \t]{2,}(?P<value>\S.{0,400}?)?\s*$"
)
_TOPOLOGY = regex(r"PCI\[ B#(?P<bus>\d{1,3}), D#(?P<device>\d{1,2}), F#(?P<function>\d) \]")
_ADDRESS = regex(r"(?:PCI-E, ?)?(?P<address>[0-9a-fA-F]{4,8}:[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\.[0-7])")
_SIZE = regex(r"(?P<bytes>[1-9]\d{0,16})\b")
_CPU_NAME = regex(r"\bCPU\b|\bProcessor\b|^pthread-|^cpu-|\bXeon\b|\bCore\(TM\)|\bRyzen\b|\bEPYC\b|\bThreadripper\b|FPGA")
# No machine has more; a text that repeats itself may.
_MOST_DEVICES = 256
# A processor's name that stands for what is built into it.
_GPU_NAME = regex(r"Graphics|Radeon|Iris|GeForce|Quadro|Arc\b|gfx\d", re.IGNORECASE)
_CPU_PLATFORM = regex(r"^(?:Intel\(R\) OpenCL|Portable Computing Language|Intel\(R\) CPU Runtime.*|Intel\(R\) FPGA.*|AMD.*CPU.*)$")


class ClDevice:
    """One device of one platform; what was not said is None. `kind` is gpu, cpu, accelerator, or empty where it was not said."""

    __slots__ = (
        "board",
        "capability",
        "driver",
        "kind",
        "line",
        "memory_bytes",
        "name",
        "pci_address",
        "platform",
        "unified",
        "vendor",
    )

    def __init__(self, name: str, platform: str, line: int) -> None:
        self.name = name
        self.platform = platform
        self.line = line
        self.kind = ""
        self.vendor = ""
        self.board: str | None = None
        self.driver: str | None = None
        self.memory_bytes: int | None = None
        self.unified: bool | None = None
        self.pci_address: str | None = None
        self.capability: str | None = None

    @property
    def is_gpu(self) -> bool:
        """By what it says it is; in the short list by its platform and its name."""
        if self.kind:
            return "gpu" in self.kind
        if _GPU_NAME.search(self.name):
            return True
        return not _CPU_NAME.search(self.name) and not _CPU_PLATFORM.match(self.platform)


def parse_clinfo(lines: list[str]) -> tuple[list[ClDevice], list[int]]:
    """The devices of a text, whole output or list, and the lines that were understood."""
    devices: list[ClDevice] = []
    taken: list[int] = []
    platform = ""
    current: ClDevice | None = None
    for number, (listed, heading, field) in _matched(lines):
        if len(devices) >= _MOST_DEVICES:
            break
        if heading is not None:
            platform, current = heading["name"], None
        elif listed is not None and platform:
            devices.append(ClDevice(listed["name"], platform, number))
        elif field is None:
            continue
        elif field["key"] == "Platform Name":
            platform, current = field["value"], None
        elif field["key"] == "NULL platform behavior":
            platform, current = "", None  # what follows names devices again, that were told already
        elif field["key"] == "Device Name" and platform:
            current = ClDevice(field["value"], platform, number)
            devices.append(current)
        elif current is not None:
            _take(current, field["key"], field["value"])
        else:
            continue
        taken.append(number)
    amds, amds_lines = _parse_amds(lines)
    return sorted(devices + amds, key=lambda device: device.line), taken + amds_lines


def _matched(lines: list[str]) -> Iterator[tuple[int, tuple[re.Match[str] | None, ...]]]:
    """The lines of a device or platform in the list, or of a field, from the first platform on; equal lines are looked at once."""
    known: dict[str, tuple[re.Match[str] | None, ...]] = {}
    begun = False
    for number, line in enumerate(lines):
        begun = begun or "latform" in line
        if begun and line not in known:
            known[line] = (_LISTED_DEVICE.match(line), _LISTED_PLATFORM.match(line), _FIELD.match(line))
        if begun and any(known[line]):
            yield number, known[line]


def _parse_amds(lines: list[str]) -> tuple[list[ClDevice], list[int]]:
    """The same of AMD's own clinfo."""
    devices: list[ClDevice] = []
    taken: list[int] = []
    platform = ""
    current: ClDevice | None = None
    known: dict[str, re.Match[str] | None] = {}
    for number, line in enumerate(lines):
        if line not in known:
            known[line] = _AMDS.match(line) if ":" in line else None
        said = known[line]
        if said is None or len(devices) >= _MOST_DEVICES:
            continue
        key, value = said["key"], said["value"] or ""
        if key == "Platform Name":
            platform, current = value, None
        elif key == "Device Type":
            current = ClDevice("", platform, number) if value.startswith("CL_DEVICE_TYPE_") else None
            if current is not None:
                current.kind = value.lower()
                devices.append(current)
        elif current is not None:
            _take_amds(current, key, value)
        else:
            continue
        taken.append(number)
    return [device for device in devices if device.name or device.board], taken


def _take_amds(current: ClDevice, key: str, value: str) -> None:
    if key == "Board name":
        current.board = value or None
    elif key == "Name":
        current.name = value
    elif key == "Device Topology":
        place = _TOPOLOGY.match(value)
        # Releases that read the bus as the device's number say that it is bus 0, where no card is.
        if place is not None and int(place["bus"]):
            current.pci_address = f"0000:{int(place['bus']):02x}:{int(place['device']):02x}.{place['function']}"
    elif key in ("Vendor", "Driver version", "Global memory size"):
        _take(current, {"Vendor": "Device Vendor", "Driver version": "Driver Version"}.get(key, key), value)


def _take(device: ClDevice, key: str, value: str) -> None:
    if key == "Device Vendor":
        device.vendor = value
    elif key == "Device Type":
        device.kind = value.lower()
    elif key == "Device Board Name (AMD)":
        device.board = value
    elif key == "Driver Version":
        device.driver = value
    elif key == "Compute Capability (NV)" and re.fullmatch(r"\d{1,2}\.\d", value):
        device.capability = value
    elif key == "Unified memory for Host and Device":
        device.unified = {"Yes": True, "No": False}.get(value)
    elif key == "Global memory size":
        size = _SIZE.match(value)
        device.memory_bytes = int(size["bytes"]) if size else None
    elif key.startswith(("Device PCI bus info", "Device Topology")):
        address = _ADDRESS.search(value)
        device.pci_address = address["address"] if address else None
