"""Intel's GPUs by their numbers on the PCI bus, and the sizes and versions that their files hold.

The device numbers are those of the kernel's own table, include/drm/intel/pciids.h: DG1, DG2 with ATS-M, Ponte Vecchio, Battlemage.
"""

from __future__ import annotations

from envcheck.parsers.expression import regex

# DG1 4905-4909, Arc A and Flex 569x 56ax 56bx 56cx, Max 0b69 0b6e 0bdx 0bex, Arc B e2xx
_DISCRETE = regex(r"(?:490[5-9]|56[9abc][0-9a-f]|0b6[9e]|0b[de][0-9a-f]|e2[0-9a-f]{2})$")
# Where Intel's processors have the GPU that is built into them; a hypervisor may put any card there.
_BUILT_IN = "0000:00:02.0"
_VERSION = regex(r"\.so\.(?P<version>\d{1,6}(?:\.\d{1,8}){1,4})$")


def is_discrete(pci_id: str, address: str) -> bool | None:
    """Whether it is a card of its own, by its number, else by its place; None where neither tells."""
    vendor, _, device = pci_id.lower().partition(":")
    if vendor == "8086" and _DISCRETE.match(device):
        return True
    return False if address == _BUILT_IN else None


def parse_vram(text: str) -> int | None:
    """The one number of a sysfs file, in bytes; 0 is what a driver says that does not know."""
    word = text.strip()
    return (int(word) or None) if word.isascii() and word.isdigit() and len(word) < 18 else None


def library_version(file: str) -> str | None:
    """`libze_loader.so.1.21.9` → 1.21.9; None where the name has the interface's number alone."""
    found = _VERSION.search(file)
    return found["version"] if found else None
