"""GPUs that tools list as records of labelled lines: nvidia-container-cli info, ubuntu-drivers devices, lshw -C display.

NVRM version:   535.104.05                          nvidia-container-cli info
CUDA version:   12.2

Device Index:   0
Model:          NVIDIA GeForce RTX 3090
GPU UUID:       GPU-5c4b9d62-7e3f-4a3c-9d1a-0d7f0f9f3b52
Bus Location:   00000000:01:00.0
Architecture:   8.6

== /sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0 ==         ubuntu-drivers devices
modalias : pci:v000010DEd00002204sv00001458sd0000403Bbc03sc00i00
vendor   : NVIDIA Corporation
model    : GA102 [GeForce RTX 3090]
driver   : nvidia-driver-535 - distro non-free recommended      what could be installed, not what is

  *-display UNCLAIMED                                           lshw -C display
       product: GA102 [GeForce RTX 3090]
       vendor: NVIDIA Corporation
       bus info: pci@0000:01:00.0
       configuration: driver=nouveau latency=0
"""

from __future__ import annotations

import re

from envcheck.parsers.expression import regex

_LONGEST = 1000
_CONTAINER = regex(
    r"^\s*(?P<key>NVRM version|CUDA version|Device Index|Device Minor|Model|Brand|GPU UUID|Bus Location|Architecture):\s+"
    r"(?P<value>\S.*?)\s*$"
)
_UBUNTU = regex(r"^\s*== /sys/devices/\S{0,300}?(?P<address>[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]) ==\s*$")
_UBUNTU_FIELD = regex(r"^\s*(?P<key>modalias|vendor|model|driver|manual_install)\s*: ?(?P<value>\S.*?)\s*$")
_MODALIAS = regex(r"pci:v0000(?P<vendor>[0-9A-F]{4})d0000(?P<device>[0-9A-F]{4})sv\w{8}sd\w{8}bc(?P<class>[0-9A-F]{2})")
_LSHW = regex(r"^\s*\*-display(?::\d+)?(?P<unclaimed> UNCLAIMED)?(?: DISABLED)?\s*$")
_LSHW_FIELD = regex(r"^\s+(?P<key>[a-z][a-z ]{2,20}): (?P<value>\S.*?)\s*$")
CONTAINER_CLI, UBUNTU_DRIVERS, LSHW = "nvidia-container-cli", "ubuntu-drivers", "lshw"


class Record:
    """One device, or the head of nvidia-container-cli's answer: the fields by their labels, and the lines they stand in."""

    __slots__ = ("fields", "lines", "tool")

    def __init__(self, tool: str, line: int) -> None:
        self.tool = tool
        self.fields: dict[str, str] = {}
        self.lines = [line]


def parse_labelled_gpus(lines: list[str]) -> list[Record]:
    """All records of these tools in a text."""
    records: list[Record] = []
    for number, line in enumerate(lines):
        if len(line) > _LONGEST or (":" not in line and "*-display" not in line):
            continue
        current = records[-1] if records and number - records[-1].lines[-1] == 1 else None
        ubuntu = _UBUNTU.match(line) if "== /sys/devices/" in line else None
        lshw = _LSHW.match(line) if "*-display" in line else None
        if ubuntu is not None:
            records.append(Record(UBUNTU_DRIVERS, number))
            records[-1].fields["address"] = ubuntu.group("address")
        elif lshw is not None:
            records.append(Record(LSHW, number))
            if lshw.group("unclaimed"):
                records[-1].fields["unclaimed"] = "yes"
        elif current is not None and current.tool != CONTAINER_CLI:
            _take(current, (_UBUNTU_FIELD if current.tool == UBUNTU_DRIVERS else _LSHW_FIELD).match(line), number)
        elif (current or "NVRM version" in line or "Device Index" in line) and (field := _CONTAINER.match(line)) is not None:
            _take_container(records, current, field, number)
    return [record for record in records if len(record.lines) > 1]


def _take(record: Record, field: re.Match[str] | None, number: int) -> None:
    if field is not None:
        record.lines.append(number)
        record.fields.setdefault(field.group("key"), field.group("value"))


def _take_container(records: list[Record], current: Record | None, field: re.Match[str], number: int) -> None:
    """The head and each device begin with labels of their own; any of the other labels alone is somebody else's."""
    if field.group("key") in ("NVRM version", "Device Index"):
        current = Record(CONTAINER_CLI, number)
        current.lines = []
        records.append(current)
    if current is not None:
        _take(current, field, number)


def parse_modalias(text: str) -> tuple[str, int] | None:
    """`pci:v000010DEd00002204…bc03…` → ("10de:2204", 0x03): the device and the base of its class."""
    found = _MODALIAS.match(text)
    if found is None:
        return None
    return f"{found.group('vendor')}:{found.group('device')}".lower(), int(found.group("class"), 16)
