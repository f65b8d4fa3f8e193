"""The cards of lspci's list: all of them where the whole bus is listed, with the drivers that have taken them."""

from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.parsers.expression import regex
from envcheck.parsers.pci.accelerator_ids import ACCELERATORS, MAKERS, is_accelerator
from envcheck.parsers.pci.kernel_drivers import WITHOUT_COMPUTING
from envcheck.parsers.pci.lspci import Device, is_whole, parse_lspci
from envcheck.parsers.pci.pci_address import same_form
from envcheck.parsers.pci.pci_names import backend_of, is_emulated, is_integrated, parse_pci_id, parse_pci_name
from envcheck.readers.interface import Text

# Drivers with which nothing is computed, and those that hold a card for a virtual machine.
# A line of lspci from which somebody has cut the address.
_NO_ADDRESS = regex(r"(?:VGA compatible|3D|Display) controller(?: \[\w{4}\])?: (?P<words>NVIDIA Corporation \w{3,20} \[[^\]\n]{3,80}\])")
_LONGEST = 300
# Of the forms that name a class without its number.
_DISPLAY = 0x030000


class LspciReader:
    """Reads lspci in all its forms."""

    name = "lspci"

    def recognises(self, text: Text) -> bool:
        """By a line of a device, or a record of one."""
        return bool(text.parsed(parse_lspci)) or any(_unplaced(text))

    def read(self, text: Text) -> Evidence:
        """Cards at their places on the bus; a list of the whole bus tells what is not there, too."""
        evidence = Evidence()
        devices = text.parsed(parse_lspci)
        for device in devices:
            text.taken.update(device.lines)
            if _is_accelerator(device):
                evidence.claims += _claims(device, text)
        whole = is_whole(devices, list(text.lines))
        switches = {same_form(device.address): device for device in devices if device.is_nvswitch}
        if switches or whole:
            line = next((device.line for device in switches.values()), devices[0].line)
            evidence.claims.append(text.claim("nvidia.nvswitches", len(switches), line))
        if not evidence.claims and not whole:
            for number, (index, words) in enumerate(_unplaced(text)):
                entry = {"vendor": "nvidia", "backend": "cuda", "name": parse_pci_name(words)[1]}
                evidence.claims.append(text.claim(f"accelerators[nvidia:{number}]", entry, index, Trust.MENTIONED))
        if whole or evidence.claims:
            evidence.observed["accelerators"] = "complete" if whole else "partial"
        return evidence


def _unplaced(text: Text) -> Iterator[tuple[int, str]]:
    for index, line in enumerate(text.lines):
        found = _NO_ADDRESS.search(line) if "NVIDIA Corporation" in line and len(line) <= _LONGEST and index not in text.taken else None
        if found is not None:
            yield index, found["words"]


def _is_accelerator(device: Device) -> bool:
    pci_id = device.pci_id or parse_pci_id(device.words)
    if pci_id:
        kind = int(device.class_id, 16) << 8 if device.class_id else (_DISPLAY if device.computes else 0)
        return is_accelerator(pci_id, kind) and not is_emulated(device.words, device.pci_id)
    return device.computes and not is_emulated(device.words)


def _claims(device: Device, text: Text) -> Iterator[Claim]:
    """One claim on the card; its name in short is believed like any other tool's."""
    maker, name = _named(device)
    entry: dict[str, object] = {"vendor": maker, "pci_address": device.address}
    known = {
        "backend": backend_of(maker, device.words),
        "name": name,
        "pci_id": device.pci_id or parse_pci_id(device.words),
        "integrated": is_integrated(maker, device.words, device.address),
    }
    entry.update({key: value for key, value in known.items() if value is not None})
    if device.driver != "":
        entry["driver"] = device.driver
        if device.driver is None or device.driver in WITHOUT_COMPUTING:
            entry["state"] = "no-driver" if device.driver is None else "other-driver"
    yield text.claim(f"accelerators[{device.address}]", entry, device.line, Trust.PRINTED)


def _named(device: Device) -> tuple[str, str | None]:
    """Maker and name; of a list of numbers the maker's number, where it is none of those known here."""
    known = MAKERS.get(device.pci_id[:4])
    if not device.words:
        return known or f"PCI vendor {device.pci_id[:4]}", ACCELERATORS.get(device.pci_id)
    maker, name = parse_pci_name(device.words)
    if device.vendor and maker not in MAKERS.values():
        maker, name = device.vendor, device.words.removeprefix(device.vendor).strip() or None
    return known or maker, name or ACCELERATORS.get(device.pci_id or parse_pci_id(device.words) or "")
