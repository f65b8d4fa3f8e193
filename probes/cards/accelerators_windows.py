r"""The cards that Windows' registry knows, and where NVIDIA's libraries lie.

Below Enum\PCI stands every device that this Windows has ever seen, with its class, its place and the driver that serves it; the driver's
own key has its name, version and memory. One that was taken out stays there, so that the list is never called complete.
"""

import os

from envcheck.parsers.pci.accelerator_ids import is_accelerator
from envcheck.parsers.pci.windows_display import nvidia_version, parse_class, parse_hardware_id, parse_location

_DEVICES = r"SYSTEM\CurrentControlSet\Enum\PCI"
_CLASSES = r"SYSTEM\CurrentControlSet\Control\Class"
_MOST = 4096
_LIBRARIES = {"nvidia.nvml_path": "nvml.dll", "nvidia.libcuda_path": "nvcuda.dll"}
# Where the drivers before the 418 branch put NVML.
_OLD_FOLDER = r"NVIDIA Corporation\NVSMI"
_BASIC = "basicdisplay"


class Registry:
    """Windows' registry below HKEY_LOCAL_MACHINE; what is not there is empty."""

    def names(self, key):
        import winreg

        names = []
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, key) as handle:
                while len(names) < _MOST:
                    names.append(winreg.EnumKey(handle, len(names)))
        except OSError:  # also the end of the list
            pass
        return names

    def value(self, key, name):
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, key) as handle:
                return winreg.QueryValueEx(handle, name)[0]
        except OSError:
            return None


def collect(channel):
    channel.stage("registry")
    channel.section("accelerators", tell_cards, Registry())
    channel.stage("libraries")
    channel.section("nvidia.nvml_path", tell_libraries, os.environ)


def tell_cards(channel, registry):
    from envcheck_probes.cards.pci_card import card_of

    found = read_devices(registry)
    for number, device in enumerate(found):
        card, _, _ = card_of(device, _NoList(), is_named=True)
        if device.address is None:
            del card["pci_address"]
        key = device.address or "{}:{}".format(card["vendor"], number)
        if device.driver is not None and device.driver.lower() == _BASIC:
            card["state"] = "no-driver"  # Windows' own, which draws and does nothing else
        elif card.get("state") == "other-driver":
            del card["state"]  # the names of drivers are those of Linux
        card.update(device.told)
        channel.fact("accelerators[" + key + "]", card, "registry")
        if card["vendor"] == "nvidia" and device.version and nvidia_version(device.version):
            channel.fact("nvidia.driver_version", nvidia_version(device.version), "registry")
    channel.observed("accelerators", "partial" if found or registry.names(_DEVICES) else "none")


class _NoList:
    """Windows has no list of names by number; the driver's key has the card's own."""

    path = ""

    def find(self, pci_id):  # noqa: ARG002 - as the list of a system that has one
        return None, None


class _Device:
    def __init__(self, address, pci_id, kind, driver):
        self.address, self.pci_id, self.kind, self.driver = address, pci_id, kind, driver
        self.told, self.version = {}, None


def read_devices(registry):
    """The accelerators among all devices."""
    devices = []
    for name in registry.names(_DEVICES):
        pci_id = parse_hardware_id(name)
        for instance in registry.names(_DEVICES + "\\" + name) if pci_id else ():
            key = _DEVICES + "\\" + name + "\\" + instance
            kind = parse_class(_texts(registry.value(key, "CompatibleIDs")) + _texts(registry.value(key, "HardwareID")))
            if kind is None or not is_accelerator(pci_id, kind):
                continue
            address = parse_location(_text(registry.value(key, "LocationInformation")))
            device = _Device(address, pci_id, kind, _text(registry.value(key, "Service")) or None)
            _add_driver(registry, _text(registry.value(key, "Driver")), device)
            devices.append(device)
    return devices


def _add_driver(registry, name, device):
    r"""`{4d36e968-e325-11ce-bfc1-08002be10318}\0000` is the driver's own key below Class."""
    if not name:
        return
    key = _CLASSES + "\\" + name
    description, memory = registry.value(key, "DriverDesc"), registry.value(key, "HardwareInformation.qwMemorySize")
    if description and (device.driver or "").lower() != _BASIC:
        device.told["name"] = _text(description)
    if isinstance(memory, int) and memory > 0 and device.pci_id.startswith("10de:"):
        device.told["memory_bytes"] = memory
    device.version = _text(registry.value(key, "DriverVersion")) or None


def _text(value):
    return value if isinstance(value, str) else ""


def _texts(value):
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def tell_libraries(channel, environment):
    """System32 for every driver since 2019; what is not there is known not to be there."""
    system = os.path.join(environment.get("SystemRoot") or r"C:\Windows", "System32")
    old = os.path.join(environment.get("ProgramW6432") or environment.get("ProgramFiles") or r"C:\Program Files", *_OLD_FOLDER.split("\\"))
    for fact, name in _LIBRARIES.items():
        path = next((path for path in (os.path.join(folder, name) for folder in (system, old)) if os.path.isfile(path)), None)
        channel.fact(fact, path, path or system)
