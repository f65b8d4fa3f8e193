"""The order in which NVIDIA's files are asked, once there is a sign of NVIDIA: what is missing decides what is asked next."""

from envcheck_probes.cards.device_nodes import CONTROL
from envcheck_probes.cards.gpu_container import tell_nvidia_states
from envcheck_probes.cards.nvidia_files import is_loaded, tell_module
from envcheck_probes.cards.nvidia_installation import tell_fabric_manager, tell_kernels, tell_packages, tell_secure_boot
from envcheck_probes.cards.nvidia_libraries import tell_libraries

# Drivers that hold a card because NVIDIA's own does not. A card that is lent to a virtual machine does not wait for it.
_IN_ITS_PLACE = (None, "nouveau", "nova_core", "NovaCore", "nvidiafb", "rivafb")


def look(channel, seen):
    """`seen` is what the accelerators probe has found so far."""
    root, cards = seen.root, seen.graphics_of("nvidia")
    if seen.board is not None:
        from envcheck_probes.cards.jetson import tell_board

        channel.section("nvidia.jetson", tell_board, root, seen.board, bool(cards))
    loaded = is_loaded(root, seen.modules)
    module = tell_module(channel, root, seen.modules)
    library, version = tell_libraries(channel, root, seen.variables)
    waiting = [card for card in cards if card["driver"] in _IN_ITS_PLACE]
    if waiting and loaded is not True:
        _tell_why_not_loaded(channel, seen)
        if loaded is False and library is not None:
            channel.fact("nvidia.state", "driver-not-loaded", "/proc/modules")
    elif cards and module and version and module != version and not seen.in_container:
        channel.section("nvidia.package_version", tell_packages, root)
    driven = [card for card in cards if card["driver"] == "nvidia"]
    if driven:
        channel.section("accelerators", tell_nvidia_states, driven, seen.nvidia_cards, seen.nodes, seen.in_container)
        _tell_denied(channel, seen)
    if cards and seen.bus.completeness == "complete":
        channel.fact("nvidia.nvswitches", len(seen.bus.switches), seen.bus.source)
    if seen.bus is not None and seen.bus.switches and not seen.in_container:
        channel.section("nvidia.fabric_manager", tell_fabric_manager, root)


def _tell_why_not_loaded(channel, seen):
    """What lies on the disk of a container is not the machine's; the firmware is the same for both."""
    channel.section("system.secure_boot", tell_secure_boot, seen.root)
    if not seen.in_container:
        channel.section("nvidia.module_kernels", tell_kernels, seen.root)
        channel.section("nvidia.package_version", tell_packages, seen.root)


def _tell_denied(channel, seen):
    """Without its control node the driver cannot be asked. A container that had it lost it when its control group was written anew."""
    control = seen.nodes.get(CONTROL)
    if control is None or control.accessible:
        return
    if control.error in ("EACCES", "EPERM"):
        lost = control.barred and seen.in_container
        channel.fact("nvidia.state", "container-lost-devices" if lost else "denied", CONTROL)
