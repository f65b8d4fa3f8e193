"""What lspci prints, in every form: plain, numeric, with its drivers, for machines, whole, cut, or the lines that somebody searched for.

01:00.0 VGA compatible controller: NVIDIA Corporation GA102 [GeForce RTX 3090] (rev a1)
0000:01:00.0 3D controller [0302]: NVIDIA Corporation Device [10de:2330] (rev a1)
01:00.0 0300: 10de:2204 (rev a1)
01:00.0 "VGA compatible controller" "NVIDIA Corporation" "GA102 [GeForce RTX 3090]" -ra1 "Gigabyte" "Device 4043"
    Kernel driver in use: nvidia                            below one of these, from lspci -k and -v
Slot:	01:00.0                                         records of lspci -vmm, a line per field
Class:	VGA compatible controller
"""

from __future__ import annotations

import re

from envcheck.parsers.expression import regex

_LONGEST = 600
_ADDRESS = r"(?P<address>(?:[0-9A-Fa-f]{4,8}:)?[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.[0-7])"
_LINE = regex(rf"^\s*(?:[-*]\s+)?(?:[A-Za-z]{{2,12}}\s?:\s+)?{_ADDRESS}\s+(?P<rest>\S.*)$")
# The names that pci.ids gives to classes end in one of these words.
_NAMED = regex(
    r"(?P<kind>(?:[A-Za-z0-9][\w /,.()-]{0,50} )?(?:controllers?|[Bb]ridge|[Dd]evice|accelerators?|[Pp]eripheral|Co-processor|interface"
    r"|memory|PIC|IOMMU|RTC|SMBus|bus|timer|counters|instrumentation|Instrumentation|NVMe|Unassigned class|Class)"
    r"(?: \([^()]{0,20}\))?)(?: \[?(?P<class>[0-9a-fA-F]{4})\]?)?: (?P<words>.*)$"
)
_NUMERIC = regex(r"(?:Class )?(?P<class>[0-9a-f]{4}): (?P<id>[0-9a-f]{4}:[0-9a-f]{4})\b(?P<words>)")
_QUOTED = regex(r'"((?:[^"\\]|\\.)*)"|(\S+)')
_ID = regex(r"\[(?P<id>[0-9a-fA-F]{4}:[0-9a-fA-F]{4})\]")
_DETAIL = regex(
    r"^\s*(?P<key>Kernel driver in use|Kernel modules|Subsystem|DeviceName|Flags|Control|Capabilities|Memory at)\b:?\s*(?P<value>.*)$",
    words=("kernel ", "subsystem", "devicename", "flags", "control", "capabilities", "memory at"),
)
_RECORD = regex(
    r"^\s*(?P<key>Slot|Device|Class|Vendor|SVendor|SDevice|Driver|Module|Rev|ProgIf|NUMANode|IOMMUGroup|PhySlot):\s+(?P<value>\S.*)$"
)
_FIELDS = (
    "Slot",
    "Device",
    "Class",
    "Vendor",
    "SVendor",
    "SDevice",
    "Driver",
    "Module",
    "Rev",
    "ProgIf",
    "NUMANode",
    "IOMMUGroup",
    "PhySlot",
)
_REST = regex(r"\s*\((?:rev|prog-if) [^()]*\)")
# A narrowed list: by a filter behind it, or by options that choose devices.
_NARROWED = regex(r"\blspci\b[^|]*(?:\|| -[a-zA-Z]*[sd]\b| -[sd] ?[0-9a-fA-F:])", words=("lspci",))
# By their numbers in pci.ids: the switches of A100 and H100 machines.
_NVSWITCHES = ("10de:1af1", "10de:22a3", "NVIDIA Corporation Device 1af1", "NVIDIA Corporation Device 22a3")
_DISPLAYS = ("VGA compatible controller", "3D controller", "Display controller", "XGA compatible controller")
_LEAST_OF_WHOLE = 3


class Device:
    """One device. `driver` is None where lspci shows that it has none, and empty where it does not say."""

    __slots__ = ("address", "class_id", "driver", "kind", "line", "lines", "modules", "pci_id", "vendor", "words")

    def __init__(self, address: str, line: int) -> None:
        self.address = address
        self.line = line
        self.lines = [line]
        self.kind = ""
        self.class_id = ""
        self.vendor = ""  # only where the form keeps it apart
        self.words = ""  # of maker and device, without revision and numbers
        self.pci_id = ""
        self.driver: str | None = ""
        self.modules = ""

    @property
    def computes(self) -> bool:
        """Whether its class is that of displays or of processing accelerators."""
        if self.class_id:
            return self.class_id[:2] in ("03", "12")
        return self.kind in _DISPLAYS or self.kind.startswith("Processing accelerator")

    @property
    def is_nvswitch(self) -> bool:
        """Whether it connects the GPUs of an NVIDIA machine, which then needs its fabric manager."""
        return "NVSwitch" in self.words or any(number in f"{self.pci_id} {self.words}" for number in _NVSWITCHES)


def parse_lspci(lines: list[str]) -> list[Device]:
    """All devices of a text, in its order; one that is listed twice is there twice."""
    devices: list[Device] = []
    record: dict[str, str] = {}
    for number, line in enumerate(lines):
        if len(line) > _LONGEST or not line or line.isspace():
            record = {}
            continue
        device = _listed(line, number) if ":" in line else None
        if device is not None:
            devices.append(device)
        elif ":" in line and line.lstrip().startswith(_FIELDS) and (field := _RECORD.match(line)) is not None:
            _take_field(devices, record, field, number)
        elif devices and _belongs(devices[-1], line, number):
            _take_detail(devices[-1], line, number)
    _settle_drivers(devices)
    return devices


def is_whole(devices: list[Device], lines: list[str]) -> bool:
    """Whether a machine's whole bus is listed: with its host bridge and devices of other kinds, not narrowed by who asked.

    Boards whose processor holds the GPU (a Jetson shows only bridges of NVIDIA's) and WSL do not show it on this bus.
    """
    kinds = {device.kind or device.class_id for device in devices}
    bridge = any(device.kind == "Host bridge" or device.class_id == "0600" for device in devices)
    makers = {device.words.partition(" ")[0] for device in devices if device.computes and "Hyper-V" not in device.words}
    board = "NVIDIA" not in makers and any(device.words.startswith("NVIDIA") and device.kind == "PCI bridge" for device in devices)
    if not bridge or board or "Microsoft" in makers or len(kinds) < _LEAST_OF_WHOLE:
        return False
    return not any(_NARROWED.search(line) for line in lines if "lspci" in line and len(line) <= _LONGEST)


def _listed(line: str, number: int) -> Device | None:
    found = _LINE.match(line)
    if found is None:
        return None
    device = Device(found.group("address"), number)
    rest = found.group("rest")
    if rest.startswith('"'):
        return _of_quoted(device, rest)
    shape = _NUMERIC.match(rest) or _NAMED.match(rest)
    if shape is None:
        return None
    fields = shape.groupdict()
    device.kind = (fields.get("kind") or "").strip()
    device.class_id = (fields.get("class") or "").lower()
    words = fields["words"]
    number_in = _ID.search(words)
    device.pci_id = (fields.get("id") or (number_in.group("id") if number_in else "")).lower()
    device.words = _REST.sub("", _ID.sub("", words)).strip()
    return device


def _of_quoted(device: Device, rest: str) -> Device | None:
    """`"VGA compatible controller [0300]" "NVIDIA Corporation [10de]" "GA102 [GeForce RTX 3090] [2204]" -ra1`."""
    parts = [quoted for quoted, _ in _QUOTED.findall(rest) if quoted][:3]
    if len(parts) < 3:
        return None
    device.kind, device.class_id = _numbered(parts[0])
    device.vendor, vendor_id = _numbered(parts[1])
    name, device_id = _numbered(parts[2])
    device.words = f"{device.vendor} {name}".strip()
    device.pci_id = f"{vendor_id}:{device_id}" if vendor_id and device_id else ""
    return device


def _numbered(words: str) -> tuple[str, str]:
    """A name and the number in brackets behind it."""
    found = re.search(r"\s?\[([0-9a-fA-F]{4})\]$", words)
    if found is not None:
        return words[: found.start()].strip(), found.group(1).lower()
    return ("", words.lower()) if re.match(r"[0-9a-f]{4}$", words) else (words, "")


def _take_field(devices: list[Device], record: dict[str, str], field: re.Match[str], number: int) -> None:
    """A field of a record; the record's first is its place, called Device by lspci -vm of old."""
    key, value = field.group("key"), field.group("value").strip()
    place = re.match(rf"{_ADDRESS}$", value)
    if place is not None and not record:
        record["address"] = value
        devices.append(Device(value, number))
        return
    if not record or not devices:
        return
    device = devices[-1]
    device.lines.append(number)
    if key == "Class":
        device.kind, device.class_id = _numbered(value)
    elif key == "Vendor":
        device.vendor, vendor_id = _numbered(value)
        device.words, device.pci_id = device.vendor, vendor_id
    elif key == "Device":
        name, device_id = _numbered(value)
        device.words = f"{device.words} {name}".strip()
        device.pci_id = f"{device.pci_id}:{device_id}" if device.pci_id and device_id else ""
    elif key == "Driver":
        device.driver = value
    elif key == "Module":
        device.modules = value


def _belongs(device: Device, line: str, number: int) -> bool:
    """Indented lines follow their device at once; grep leaves some out, and people take the indentation away."""
    return number == device.lines[-1] + 1 and (line[:1] in (" ", "\t") or _DETAIL.match(line) is not None)


def _take_detail(device: Device, line: str, number: int) -> None:
    device.lines.append(number)
    detail = _DETAIL.match(line)
    if detail is None:
        return
    if detail.group("key") == "Kernel driver in use":
        device.driver = detail.group("value").strip()
    elif detail.group("key") == "Kernel modules":
        device.modules = detail.group("value").strip()


def _settle_drivers(devices: list[Device]) -> None:
    """The driver stands before the modules that could drive it: modules alone mean that none does.

    So does an entry that has neither, in a list that gives others' drivers, where it is whole: another device follows at once.
    """
    driven = sum(1 for device in devices if device.driver)
    for device, following in zip(devices, [*devices[1:], None]):
        if device.driver:
            continue
        followed = following is not None and 0 < following.line - device.lines[-1] <= 2
        if device.modules or (followed and len(device.lines) > 1 and driven >= _LEAST_OF_WHOLE):
            device.driver = None
