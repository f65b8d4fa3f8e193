"""What is done to the operating system itself: packages of its distribution, the initial ramdisk, groups of users, a reboot.

Commands that need root begin with sudo; what belongs to one maker's driver is in a module of its own.
"""

from collections.abc import Iterable, Mapping

from envcheck.facts.snapshot import Snapshot, known
from envcheck.report import Step

_RELATIVES = {
    "ubuntu": ("ubuntu", "linuxmint", "zorin", "neon", "elementary"),
    "rhel": ("rhel", "rocky", "almalinux", "centos", "ol"),
    "suse": ("opensuse", "opensuse-leap", "opensuse-tumbleweed", "suse", "sles", "sled"),
    "arch": ("arch", "manjaro"),
}
_FAMILY_OF = {name: family for family, names in _RELATIVES.items() for name in names}
_THEMSELVES = ("pop", "debian", "fedora", "amzn", "nixos", "alpine")
_MANAGERS = {
    "ubuntu": "apt-get",
    "pop": "apt-get",
    "debian": "apt-get",
    "fedora": "dnf",
    "rhel": "dnf",
    "amzn": "dnf",
    "suse": "zypper",
    "arch": "pacman",
    "alpine": "apk",
}
_INSTALL = {
    "apt-get": ("apt-get", "install", "--yes"),
    "dnf": ("dnf", "install", "--assumeyes"),
    "zypper": ("zypper", "install"),
    "pacman": ("pacman", "--sync", "--needed"),
    "apk": ("apk", "add"),
}
_WHOSE = {
    "apt-get": "Debian and Ubuntu",
    "dnf": "Fedora, RHEL and their kin",
    "apk": "Alpine",
    "zypper": "openSUSE",
    "pacman": "Arch",
}
REBOOT = Step(run=("sudo", "reboot"), root=True)
_RAMDISK = "build the initial ramdisk again: sudo update-initramfs -u on Debian and Ubuntu, sudo dracut --force on Fedora and its kin"
_LOG_IN = "log out and in again, so that the group counts"


def as_root(*command: str) -> Step:
    """A command that changes the system."""
    return Step(run=("sudo", *command), root=True)


def family(facts: Snapshot) -> str:
    """The distribution whose packages are used: ubuntu, pop, debian, fedora, rhel, amzn, arch, suse, nixos, alpine; empty: none known.

    What a distribution is like counts where it is not known itself, the nearest relative first.
    """
    system = facts.system
    for name in (known(system.distribution_id, ""), *system.distribution_like):
        if name in _THEMSELVES:
            return name
        if name in _FAMILY_OF:
            return _FAMILY_OF[name]
    return ""


def package_manager(facts: Snapshot) -> str:
    """apt-get, dnf, zypper, pacman or apk; empty where the distribution has another, or is not known."""
    return _MANAGERS.get(family(facts), "")


def install_packages(facts: Snapshot, packages: Mapping[str, Iterable[str]]) -> Step | None:
    """Installs what is called so under each package manager; None where there is no name for this one."""
    manager = package_manager(facts)
    return as_root(*_INSTALL[manager], *packages[manager]) if manager in packages else None


def add_to_system(facts: Snapshot, packages: Mapping[str, Iterable[str]]) -> tuple[str | Step, ...]:
    """The same with what goes before it, also inside a container, where one is root and the lists of packages are not kept.

    Where the distribution is not known, the commands of all are told in words.
    """
    manager = package_manager(facts)
    if manager not in packages:
        named = {name: f"{' '.join(_INSTALL[name])} {' '.join(words)}" for name, words in packages.items()}
        return tuple(f"on {_WHOSE[name]}: {command}" for name, command in named.items())
    command = (*_INSTALL[manager], *packages[manager])
    refresh: tuple[Step, ...] = ()
    if not isinstance(facts.system.container, str):
        if manager == "apt-get":
            refresh = (as_root("apt-get", "update"),)
        return (*refresh, as_root(*command))
    if manager == "apt-get":
        refresh = (Step(run=("apt-get", "update"), root=True),)
    lasting = f"so that it lasts, write it into the image's Dockerfile: RUN {'apt-get update && ' if refresh else ''}{' '.join(command)}"
    return (*refresh, Step(run=command, root=True), lasting)


def rebuild_ramdisk(facts: Snapshot) -> Step:
    """Makes the initial ramdisk again, which a blacklist or a module's options have to be in."""
    commands = {
        "apt-get": ("update-initramfs", "-u"),
        "pacman": ("mkinitcpio", "--allpresets"),
        "dnf": ("dracut", "--force"),
        "zypper": ("dracut", "--force"),
    }
    if family(facts) == "nixos":
        return as_root("nixos-rebuild", "boot")
    command = commands.get(package_manager(facts))
    return as_root(*command) if command is not None else Step(do=_RAMDISK)


def join_groups(groups: Iterable[str]) -> tuple[str | Step, ...]:
    """Adds the reader to groups; the login name is theirs to fill in, since the one who runs this may be another."""
    return "with the user's own name for USER:", as_root("usermod", "--append", "--groups", ",".join(groups), "USER"), _LOG_IN
