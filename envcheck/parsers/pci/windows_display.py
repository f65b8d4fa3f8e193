r"""What Windows' registry has on a PCI device and on a display's driver.

PCI\VEN_10DE&DEV_2684&SUBSYS_16F410DE&REV_A1     the name of a device's key below Enum
PCI\CC_030000                                    its class, among its compatible numbers
PCI bus 1, device 0, function 0                  its place: the end of LocationInformation, as (1,0,0) where it is not spelt out
32.0.15.6109                                     a driver's version; NVIDIA's own number is in its last five digits: 561.09
"""

from __future__ import annotations


def parse_hardware_id(text: str) -> str | None:
    """`VEN_10DE&DEV_2684&SUBSYS_…` → "10de:2684"; None: it is no PCI device's."""
    words = dict(part.partition("_")[::2] for part in text.upper().rpartition("\\")[2].split("&"))
    vendor, device = words.get("VEN", ""), words.get("DEV", "")
    return (vendor + ":" + device).lower() if len(vendor) == len(device) == 4 else None


def parse_class(texts: list[str]) -> int | None:
    """The class 0x030000 out of a device's numbers: the longest of them that names a class counts."""
    for text in sorted(texts, key=len, reverse=True):
        parts = text.upper().rpartition("\\")[2].split("&")
        word = next((part[3:9] for part in parts if part.startswith("CC_")), "")
        if len(word) >= 4 and all(letter in "0123456789ABCDEF" for letter in word):
            return int(word.ljust(6, "0"), 16)
    return None


def parse_location(text: str) -> str | None:
    r"""`@System32\drivers\pci.sys,#65536;PCI bus %1, device %2, function %3;(1,0,0)` → "0000:01:00.0".

    Older systems have the words in their own language, with the same three numbers.
    """
    numbers = _numbers(text.rpartition("(")[2] if text.endswith(")") else text)
    if len(numbers) != 3:
        return None
    bus, device, function = numbers
    # From the second domain on, Windows counts it into the bus.
    return f"{bus >> 8:04x}:{bus & 0xFF:02x}:{device:02x}.{function:x}"


def _numbers(text: str) -> list[int]:
    spaced = "".join(letter if letter in "0123456789" else " " for letter in text)
    return [int(number) for number in spaced.split() if len(number) < 9]


def nvidia_version(version: str) -> str | None:
    """`32.0.15.6109` → "561.09"."""
    parts = version.split(".")
    digits = "".join(parts[2:])[-5:] if len(parts) == 4 and all(part.isdigit() for part in parts) else ""
    return digits[:3] + "." + digits[3:] if len(digits) == 5 else None
