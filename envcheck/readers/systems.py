"""What the names of operating systems and platforms say, as facts below `system`."""

import re

from envcheck.parsers.linux.kernel import parse_wsl

_IDS = (
    ("Ubuntu", "ubuntu"),
    ("Debian", "debian"),
    ("CentOS", "centos"),
    ("Red Hat", "rhel"),
    ("Rocky", "rocky"),
    ("AlmaLinux", "almalinux"),
    ("Fedora", "fedora"),
    ("Arch Linux", "arch"),
    ("Manjaro", "manjaro"),
    ("openSUSE", "opensuse"),
    ("SUSE", "sles"),
    ("Amazon Linux", "amzn"),
    ("Alpine", "alpine"),
    ("NixOS", "nixos"),
    ("Linux Mint", "linuxmint"),
    ("Pop!_OS", "pop"),
)
_MACHINES = r"x86_64|amd64|AMD64|aarch64|arm64|ARM64|ppc64le|i[3-6]86|s390x|riscv64|armv7l"
_MACHINE = re.compile(rf"\((?P<machine>{_MACHINES})\)\s*$")
_LINUX = re.compile(rf"^Linux-(?P<kernel>\S+?)-(?P<machine>{_MACHINES})(?:-|$)")
_MAC = re.compile(r"^(?:macOS|Darwin)-\d[\d.]*-(?P<machine>x86_64|arm64)\b")
_WINDOWS = re.compile(r"^Windows-")

Facts = dict[str, str | int | None]


def said_by_distribution(name: str) -> Facts:
    """`Ubuntu 18.04.6 LTS (x86_64)`, `Microsoft Windows 11 Pro`, `macOS 15.3 (arm64)`; nothing of a name that is not one."""
    facts: Facts = {}
    machine = _MACHINE.search(name)
    bare = name[: machine.start()].strip() if machine else name.strip()
    if "Windows" in bare:
        facts = {"os": "Windows", "distribution": bare}
    elif re.match(r"(?:mac ?OS|Mac OSX|OS X)\b", bare, re.IGNORECASE):
        facts = {"os": "Darwin", "distribution": bare}
    else:
        known = next((each for word, each in _IDS if word in bare), None)
        if known or re.search(r"\bLinux\b", bare):
            facts = {"os": "Linux", "distribution": bare, **({"distribution_id": known} if known else {})}
    version = re.search(r"\d+(?:\.\d+)*", bare)
    if facts and version:
        facts["distribution_version"] = version[0] if facts["os"] != "Linux" else ".".join(version[0].split(".")[:2])
    if facts and machine:
        facts["machine"] = machine["machine"]
    return facts


def said_by_platform(platform: str) -> Facts:
    """`Linux-5.4.0-150-generic-x86_64-with-glibc2.17`: the kernel and the machine; that glibc is the one Python was linked against."""
    linux = _LINUX.match(platform)
    if linux:
        facts: Facts = {"os": "Linux", "kernel": linux["kernel"], "machine": linux["machine"]}
        wsl = parse_wsl(f"Linux version {linux['kernel']}")
        return {**facts, "wsl": wsl} if wsl else facts
    mac = _MAC.match(platform)
    if mac:
        return {"os": "Darwin", "machine": mac["machine"]}
    return {"os": "Windows"} if _WINDOWS.match(platform) else {}
