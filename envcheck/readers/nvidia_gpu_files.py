"""The cards of /proc/driver/nvidia/gpus, which tell too that NVIDIA's module has taken them."""

from envcheck.facts.claims import Evidence
from envcheck.parsers.nvidia.nvidia_gpu_records import parse_gpu_records
from envcheck.parsers.pci.pci_address import same_form
from envcheck.readers.interface import Text


class NvidiaGpuFileReader:
    """Reads these files, one or several in a row."""

    name = "nvidia-gpu-files"

    def recognises(self, text: Text) -> bool:
        """By a label that begins a block."""
        return any(line.lstrip().startswith("Model:") for line in text.lines)

    def read(self, text: Text) -> Evidence:
        """Each card by its place; what the module does not know of a card that it could not start is left out."""
        evidence = Evidence()
        for record in parse_gpu_records(text.lines):
            text.taken.update(record.lines)
            card = record.information
            if card.address is None or same_form(card.address) is None:
                continue
            entry: dict[str, object] = {"vendor": "nvidia", "backend": "cuda", "driver": "nvidia", "pci_address": card.address}
            entry.update({key: value for key, value in (("name", card.name), ("uuid", card.uuid)) if value is not None})
            evidence.claims.append(text.claim(f"accelerators[{card.address}]", entry, record.lines[0]))
        if evidence.claims:
            evidence.observed["accelerators"] = "partial"
        return evidence
