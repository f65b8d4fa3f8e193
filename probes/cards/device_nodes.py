"""The device nodes of accelerators under /dev: whose they are, and whether this process may open them.

Nothing that wakes a card is opened. access() asks all that open() asks before the driver is called: the mode, the control group of
a container or job (EPERM, even where the mode allows it), and the security module. Only where it says no, the node is opened for the
error's name, since then the driver is not reached; NVIDIA's /dev/nvidiactl, which belongs to no card, is opened as its libraries do.
"""

import errno
import os
import stat

from envcheck_probes.kernel_files import find_names, find_text, place

_FOLDERS = ("", "dri/", "accel/", "nvidia-caps/")
_MOST = 256
_FLAGS = getattr(os, "O_RDWR", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
CONTROL = "/dev/nvidiactl"


class Node:
    """One device node; `error` is the system's name of why it cannot be opened, where it cannot."""

    def __init__(self, path, status, accessible, error):
        self.path, self.status, self.accessible, self.error = path, status, accessible, error

    @property
    def barred(self):
        """Whether the node's mode is not what keeps this process out: a control group does, as in a job or a container."""
        return self.error == "EPERM"


def read_nodes(root, with_vfio=False, nvidia_is_loaded=False):
    """All nodes by path, or None where /dev cannot be read."""
    names = find_names(root, "/dev")
    if not names:
        return None
    nodes = {}
    for path in _paths(root, names, with_vfio):
        node = read_node(root, path, may_open=path == CONTROL and nvidia_is_loaded)
        if node is not None:
            nodes[path] = node
    return nodes


def _paths(root, names, with_vfio):
    paths = []
    for folder in (*_FOLDERS, *(("vfio/",) if with_vfio else ())):
        if not folder:
            found = names
        elif folder[:-1] in names:
            found = find_names(root, "/dev/" + folder, _MOST)
        else:
            continue
        paths += ["/dev/" + folder + name for name in sorted(found, key=_in_order) if _is_ours(folder, name)]
    return paths[:_MOST]


def _is_ours(folder, name):
    letters = name.rstrip("0123456789")
    number = name[len(letters) :]
    if folder == "vfio/":
        return bool(number) and not letters
    if folder == "nvidia-caps/":
        return letters == "nvidia-cap"
    if folder:
        return letters in ("renderD", "accel") and bool(number)
    return (
        name in ("nvidiactl", "nvidia-uvm", "nvidia-uvm-tools", "nvidia-modeset", "dxg", "kfd", "nvhost-gpu", "nvmap")
        or (letters in ("nvidia", "nvidia-nvswitch", "accel", "apex_", "neuron", "davinci", "hl") and bool(number))
        or name in ("nvidia-nvswitchctl", "davinci_manager")
    )


def _in_order(name):
    letters = name.rstrip("0123456789")
    return letters, int(name[len(letters) :] or -1)


def read_node(root, path, may_open):
    """A node, or None where there is none of that name."""
    own = place(root, path)
    try:
        status = os.stat(own)
    except OSError:
        return None
    if stat.S_ISDIR(status.st_mode):
        return None
    if not stat.S_ISCHR(status.st_mode):
        return Node(path, status, False, "ENODEV")  # noqa: FBT003 - what some container engines leave in place of a device
    if may_access(own):
        error = open_error(own) if may_open else None
        return Node(path, status, error is None, error)
    return Node(path, status, False, open_error(own) or "EACCES")  # noqa: FBT003 - a field


def may_access(path):
    """Whether this process may open it for reading and writing, as far as that can be told without opening it."""
    if os.access in os.supports_effective_ids:
        return os.access(path, os.R_OK | os.W_OK, effective_ids=True)
    return os.access(path, os.R_OK | os.W_OK)


def open_error(path):
    """The system's name of the error that opening has, or None where it can be opened."""
    try:
        os.close(os.open(path, _FLAGS))
    except OSError as error:
        return errno.errorcode.get(error.errno, str(error.errno))
    return None


def tell_nodes(channel, root, nodes):
    """All of them; a group is named where the list of groups is there, else by its number."""
    if nodes is None:
        channel.unknown("devices", "unsupported", "/dev cannot be listed")
        channel.observed("devices", "none")
        return
    names = None
    for node in nodes.values():
        told = {"mode": stat.filemode(node.status.st_mode), "accessible": node.accessible}
        if node.error is not None:
            told["error"] = node.error
        if hasattr(os, "getgroups"):
            names = _group_names(root) if names is None else names
            group = node.status.st_gid
            told["group"] = names.get(group, str(group))
            told["member"] = group in (os.getegid(), *os.getgroups())
        channel.fact("devices[" + node.path + "]", told, "/dev")
    channel.observed("devices", "complete")


def _group_names(root):
    """`render:x:992:anna` → {992: "render"}; a directory service, which may take its time, is not asked."""
    names = {}
    for line in (find_text(root, "/etc/group", 2**20) or "").splitlines():
        words = line.split(":")
        if len(words) > 2 and words[2].isdigit():
            names.setdefault(int(words[2]), words[0])
    return names
