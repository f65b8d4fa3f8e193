"""What files tell of AMD's cards and driver, in this order; no program is asked.

1. the device's own files on the PCI bus: memory, the machine's memory it can use, its product's name
2. the kernel's list of what can compute (/sys/class/kfd): the target of code, compute units, memory where 1 has none; partitions of
   one card are several nodes there
3. /sys/module/amdgpu, /dev/kfd and /opt/rocm: the driver, whether it offers computing, ROCm's version

Called by the accelerators probe with the cards that it has seen on the bus.
"""

import os

from envcheck_probes.reading import read_if_there, shown

from envcheck.parsers.amd.amd_devices import find_product, is_built_in, parse_rocm_version, parse_uevent
from envcheck.parsers.amd.kfd_topology import bank_bytes, cards_of, is_gpu, parse_properties
from envcheck.parsers.amd.rocminfo import address_of
from envcheck.parsers.pci.pci_address import same_form

BUS = "/sys/bus/pci/devices"
NODES = "/sys/class/kfd/kfd/topology/nodes"
_LISTS_OF_NAMES = ("/usr/share/libdrm/amdgpu.ids", "/opt/amdgpu/share/libdrm/amdgpu.ids", "/usr/local/share/libdrm/amdgpu.ids")
_DRIVER = "amdgpu"
_MOST_NODES, _MOST_BANKS = 512, 8


def report_amd(channel, cards, root=""):
    """Adds to the cards of the bus (`pci_address`, and `driver` where it was seen) what more can be read of them, and to `amd`."""
    if not cards:
        return
    by_place = {_place(card["pci_address"]): card for card in read_kfd(root)}
    names = _Names(root)
    for card in cards:
        address = card["pci_address"]
        folder = os.path.join(root + BUS, address)
        fields = read_device(folder, names)
        for name, value in by_place.get(_place(address), {}).items():
            fields.setdefault(name, value)
        fields.update(_kind(folder, fields))
        fields = {name: value for name, value in fields.items() if name not in ("pci_address", "driver") and name not in card}
        channel.fact("accelerators[" + address + "]", fields, shown(folder))
        if "memory_bytes" not in fields and _denies(os.path.join(folder, "mem_info_vram_total")):
            channel.unknown("accelerators[" + address + "].memory_bytes", "denied", shown(folder))
    report_driver(channel, [card.get("driver", read_driver(os.path.join(root + BUS, card["pci_address"]))) for card in cards], root)


def read_device(folder, names):
    """The facts in a device's own folder, which /sys/class/drm/cardN/device is another name for."""
    fields = parse_uevent(_text(folder, "uevent"))
    for name, file in (
        ("memory_bytes", "mem_info_vram_total"),
        ("memory_used_bytes", "mem_info_vram_used"),
        ("shared_memory_bytes", "mem_info_gtt_total"),
    ):
        digits = _text(folder, file)
        if digits.isdecimal() and len(digits) < 20 and (name == "memory_used_bytes" or int(digits)):
            fields[name] = int(digits)
    if fields.get("memory_bytes", 0) >= fields.get("memory_used_bytes", 0) > 0:
        fields["memory_free_bytes"] = fields["memory_bytes"] - fields["memory_used_bytes"]
    product = _text(folder, "product_name") or names.find(_text(folder, "device"), _text(folder, "revision"))
    if product:
        fields["name"] = product
    return fields


class _Names:
    """The list of products that comes with the graphics library, read when it is first asked."""

    def __init__(self, root):
        self._root, self._text = root, None

    def find(self, device, revision):
        if not device:
            return None
        if self._text is None:
            data = next((data for data in (read_if_there(self._root + path, 2**20) for path in _LISTS_OF_NAMES) if data), b"")
            self._text = data.decode("utf-8", "replace")
        return find_product(self._text, device, revision)


def _kind(folder, fields):
    """Graphics in a processor: what is called its memory is a part of the machine's, and it can use more of that."""
    beside = folder[:-1] + "2" if folder.endswith(".0") else ""
    integrated = is_built_in(fields.get("architecture"), _text(beside, "vendor") if beside else "")
    if integrated is None:
        return {}
    return {"integrated": True, "unified_memory": True} if integrated else {"integrated": False}


def read_kfd(root=""):
    """The cards of the kernel's topology; nothing where there is none, or a container may not see them."""
    folder = root + NODES
    nodes = []
    for name in sorted((name for name in _listed(folder) if name.isdecimal()), key=int)[:_MOST_NODES]:
        node = parse_properties(_text(os.path.join(folder, name), "properties", 64 * 1024))
        if is_gpu(node):
            nodes.append((node, _memory(os.path.join(folder, name), node, root)))
    return [card for card in cards_of(nodes) if "pci_address" in card]


def _memory(folder, node, root):
    """What its banks have of its own; not asked where the device's own file tells it, which is one for all partitions."""
    place = address_of(node.get("domain", 0), node.get("location_id", 0) & ~7)
    if os.path.exists(os.path.join(root + BUS, place, "mem_info_vram_total")):
        return 0
    count = min(node.get("mem_banks_count", 0), _MOST_BANKS)
    return sum(bank_bytes(parse_properties(_text(os.path.join(folder, "mem_banks", str(bank)), "properties"))) for bank in range(count))


def report_driver(channel, drivers, root=""):
    """The kernel module's version, whether computing is offered, and ROCm's own version."""
    module = root + "/sys/module/" + _DRIVER
    loaded = os.path.isdir(module)
    if loaded:
        version = _text(module, "version") or _text(root + "/proc/sys/kernel", "osrelease")
        if version:
            channel.fact("amd.driver_version", version, shown(module))
    elif os.path.isdir(root + "/sys/module"):
        channel.fact("amd.driver_version", None, shown(module))
    if not loaded and _DRIVER not in drivers:
        channel.fact("amd.state", "driver-not-loaded", shown(module))
    else:
        channel.fact("amd.state", _state_of_node(root + "/dev/kfd"), root + "/dev/kfd")
    version, path = read_rocm_version(root)
    if version:
        channel.fact("amd.rocm_version", version, shown(path))


def _state_of_node(path):
    if not os.path.exists(path):
        return "no-kfd"
    return "ok" if os.access(path, os.R_OK | os.W_OK) else "denied"


def read_rocm_version(root=""):
    """ROCm's release and the file that tells it; of several installations the one that /opt/rocm is."""
    several = sorted(name for name in _listed(root + "/opt") if name.startswith("rocm-"))
    for name in ("rocm", *reversed(several)):
        path = os.path.join(root + "/opt", name, ".info", "version")
        version = parse_rocm_version(read_if_there(path, 200).decode("utf-8", "replace"))
        if version is not None:
            return version, path
    return None, ""


def read_driver(folder):
    """The kernel's driver of a device; None: none has taken it."""
    try:
        return os.path.basename(os.readlink(os.path.join(folder, "driver")))
    except OSError:
        return parse_uevent(_text(folder, "uevent")).get("driver")


def _place(address):
    """Where on the bus, without the function: a partition has its card's place."""
    return (same_form(address) or address).rpartition(".")[0]


def _listed(folder):
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _text(folder, name, limit=4096):
    return read_if_there(os.path.join(folder, name), limit).decode("utf-8", "replace").strip()


def _denies(path):
    return os.path.exists(path) and not os.access(path, os.R_OK)
