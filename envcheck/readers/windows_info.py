"""Windows out of `systeminfo`, `ver`, and the greeting of its command prompt."""

import re
from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.parsers.expression import regex
from envcheck.parsers.text.sizes import parse_size
from envcheck.readers.interface import Text
from envcheck.readers.systems import said_by_distribution

_LONGEST = 200
# Microsoft Windows [Version 10.0.22631.3447]; in other tongues the word alone differs
_BANNER = regex(r"^\s*Microsoft Windows \[[^\]\d]{1,20} (?P<major>\d{1,2})\.(?P<minor>\d)\.(?P<build>\d{4,5})(?:\.\d{1,5})?\]\s*$")
_FIELD = regex(r"^\s*(?P<key>OS Name|System Type|Total Physical Memory|Available Physical Memory):\s+(?P<value>\S.{0,100}?)\s*$")
_FIRST_OF_11 = 22000
_MACHINES = {"x64-based PC": "AMD64", "ARM64-based PC": "ARM64", "X86-based PC": "x86"}
_MEMORY = {"Total Physical Memory": "memory.total_bytes", "Available Physical Memory": "memory.available_bytes"}
# Windows 10 has no older number than this; 6.1 is 7, and 6.2 and 6.3 are 8.
_OLDER = {("6", "1"): "7", ("6", "2"): "8", ("6", "3"): "8.1"}


class WindowsInfoReader:
    """Reads what Windows says of itself."""

    name = "systeminfo and ver"

    def recognises(self, text: Text) -> bool:
        """By one of their lines."""
        return any(True for _ in _claims(text, set()))

    def read(self, text: Text) -> Evidence:
        """The release, the machine and the memory."""
        return Evidence(claims=list(_claims(text, text.taken)))


def _claims(text: Text, taken: set[int]) -> Iterator[Claim]:
    for index in text.with_words("microsoft windows [", "os name:", "physical memory:", "system type:"):
        line = text.lines[index]
        if len(line) > _LONGEST or index in taken:
            continue
        banner, field = _BANNER.match(line), _FIELD.match(line)
        if banner:
            taken.add(index)
            yield from _of_banner(banner, index, text)
        elif field:
            taken.add(index)
            yield from _of_field(field["key"], field["value"], index, text)


def _of_banner(banner: re.Match[str], index: int, text: Text) -> Iterator[Claim]:
    """Servers have the same numbers: the release is told by the build, and believed less."""
    newest = "11" if int(banner["build"]) >= _FIRST_OF_11 else "10"
    release = _OLDER.get((banner["major"], banner["minor"]), newest)
    if _is_below_wsl(text):
        return
    yield text.claim("system.os", "Windows", index)
    yield text.claim("system.distribution", f"Windows {release}", index, Trust.MENTIONED)
    yield text.claim("system.distribution_version", release, index, Trust.MENTIONED)


def _is_below_wsl(text: Text) -> bool:
    """Whether Windows is only what the Linux of the text runs on."""
    return text.has("wsl", "subsystem for linux") and text.has("/home/", "/usr/", "on linux", ".so", "/mnt/c/")


def _of_field(key: str, value: str, index: int, text: Text) -> Iterator[Claim]:
    if key == "OS Name":
        for fact, said in said_by_distribution(value.replace("Microsoft ", "")).items():
            yield text.claim(f"system.{fact}", said, index)
    elif key == "System Type" and value in _MACHINES:
        yield text.claim("system.machine", _MACHINES[value], index)
    elif key in _MEMORY:
        # 32,605 MB    32.605 MB, in other countries
        size = parse_size(re.sub(r"(?<=\d)[.,\s](?=\d{3}(?:\D|$))", "", value))
        if size is not None:
            yield text.claim(_MEMORY[key], size, index)
