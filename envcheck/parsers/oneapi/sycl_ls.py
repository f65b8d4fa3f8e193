"""What `sycl-ls` prints: a line per device and backend, in the spellings that it has had, and the longer form of --verbose.

    [ext_oneapi_level_zero:gpu:0] Intel(R) Level-Zero, Intel(R) Arc(TM) A770 Graphics 1.3 [1.3.26918]
    [level_zero:gpu][level_zero:1] Intel(R) oneAPI Unified Runtime over Level-Zero V2, Intel(R) Graphics 12.70.4 [1.15.38646]
    [opencl:cpu][opencl:0] Intel(R) OpenCL, 11th Gen Intel(R) Core(TM) i9-11900K @ 3.50GHz OpenCL 3.0 (Build 0) [2024.18.7.0.11_160000]

Until 2021 it named the platform only, and not the device:

    [level_zero:0] GPU : Intel(R) Level-Zero 1.3 [1.3.23034]

The same GPU has a line for each backend. Below ONEAPI_DEVICE_SELECTOR the numbers begin at 0 again, and devices may be missing.
"""

from __future__ import annotations

import re

from envcheck.parsers.expression import regex

_DEVICE = regex(
    r"^[^\[\n]{0,40}\[(?:ext_oneapi_|ext_intel_)?(?P<backend>level_zero(?:_v2)?|opencl|cuda|hip|native_cpu|esimd_emulator|offload|host)"
    r":(?P<kind>gpu|cpu|acc|fpga|custom|host|npu)(?::(?P<old>\d{1,3})\]|\]\[[a-z_0-9]{2,30}:(?P<new>\d{1,3})\])\s*(?P<rest>\S.{0,500}?)\s*$"
)
_UNNAMED = regex(
    r"^[^\[\n]{0,40}\[(?P<backend>level_zero|opencl|cuda|hip|host):(?P<index>\d{1,3})\]\s*(?P<kind>GPU|CPU|ACC|HOST)\s*:\s*"
    r"(?P<platform>\S.{0,200}?)\s+\d+\.\d+\s*\[(?P<driver>[^\[\]]{1,80})\]\s*$"
)
_DRIVER = regex(r"\s*\[(?P<driver>[^\[\]]{1,80})\]$")
# What stands behind the name: OpenCL 3.0 NEO, OpenCL 3.0 (Build 0), 1.3, 12.70.4, or a target such as gfx1100.
_VERSION = regex(r"\s+(?:OpenCL \d+\.\d+(?: [A-Za-z-]{2,12})?(?: \([\w ,.]{1,40}\))?|\d+\.\d+(?:\.\d+)*|gfx\w+)\s*$")
_SELECTOR = regex(
    r"Warning: (?P<name>ONEAPI_DEVICE_SELECTOR|SYCL_DEVICE_FILTER) environment variable is set to (?P<value>\S.{0,300}?)\.?\s*$"
)
_NOTE = regex(r"^\s*To see the correct device id, please unset (?:ONEAPI_DEVICE_SELECTOR|SYCL_DEVICE_FILTER)\.\s*$")
_PLATFORM = regex(r"^\s*Platform \[#\d{1,3}\]:\s*$")
_DEVICE_HEADING = regex(r"^\s*Device \[#\d{1,3}\]:\s*$")
_FIELD = regex(
    r"^\s*(?P<key>Type|Version|Name|Vendor|Driver|UUID|DeviceID|Devices|Num SubDevices|Aspects|Architecture)\s*:\s*(?P<value>.*?)\s*$"
)
# No machine has more; a text that repeats itself may.
MOST_DEVICES = 256
# A vendor's name as OpenCL and Level Zero give it, to the word that facts use.
_VENDORS = (("nvidia", "nvidia"), ("advanced micro devices", "amd"), ("amd", "amd"), ("intel", "intel"))


class SyclDevice:
    """One line: a device as one backend shows it. `vendor` is empty where the line does not say whose it is."""

    __slots__ = ("backend", "driver", "index", "kind", "line", "name", "platform", "vendor", "version")

    def __init__(self, backend: str, kind: str, index: int, line: int) -> None:
        self.backend = backend
        self.kind = "fpga" if kind == "acc" else kind
        self.index = index
        self.line = line
        self.platform = ""
        self.name = ""
        self.version = ""
        self.driver = ""
        self.vendor = ""


class SyclList:
    """All that the text says; `verbose` are the devices of the longer form, whose numbers are not printed there."""

    __slots__ = ("devices", "lines", "selector_lines", "selectors", "verbose")

    def __init__(self) -> None:
        self.devices: list[SyclDevice] = []
        self.verbose: list[SyclDevice] = []
        self.selectors: dict[str, str] = {}
        self.selector_lines: dict[str, int] = {}
        self.lines: list[int] = []


def parse_sycl_ls(lines: list[str]) -> SyclList:
    """The devices and the selector that hid some of them; empty where the text has no such list."""
    found = SyclList()
    for number, line in enumerate(lines):
        if "[" not in line and "ONEAPI" not in line and "SYCL_DEVICE_FILTER" not in line:
            continue
        device = _DEVICE.match(line)
        unnamed = _UNNAMED.match(line) if device is None else None
        selector = _SELECTOR.search(line)
        if device is not None and len(found.devices) < MOST_DEVICES:
            found.devices.append(_device(device, number))
            found.lines.append(number)
        elif unnamed is not None and len(found.devices) < MOST_DEVICES:
            found.devices.append(_unnamed(unnamed, number))
            found.lines.append(number)
        elif selector is not None:
            found.selectors.setdefault(selector["name"], selector["value"])
            found.selector_lines.setdefault(selector["name"], number)
            found.lines.append(number)
        elif _NOTE.match(line):
            found.lines.append(number)
        elif _PLATFORM.match(line) and len(found.verbose) < MOST_DEVICES:
            _read_platform(lines, number, found)
    return found


def _device(match: re.Match[str], number: int) -> SyclDevice:
    device = SyclDevice(match["backend"].replace("_v2", ""), match["kind"], int(match["old"] or match["new"]), number)
    rest = match["rest"]
    driver = _DRIVER.search(rest)
    if driver is not None:
        device.driver, rest = driver["driver"], rest[: driver.start()]
    platform, comma, name = rest.partition(", ")
    if not comma:
        platform, name = "", rest
    version = _VERSION.search(name)
    if version is not None:
        device.version, name = version[0].strip(), name[: version.start()]
    device.platform, device.name = platform.strip(), name.strip()
    device.vendor = _vendor(device)
    return device


def _unnamed(said: re.Match[str], number: int) -> SyclDevice:
    device = SyclDevice(said["backend"], said["kind"].lower(), int(said["index"]), number)
    device.platform, device.driver = said["platform"], said["driver"]
    device.vendor = _vendor(device)
    return device


def _vendor(device: SyclDevice) -> str:
    if device.backend in ("cuda", "hip"):
        return "nvidia" if device.backend == "cuda" else "amd"
    return vendor_of(device.name) or vendor_of(device.platform)


def vendor_of(words: str) -> str:
    """`Intel(R) Corporation` → intel; empty for a name that says nothing of its maker."""
    low = words.lower()
    known = next((vendor for word, vendor in _VENDORS if word in low), "")
    if known:
        return known
    if re.search(r"\b(?:radeon|instinct|gfx\d{3,4}[a-f\d]?)\b", low):
        return "amd"
    if re.search(r"\b(?:geforce|quadro|tesla|rtx|gtx)\b", low):
        return "nvidia"
    return "apple" if re.search(r"\bapple\b", low) else ""


def _read_platform(lines: list[str], start: int, found: SyclList) -> None:
    """`Platform [#1]:` and the fields below it, as --verbose prints them:

    Device [#0]:
        Type       : gpu
        Name       : Intel(R) Arc(TM) A770 Graphics
        Driver     : 1.3.26918
    """
    platform, device = "", None
    found.lines.append(start)
    for number in range(start + 1, len(lines)):
        line = lines[number]
        field = _FIELD.match(line)
        if _DEVICE_HEADING.match(line):
            device = SyclDevice("", "", len(found.verbose), number)
            device.platform = platform
            found.verbose.append(device)
        elif field is None:
            return
        elif device is None:
            platform = field["value"] if field["key"] == "Name" else platform
        else:
            _take(device, field["key"], field["value"])
        found.lines.append(number)


def _take(device: SyclDevice, key: str, value: str) -> None:
    if key == "Type":
        device.kind = value.lower()
    elif key == "Name":
        device.name = value
    elif key == "Driver":
        device.driver = value
    elif key == "Vendor":
        device.vendor = vendor_of(value)
    low = device.platform.lower()
    device.backend = "level_zero" if "level-zero" in low else "cuda" if "cuda" in low else "hip" if "hip" in low else "opencl"
