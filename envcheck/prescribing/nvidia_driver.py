"""The commands that install, hold, reload and repair NVIDIA's driver, for the distribution that the machine runs.

From NVIDIA's Driver Installation Guide and the distributions' own pages. Nobody's driver is exchanged by envcheck itself.
"""

from envcheck.facts.snapshot import Snapshot, known
from envcheck.judging.cards import nvidia_cards
from envcheck.knowledge.capability import shown
from envcheck.knowledge.drivers import LastBranch, find_last_branch
from envcheck.knowledge.versions import major
from envcheck.prescribing.install import by_hand
from envcheck.prescribing.system import REBOOT, as_root, family, package_manager
from envcheck.report import Remedy, Step

REPOSITORIES = "https://developer.download.nvidia.com/compute/cuda/repos/"
# From this release on the driver's packages of NVIDIA's repository for RHEL are no module streams any more.
_WITHOUT_STREAMS = 10
_MODULES = ("nvidia_drm", "nvidia_modeset", "nvidia_uvm", "nvidia")


def install_driver(facts: Snapshot) -> tuple[Step, ...]:
    """The steps from no driver to one that runs, the reboot included."""
    older = older_branch(facts)
    install = _INSTALLATIONS.get(family(facts), _elsewhere)
    steps = install(facts, older)
    if older is not None:
        steps = (Step(do=f"take branch {older.branch} of the driver: later ones have none for this card's compute capability"), *steps)
    return (*steps, REBOOT, Step(run=("nvidia-smi",)))


def driver_from_outside(facts: Snapshot) -> Remedy | None:
    """Where the driver is another system's: that of Windows under WSL, the host's in a container; None: it is this one's own."""
    if isinstance(facts.system.wsl, int):
        return by_hand(
            "install the NVIDIA driver on Windows", "install NVIDIA's driver on Windows, none inside WSL, then run: wsl --shutdown"
        )
    if known(facts.system.container, ""):
        return by_hand("pass the card into the container", "start the container again with --gpus all, on a host whose nvidia-smi works")
    return None


def get_driver(facts: Snapshot, bound: str = "") -> Remedy:
    """Installs the driver on this very system; `bound` says how new it has to be (", 525.60.13 or newer")."""
    summary = f"install the NVIDIA driver{bound}"
    summary += "" if nvidia_cards(facts) else "; if the machine has no NVIDIA card, go to one that has"
    if known(facts.system.os, "") == "Windows":
        page = f"install NVIDIA's driver{bound}: https://www.nvidia.com/drivers"
        return by_hand(summary, page, "restart Windows", Step(run=("nvidia-smi",)))
    return by_hand(summary, *install_driver(facts))


def older_branch(facts: Snapshot) -> LastBranch | None:
    """The last branch of the driver for the oldest of the cards; None: today's is right, as far as is known."""
    capabilities = [card.capability for card in nvidia_cards(facts) if card.capability is not None and card.sure]
    return find_last_branch(shown(min(capabilities))) if capabilities else None


def _ubuntu(_facts: Snapshot, older: LastBranch | None) -> tuple[Step, ...]:
    wanted = (f"nvidia:{older.branch}",) if older is not None else ()
    return (as_root("ubuntu-drivers", "install", *wanted),)


def _pop(_facts: Snapshot, older: LastBranch | None) -> tuple[Step, ...]:
    package = f"nvidia-driver-{older.branch}" if older is not None else "system76-driver-nvidia"
    return (as_root("apt-get", "install", "--yes", package),)


def _debian(facts: Snapshot, older: LastBranch | None) -> tuple[Step, ...]:
    """Debian's own package; the headers are those that the module is built with."""
    machine = "arm64" if known(facts.system.machine, "") in ("aarch64", "arm64") else "amd64"
    packages = (f"linux-headers-{machine}", "nvidia-driver", "firmware-misc-nonfree")
    enable = Step(do="let every line of Debian's package sources end in: main contrib non-free non-free-firmware")
    if older is not None and older.branch < 500:
        packages = (packages[0], f"nvidia-tesla-{older.branch}-driver", packages[2])
    return (enable, as_root("apt-get", "update"), as_root("apt-get", "install", "--yes", *packages))


def _fedora(_facts: Snapshot, older: LastBranch | None) -> tuple[Step, ...]:
    suffix = f"-{older.branch}xx" if older is not None else ""
    return (
        Step(do="enable RPM Fusion's free and nonfree repositories: https://rpmfusion.org/Configuration"),
        as_root("dnf", "install", "--assumeyes", f"akmod-nvidia{suffix}", f"xorg-x11-drv-nvidia{suffix}-cuda"),
        Step(do="wait until the module is built, which takes up to five minutes, and see that this names a version:"),
        Step(run=("modinfo", "--field", "version", "nvidia")),
    )


def _rhel(facts: Snapshot, older: LastBranch | None) -> tuple[Step, ...]:
    release = major(known(facts.system.distribution_version, ""))
    system = f"rhel{release}" if release >= 0 else "rhelN"
    repository = _add_repository(facts, system)
    if release >= _WITHOUT_STREAMS:
        package = "nvidia-open" if older is None else "cuda-drivers"
        return (*repository, as_root("dnf", "install", "--assumeyes", package))
    stream = "open-dkms" if older is None else f"{older.branch}-dkms"
    return (
        Step(do="enable EPEL and the headers of the running kernel (packages kernel-devel and kernel-headers)"),
        *repository,
        as_root("dnf", "module", "install", "--assumeyes", f"nvidia-driver:{stream}"),
    )


def _amazon(_facts: Snapshot, older: LastBranch | None) -> tuple[Step, ...]:
    """Amazon Linux 2023 has a package with the repository of the driver."""
    package = "nvidia-open" if older is None else "nvidia-driver-cuda"
    return (
        as_root("dnf", "install", "--assumeyes", "dkms", "kernel-devel", "kernel-modules-extra", "nvidia-release"),
        as_root("dnf", "install", "--assumeyes", package),
    )


def _arch(facts: Snapshot, older: LastBranch | None) -> tuple[Step, ...]:
    if older is not None:
        return (Step(do=f"install nvidia-{older.branch}xx-dkms and nvidia-{older.branch}xx-utils from the AUR, with the kernel's headers"),)
    kernel = known(facts.system.kernel, "")
    package = "nvidia-open" if kernel.endswith("-arch") or "-arch" in kernel or not kernel else "nvidia-open-dkms"
    headers = () if package == "nvidia-open" else (Step(do="install the headers of the running kernel (linux-lts-headers and the like)"),)
    return (*headers, as_root("pacman", "--sync", "--needed", package, "nvidia-utils"))


def _suse(facts: Snapshot, older: LastBranch | None) -> tuple[Step, ...]:
    name = known(facts.system.distribution_id, "")
    if name.startswith("opensuse") and older is None:
        flavour = "Tumbleweed" if "tumbleweed" in name or "Tumbleweed" in known(facts.system.distribution, "") else "Leap"
        return (
            as_root("zypper", "install", f"openSUSE-repos-{flavour}-NVIDIA"),
            as_root("zypper", "refresh"),
            as_root("zypper", "install-new-recommends"),
        )
    release = major(known(facts.system.distribution_version, ""))
    repository = Step(do=f"add NVIDIA's repository for this system: {REPOSITORIES}{f'sles{release}' if release >= 0 else ''}")
    return (repository, as_root("zypper", "install", "nvidia-open" if older is None else "cuda-drivers"))


def _nixos(_facts: Snapshot, _older: LastBranch | None) -> tuple[Step, ...]:
    return (
        Step(do='write into the system\'s configuration: services.xserver.videoDrivers = [ "nvidia" ]; hardware.graphics.enable = true;'),
        as_root("nixos-rebuild", "boot"),
    )


def _elsewhere(_facts: Snapshot, _older: LastBranch | None) -> tuple[Step, ...]:
    return (Step(do="install NVIDIA's driver: https://docs.nvidia.com/datacenter/tesla/driver-installation-guide/"),)


_INSTALLATIONS = {
    "ubuntu": _ubuntu,
    "pop": _pop,
    "debian": _debian,
    "fedora": _fedora,
    "rhel": _rhel,
    "amzn": _amazon,
    "arch": _arch,
    "suse": _suse,
    "nixos": _nixos,
}


def _add_repository(facts: Snapshot, system: str) -> tuple[Step, ...]:
    machine = "sbsa" if known(facts.system.machine, "") in ("aarch64", "arm64") else "x86_64"
    address = f"{REPOSITORIES}{system}/{machine}/cuda-{system}.repo"
    if system == "rhelN":
        return (Step(do=f"add NVIDIA's repository for this release: {REPOSITORIES}"),)
    return (as_root("dnf", "config-manager", "--add-repo", address),)


def install_open_modules(facts: Snapshot) -> tuple[Step, ...]:
    """What puts NVIDIA's open kernel modules in the place of its proprietary ones; of the same branch, where that is known."""
    nvidia = facts.nvidia
    version = known(nvidia.kernel_module_version, "") or known(nvidia.driver_version, "") or known(nvidia.library_version, "")
    name, branch = family(facts), major(version)
    if name == "ubuntu" and branch > 0:
        return (as_root("apt-get", "install", "--yes", f"nvidia-driver-{branch}-open"),)
    if name == "arch":
        return (as_root("pacman", "--sync", "--needed", "nvidia-open"),)
    page = "https://docs.nvidia.com/datacenter/tesla/driver-installation-guide/kernel-modules.html"
    on_ubuntu = "; on Ubuntu the package is nvidia-driver-BRANCH-open, as nvidia-driver-580-open" if name in ("", "ubuntu") else ""
    return (Step(do=f"install the open flavour of the driver's kernel modules{on_ubuntu}: {page}"),)


def finish_packages(facts: Snapshot) -> tuple[Step, ...]:
    """What completes an installation of packages that stopped in the middle."""
    steps: dict[str, tuple[Step, ...]] = {
        "apt-get": (as_root("dpkg", "--configure", "-a"), as_root("apt-get", "install", "--fix-broken")),
        "dnf": (as_root("dnf", "distro-sync", "*nvidia*"),),
        "zypper": (as_root("zypper", "verify"),),
        "pacman": (as_root("pacman", "--sync", "--refresh", "--sysupgrade"),),
    }
    words = (Step(do="let the package manager finish the installation of the driver's packages"),)
    return steps.get(package_manager(facts), words)


def build_module(facts: Snapshot) -> tuple[Step, ...]:
    """What makes or brings the kernel module for the running kernel, after a kernel update."""
    kernel = known(facts.system.kernel, "")
    name = family(facts)
    if name in ("ubuntu", "pop", "debian"):
        headers = f"linux-headers-{kernel or 'generic'}"
        return (
            as_root("apt-get", "install", "--yes", headers),
            as_root("dkms", "autoinstall"),
            Step(do="if dkms knows no nvidia module, the module is a package: install linux-modules-nvidia-… for the running kernel")
            if name == "ubuntu"
            else Step(do="if dkms knows no nvidia module, install nvidia-kernel-dkms"),
        )
    if name == "fedora":
        return (as_root("akmods", "--force", *(("--kernels", kernel) if kernel else ())),)
    if name in ("rhel", "amzn"):
        return (as_root("dnf", "install", "--assumeyes", f"kernel-devel{f'-{kernel}' if kernel else ''}"), as_root("dkms", "autoinstall"))
    if name == "arch":
        return (Step(do="reboot, if the kernel was upgraded since the last start; with a kernel of your own use nvidia-open-dkms"),)
    return (Step(do=f"install the headers of {kernel or 'the running kernel'}"), as_root("dkms", "autoinstall"))


def hold_packages(facts: Snapshot) -> Step | None:
    """Keeps unattended upgrades from the driver; None where no way is known."""
    return {
        "apt-get": Step(
            do="keep unattended upgrades from the driver: sudo apt-mark hold, with the names that dpkg --list '*nvidia*' shows as installed"
        ),
        "dnf": as_root("dnf", "versionlock", "add", "*nvidia*"),
        "zypper": as_root("zypper", "addlock", "*nvidia*"),
        "pacman": Step(do="reboot after every upgrade of nvidia-utils: the old module stays loaded until then"),
    }.get(package_manager(facts))


def reload_modules() -> tuple[Step, ...]:
    """Takes all of the driver's modules out of the kernel and loads them again, in place of a reboot."""
    return (as_root("rmmod", *_MODULES), as_root("modprobe", "nvidia"))
