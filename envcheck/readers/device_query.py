"""Facts out of what deviceQuery prints: the cards that CUDA sees, and the newest CUDA that the driver supports."""

from envcheck.facts.claims import Evidence, Trust
from envcheck.parsers.nvidia.device_query import QueriedDevice, parse_device_query
from envcheck.readers.interface import Text


class DeviceQueryReader:
    """Reads each card under its place on the bus: CUDA's order of cards is another than nvidia-smi's."""

    name = "deviceQuery"

    def recognises(self, text: Text) -> bool:
        """By the label of a card's compute capability, which nothing else prints."""
        return any("CUDA Capability Major/Minor" in line for line in text.lines)

    def read(self, text: Text) -> Evidence:
        """CUDA opened each card that is there, so that it works. What is hidden from this program is not in its list."""
        evidence = Evidence()
        devices = parse_device_query(text.lines)
        for device in devices:
            text.taken.update(device.lines)
            _add(evidence, device, text)
        if devices:
            evidence.observed["accelerators"] = "partial"
        first = next((device for device in devices if device.cuda_version), None)
        if first is not None:
            evidence.claims.append(text.claim("nvidia.cuda_version", first.cuda_version, first.line))
        return evidence


def _add(evidence: Evidence, device: QueriedDevice, text: Text) -> None:
    """The memory is less than the driver's count, which is believed more where both are known; a shared one is the machine's."""
    key = f"accelerators[{device.facts.get('pci_address', f'nvidia:{device.number}')}]"
    card = {"vendor": "nvidia", "backend": "cuda", "state": "ok", "visible": True, **device.facts}
    evidence.claims.append(text.claim(key, card, device.line))
    if device.memory_bytes is not None and "unified_memory" not in device.facts:
        evidence.claims.append(text.claim(f"{key}.memory_bytes", device.memory_bytes, device.line, Trust.MENTIONED))
