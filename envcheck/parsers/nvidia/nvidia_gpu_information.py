r"""What NVIDIA's kernel module tells of one card in /proc/driver/nvidia/gpus/ADDRESS/information.

    Model: \t\t NVIDIA GeForce RTX 3090
    IRQ:   \t\t 132
    GPU UUID: \t GPU-4cf8db2d-06c0-7d70-1a51-e59b25b2c16c
    Video BIOS: \t 94.02.42.00.0d
    Bus Location: \t 0000:0a:00.0
    Device Minor: \t 0
    GPU Excluded:\t No

Of a card that it could not start, the module writes question marks in place of what only the card knows.
"""

from __future__ import annotations


class GpuInformation:
    """The fields that matter here; None: it does not say."""

    __slots__ = ("address", "excluded", "minor", "name", "uuid")

    def __init__(self, fields: dict[str, str]) -> None:
        self.name = _known(fields.get("model"))
        self.uuid = _known(fields.get("gpu uuid"))
        self.address = _known(fields.get("bus location"))
        minor = fields.get("device minor", "")
        self.minor = int(minor) if minor.isdigit() and len(minor) < 6 else None
        self.excluded = fields.get("gpu excluded", fields.get("blacklisted", "")).lower() == "yes"


def parse_gpu_information(text: str) -> GpuInformation:
    """Whatever of it can be read, in any order."""
    fields: dict[str, str] = {}
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        if colon:
            fields.setdefault(name.strip().lower(), value.strip())
    return GpuInformation(fields)


def _known(value: str | None) -> str | None:
    return value if value and "?" not in value and value.lower() != "unknown" else None
