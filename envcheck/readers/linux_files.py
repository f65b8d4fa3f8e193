"""Memory out of a pasted /proc/meminfo, the kernel out of /proc/version, and the card out of a uevent file of a GPU."""

import re
from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence
from envcheck.parsers.expression import regex
from envcheck.parsers.linux.kernel import parse_wsl
from envcheck.parsers.linux.meminfo import parse_meminfo
from envcheck.readers.interface import Text

_SIZE = regex(
    r"^\s*(?:\$ .{0,40})?(?P<name>Mem(?:Total|Free|Available)|Swap(?:Total|Free|Cached)|Buffers|Cached|Hugepagesize|Active(?:\(\w+\))?)"
    r":\s+\d{1,15} kB\s*$"
)
_FACTS = {"MemTotal": "memory.total_bytes", "MemAvailable": "memory.available_bytes", "SwapTotal": "memory.swap_bytes"}
# Also as the kernel's log begins: "[    0.000000] Linux version 6.8.0-45-generic (…", "Aug 30 12:02:04 host kernel: Linux version …".
_KERNEL = regex(
    r"^\s*(?:\S[^:]{0,40}:\d\d:\d\d \S{1,64} kernel: )?(?:\[ {0,8}\d{1,8}\.\d{6}\] )?Linux version (?P<release>\d+\.\d+\S{0,80}) \("
)
_UEVENT = regex(r"^\s*(?P<key>DRIVER|PCI_CLASS|PCI_ID|PCI_SLOT_NAME)=(?P<value>\S{1,40})\s*$")
# Of the classes of PCI devices: displays (0x03) and processing accelerators (0x12).
_CLASSES = regex(r"(?:0x)?0?(?:3|12)[0-9A-Fa-f]{4}$")
_VENDORS = {"10de": ("nvidia", "cuda"), "1002": ("amd", "rocm"), "8086": ("intel", "xpu")}
_REACH = 8


class LinuxFileReader:
    """Reads what the kernel's files say of the machine."""

    name = "/proc/meminfo and /proc/version"

    def recognises(self, text: Text) -> bool:
        """By one of their lines."""
        return any(True for _ in self._claims(text, set()))

    def read(self, text: Text) -> Evidence:
        """Sizes, the kernel with the kind of WSL that it is of, and cards."""
        evidence = Evidence(claims=list(self._claims(text, text.taken)))
        if any(claim.fact.startswith("accelerators") for claim in evidence.claims):
            evidence.observed["accelerators"] = "partial"
        return evidence

    def _claims(self, text: Text, taken: set[int]) -> Iterator[Claim]:
        yield from _memory(text, taken)
        yield from _kernel(text)
        yield from _cards(text, taken)


def _memory(text: Text, taken: set[int]) -> Iterator[Claim]:
    for index, line in enumerate(text.lines):
        found = _SIZE.match(line) if " kB" in line else None
        if found is None:
            continue
        taken.add(index)
        name = found["name"]
        if name in _FACTS:
            size = parse_meminfo(line.strip()).get(name)
            if size is not None:
                yield text.claim(_FACTS[name], size, index)


def _kernel(text: Text) -> Iterator[Claim]:
    for index, line in enumerate(text.lines):
        found = _KERNEL.match(line) if "Linux version " in line else None
        if found is None:
            continue
        yield text.claim("system.os", "Linux", index)
        yield text.claim("system.kernel", found["release"], index)
        wsl = parse_wsl(line[line.index("Linux version ") :])
        if wsl is not None:
            yield text.claim("system.wsl", wsl, index)


def _cards(text: Text, taken: set[int]) -> Iterator[Claim]:
    """`DRIVER=xe`, `PCI_CLASS=30000`, `PCI_ID=8086:E20B`, `PCI_SLOT_NAME=0000:09:00.0` in the lines of one file."""
    fields: dict[str, tuple[int, str]] = {}
    for index, line in enumerate([*text.lines, "DRIVER=end"]):
        found = _UEVENT.match(line) if "=" in line else None
        if found is None:
            continue
        if found["key"] in fields or (fields and index - max(at for at, _ in fields.values()) > _REACH):
            yield from _card(fields, text, taken)
            fields = {}
        fields[found["key"]] = index, found["value"]


def _card(fields: dict[str, tuple[int, str]], text: Text, taken: set[int]) -> Iterator[Claim]:
    at, identity = fields.get("PCI_ID", (-1, ""))
    kind, place = fields.get("PCI_CLASS", (-1, ""))[1], fields.get("PCI_SLOT_NAME", (-1, ""))[1]
    vendor, _, device = identity.lower().partition(":")
    if vendor not in _VENDORS or not re.fullmatch(r"[0-9a-f]{4}", device) or not place or not _CLASSES.match(kind):
        return
    taken.update(number for number, _ in fields.values())
    name, backend = _VENDORS[vendor]
    card: dict[str, object] = {"vendor": name, "backend": backend, "pci_address": place, "pci_id": f"{vendor}:{device}"}
    if "DRIVER" in fields:
        card["driver"] = fields["DRIVER"][1]
    yield text.claim(f"accelerators[{place}]", card, at)
