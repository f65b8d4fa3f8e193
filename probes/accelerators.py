"""The accelerators of this machine and what files tell of their drivers: no process is started, no card is woken, few files are opened.

What is asked follows from what is seen. The PCI bus, /dev and the loaded modules are looked at on every machine; libraries, packages and
firmware only where something of the maker's is there. Drivers themselves are asked by other probes.

Arguments: "root=FOLDER" reads the files of another machine below that folder (Linux).
"""

import os
import sys


def main(channel, arguments):
    root = next((argument.partition("=")[2] for argument in arguments if argument.startswith("root=")), "")
    if sys.platform.startswith("linux"):
        collect(channel, root)
    elif sys.platform == "darwin":
        from envcheck_probes.cards import accelerators_macos

        accelerators_macos.collect(channel)
    elif sys.platform == "win32":
        from envcheck_probes.cards import accelerators_windows

        accelerators_windows.collect(channel)
    else:
        channel.unknown("accelerators", "unsupported", "envcheck does not know where this system lists its devices")
        channel.observed("accelerators", "none")


class Seen:
    """What the first look has found, for those who look further."""

    def __init__(self, root, variables):
        self.root, self.variables = root, variables
        self.bus = None
        self.cards = []
        self.graphics = []  # of the cards, those that are GPUs: some processors have accelerators beside their graphics
        self.nodes = {}
        self.modules = None
        self.wsl = None
        self.board = None
        self.nvidia_cards = {}  # what the kernel module tells of its own, by address
        self._in_container = None

    def graphics_of(self, vendor):
        return [card for card in self.graphics if card["vendor"] == vendor]

    @property
    def in_container(self):
        if self._in_container is None:
            from envcheck_probes.cards.gpu_container import is_in_container

            self._in_container = is_in_container(self.root, self.variables, self.wsl)
        return self._in_container


def collect(channel, root="", variables=None):
    """Tells all of it, of this machine or of the one whose files lie below `root`."""
    seen = Seen(root, os.environ if variables is None else variables)
    channel.stage("kernel modules")
    channel.section("modules", look_at_modules, seen)
    channel.stage("PCI bus")
    channel.section("accelerators", look_at_bus, seen)
    channel.stage("device nodes")
    channel.section("devices", look_at_nodes, seen)
    channel.stage("NVIDIA")
    channel.section("nvidia", look_at_nvidia, seen)
    channel.stage("other makers")
    channel.section("amd", look_at_amd, seen)
    channel.section("intel", look_at_intel, seen)
    channel.section("accelerators", look_at_tpus, seen)


def look_at_modules(channel, seen):
    from envcheck_probes.cards.nvidia_files import read_modules, tell_modules
    from envcheck_probes.machine.host_linux import read_wsl

    seen.modules = read_modules(seen.root)
    tell_modules(channel, seen.modules)
    seen.wsl = read_wsl(seen.root)


def look_at_bus(channel, seen):
    from envcheck_probes.cards.pci_bus import read_bus

    seen.bus = read_bus(seen.root)
    if seen.bus.devices:
        _tell_cards(channel, seen)
    # Windows keeps its cards to itself: under WSL, what the bus does not show may be there all the same.
    hidden = seen.wsl is not None and seen.bus.completeness == "complete"
    channel.observed("accelerators", "partial" if hidden else seen.bus.completeness)


def _tell_cards(channel, seen):
    from envcheck_probes.cards.nvidia_files import FOLDER, read_cards
    from envcheck_probes.cards.pci_card import NameList, card_of

    from envcheck.parsers.pci.accelerator_ids import DISPLAY

    names = NameList(seen.root)
    if any(device.pci_id.startswith("10de:") for device in seen.bus.devices):
        seen.nvidia_cards = read_cards(seen.root)
    for device in seen.bus.devices:
        fact = "accelerators[" + device.address + "]"
        own = seen.nvidia_cards.get(device.address)
        card, name, source = card_of(device, names, is_named=own is not None and own.name is not None)
        seen.cards.append(card)
        if device.kind >> 16 == DISPLAY or "backend" in card:
            seen.graphics.append(card)
        channel.fact(fact, card, seen.bus.source)
        if own is not None:
            told = {key: value for key, value in (("name", own.name), ("uuid", own.uuid)) if value is not None}
            channel.fact(fact, told, FOLDER + "/gpus")
        if name is not None:
            channel.listed(fact + ".name", name, source)


def look_at_nodes(channel, seen):
    from envcheck_probes.cards.device_nodes import read_nodes, tell_nodes
    from envcheck_probes.cards.nvidia_files import is_loaded

    nodes = read_nodes(
        seen.root,
        with_vfio=any(card["vendor"] == "google" for card in seen.cards),
        nvidia_is_loaded=is_loaded(seen.root, seen.modules) is True,
    )
    tell_nodes(channel, seen.root, nodes)
    seen.nodes = nodes or {}


def look_at_nvidia(channel, seen):
    from envcheck_probes.cards.gpu_container import tell_grant

    tell_grant(channel, seen.variables, seen.nodes)
    if has_nvidia_signs(seen):
        from envcheck_probes.cards.nvidia_look import look

        look(channel, seen)


def has_nvidia_signs(seen):
    """Whether there may be something of NVIDIA's: seen, or behind a bus that does not show all."""
    from envcheck_probes.cards.jetson import read_board
    from envcheck_probes.kernel_files import exists

    seen.board = read_board(seen.root)
    return bool(
        seen.board
        or any(card["vendor"] == "nvidia" for card in seen.cards)
        or any(path.startswith("/dev/nvidia") or path == "/dev/dxg" for path in seen.nodes)
        or any(name.startswith(("nvidia", "nvgpu")) for name in seen.modules or ())
        or seen.wsl == 2
        or seen.bus is None
        or seen.bus.completeness != "complete"
        or exists(seen.root, "/proc/driver/nvidia")
    )


def look_at_amd(channel, seen):
    cards = seen.graphics_of("amd")
    if cards:
        from envcheck_probes.cards.amd_files import report_amd

        report_amd(channel, cards, seen.root)
        driven = [card for card in cards if card["driver"] == "amdgpu"]
        if driven and seen.in_container:
            from envcheck_probes.cards.gpu_container import tell_amd_states

            tell_amd_states(channel, driven, seen.nodes)


def look_at_intel(channel, seen):
    cards = seen.graphics_of("intel")
    if cards:
        from envcheck_probes.cards.intel_files import report_intel

        report_intel(channel, cards, seen.root)


def look_at_tpus(channel, seen):
    from envcheck_probes.cards.tpu import VARIABLES, is_node, tell_chips

    chips = seen.graphics_of("google")
    if chips or any(is_node(path) for path in seen.nodes) or any(name in seen.variables for name in VARIABLES):
        tell_chips(channel, chips, seen.nodes, seen.variables)
