"""What deviceQuery prints, the sample program of CUDA that shows the cards as CUDA sees them.

    Device 0: "NVIDIA H100 80GB HBM3"
      CUDA Driver Version / Runtime Version          12.7 / 12.4
      CUDA Capability Major/Minor version number:    9.0
      Total amount of global memory:                 81106 MBytes (85045477376 bytes)
      Device PCI Domain ID / Bus ID / location ID:   0 / 24 / 0
      Compute Mode:
         < Default (multiple host threads can use ::cudaSetDevice() with device simultaneously) >

Its numbers of cards are CUDA's, which need not be those of nvidia-smi; the place on the bus is in decimal. The memory is what programs can
have, less than nvidia-smi's total.
"""

from __future__ import annotations

from envcheck.parsers.expression import regex
from envcheck.parsers.nvidia.nvidia_smi_values import compute_mode, driver_model, switch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_DEVICE = regex(r"[\s>]*Device (?P<number>\d{1,3}): \"(?P<name>[^\"]{1,100})\"\s*$")
_FIELD = regex(r"[\s>]*(?P<label>[A-Z][A-Za-z0-9 ()/-]{1,60}?)(?::\s*|\s{2,30})(?P<value>\S.{0,120})?$")
_MODE = regex(r"[\s>]*< (?P<mode>[A-Za-z ]{1,30}?) \(")
_MEMORY = regex(r"\((?P<bytes>\d{6,15}) bytes\)")
_PLACE = regex(r"(?P<domain>\d{1,8}) / (?P<bus>\d{1,3}) / (?P<slot>\d{1,2})$")
_VERSION = regex(r"\d{1,2}\.\d{1,2}")
# A card's block has some forty lines; what stands further away belongs to something else.
_LONGEST = 80


class QueriedDevice:
    """One card. `facts` are named as ours are; `memory_bytes` is what programs can have; None: it does not say."""

    __slots__ = ("cuda_version", "facts", "line", "lines", "memory_bytes", "number")

    def __init__(self, line: int, number: int, name: str) -> None:
        self.line = line
        self.lines = [line]
        self.number = number
        self.cuda_version: str | None = None
        self.memory_bytes: int | None = None
        self.facts: dict[str, object] = {"name": name}


def parse_device_query(lines: Sequence[str]) -> list[QueriedDevice]:
    """Every card that is described in a text. A name in quotes alone is none: its capability has to follow."""
    found: list[QueriedDevice] = []
    device: QueriedDevice | None = None
    for number, line in enumerate(lines):
        begun = _DEVICE.match(line) if "Device " in line else None
        if begun is not None:
            device = QueriedDevice(number, int(begun.group("number")), begun.group("name").strip())
            found.append(device)
        elif device is not None and number - device.line < _LONGEST:
            if _take(device, line):
                device.lines.append(number)
        else:
            device = None
    return [device for device in found if "compute_capability" in device.facts]


def _take(device: QueriedDevice, line: str) -> bool:
    """Adds what one line says; whether it is a line of such a block."""
    mode = _MODE.match(line)
    if mode is not None:
        word = mode.group("mode")
        _know(device, compute_mode=compute_mode("exclusive thread" if word == "Exclusive" else word))
        return True
    field = _FIELD.match(line)
    if field is None:
        return False
    label, value = field.group("label").rstrip(), (field.group("value") or "").rstrip()
    version = _VERSION.match(value)
    if label.startswith("CUDA Driver Version"):
        device.cuda_version = version.group() if version else None
    elif label.startswith("CUDA Capability"):
        _know(device, compute_capability=version.group() if version else None)
    elif label == "Total amount of global memory":
        memory = _MEMORY.search(value)
        device.memory_bytes = int(memory.group("bytes")) if memory else None
    elif label.startswith("Device PCI Domain"):
        _know(device, pci_address=_address(value))
    elif label.startswith("CUDA Device Driver Mode"):
        _know(device, driver_model=driver_model(value.partition(" ")[0]))
    elif label == "Device has ECC support":
        _know(device, ecc=switch(value))
    elif label.startswith("Integrated GPU sharing Host Memory") and value == "Yes":
        _know(device, integrated=True, unified_memory=True)
    return True


def _know(device: QueriedDevice, **facts: object) -> None:
    device.facts.update({name: value for name, value in facts.items() if value is not None})


def _address(value: str) -> str | None:
    """`0 / 24 / 0` → "0000:18:00.0"."""
    place = _PLACE.match(value)
    if place is None or int(place.group("bus")) > 255 or int(place.group("slot")) > 31:
        return None
    return f"{int(place.group('domain')):04x}:{int(place.group('bus')):02x}:{int(place.group('slot')):02x}.0"
