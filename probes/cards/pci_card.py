"""What is told of one accelerator of the PCI bus: its maker, its name where a list of the system has one, its driver and its state."""

from envcheck_probes.kernel_files import place
from envcheck_probes.reading import read_if_there

from envcheck.parsers.pci.accelerator_ids import ACCELERATORS, BACKENDS, MAKERS, PROCESSING
from envcheck.parsers.pci.kernel_drivers import LENDERS

# Where distributions keep the list, which has a megabyte and a half; a server may have none.
_LISTS = ("/usr/share/hwdata/pci.ids", "/usr/share/misc/pci.ids", "/usr/share/pci.ids", "/var/lib/pciutils/pci.ids")
_LONGEST_LIST = 8 * 2**20
# The drivers with which a maker's cards compute; with any other, programs cannot use them.
_DRIVERS = {"nvidia": ("nvidia",), "amd": ("amdgpu",), "intel": ("i915", "xe", "intel_vpu")}


class NameList:
    """The system's list of names, read once and only if a name is asked for."""

    def __init__(self, root):
        self.root, self.data, self.path = root, None, ""

    def find(self, pci_id):
        """The names of maker and device, each None where the list has none, or where there is no list."""
        from envcheck.parsers.pci.pci_ids import find_pci_names

        if self.data is None:
            self.data = self._read()
        return find_pci_names(self.data, pci_id)

    def _read(self):
        for path in _LISTS:
            data = read_if_there(place(self.root, path), _LONGEST_LIST)
            if data:
                self.path = path
                return data
        return b""


def card_of(device, names, is_named=False):
    """The facts of an accelerator, and its name with the source of that, each of them None where nothing names it.

    `is_named`: the driver has told its name. The list is not asked then, as it has one name for several products.
    """
    from envcheck.parsers.pci.pci_names import backend_of, parse_pci_name

    listed_maker, listed_name = (None, None) if is_named else names.find(device.pci_id)
    own = ACCELERATORS.get(device.pci_id)
    vendor = MAKERS.get(device.pci_id[:4]) or listed_maker or "PCI vendor " + device.pci_id[:4]
    words = " ".join(word for word in (listed_maker, listed_name) if word)
    card = {"pci_address": device.address, "pci_id": device.pci_id, "driver": device.driver, "vendor": vendor}
    backend = _backend(device, vendor, backend_of(vendor, words))
    if backend is not None:
        card["backend"] = backend
    integrated = _integrated(device, vendor, words)
    if integrated is not None:
        card["integrated"] = integrated
    state = state_of(vendor, device.driver)
    if state is not None:
        card["state"] = state
    name = parse_pci_name(words)[1] if listed_name else own
    return card, name, names.path if listed_name else "PCI number" if own else None


def _backend(device, vendor, named):
    """Processing accelerators of Intel's and AMD's processors are no GPUs; Intel's graphics are, for those that are new enough."""
    if vendor == "intel":
        from envcheck.parsers.oneapi.intel_devices import is_discrete

        return "xpu" if is_discrete(device.pci_id, device.address) else named if device.kind >> 16 != PROCESSING else None
    if device.pci_id.startswith(("1022:", "1ac1:")):
        return None
    return BACKENDS.get(vendor) and named


def _integrated(device, vendor, words):
    from envcheck.parsers.oneapi.intel_devices import is_discrete
    from envcheck.parsers.pci.pci_names import is_integrated

    if vendor == "intel":
        if is_discrete(device.pci_id, device.address):
            return False
        # Graphics and accelerators in a processor are on its own bus; everything else is behind a bridge.
        return True if device.address.startswith("0000:00:") else is_integrated(vendor, words, device.address)
    return is_integrated(vendor, words, device.address)


def state_of(vendor, driver):
    """The state as far as the driver tells it; None: the driver is to be asked, or, of Google's TPUs, the device nodes."""
    if vendor == "google":
        return None
    if driver is None:
        return "no-driver"
    if driver in LENDERS:
        return "other-driver"
    if vendor in _DRIVERS:
        return None if driver in _DRIVERS[vendor] else "other-driver"
    return "ok"
