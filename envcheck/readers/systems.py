"""What the names of operating systems and platforms say, as facts below `system`."""

import re

from envcheck.parsers.expression import regex
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
_MACHINE = regex(rf"\((?P<machine>{_MACHINES})\)\s*$")
_LINUX = regex(rf"^Linux-(?P<kernel>\S+?)-(?P<machine>{_MACHINES})(?:-|$)")
# Linux-5.0.0-37-generic-x86_64-with-Ubuntu-18.04-bionic, of Python up to 3.7
_DISTRIBUTION = regex(r"-with-(?P<name>[A-Za-z][\w ]{1,20})-(?P<version>\d[\d.]{0,10})-\S*$")
_MAC = regex(r"^(?P<name>macOS|Darwin)-(?P<version>\d[\d.]*)-(?P<machine>x86_64|arm64)\b")
# Windows-10-10.0.22631-SP0: Python knows 11 by its name only since 3.11, and everybody by the number of the build.
_WINDOWS = regex(r"^Windows-(?P<release>[\w.]{1,20})(?:-10\.0\.(?P<build>\d{5}))?")
_FIRST_BUILD_OF_11 = 22000

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
    linux, mac, windows = _LINUX.match(platform), _MAC.match(platform), _WINDOWS.match(platform)
    if linux:
        facts: Facts = {"os": "Linux", "kernel": linux["kernel"], "machine": linux["machine"]}
        wsl = parse_wsl(f"Linux version {linux['kernel']}")
        named = _DISTRIBUTION.search(platform)
        return {**(said_by_distribution(f"{named['name']} {named['version']}") if named else {}), **facts, **({"wsl": wsl} if wsl else {})}
    if mac:
        named_so = {"distribution": f"macOS {mac['version']}", "distribution_version": mac["version"]} if mac["name"] == "macOS" else {}
        return {"os": "Darwin", "machine": mac["machine"], **named_so}
    return _of_windows(windows) if windows else {}


def _of_windows(windows: re.Match[str]) -> Facts:
    """`Windows-10-10.0.19045-SP0`, `Windows-2019Server-10.0.17763-SP0`, `Windows-11-10.0.26100-SP0`."""
    release = "11" if windows["release"] == "10" and int(windows["build"] or 0) >= _FIRST_BUILD_OF_11 else windows["release"]
    if not re.fullmatch(r"7|8|8\.1|10|11|20\d\d(?:Server|ServerR2)", release):
        return {"os": "Windows"}
    server = re.match(r"(20\d\d)Server", release)
    name = f"Windows Server {server[1]}" if server else f"Windows {release}"
    return {"os": "Windows", "distribution": name, "distribution_version": server[1] if server else release}
