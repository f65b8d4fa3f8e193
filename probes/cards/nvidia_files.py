"""What the files of a running NVIDIA kernel module tell: its version, its kind, and the cards that it has taken."""

from envcheck_probes.kernel_files import exists, find_names, find_text, find_word

from envcheck.parsers.nvidia.nvidia_gpu_information import parse_gpu_information
from envcheck.parsers.nvidia.nvidia_kernel_module import parse_nvidia_module_version
from envcheck.parsers.pci.pci_address import same_form

FOLDER = "/proc/driver/nvidia"
_VERSION = FOLDER + "/version"
_MODULE = "/sys/module/nvidia"
_MOST_CARDS = 256
# Only these are told of the hundreds that are loaded.
_MODULES = (
    *("nvidia", "nvidia_uvm", "nvidia_drm", "nvidia_modeset", "nvidia_peermem", "nvidia_fs", "nouveau", "nova_core", "nvgpu"),
    *("amdgpu", "radeon", "amdxdna", "i915", "xe", "intel_vpu", "vfio_pci", "gasket", "apex", "habanalabs", "neuron"),
)


def read_modules(root):
    """Those of the kernel's loaded modules that drive accelerators, or None where the kernel does not show them.

    Where /proc/modules is missing, each module has a folder under /sys all the same, and so have those that are built in.
    """
    text = find_text(root, "/proc/modules", 2**20)
    loaded = find_names(root, "/sys/module") if text is None else [line.partition(" ")[0] for line in text.splitlines()]
    if text is None and not loaded:
        return None
    return [name for name in _MODULES if name in loaded]


def tell_modules(channel, modules):
    if modules is None:
        channel.observed("modules", "none")
        return
    channel.fact("modules", modules, "/proc/modules")
    channel.observed("modules", "complete")


def is_loaded(root, modules):
    """Whether NVIDIA's own module is loaded; None where that cannot be seen."""
    if exists(root, _MODULE):
        return True
    return None if modules is None else "nvidia" in modules


def read_module_version(root):
    """The version of the module that is loaded, whether it is the open one, and the file; None for what is not told."""
    version, is_open = parse_nvidia_module_version(find_text(root, _VERSION, 4096) or "")
    if version is not None:
        return version, is_open, _VERSION
    word = find_word(root, _MODULE + "/version")
    return word if word[:1].isdigit() else None, is_open, _MODULE + "/version"


def tell_module(channel, root, modules):
    """The version that is found is returned too; the driver is as old as its module, whatever libraries lie beside it."""
    version, is_open, source = read_module_version(root)
    if is_open is not None:
        channel.fact("nvidia.open_kernel_module", is_open, source)
    if version is not None:
        channel.fact("nvidia.kernel_module_version", version, source)
        channel.fact("nvidia.driver_version", version, source)
    elif is_loaded(root, modules) is False:
        channel.fact("nvidia.kernel_module_version", None, "/proc/modules")
    return version


def read_cards(root):
    """What the module knows of each card, by the card's address as the kernel writes it."""
    cards = {}
    for name in sorted(find_names(root, FOLDER + "/gpus", _MOST_CARDS)):
        information = parse_gpu_information(find_text(root, FOLDER + "/gpus/" + name + "/information", 4096) or "")
        address = same_form(information.address or "") or same_form(name)
        if address is not None:
            cards[address] = information
    return cards
