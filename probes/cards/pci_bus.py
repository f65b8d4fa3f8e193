"""The accelerators on Linux's PCI bus, with a driver or without one: a card without a driver is still a card.

/proc/bus/pci/devices is one file for all devices, however many: number, memory and driver of each. It has neither domain nor class, so
the few that may be accelerators are looked up under /sys: those of some makers, and all with a range of 16 MiB or more, which every
GPU has and most others have not. Devices of one number share their class, so one of them is enough. Where that file is missing,
the sizes of the `resource` files tell the same without opening any.
"""

import os

from envcheck_probes.kernel_files import exists, find_link, find_names, find_text, find_word, place

from envcheck.parsers.pci.accelerator_ids import OTHER_BRIDGE, is_accelerator, is_worth_a_look
from envcheck.parsers.pci.pci_devices import parse_pci_devices, parse_uevent

LIST = "/proc/bus/pci/devices"
FOLDER = "/sys/bus/pci/devices"
_LARGE = 16 * 2**20
_LONGEST_LIST = 8 * 2**20
# Devices that turn out to be something else: at most so many are opened.
_MOST_OTHERS = 32
_MOST_CARDS = 512


class Bus:
    """What was found; `completeness` is that of the collection of accelerators, as far as this bus goes."""

    def __init__(self):
        self.devices = []  # the accelerators
        self.switches = []  # NVIDIA's NVSwitches
        self.completeness = "complete"
        self.source = FOLDER


class PciDevice:
    """One device, as the kernel writes it: address "0000:3b:00.0", number "10de:2204", class 0x030000; driver None: it has none."""

    def __init__(self, address, pci_id, kind, driver):
        self.address, self.pci_id, self.kind, self.driver = address, pci_id, kind, driver


def read_bus(root):
    bus = Bus()
    text = find_text(root, LIST, _LONGEST_LIST)
    addresses = sorted(find_names(root, FOLDER))
    if not os.path.isdir(place(root, FOLDER)):
        _without_folder(root, text, bus)
    elif text:
        _read_listed(root, parse_pci_devices(text), addresses, bus)
    else:
        _read_unlisted(root, addresses, bus)
    return bus


def _without_folder(root, text, bus):
    """A kernel that has other buses and not this one has no such card; without /sys, the list alone names what has no other use."""
    if text is None:
        bus.completeness = "complete" if "platform" in find_names(root, "/sys/bus") else "none"
        return
    bus.completeness, bus.source = "partial", LIST
    for entry in parse_pci_devices(text):
        if entry.largest >= 4 * _LARGE and entry.pci_id.startswith(("10de:", "1002:")) and is_accelerator(entry.pci_id, 0x030000):
            bus.devices.append(PciDevice(entry.place, entry.pci_id, 0x030000, entry.driver))


def _read_listed(root, entries, addresses, bus):
    at_place = {}
    for address in addresses:
        at_place.setdefault(address.partition(":")[2], []).append(address)
    wanted = [entry for entry in entries if entry.largest >= _LARGE or is_worth_a_look(entry.pci_id)]
    wanted.sort(key=lambda entry: not is_worth_a_look(entry.pci_id))
    others, seen = set(), set()
    for entry in wanted:
        if entry.pci_id in others or len(bus.devices) >= _MOST_CARDS:
            continue
        if len(others) >= _MOST_OTHERS:
            bus.completeness = "partial"
            break
        for address in at_place.get(entry.place, ()):
            device = None if address in seen else read_device(root, address)
            seen.add(address)
            if device is not None and not _keep(root, device, bus, is_large=entry.largest >= _LARGE):
                others.add(device.pci_id)
    bus.devices.sort(key=lambda device: device.address)


def _read_unlisted(root, addresses, bus):
    """Those that have a large range, and those of which even that is not told, as far as the number goes that may be opened."""
    sizes = {address: largest_range(root, address) for address in addresses}
    wanted = [address for address in addresses if sizes[address] is None or sizes[address] >= _LARGE]
    wanted.sort(key=lambda address: sizes[address] is None)
    others = 0
    for address in wanted:
        if others >= _MOST_OTHERS or len(bus.devices) >= _MOST_CARDS:
            bus.completeness = "partial"
            break
        device = read_device(root, address)
        if device is None or not _keep(root, device, bus, is_large=(sizes[address] or _LARGE) >= _LARGE):
            others += 1
    bus.devices.sort(key=lambda device: device.address)


def largest_range(root, address):
    """The size of the largest memory range, by the sizes of the files that stand for them; None where there are no such files."""
    largest = None
    for number in range(6):
        try:
            size = os.stat(place(root, "{}/{}/resource{}".format(FOLDER, address, number))).st_size
        except OSError:
            continue
        largest = max(largest or 0, size)
    return largest if largest is not None or not exists(root, "{}/{}/resource".format(FOLDER, address)) else 0


def read_device(root, address):
    """The device at an address, or None where it does not say what it is. One file is opened, of old kernels and odd ones three."""
    folder = FOLDER + "/" + address + "/"
    fields = parse_uevent(find_text(root, folder + "uevent", 4096) or "")
    kind, pci_id = fields.get("PCI_CLASS", ""), fields.get("PCI_ID", "").lower()
    if not kind or not pci_id:
        kind = find_word(root, folder + "class")
        pci_id = "{}:{}".format(find_word(root, folder + "vendor")[2:], find_word(root, folder + "device")[2:]).lower()
    try:
        number = int(kind, 16)
    except ValueError:
        return None
    link = find_link(root, folder + "driver")
    return PciDevice(address, pci_id, number, fields.get("DRIVER") or (os.path.basename(link) if link else None))


def _keep(root, device, bus, is_large):
    """Puts a device where it belongs; False where it is none of ours."""
    if device.kind >> 8 == OTHER_BRIDGE and device.pci_id.startswith("10de:") and is_large:
        bus.switches.append(device)
        return True
    if not is_accelerator(device.pci_id, device.kind):
        return False
    # A part of a card that its host lends to virtual machines is no card of the host's, nor is the second head of Intel's graphics.
    is_part = exists(root, FOLDER + "/" + device.address + "/physfn")
    is_second_head = device.pci_id.startswith("8086:") and ":00:02." in device.address and not device.address.endswith(".0")
    if not is_part and not is_second_head:
        bus.devices.append(device)
    return True
