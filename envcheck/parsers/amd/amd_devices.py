"""What the files of an AMD device tell, as the kernel keeps them: names by the list of its makers, built-in graphics, ROCm's version.

744C,	C8,	AMD Radeon RX 7900 XTX        (amdgpu.ids: device, revision, product)
6.2.0-66                                      (/opt/rocm/.info/version)
DRIVER=amdgpu / PCI_ID=1002:744C / PCI_SLOT_NAME=0000:03:00.0     (uevent)
"""

from __future__ import annotations

# LLVM's table of AMD GPU processors tells APUs from cards; MI300A, whose target is also that of a card, is left open.
BUILT_IN_TARGETS = frozenset(
    {
        *("gfx700", "gfx703", "gfx705", "gfx801", "gfx810", "gfx902", "gfx909", "gfx90c", "gfx1013", "gfx1033", "gfx1035", "gfx1036"),
        *("gfx1103", "gfx1150", "gfx1151", "gfx1152", "gfx1153"),
    }
)
CARD_TARGETS = frozenset(
    {
        *("gfx600", "gfx601", "gfx602", "gfx701", "gfx702", "gfx704", "gfx802", "gfx803", "gfx805", "gfx900", "gfx904", "gfx906", "gfx908"),
        *("gfx90a", "gfx950", "gfx1010", "gfx1011", "gfx1012", "gfx1030", "gfx1031", "gfx1032", "gfx1034", "gfx1100", "gfx1101", "gfx1102"),
        *("gfx1200", "gfx1201"),
    }
)
_MAKER_OF_PROCESSORS = "0x1022"


def is_built_in(target: str | None, neighbour_vendor: str) -> bool | None:
    """Whether a GPU is part of a processor: by its target, else by the vendor of the same device's third function.

    That function of a processor's graphics is its security processor, made by AMD (1022); cards of ATI's line (1002) have none of it.
    """
    if target in BUILT_IN_TARGETS or neighbour_vendor.strip().lower() == _MAKER_OF_PROCESSORS:
        return True
    return False if target in CARD_TARGETS else None


def find_product(ids: str, device: str, revision: str) -> str | None:
    """A product's name in the text of amdgpu.ids, by the numbers as the kernel writes them (`0x744c`, `0xc8`)."""
    wanted = device.strip()[2:].upper().lstrip("0"), revision.strip()[2:].upper().lstrip("0")
    if not wanted[0]:
        return None
    for line in ids.split("\n"):
        parts = [part.strip() for part in line.split(",", 2)]
        if len(parts) == 3 and (parts[0].upper().lstrip("0"), parts[1].upper().lstrip("0")) == wanted:
            return parts[2] or None
    return None


def parse_rocm_version(text: str) -> str | None:
    """The release without the number of its build."""
    version = text.strip().split("\n")[0].partition("-")[0].strip()
    return version if version[:1].isdecimal() and len(version) < 30 else None


def parse_uevent(text: str) -> dict[str, str]:
    """The driver, `pci_id` and `pci_address` of a device, as far as its uevent names them."""
    said = dict(line.strip().split("=", 1) for line in text.split("\n")[:100] if "=" in line)
    found = {"driver": said.get("DRIVER"), "pci_id": said.get("PCI_ID", "").lower(), "pci_address": said.get("PCI_SLOT_NAME")}
    return {name: value for name, value in found.items() if value}
