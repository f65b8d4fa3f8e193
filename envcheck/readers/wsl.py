"""Whether a text comes from the Windows Subsystem for Linux, and which version of it: kernels' names, `wsl -l -v`, its own folders."""

import re
from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.parsers.expression import regex
from envcheck.parsers.linux.kernel import parse_wsl
from envcheck.readers.interface import Text

# Linux version 5.15.167.4-microsoft-standard-WSL2 (…    Linux HOST 4.4.0-19041-Microsoft #1237-Microsoft …    bare, of uname -r
_KERNEL = regex(r"(?:^|[\s:=(])(?P<kernel>\d\.\d{1,2}\.\d{1,3}(?:\.\d{1,3})?(?:-\d{1,6})?[+-](?i:microsoft)[\w.+-]{0,60})(?=[\s,)]|$)")
# * Ubuntu-20.04    Running         1
_LISTED = regex(r"^\s*\*?\s*[A-Za-z][\w.-]{1,40}\s+(?:Running|Stopped)\s+(?P<version>[12])\s*$")
_HEADER = regex(r"^\s*NAME\s+STATE\s+VERSION\s*$")
_WORD = regex(r"\bWSL ?-?(?P<version>[12])\b")
_PLACE = regex(r"/usr/lib/wsl/(?:lib|drivers)\b|/dev/dxg\b")
_NO_LIBRARIES = regex(r"/usr/lib/wsl(?:/lib)?(?:/(?:libcuda\.so[\d.]{0,6}|\*)?)?['\"\u2019]?: No such file or directory")
_NOT_HERE = regex(
    r"\b(?:try|use|install|should|upgrade|convert|switch|instead|not|recommend|support\w*|if|e\.g|via)\b|https?://", re.IGNORECASE
)


class WslReader:
    """Reads the signs of both versions."""

    name = "WSL"

    def recognises(self, text: Text) -> bool:
        """By one of the words that all of them contain."""
        return any("icrosoft" in line or "WSL" in line or "wsl" in line or "NAME" in line or "/dev/dxg" in line for line in text.lines)

    def read(self, text: Text) -> Evidence:
        """The kernel's name decides; people's words are believed least."""
        return Evidence(claims=[*_kernels(text), *_listed(text), *_words(text), *_absent(text)])


def _absent(text: Text) -> Iterator[Claim]:
    """`ls: cannot access '/usr/lib/wsl/lib': No such file or directory`: Windows has put no driver there."""
    for index, line in enumerate(text.lines):
        if "/usr/lib/wsl" in line and len(line) < 300 and _NO_LIBRARIES.search(line):
            yield text.claim("nvidia.libcuda_path", None, index)


def _kernels(text: Text) -> Iterator[Claim]:
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
    for index, line in enumerate(text.lines):
        if not _HEADER.match(line):
            continue
        rows = [(number, _LISTED.match(text.lines[number])) for number in range(index + 1, min(index + 20, len(text.lines)))]
        known = [(number, row) for number, row in rows if row]
        starred = [(number, row) for number, row in known if text.lines[number].lstrip().startswith("*")] or known
        for number, row in starred[:1]:
            yield text.claim("system.wsl", int(row["version"]), number)


def _words(text: Text) -> Iterator[Claim]:
    for index, line in enumerate(text.lines):
        if len(line) > 200 or index in text.taken:
            continue
        word = _WORD.search(line)
        if word and not _NOT_HERE.search(line):
            yield text.claim("system.wsl", int(word["version"]), index, Trust.MENTIONED)
        elif _PLACE.search(line) and "No such file" not in line and not _NOT_HERE.search(line):
            yield text.claim("system.wsl", 2, index, Trust.MENTIONED)
