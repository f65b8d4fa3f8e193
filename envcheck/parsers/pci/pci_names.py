"""Who made a device of the PCI bus and what it is called, from the words that lspci and pci.ids have for it.

>>> parse_pci_name("NVIDIA Corporation GA102 [GeForce RTX 3090]")
('nvidia', 'GeForce RTX 3090')
>>> parse_pci_name("Advanced Micro Devices, Inc. [AMD/ATI] Navi 31 [Radeon RX 7900 XTX]")
('amd', 'Radeon RX 7900 XTX')
>>> parse_pci_name("NVIDIA Corporation Device 2684")
('nvidia', None)
"""

from __future__ import annotations

import re

from envcheck.parsers.expression import regex

_MAKERS = (
    ("nvidia", regex(r"nvidia(?: corporation)?\b[. ]*", re.IGNORECASE)),
    ("amd", regex(r"(?:advanced micro devices,? inc\.?|ati technologies inc\.?|amd)(?: \[(?:amd/ati|amd|ati)\])?[ ]*", re.IGNORECASE)),
    ("intel", regex(r"intel(?: corporation)?\b[. ]*", re.IGNORECASE)),
    ("google", regex(r"google,? (?:inc|llc)\.?[ ]*", re.IGNORECASE)),
)
MAKER_IDS = {"10de": "nvidia", "1002": "amd", "8086": "intel", "1ae0": "google"}
_IDS_OF = {maker: number for number, maker in MAKER_IDS.items()}
# Of makers whose name is not known here: it ends where a company's name does.
_COMPANY = regex(
    r".{1,60}?(?:Inc\.?|Ltd\.?|Corporation|Corp\.?|Limited|GmbH|LLC|AG|S\.A\.|Technologies|Electronics|Labs)(?=[\s,]|$)"
    r"(?:,? ?(?:Co\.|Ltd\.?|Inc\.?|Limited)(?=[\s,]|$))*"
)
_BRACKETS = regex(r"\[([^\[\]]{2,120})\]")
# What pci.ids does not know by name.
_NAMELESS = regex(r"(?:Unknown )?[Dd]evice(?: (?P<id>[0-9a-fA-F]{4})\b|$)")
# Displays that a hypervisor emulates or a server's management chip brings, and chips from before anything was computed on them.
_NO_ACCELERATOR = regex(
    r"VMware|Cirrus|Red Hat|[Vv]irtio|QXL|[Bb]ochs|QEMU|ASPEED|Matrox|Microsoft|InnoTek|VirtualBox|XenSource|Parallels|Silicon Motion"
    r"|Nuvoton|\bXGI\b|iBMC|Hi171|[Hh]i[Ss]ilicon|Amazon\.com|\bS3 |ES1000|\bRage\b|\bMach64\b|ServerEngines|DisplayLink|Trident|\bSiS\b"
    r"|Silicon Integrated|\bVIA Tech|1234:1111|Device 1111\b"
)
# Intel's cards by the names of chip and product; its graphics in processors always have the same place on the bus.
_INTEL_CARD = regex(r"\[(?:Intel )?Arc (?:Pro )?[AB]\d{2,3}|\bDG[12]\b|Battlemage|Data Center GPU|Ponte Vecchio|Iris Xe MAX|SG1|Server GPU")
_INTEL_BUILT_IN = regex(r"\bU?HD Graphics|\bIris\b|Integrated Graphics|Lake\b|Lake-|GT[1-4]\b")
_INTEL_PLACE = regex(r"^(?:0+:)?00:02\.0$")
# Those that PyTorch's documents name for its XPU builds.
_INTEL_XPU = regex(r"\bArc\b|\bDG2\b|Battlemage|Data Center GPU|Ponte Vecchio|(?:Meteor|Lunar|Arrow|Panther) Lake")
# AMD's processors with graphics, by the names of their chips; its cards likewise.
_AMD_BUILT_IN = regex(
    r"\b(?:Wrestler|Trinity|Richland|Kabini|Kaveri|Mullins|Carrizo|Bristol Ridge|Wani|Stoney|Raven|Picasso|Renoir|Lucienne|Cezanne|Barcelo"
    r"|Van ?Gogh|Rembrandt|Raphael|Mendocino|Dragon Range|Phoenix\d?|Hawk ?Point\d?|Strix(?: Halo| Point)?|Krackan\w*|Granite Ridge)\b"
)
_AMD_CARD = regex(
    r"\b(?:Navi|Vega (?:10|12|20)|Ellesmere|Baffin|Lexa|Polaris|Fiji|Tonga|Hawaii|Tahiti|Pitcairn|Cape Verde|Bonaire|Oland|Arcturus"
    r"|Aldebaran|Aqua Vanjaram|Instinct)\b"
)
_EMULATED_IDS = ("15ad", "1013", "1b36", "1af4", "1234", "80ee", "1a03", "102b", "1414", "1ab8", "5853")


def parse_pci_name(words: str) -> tuple[str, str | None]:
    """The maker, as `vendor` has it, and the product's name: what stands in the last brackets, else all; None where it has none."""
    for maker, expression in _MAKERS:
        found = expression.match(words)
        if found is not None:
            return maker, _product(words[found.end() :].strip())
    company = _COMPANY.match(words)
    end = company.end() if company is not None else len(words)
    return words[:end].strip(), _product(words[end:].strip())


def parse_pci_id(words: str) -> str | None:
    """`NVIDIA Corporation Device 2684` → "10de:2684": what stands for a name is the device's number; None: it has a name."""
    maker, _ = parse_pci_name(words)
    found = _NAMELESS.search(words)
    number = found.group("id") if found is not None else None
    return f"{_IDS_OF[maker]}:{number.lower()}" if number and maker in _IDS_OF else None


def is_emulated(words: str, pci_id: str = "") -> bool:
    """Whether a display is none that could compute: of a hypervisor, or of a server's management chip."""
    return pci_id[:4] in _EMULATED_IDS or _NO_ACCELERATOR.search(words) is not None


def is_integrated(maker: str, words: str, address: str) -> bool | None:
    """Whether it is built into a processor; None where the name leaves it open."""
    if maker == "intel":
        if _INTEL_CARD.search(words):
            return False
        return True if _INTEL_BUILT_IN.search(words) or _INTEL_PLACE.search(address) else None
    if maker == "amd":
        return True if _AMD_BUILT_IN.search(words) else False if _AMD_CARD.search(words) else None
    return None


def backend_of(maker: str, words: str) -> str | None:
    """The backend that frameworks have for it; Intel's older built-in graphics and its other accelerators have none."""
    if maker == "intel":
        return "xpu" if _INTEL_XPU.search(words) and "NPU" not in words else None
    if maker == "amd":
        return None if re.search(r"\b(?:NPU|IPU|Neural)\b", words) else "rocm"
    return {"nvidia": "cuda", "google": "tpu"}.get(maker)


def _product(words: str) -> str | None:
    if not words or _NAMELESS.match(words):
        return None
    in_brackets = _BRACKETS.findall(words)
    return str(in_brackets[-1]).strip() if in_brackets else words
