"""Whether a text comes from the Windows Subsystem for Linux, and which version of it: kernels' names, `wsl -l -v`, its own folders."""

import re
from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.parsers.expression import regex
from envcheck.parsers.linux.kernel import parse_wsl
from envcheck.readers.interface import Text

# Linux version 5.15.167.4-microsoft-standard-WSL2 (…    Linux HOST 4.4.0-19041-Microsoft #1237-Microsoft …    bare, of uname -r
_KERNEL = regex(
    r"(?:^|[\s:=(]|/lib/modules/|\blinux-(?:headers|modules|image)-)(?P<kernel>\d\.\d{1,2}\.\d{1,3}(?:\.\d{1,3})?(?:-\d{1,6}(?:\.\d{1,5})?)?[+-](?i:microsoft)[\w.+-]{0,60})(?=[\s,)/'\"]|$)"
)
# What WSL called its kernel in its first year: /lib/modules/3.4.0+/modules.dep.bin
_FIRST_KERNEL = regex(r"(?:^|[\s:=(]|/lib/modules/)(?P<kernel>3\.4\.0\+)(?=[\s,)/'\"]|$)")
# - [ ] WSL 1
_UNCHECKED = regex(r"\s*(?:[-*] )?\[ \]")
# * Ubuntu-20.04    Running         1
_LISTED = regex(r"^\s*\*?\s*[A-Za-z][\w.-]{1,40}\s+(?:Running|Stopped)\s+(?P<version>[12])\s*$")
_HEADER = regex(r"^\s*NAME\s+STATE\s+VERSION\s*$")
_WORD = regex(r"\b(?:WSL|wsl|Wsl) ?-?(?P<version>[12])\b")
_PLACE = regex(r"/usr/lib/wsl/(?:lib|drivers)\b|/dev/dxg\b")
_NO_LIBRARIES = regex(r"/usr/lib/wsl(?:/lib)?(?:/(?:libcuda\.so[\d.]{0,6}|\*)?)?['\"\u2019]?: No such file or directory")
# Microsoft Windows [Version 10.0.17763.292]    Windows 10 1809 (OS Build 17763.292)    Windows-10-10.0.17134
_WINDOWS_BUILD = regex(r"\b(?:10\.0\.|OS [Bb]uild:? |[Bb]uild (?:number )?)(?P<build>1[04-9]\d{3})(?:\.\d{1,5})?\b")
_FIRST_WITH_WSL2 = 18362
_LINUX_ON_WINDOWS = regex(r"\b(?:WSL(?! ?-?2)|Windows Subsystem for Linux(?! 2)|[Bb]ash on (?:Ubuntu on )?Windows)\b")
_OF_FIRST = ("pcilib: cannot open", "lxfs", "wslfs", "drvfs")
_NOT_HERE = regex(
    r"\b(?:try|use|install|should|upgrade|convert|switch|instead|not|recommend|support\w*|if|e\.g|via)\b|https?://", re.IGNORECASE
)


# lspci and lshw read files that WSL 1 does not have: pcilib: Cannot open /proc/bus/pci
_NO_BUS = regex(r"pcilib: Cannot open /(?:proc/bus|sys/bus)/pci\b")
# rootfs on / type lxfs (rw,noatime)    C: on /mnt/c type drvfs (rw,noatime,…)    C:\\ drvfs 237G 120G 117G 51% /mnt/c
_FIRST_FILES = regex(r"(?:^|\s)(?:type )?(?:lxfs|wslfs)(?:\s|$)|^\w:\S{0,3}(?: on /mnt/\w type)? {1,20}drvfs\s")
_WINDOWS = regex(r"\b(?:[Ww]indows|WINDOWS|[Ww]in) ?1[01]\b|\bWSL\b|[Oo]n Windows\b|[Ss]ubsystem for Linux")
_SECOND = regex(r"\bwsl ?-?2\b|microsoft-standard", re.IGNORECASE)


class WslReader:
    """Reads the signs of both versions."""

    name = "WSL"

    def recognises(self, text: Text) -> bool:
        """By one of the words that all of them contain."""
        return text.has("icrosoft", "wsl", "name", "/dev/dxg", "subsystem for linux", "on windows", "3.4.0+", *_OF_FIRST)

    def read(self, text: Text) -> Evidence:
        """The kernel's name decides; people's words are believed least."""
        return Evidence(claims=[*_kernels(text), *_listed(text), *_words(text), *_absent(text), *_by_windows(text), *_by_files(text)])


def _by_files(text: Text) -> Iterator[Claim]:
    """What is only so under WSL 1: its file systems; and no PCI bus, which a text must place on Windows, for containers may lack it too."""
    signs = text.with_words(*_OF_FIRST)
    if not signs or _SECOND.search(text.whole):
        return
    for index in signs:
        line = text.lines[index][:200]
        if _FIRST_FILES.search(line):
            yield text.claim("system.wsl", 1, index)
        elif _NO_BUS.search(line) and _WINDOWS.search(text.whole):
            yield text.claim("system.wsl", 1, index, Trust.MENTIONED)


def _by_windows(text: Text) -> Iterator[Claim]:
    """Windows before build 18362 has WSL 1 alone: whoever runs a distribution there runs it under that."""
    builds = [found for index in text.with_words("10.0.1", "build") if (found := _WINDOWS_BUILD.search(text.lines[index][:200]))]
    if not builds or any(int(found["build"]) >= _FIRST_WITH_WSL2 for found in builds):
        return
    for index in text.with_words("wsl", "subsystem for linux", "on windows"):
        line = text.lines[index]
        if len(line) <= 200 and _LINUX_ON_WINDOWS.search(line) and not _NOT_HERE.search(line):
            yield text.claim("system.wsl", 1, index, Trust.MENTIONED)


def _absent(text: Text) -> Iterator[Claim]:
    """`ls: cannot access '/usr/lib/wsl/lib': No such file or directory`: Windows has put no driver there."""
    for index in text.with_words("/usr/lib/wsl"):
        line = text.lines[index]
        if len(line) < 300 and _NO_LIBRARIES.search(line):
            yield text.claim("nvidia.libcuda_path", None, index)


def _kernels(text: Text) -> Iterator[Claim]:
    for index in text.with_words("3.4.0+"):
        first = _FIRST_KERNEL.search(text.lines[index][:600])
        if first:
            yield text.claim("system.kernel", first["kernel"], index)
            yield text.claim("system.wsl", 1, index)
    for index, line in enumerate(text.lines):
        if "icrosoft" not in line or len(line) > 600:
            continue
        found = _KERNEL.search(line)
        version = parse_wsl(f"Linux version {found['kernel']} {line[found.end() :]}") if found else None
        if found and version:
            yield text.claim("system.os", "Linux", index)
            yield text.claim("system.kernel", found["kernel"], index)
            yield text.claim("system.wsl", version, index)


def _listed(text: Text) -> Iterator[Claim]:
    """The first row with a star, or the only one, is the distribution that is meant."""
    for index in text.with_words("version"):
        if not _HEADER.match(text.lines[index]):
            continue
        rows = [(number, _LISTED.match(text.lines[number])) for number in range(index + 1, min(index + 20, len(text.lines)))]
        known = [(number, row) for number, row in rows if row]
        starred = [(number, row) for number, row in known if text.lines[number].lstrip().startswith("*")] or known
        for number, row in starred[:1]:
            yield text.claim("system.wsl", int(row["version"]), number)


def _words(text: Text) -> Iterator[Claim]:
    for index in text.with_words("wsl", "/dev/dxg"):
        line = text.lines[index]
        if len(line) > 200 or index in text.taken or _UNCHECKED.match(line):
            continue
        word = _WORD.search(line)
        if word and len({found["version"] for found in _WORD.finditer(line)}) > 1:  # Are you using WSL 1 or WSL 2?
            continue
        if word and not _NOT_HERE.search(line):
            yield text.claim("system.wsl", int(word["version"]), index, Trust.MENTIONED)
        elif _PLACE.search(line) and "No such file" not in line and not _NOT_HERE.search(line):
            yield text.claim("system.wsl", 2, index, Trust.MENTIONED)
