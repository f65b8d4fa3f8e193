"""Why NVIDIA's driver does not run, or not as it should: what is on disk of it. Asked only where a card is there and something is amiss.

Kernels that have a module for it, what the package manager knows, Secure Boot, and the fabric manager of machines with NVSwitches.
"""

import os

from envcheck_probes.kernel_files import exists, find_names, find_text, find_word, place
from envcheck_probes.reading import read_start

from envcheck.parsers.linux.dpkg_status import UNFINISHED, parse_dpkg_status, upstream_version

_MODULES = "/lib/modules"
# Where DKMS, akmods, distributions' own builds and NVIDIA's installer put the module, below a kernel's folder.
_PLACES = ("updates", "extra", "weak-updates", "extramodules", "misc", "video", "kernel/drivers/video", "kernel/drivers/char/drm")
_DEPTH = 4
_MOST_FOLDERS = 400
_PARTS = ("drm", "modeset", "uvm", "peermem", "fs", "vgpu-vfio")
_SECURE_BOOT = "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
_DPKG = "/var/lib/dpkg/status"
_PACMAN = "/var/lib/pacman/local"
_LONGEST_STATUS = 64 * 2**20
_PREFIXES = ("nvidia", "libnvidia-compute", "libnvidia-ml", "libcuda1", "cuda-drivers", "linux-modules-nvidia", "linux-objects-nvidia")
# The package whose version is that of the driver, the surest first.
_DRIVERS = (
    "libnvidia-compute",
    "nvidia-driver",
    "libnvidia-ml1",
    "libcuda1",
    "cuda-drivers",
    "nvidia-kernel",
    "nvidia-dkms",
    "nvidia-utils",
)
_FABRIC = "nv-fabricmanager"
_FABRIC_FILES = (
    "/usr/bin/" + _FABRIC,
    "/usr/lib/systemd/system/nvidia-fabricmanager.service",
    "/lib/systemd/system/nvidia-fabricmanager.service",
)


def tell_kernels(channel, root):
    kernels = read_module_kernels(root)
    if kernels is not None:
        channel.fact("nvidia.module_kernels", kernels, _MODULES)


def read_module_kernels(root):
    """The kernels for which there is a module of NVIDIA's on disk, or None where there are no modules at all, as in a container."""
    names = sorted(find_names(root, _MODULES, 200))
    if not names:
        return None
    return [name for name in names if _has_module(root, _MODULES + "/" + name)]


def _has_module(root, kernel):
    folders = [kernel + "/" + name for name in _PLACES]
    folders += [kernel + "/kernel/" + name for name in find_names(root, kernel + "/kernel", 200) if name.startswith("nvidia")]
    todo, seen = [(folder, _DEPTH) for folder in folders], 0
    while todo and seen < _MOST_FOLDERS:
        folder, depth = todo.pop()
        seen += 1
        try:
            with os.scandir(place(root, folder)) as entries:
                for entry in entries:
                    if is_module(entry.name):
                        return True
                    if depth and entry.is_dir(follow_symlinks=False):
                        todo.append((folder + "/" + entry.name, depth - 1))
        except OSError:
            continue
    return False


def is_module(file):
    """`nvidia.ko.zst` and Debian's `nvidia-current.ko`, and none of the modules beside it."""
    name, dot, rest = file.partition(".")
    if not dot or not (rest == "ko" or rest.startswith("ko.")) or not name.startswith("nvidia"):
        return False
    return not name.endswith(_PARTS) and name not in ("nvidiafb", "nvidia_drm", "nvidia_uvm", "nvidia_modeset")


def tell_packages(channel, root):
    """What dpkg or pacman know; other package managers keep a database that is asked by their own programs alone."""
    packages, source = read_packages(root)
    if packages is None:
        return
    installed = [package for package in packages if package.state == "installed"]
    version = next((package.version for name in _DRIVERS for package in installed if package.name.startswith(name)), None)
    channel.fact("nvidia.package_version", upstream_version(version) if version else None, source)
    unfinished = sorted({package.name for package in packages if package.state in UNFINISHED})
    if unfinished or source == _DPKG:
        channel.fact("nvidia.packages_unfinished", unfinished, source)


def read_packages(root, prefixes=_PREFIXES):
    """The packages of the driver and the list they are from; (None, "") where there is no such list."""
    try:
        with open(place(root, _DPKG), encoding="utf-8", errors="replace") as file:
            return list(parse_dpkg_status(_limited(file), prefixes)), _DPKG
    except OSError:
        pass
    names = find_names(root, _PACMAN)
    if not names:
        return None, ""
    return [package for package in map(_of_pacman, sorted(names)) if package.name.startswith(prefixes)], _PACMAN


def _limited(file):
    size = 0
    for line in file:
        size += len(line)
        if size > _LONGEST_STATUS:
            return
        yield line


def _of_pacman(name):
    """`nvidia-utils-580.95.05-3` → the package of that name and version."""
    from envcheck.parsers.linux.dpkg_status import Package

    words = name.rsplit("-", 2)
    package = Package(words[0])
    package.state = "installed"
    package.version = words[1] if len(words) > 2 else ""
    return package


def tell_secure_boot(channel, root):
    enabled, source = read_secure_boot(root)
    if source:
        channel.fact("system.secure_boot", enabled, source)
    else:
        channel.unknown("system.secure_boot", "unsupported", "the firmware's variables are not shown here")


def read_secure_boot(root):
    """Whether it is on, None where the firmware has no such thing, and where that is from; "" where it cannot be told.

    The variable's file holds four bytes of attributes before its one byte. Container engines hide all of /sys/firmware.
    """
    shown = find_names(root, "/sys/firmware")
    if not shown:
        return None, ""
    if "efi" not in shown:
        return None, "/sys/firmware"
    path = "/sys/firmware/efi/efivars/" + _SECURE_BOOT
    try:
        data, _size = read_start(place(root, path), 16)
    except FileNotFoundError:
        # Firmware without Secure Boot has the other variables.
        names = find_names(root, "/sys/firmware/efi/efivars", 4)
        return (None, "/sys/firmware/efi/efivars") if names else (None, "")
    except OSError:
        return None, ""
    return (data[4] == 1, path) if len(data) >= 5 else (None, "")


def tell_fabric_manager(channel, root):
    """Running, stopped, or not installed; on a machine that has NVSwitches."""
    state, source = read_fabric_manager(root)
    channel.fact("nvidia.fabric_manager", state, source)
    packages, source = read_packages(root, ("nvidia-fabricmanager", "cuda-drivers-fabricmanager"))
    version = next((package.version for package in packages or () if package.state == "installed" and package.version), None)
    if version:
        channel.fact("nvidia.fabric_manager_version", upstream_version(version), source)


def read_fabric_manager(root):
    """The state, and where that is from; a process of another's is seen by its name in /proc, the one that its own file names first."""
    for folder in ("/run", "/var/run"):
        path = folder + "/nvidia-fabricmanager/" + _FABRIC + ".pid"
        number = find_word(root, path)
        if number.isdigit() and _is_fabric_manager(root, number):
            return "running", path
    if any(_is_fabric_manager(root, number) for number in find_names(root, "/proc") if number.isdigit()):
        return "running", "/proc"
    installed = next((path for path in _FABRIC_FILES if exists(root, path)), None)
    return ("stopped", installed) if installed else (None, _FABRIC_FILES[0])


def _is_fabric_manager(root, number):
    # The kernel keeps fifteen letters of a process's name.
    return (find_text(root, "/proc/" + number + "/comm", 64) or "").strip() == _FABRIC[:15]
