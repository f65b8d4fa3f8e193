"""The commands that install, hold, reload and repair NVIDIA's driver, for the distribution that the machine runs.

From NVIDIA's Driver Installation Guide and the distributions' own pages. Nobody's driver is exchanged by envcheck itself.
"""

from envcheck.facts.snapshot import Snapshot, known
from envcheck.judging.cards import nvidia_cards
from envcheck.knowledge.capability import shown
from envcheck.knowledge.drivers import LastBranch, find_last_branch
from envcheck.knowledge.versions import major
from envcheck.report import Step

REPOSITORIES = "https://developer.download.nvidia.com/compute/cuda/repos/"
_UBUNTU = ("ubuntu", "linuxmint", "zorin", "neon", "elementary")
_RHEL = ("rhel", "rocky", "almalinux", "centos", "ol")
_SUSE = ("opensuse", "opensuse-leap", "opensuse-tumbleweed", "suse", "sles", "sled")
# From this release on the driver's packages of NVIDIA's repository for RHEL are no module streams any more.
_WITHOUT_STREAMS = 10
_MODULES = ("nvidia_drm", "nvidia_modeset", "nvidia_uvm", "nvidia")
REBOOT = Step(run=("sudo", "reboot"), root=True)


def family(facts: Snapshot) -> str:
    """The distribution whose packages are used: ubuntu, pop, debian, fedora, rhel, amzn, arch, suse, nixos; empty: none that is known.

    What a distribution is like counts where it is not known itself, the nearest relative first.
    """
    system = facts.system
    for name in (known(system.distribution_id, ""), *system.distribution_like):
        if name in ("pop", "debian", "fedora", "amzn", "arch", "nixos"):
            return name
        for relative, members in (("ubuntu", _UBUNTU), ("rhel", _RHEL), ("suse", _SUSE)):
            if name in members:
                return relative
    return "arch" if known(system.distribution_id, "") == "manjaro" else ""


def install_driver(facts: Snapshot) -> tuple[Step, ...]:
    """The steps from no driver to one that runs, the reboot included."""
    older = older_branch(facts)
    install = _INSTALLATIONS.get(family(facts), _elsewhere)
    steps = install(facts, older)
    if older is not None:
        steps = (Step(do=f"take branch {older.branch} of the driver: later ones have none for this card's compute capability"), *steps)
    return (*steps, REBOOT, Step(run=("nvidia-smi",)))


def older_branch(facts: Snapshot) -> LastBranch | None:
    """The last branch of the driver for the oldest of the cards; None: today's is right, as far as is known."""
    capabilities = [card.capability for card in nvidia_cards(facts) if card.capability is not None and card.sure]
    return find_last_branch(shown(min(capabilities))) if capabilities else None


def _ubuntu(_facts: Snapshot, older: LastBranch | None) -> tuple[Step, ...]:
    wanted = (f"nvidia:{older.branch}",) if older is not None else ()
    return (_root("ubuntu-drivers", "install", *wanted),)


def _pop(_facts: Snapshot, older: LastBranch | None) -> tuple[Step, ...]:
    package = f"nvidia-driver-{older.branch}" if older is not None else "system76-driver-nvidia"
    return (_root("apt-get", "install", "--yes", package),)


def _debian(facts: Snapshot, older: LastBranch | None) -> tuple[Step, ...]:
    """Debian's own package; the headers are those that the module is built with."""
    machine = "arm64" if known(facts.system.machine, "") in ("aarch64", "arm64") else "amd64"
    packages = (f"linux-headers-{machine}", "nvidia-driver", "firmware-misc-nonfree")
    enable = Step(do="let every line of Debian's package sources end in: main contrib non-free non-free-firmware")
    if older is not None and older.branch < 500:
        packages = (packages[0], f"nvidia-tesla-{older.branch}-driver", packages[2])
    return (enable, _root("apt-get", "update"), _root("apt-get", "install", "--yes", *packages))


def _fedora(_facts: Snapshot, older: LastBranch | None) -> tuple[Step, ...]:
    suffix = f"-{older.branch}xx" if older is not None else ""
    return (
        Step(do="enable RPM Fusion's free and nonfree repositories: https://rpmfusion.org/Configuration"),
        _root("dnf", "install", "--assumeyes", f"akmod-nvidia{suffix}", f"xorg-x11-drv-nvidia{suffix}-cuda"),
        Step(do="wait until the module is built, which takes up to five minutes, and see that this names a version:"),
        Step(run=("modinfo", "--field", "version", "nvidia")),
    )


def _rhel(facts: Snapshot, older: LastBranch | None) -> tuple[Step, ...]:
    release = major(known(facts.system.distribution_version, ""))
    system = f"rhel{release}" if release >= 0 else "rhelN"
    repository = _add_repository(facts, system)
    if release >= _WITHOUT_STREAMS:
        package = "nvidia-open" if older is None else "cuda-drivers"
        return (*repository, _root("dnf", "install", "--assumeyes", package))
    stream = "open-dkms" if older is None else f"{older.branch}-dkms"
    return (
        Step(do="enable EPEL and the headers of the running kernel (packages kernel-devel and kernel-headers)"),
        *repository,
        _root("dnf", "module", "install", "--assumeyes", f"nvidia-driver:{stream}"),
    )


def _amazon(_facts: Snapshot, older: LastBranch | None) -> tuple[Step, ...]:
    """Amazon Linux 2023 has a package with the repository of the driver."""
    package = "nvidia-open" if older is None else "nvidia-driver-cuda"
    return (
        _root("dnf", "install", "--assumeyes", "dkms", "kernel-devel", "kernel-modules-extra", "nvidia-release"),
        _root("dnf", "install", "--assumeyes", package),
    )


def _arch(facts: Snapshot, older: LastBranch | None) -> tuple[Step, ...]:
    if older is not None:
        return (Step(do=f"install nvidia-{older.branch}xx-dkms and nvidia-{older.branch}xx-utils from the AUR, with the kernel's headers"),)
    kernel = known(facts.system.kernel, "")
    package = "nvidia-open" if kernel.endswith("-arch") or "-arch" in kernel or not kernel else "nvidia-open-dkms"
    headers = () if package == "nvidia-open" else (Step(do="install the headers of the running kernel (linux-lts-headers and the like)"),)
    return (*headers, _root("pacman", "--sync", "--needed", package, "nvidia-utils"))


def _suse(facts: Snapshot, older: LastBranch | None) -> tuple[Step, ...]:
    name = known(facts.system.distribution_id, "")
    if name.startswith("opensuse") and older is None:
        flavour = "Tumbleweed" if "tumbleweed" in name or "Tumbleweed" in known(facts.system.distribution, "") else "Leap"
        return (
            _root("zypper", "install", f"openSUSE-repos-{flavour}-NVIDIA"),
            _root("zypper", "refresh"),
            _root("zypper", "install-new-recommends"),
        )
    release = major(known(facts.system.distribution_version, ""))
    repository = Step(do=f"add NVIDIA's repository for this system: {REPOSITORIES}{f'sles{release}' if release >= 0 else ''}")
    return (repository, _root("zypper", "install", "nvidia-open" if older is None else "cuda-drivers"))


def _nixos(_facts: Snapshot, _older: LastBranch | None) -> tuple[Step, ...]:
    return (
        Step(do='write into the system\'s configuration: services.xserver.videoDrivers = [ "nvidia" ]; hardware.graphics.enable = true;'),
        _root("nixos-rebuild", "boot"),
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
    return (_root("dnf", "config-manager", "--add-repo", address),)


def finish_packages(facts: Snapshot) -> tuple[Step, ...]:
    """What completes an installation of packages that stopped in the middle."""
    steps: dict[str, tuple[Step, ...]] = {
        "debian": (_root("dpkg", "--configure", "-a"), _root("apt-get", "install", "--fix-broken")),
        "rhel": (_root("dnf", "distro-sync", "*nvidia*"),),
        "suse": (_root("zypper", "verify"),),
        "arch": (_root("pacman", "--sync", "--refresh", "--sysupgrade"),),
    }
    kin = {"ubuntu": "debian", "pop": "debian", "fedora": "rhel", "amzn": "rhel"}
    name = family(facts)
    words = (Step(do="let the package manager finish the installation of the driver's packages"),)
    return steps.get(kin.get(name, name), words)


def build_module(facts: Snapshot) -> tuple[Step, ...]:
    """What makes or brings the kernel module for the running kernel, after a kernel update."""
    kernel = known(facts.system.kernel, "")
    name = family(facts)
    if name in ("ubuntu", "pop", "debian"):
        headers = f"linux-headers-{kernel or 'generic'}"
        return (
            _root("apt-get", "install", "--yes", headers),
            _root("dkms", "autoinstall"),
            Step(do="if dkms knows no nvidia module, the module is a package: install linux-modules-nvidia-… for the running kernel")
            if name == "ubuntu"
            else Step(do="if dkms knows no nvidia module, install nvidia-kernel-dkms"),
        )
    if name == "fedora":
        return (_root("akmods", "--force", *(("--kernels", kernel) if kernel else ())),)
    if name in ("rhel", "amzn"):
        return (_root("dnf", "install", "--assumeyes", f"kernel-devel{f'-{kernel}' if kernel else ''}"), _root("dkms", "autoinstall"))
    if name == "arch":
        return (Step(do="reboot, if the kernel was upgraded since the last start; with a kernel of your own use nvidia-open-dkms"),)
    return (Step(do=f"install the headers of {kernel or 'the running kernel'}"), _root("dkms", "autoinstall"))


def rebuild_ramdisk(facts: Snapshot) -> Step:
    """Makes the initial ramdisk again, which a blacklist has to be in."""
    commands = {"ubuntu": ("update-initramfs", "-u"), "arch": ("mkinitcpio", "--allpresets"), "nixos": ("nixos-rebuild", "boot")}
    commands["debian"] = commands["pop"] = commands["ubuntu"]
    name = family(facts)
    if name:
        return _root(*commands.get(name, ("dracut", "--force")))
    return Step(
        do="build the initial ramdisk again: sudo update-initramfs -u on Debian and Ubuntu, sudo dracut --force on Fedora and its kin"
    )


def hold_packages(facts: Snapshot) -> Step | None:
    """Keeps unattended upgrades from the driver; None where no way is known."""
    return {
        "debian": Step(
            do="keep unattended upgrades from the driver: sudo apt-mark hold, with the names that dpkg --list '*nvidia*' shows as installed"
        ),
        "rhel": Step(run=("sudo", "dnf", "versionlock", "add", "*nvidia*"), root=True),
        "suse": Step(run=("sudo", "zypper", "addlock", "*nvidia*"), root=True),
        "arch": Step(do="reboot after every upgrade of nvidia-utils: the old module stays loaded until then"),
    }.get({"ubuntu": "debian", "pop": "debian", "fedora": "rhel", "amzn": "rhel"}.get(family(facts), family(facts)))


def reload_modules() -> tuple[Step, ...]:
    """Takes all of the driver's modules out of the kernel and loads them again, in place of a reboot."""
    return (_root("rmmod", *_MODULES), _root("modprobe", "nvidia"))


def install_package(facts: Snapshot, debian: str, rhel: str, suse: str) -> Step | None:
    """Installs a package by its name in each kind of distribution; None where none is known."""
    name = family(facts)
    if name in ("ubuntu", "pop", "debian"):
        return _root("apt-get", "install", "--yes", debian)
    if name in ("rhel", "fedora", "amzn"):
        return _root("dnf", "install", "--assumeyes", rhel)
    return _root("zypper", "install", suse) if name == "suse" else None


def _root(*command: str) -> Step:
    return Step(run=("sudo", *command), root=True)
