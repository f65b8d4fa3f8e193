"""Which of the machine's cards this process has been given: a container or a job sees all of them on the bus, and has the nodes of some."""

from envcheck_probes.kernel_files import find_text

_NOTHING = ("", "void", "none")
_GRANT = "NVIDIA_VISIBLE_DEVICES"


class Surroundings:
    """What tells a container, read once and only when it matters."""

    def __init__(self, root, variables, wsl):
        from envcheck.parsers.linux.mounts import parse_mountinfo

        self.root, self.variables, self.wsl = root, variables, wsl
        self.cgroup = find_text(root, "/proc/self/cgroup", 2**20) or ""
        self.mounts = parse_mountinfo(find_text(root, "/proc/self/mountinfo", 8 * 2**20) or "")


def is_in_container(root, variables, wsl):
    from envcheck_probes.machine.host_surroundings import read_container

    return read_container(Surroundings(root, variables, wsl))[0] is not None


def tell_grant(channel, variables, nodes):
    """What NVIDIA's container runtime was asked for, by the variable that it reads.

    "all", numbers and UUIDs are GPUs; "none" is the driver without any; "void" and an empty word are nothing at all. But where devices
    come by a CDI specification, that sets "void" so that the older way does not bring them twice: with nodes there, it tells nothing.
    Images made for CUDA set "all" themselves, so that the word alone does not mean that somebody asked.
    """
    value = variables.get(_GRANT)
    if value is None:
        return
    if value.strip().lower() not in _NOTHING:
        channel.fact("system.container_gpus", _GRANT + "=" + value[:1024], _GRANT)
    elif not any(_is_card(path) for path in nodes):
        channel.fact("system.container_gpus", None, _GRANT)


def _is_card(path):
    return path == "/dev/dxg" or (path.startswith("/dev/nvidia") and path[len("/dev/nvidia") :].isdigit())


def tell_nvidia_states(channel, cards, known, nodes, in_container):
    """`known` is what the kernel module tells of its cards, by address; a container's runtime may show it those alone that it has."""
    minors = {address: information.minor for address, information in known.items()}
    if len(cards) == 1 and not minors:
        minors = {cards[0]["pci_address"]: 0}
    barred = [path for path, node in nodes.items() if _is_card(path) and node.barred]
    open_ones = [path for path, node in nodes.items() if _is_card(path) and node.accessible]
    for card in cards:
        address = card["pci_address"]
        if address in known and known[address].excluded:
            _tell(channel, address, "hidden", "/proc/driver/nvidia/gpus")
            continue
        minor = minors.get(address)
        path = None if minor is None else "/dev/nvidia%d" % minor
        node = nodes.get(path)
        if node is not None and not node.accessible:
            # The others are open to a job that has some; where none is, the nodes were lost or never to be used.
            _tell(channel, address, "hidden" if path in barred and open_ones else "denied", path)
        elif in_container and node is None and (minor is not None or known or not any(_is_card(path) for path in nodes)):
            _tell(channel, address, "hidden", path or "/dev")


def tell_amd_states(channel, cards, nodes):
    """In a container that was not given /dev/kfd, none of AMD's cards can compute."""
    if "/dev/kfd" not in nodes:
        for card in cards:
            _tell(channel, card["pci_address"], "hidden", "/dev")


def _tell(channel, address, state, source):
    channel.fact("accelerators[" + address + "]", {"state": state, "visible": False}, source)
