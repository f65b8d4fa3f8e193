"""The cards on the PCI bus: a card without a driver is still a card. Linux only; elsewhere nothing is claimed."""

import os

BUS = "/sys/bus/pci/devices"
# Base class 0x03 is a display controller; accelerators without a display are 0x0302 (3D) or 0x1200 (processing accelerator).
_CLASSES = ("0x03", "0x12")
_VENDORS = {"0x10de": ("nvidia", "cuda"), "0x1002": ("amd", "rocm"), "0x8086": ("intel", "xpu")}


def main(channel, arguments):
    bus = arguments[0] if arguments else BUS
    channel.section("accelerators", read_cards, bus)
    channel.section("nvidia.kernel_module_version", read_nvidia_module)


def read_cards(channel, bus):
    if not os.path.isdir(bus):
        channel.observed("accelerators", "none")
        return
    index = 0
    for address in sorted(os.listdir(bus)):
        card = parse_card(read(os.path.join(bus, address, "class")), read(os.path.join(bus, address, "vendor")))
        if card is None:
            continue
        card["pci_address"] = address
        driver = os.path.join(bus, address, "driver")
        card["state"] = "driver " + os.path.basename(os.readlink(driver)) if os.path.islink(driver) else "no driver"
        channel.fact("accelerators[%d]" % index, card, bus)
        index += 1
    channel.observed("accelerators", "complete")


def parse_card(kind, vendor):
    """`0x030000`, `0x10de` → {"vendor": "nvidia", "backend": "cuda"}; None for what computes nothing.

    Emulated displays (QEMU, VMware, BMC chips) are no accelerators, nor is a display that Intel builds into a processor: it is told
    apart from a card only by its driver, which is another's work.
    """
    if not kind.startswith(_CLASSES) or vendor not in _VENDORS:
        return None
    name, backend = _VENDORS[vendor]
    return None if name == "intel" else {"vendor": name, "backend": backend}


def read_nvidia_module(channel):
    """The version of the loaded kernel module, such as 580.95.05."""
    version = read("/sys/module/nvidia/version")
    if version:
        channel.fact("nvidia.kernel_module_version", version, "/sys/module/nvidia/version")


def read(path):
    try:
        with open(path) as file:
            return file.read(256).strip()
    except OSError:
        return ""
