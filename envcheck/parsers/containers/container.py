"""Signs of the container that a process is in, and of the one it is not in although something was left behind.

The names: docker, podman, kubernetes, lxc, systemd-nspawn, apptainer, enroot, charliecloud, shifter, buildkit, containerd, flatpak, other.
"""

from __future__ import annotations

import re

from envcheck.parsers.expression import regex
from envcheck.parsers.linux.mounts import Mount

# The inode numbers that Linux gives the namespaces of the machine itself.
_INITIAL_NAMESPACES = {"pid": "pid:[4026531836]", "uts": "uts:[4026531838]", "ipc": "ipc:[4026531839]"}

# What container tools put into the environment; the name alone decides, save for KUBERNETES_ variables that people also set by hand.
_VARIABLES = (
    ("APPTAINER_CONTAINER", "apptainer"),
    ("SINGULARITY_CONTAINER", "apptainer"),
    ("APPTAINER_NAME", "apptainer"),
    ("SINGULARITY_NAME", "apptainer"),
    ("ENROOT_ROOTFS", "enroot"),
    ("CH_RUNNING", "charliecloud"),
    ("SHIFTER_RUNTIME", "shifter"),
    ("FLATPAK_ID", "flatpak"),
)
# The word that a manager leaves in the variable `container`, by systemd's interface for container managers; any other word is "other".
_MANAGERS = {
    "docker": "docker",
    "podman": "podman",
    "oci": "podman",
    "lxc": "lxc",
    "lxc-libvirt": "lxc",
    "systemd-nspawn": "systemd-nspawn",
    "apptainer": "apptainer",
    "singularity": "apptainer",
    "kubernetes": "kubernetes",
    "flatpak": "flatpak",
}
_NO_CONTAINER = frozenset(("", "wsl"))

_GROUPS = (
    (regex(r"/(?:kubelet-)?kubepods(?:-[a-z0-9_-]+)?(?:\.slice)?(?:/|$)", re.MULTILINE), "kubernetes"),
    (regex(r"/libpod-[0-9a-f]{8,}|/libpod_parent/"), "podman"),
    (regex(r"/docker/[0-9a-f]{8,}|/docker-[0-9a-f]{8,}\.scope"), "docker"),
    (regex(r"/lxc(\.payload)?[/.][^/]"), "lxc"),
    (regex(r"/cri-containerd-[0-9a-f]{8,}|/crio-[0-9a-f]{8,}"), "kubernetes"),
)
# Files such as /etc/hosts and /etc/resolv.conf are mounted into a container from its manager's own folder.
_MOUNTED_FROM = (
    (regex(r"/kubelet/pods/[0-9a-f-]{8,}/"), "kubernetes"),
    (regex(r"/overlay-containers/[0-9a-f]{8,}/userdata/"), "podman"),
    (regex(r"/buildkit/executor/"), "buildkit"),
    (regex(r"/docker/containers/[0-9a-f]{8,}/|/containers/[0-9a-f]{64}/(resolv\.conf|hostname|hosts)$"), "docker"),
    (regex(r"/nerdctl/[^/]+/(containers|etchosts)/"), "containerd"),
)
_LAYERED = frozenset(("overlay", "aufs", "fuse.fuse-overlayfs", "fuse-overlayfs", "9p", "gofer", "squashfs"))


def container_of_variables(variables: dict[str, str]) -> str | None:
    """The container that the environment speaks of."""
    for name, kind in _VARIABLES:
        if variables.get(name):
            return kind
    if variables.get("KUBERNETES_SERVICE_HOST") and variables.get("KUBERNETES_SERVICE_PORT"):
        return "kubernetes"
    # The process's own `container` may be anybody's: only a manager's word counts.
    return _MANAGERS.get(variables.get("container", "").strip().lower())


def container_of_manager(name: str) -> str | None:
    """The container by the word that its manager left in /run/systemd/container or with process 1."""
    word = name.strip().lower()
    return None if word in _NO_CONTAINER else _MANAGERS.get(word, "other")


def parse_first_process(environ: str) -> str | None:
    r"""The container by the environment of process 1 (NUL-separated, for its owner's eyes): `PATH=/bin\0container=lxc\0`."""
    for entry in environ.split("\0"):
        name, _, value = entry.partition("=")
        if name == "container":
            return container_of_manager(value)
    return None


def container_of_groups(text: str) -> str | None:
    """The container by the paths in /proc/self/cgroup; whole names count, since `docker.service` is a service of the host.

    4:memory:/docker/b29faf21
    0::/system.slice/docker-1c8fa019.scope
    11:memory:/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod7a96c459.slice/cri-containerd-1d3d308a.scope
    """
    return next((kind for sign, kind in _GROUPS if sign.search(text)), None)


def container_of_mounts(mounts: list[Mount]) -> str | None:
    """The container by where its own files in /etc are mounted from."""
    roots = [mount.root for mount in mounts if mount.point.startswith(("/etc/", "/run/", "/dev/"))]
    return next((kind for sign, kind in _MOUNTED_FROM for root in roots if sign.search(root)), None)


def is_layered(mounts: list[Mount]) -> bool:
    """Whether the root folder is made of image layers: an overlay or one of its relatives."""
    roots = [mount.filesystem for mount in mounts if mount.point == "/"]
    return bool(roots) and roots[-1] in _LAYERED


def is_own_system(namespaces: dict[str, str]) -> bool | None:
    """Whether the process shares the machine's own process, host name and message namespaces; None where they cannot be read.

    A virtual machine may be started from a container's image: /.dockerenv is then left over, and all three are the initial ones.
    """
    if set(_INITIAL_NAMESPACES) - set(namespaces):
        return None
    return all(namespaces[name] == initial for name, initial in _INITIAL_NAMESPACES.items())
