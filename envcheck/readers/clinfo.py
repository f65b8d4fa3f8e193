"""GPUs out of `clinfo`: each once, however many platforms offer it; what computes on the processor is none."""

import re
from collections import Counter

from envcheck.facts.claims import Evidence
from envcheck.parsers.oneapi.clinfo import ClDevice, parse_clinfo
from envcheck.parsers.oneapi.sycl_ls import vendor_of
from envcheck.parsers.pci.pci_address import same_form
from envcheck.readers.interface import Text

_BACKENDS = {"nvidia": "cuda", "amd": "rocm", "intel": "xpu", "apple": "metal"}
# Mesa's platforms repeat what the makers' own ones offer.
_MESA = ("clover", "rusticl")


class ClinfoReader:
    """Reads the whole output and the list."""

    name = "clinfo"

    def recognises(self, text: Text) -> bool:
        """By a platform with a device."""
        return any("Platform" in line for line in text.lines) and bool(text.parsed(parse_clinfo)[0])

    def read(self, text: Text) -> Evidence:
        """Name, maker, memory and driver of every GPU."""
        devices, taken = text.parsed(parse_clinfo)
        text.taken.update(taken)
        evidence = Evidence()
        numbers: Counter[str] = Counter()
        for device in _each_once([device for device in devices if device.is_gpu]):
            vendor = _vendor(device)
            key = f"accelerators[{vendor}:{numbers[vendor]}]" if vendor else f"accelerators[{numbers[vendor]}]"
            numbers[vendor] += 1
            evidence.claims.append(text.claim(key, _card(device, vendor), device.line))
            evidence.observed["accelerators"] = "partial"
            _add_driver(evidence, text, device, vendor)
        return evidence


def _vendor(device: ClDevice) -> str:
    return vendor_of(device.vendor) or vendor_of(device.board or device.name) or vendor_of(device.platform)


def _each_once(devices: list[ClDevice]) -> list[ClDevice]:
    """Without those that another platform has told: by their place on the bus, else by their name, Mesa's platforms last."""
    kept: list[ClDevice] = []
    most: dict[str, Counter[str]] = {}
    for device in sorted(devices, key=lambda device: device.platform.lower().startswith(_MESA)):
        address = same_form(device.pci_address or "")
        if address and any(address == same_form(other.pci_address or "") for other in kept):
            continue
        name = _bare(device)
        most.setdefault(device.platform, Counter())[name] += 1
        if address or most[device.platform][name] > sum(_bare(other) == name and other.platform != device.platform for other in kept):
            kept.append(device)
    return sorted(kept, key=lambda device: device.line)


def _plain(device: ClDevice) -> str:
    """The name without what Mesa adds in brackets: `AMD Radeon RX 6800 (radeonsi, navi21, LLVM 21.1.6 …)`."""
    return re.sub(r"\s*\([^()]{0,40},.{0,200}\)$", "", device.board or device.name)


def _bare(device: ClDevice) -> str:
    """The name without the device's number either, which not every driver shows: `Intel(R) UHD Graphics 620 [0x3ea0]`."""
    return re.sub(r"\s*\[0x[0-9a-fA-F]{4}\]$", "", _plain(device))


def _card(device: ClDevice, vendor: str) -> dict[str, object]:
    """The memory of a GPU that shares the machine's is what it may use of it."""
    told = {
        "name": _plain(device),
        "vendor": vendor or None,
        "backend": _BACKENDS.get(vendor),
        "pci_address": device.pci_address,
        "compute_capability": device.capability,
        "architecture": device.name if re.fullmatch(r"gfx[0-9a-f]{3,5}", device.name) else None,
        "unified_memory": device.unified,
        "shared_memory_bytes" if device.unified else "memory_bytes": device.memory_bytes,
    }
    return {fact: value for fact, value in told.items() if value is not None}


def _add_driver(evidence: Evidence, text: Text, device: ClDevice, vendor: str) -> None:
    """NVIDIA's OpenCL carries the version of its driver; Intel's has a version of its own, and so have the others."""
    if device.driver and vendor == "nvidia" and re.fullmatch(r"\d{3}\.\d+(?:\.\d+)?", device.driver):
        evidence.claims.append(text.claim("nvidia.driver_version", device.driver, device.line))
    elif device.driver and vendor == "intel" and re.match(r"\d", device.driver):
        evidence.claims.append(text.claim("intel.driver_version", device.driver, device.line))
