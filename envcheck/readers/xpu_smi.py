"""Intel's GPUs out of `xpu-smi discovery`, as a table and as JSON."""

from envcheck.facts.claims import Evidence
from envcheck.parsers.oneapi.xpu_smi import XpuDevice, parse_xpu_smi_json, parse_xpu_smi_tables
from envcheck.parsers.text.json_in_text import find_json
from envcheck.readers.interface import Text


class XpuSmiReader:
    """Reads the discovery of one device or of all; what its other commands measure is passed over."""

    name = "xpu-smi"

    def recognises(self, text: Text) -> bool:
        """By a row or a key that no other tool has."""
        return any("Device Name:" in line or '"device_name"' in line for line in text.lines)

    def read(self, text: Text) -> Evidence:
        """Name, memory, place on the bus, and the kernel driver's version."""
        evidence = Evidence()
        devices, taken = parse_xpu_smi_tables(list(text.lines))
        text.taken.update(taken)
        for device in devices:
            _add(evidence, text, device, device.line)
        if any('"device_name"' in line for line in text.lines):
            _add_json(evidence, text)
        return evidence


def _add_json(evidence: Evidence, text: Text) -> None:
    whole = "\n".join(text.lines)
    for document in find_json(whole):
        devices = parse_xpu_smi_json(document.value)
        if devices:
            first, last = whole.count("\n", 0, document.start), whole.count("\n", 0, document.end)
            text.taken.update(range(first, last + 1))
            for device in devices:
                _add(evidence, text, device, first)


def _add(evidence: Evidence, text: Text, device: XpuDevice, line: int) -> None:
    told = {
        "name": device.name,
        "memory_bytes": device.memory_bytes,
        "pci_address": device.pci_address,
        "pci_id": device.pci_id,
        "uuid": device.uuid,
    }
    card = {"vendor": "intel", "backend": "xpu", **{fact: value for fact, value in told.items() if value is not None}}
    evidence.claims.append(text.claim(f"accelerators[intel:{device.index}]", card, line))
    if device.driver is not None:
        evidence.claims.append(text.claim("intel.driver_version", device.driver, line))
    evidence.observed["accelerators"] = "partial"
