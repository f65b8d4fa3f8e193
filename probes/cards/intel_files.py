"""What the files of Linux tell of Intel's GPUs: their driver, their memory, whether they are built in, and whether Level Zero is there.

Called by the quick probe with the cards that it has found on the PCI bus. No process is started and no library is loaded.
"""

import os

from envcheck_probes.reading import read_if_there

from envcheck.parsers.oneapi.intel_devices import is_discrete, library_version, parse_vram

# The drivers that Level Zero works with.
_DRIVERS = ("i915", "xe")
_GPU_DRIVER = "libze_intel_gpu.so.1"
_LOADER = "libze_loader.so.1"
# Where distributions, Intel's own packages and WSL put them.
_FOLDERS = (
    "/usr/lib/x86_64-linux-gnu",
    "/lib/x86_64-linux-gnu",
    "/usr/lib64",
    "/usr/lib",
    "/usr/lib/wsl/lib",
    "/usr/local/lib",
    "/usr/local/lib64",
    "/usr/lib/x86_64-linux-gnu/intel-opencl",
    "/usr/lib64/intel-opencl",
    "/run/opengl-driver/lib",
)
_MOST_TILES = 16


def report_intel(channel, cards, root="", library_path=None):
    """Claims on each card by its address, then on the driver as a whole. `root`: where the files lie, if not in the system's own place."""
    if not cards:
        return
    states = [report_card(channel, card, root) for card in cards]
    folders = [folder for folder in (library_path or "").split(":") if folder.startswith("/")]
    driver, loader = find_library(_GPU_DRIVER, folders, root), find_library(_LOADER, folders, root)
    for name, path in (("driver_version", driver), ("level_zero_version", loader)):
        if path is None:
            channel.fact("intel." + name, None, "library folders")
        elif library_version(os.path.basename(path)) is not None:
            channel.fact("intel." + name, library_version(os.path.basename(path)), path)
    state = whole_state(states, driver is not None)
    if state is not None:
        channel.fact("intel.state", state, "/sys/bus/pci/devices" if state == "driver-not-loaded" else driver or "library folders")


def whole_state(states, has_driver):
    """The word for `intel.state`: the cards' own trouble only where all of them have it, since one that works is enough."""
    if states and all(state == "no-driver" for state in states):
        return "driver-not-loaded"
    usable = [state for state in states if state != "no-driver"]
    if usable and all(state == "denied" for state in usable):
        return "denied"
    if not has_driver:
        return "no-level-zero"
    return "ok" if any(state == "ok" for state in usable) else None


def report_card(channel, card, root):
    """One card's facts; returns ok, no-driver, denied, hidden (it has no node here), or other-driver."""
    address, pci_id = card.get("pci_address", ""), card.get("pci_id", "")
    folder = root + "/sys/bus/pci/devices/" + address
    driver = read_driver(folder)
    memory, source = read_memory(folder, driver)
    integrated = card.get("integrated")
    if integrated is None and is_discrete(pci_id, address) is not None:
        integrated = not is_discrete(pci_id, address)
    facts = {"vendor": "intel", "driver": driver}
    if memory:
        facts["memory_bytes"] = memory
        integrated = False
    if integrated is not None:
        facts["integrated"] = integrated
    if integrated:
        facts["unified_memory"] = True
    state = "no-driver" if driver is None else "ok" if driver in _DRIVERS else "other-driver"
    if state == "ok":
        state = node_state(folder, root)
    facts["state"] = state
    channel.fact("accelerators[" + address + "]", facts, source or folder)
    return state


def read_driver(folder):
    """The name of the driver that has the device; None: none has."""
    try:
        return os.path.basename(os.readlink(folder + "/driver"))
    except OSError:
        words = read_if_there(folder + "/uevent", 4096).decode("ascii", "replace").split()
        return next((word[7:] for word in words if word.startswith("DRIVER=") and len(word) > 7), None)


def read_memory(folder, driver):
    """The card's own memory and the file that says so: xe has one a tile, Intel's own i915 one a card, the kernel's i915 none."""
    if driver == "xe":
        sizes = [_size(folder + "/tile" + str(number) + "/physical_vram_size_bytes") for number in range(_count_tiles(folder))]
        if sizes and all(sizes):
            return sum(sizes), folder + "/tile0/physical_vram_size_bytes"
    elif driver == "i915":
        for name in _listed(folder + "/drm", "card"):
            path = folder + "/drm/" + name + "/lmem_total_bytes"
            if _size(path):
                return _size(path), path
    return None, None


def _size(path):
    return parse_vram(read_if_there(path, 64).decode("ascii", "replace"))


def _count_tiles(folder):
    number = 0
    while number < _MOST_TILES and os.path.isdir(folder + "/tile" + str(number)):
        number += 1
    return number


def node_state(folder, root):
    """Whether this process may open the render node that the card has."""
    nodes = _listed(folder + "/drm", "renderD")
    paths = [root + "/dev/dri/" + name for name in nodes]
    if not nodes:
        return "ok"  # nothing is known of it
    there = [path for path in paths if os.path.exists(path)]
    if not there:
        return "hidden"
    return "ok" if any(os.access(path, os.R_OK | os.W_OK) for path in there) else "denied"


def _listed(folder, beginning):
    try:
        return sorted(name for name in os.listdir(folder) if name.startswith(beginning))
    except OSError:
        return []


def find_library(name, first, root):
    """The file behind a library's name, where it is in one of the folders that the loader looks in."""
    for folder in [*first, *_FOLDERS]:
        path = root + folder + "/" + name
        if os.path.exists(path):
            return os.path.realpath(path)
    return None
