r"""What the kernel tells of the devices on the PCI bus: all of them in /proc/bus/pci/devices, one of them in its `uevent`.

    0000\t80860d57\t0\t               0\t … \t
    3b00\t10de2684\t6f\t        b2000000\t      14000000000c\t … (seven addresses, seven sizes) \tnvidia

The first word is the bus and, in eight bits, device and function; the domain is not told. Behind the interrupt stand the addresses of
six ranges and the ROM, then their sizes, then the driver.
"""

from __future__ import annotations

_RANGES = 7
_ROM = 6
_FIRST_SIZE = 3 + _RANGES
_WORDS = _FIRST_SIZE + _RANGES


class Listed:
    """One line: `place` is bus, device and function as in "3b:00.0"; `largest` the size of its largest range in bytes."""

    __slots__ = ("driver", "largest", "pci_id", "place")

    def __init__(self, place: str, pci_id: str, largest: int, driver: str | None) -> None:
        self.place = place
        self.pci_id = pci_id
        self.largest = largest
        self.driver = driver


def parse_pci_devices(text: str) -> list[Listed]:
    """All devices that are listed; a line of another shape is passed over."""
    devices = []
    for line in text.splitlines():
        words = line.split()
        if len(words) < _WORDS or len(words[0]) != 4 or len(words[1]) != 8:
            continue
        try:
            number = int(words[0], 16)
            sizes = [int(word, 16) for word in words[_FIRST_SIZE : _FIRST_SIZE + _ROM]]
            int(words[1], 16)
        except ValueError:
            continue
        place = f"{number >> 8:02x}:{number >> 3 & 0x1F:02x}.{number & 7}"
        pci_id = words[1][:4].lower() + ":" + words[1][4:].lower()
        devices.append(Listed(place, pci_id, max(sizes), words[_WORDS] if len(words) > _WORDS else None))
    return devices


def parse_uevent(text: str) -> dict[str, str]:
    """`PCI_CLASS=30000` and `PCI_ID=10DE:2704`, a field a line → {"PCI_CLASS": "30000", "PCI_ID": "10DE:2704"}."""
    fields = {}
    for line in text.splitlines():
        name, equals, value = line.partition("=")
        if equals:
            fields[name.strip()] = value.strip()
    return fields
