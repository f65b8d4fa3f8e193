"""What amd-smi prints: `static`, `list` and `metric` as JSON or text, `version`, `monitor`, and the table of a call without a command.

    {"gpu_data": [{"gpu": 0, "asic": {"market_name": "AMD Instinct MI300X", "target_graphics_version": "gfx942"}, "vram": {"size": …}}]}
    GPU: 0
        ASIC:
            MARKET_NAME: MI300A
    AMDSMI Tool: 25.4.2+aca1101 | AMDSMI Library version: 25.4.0 | ROCm version: 6.4.1 | amdgpu version: 6.10.5 | amd_hsmp version: N/A
    | 0000:05:00.0    AMD Instinct MI300X | 0 %      40 °C   0           142/750 W |
    |   0       0       7        DPX/NPS1 | 0 %        N/A           283/196592 MB |

The text is the JSON in capitals. Older releases print a bare list instead of the object. The unit says MB and means MiB: 196592 are
the 206141652992 bytes that rocminfo reports for the same card.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from envcheck.parsers.amd.amd_cards_printed import Listing, driver_version_in, known_only, name_in, number_in, pci_id_in, tidy, words
from envcheck.parsers.amd.amd_smi_tables import parse_amd_smi_tables
from envcheck.parsers.amd.gfx_target import gfx_in
from envcheck.parsers.expression import regex
from envcheck.parsers.text.sizes import parse_size

_MOST_BLOCKS = 1024
# Parts of a card's document that only amd-smi has.
_MARKS = frozenset(
    (
        *("asic", "bus", "bdf", "vram", "driver", "vbios", "mem_usage", "uuid", "kfd_id", "usage", "power", "board", "limit", "ras"),
        *("memory_partition", "accelerator_partition", "partition", "numa", "ifwi", "clock", "pcie", "fan", "ecc", "perf_level"),
    )
)
_ENTRY = regex(r"^(\s*)([A-Z][A-Za-z0-9_ ]{0,50}):(?:[ \t]+(\S.*?)|)\s*$")
_GPU = regex(r"^\s*GPU: (\d{1,3})\s*$")
_OTHER = regex(r"^(?:CPU|NIC|SWITCH): \d{1,3}\s*$")
_VERSIONS = regex(r"\b(ROCm|amdgpu) version: ([^|\s]{1,300})", re.IGNORECASE)
_TABLE_CARD = regex(r"^\|\s*([0-9A-Fa-f]{4,8}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.[0-7])\s+(\S[^|]{0,60}?)\s*\|")
_TABLE_MEMORY = regex(r"^\|\s*(\d{1,3})\s[^|]*\|[^|]*?(\d{1,9})/(\d{1,9})\s*MB\s*\|")


def parse_amd_smi_json(document: object) -> Listing | None:
    """`amd-smi … --json`; None where the document is somebody else's."""
    wrapped = document.get("gpu_data") if isinstance(document, Mapping) else document
    if not isinstance(wrapped, list):
        return _versions_of(document)
    listing = Listing()
    for entry in wrapped[:1024]:
        if isinstance(entry, Mapping):
            said = {str(key).lower(): value for key, value in entry.items()}
            number = said.get("gpu")
            if isinstance(number, int) and _MARKS & said.keys():
                listing.cards[number] = _card(said)
                listing.driver_version = listing.driver_version or _driver(said)
            else:
                listing.rocm_version = listing.rocm_version or _rocm(said)
    listing.cards = tidy(listing.cards)
    return listing or None


def _versions_of(document: object) -> Listing | None:
    """`amd-smi version --json` is a list of one object, or the object itself."""
    if not isinstance(document, Mapping):
        return None
    said = {str(key).lower(): value for key, value in document.items()}
    listing = Listing()
    listing.rocm_version = _rocm(said)
    if listing.rocm_version:
        listing.driver_version = driver_version_in(said.get("amdgpu_version"))
    return listing or None


def _rocm(said: Mapping[str, object]) -> str | None:
    return words(said.get("rocm_version")) or None if "amdsmi_library_version" in said else None


def _part(said: Mapping[str, object], name: str) -> Mapping[str, object]:
    part = said.get(name)
    return {str(key).lower(): value for key, value in part.items()} if isinstance(part, Mapping) else {}


def _driver(said: Mapping[str, object]) -> str | None:
    driver = _part(said, "driver")
    return driver_version_in(driver.get("version")) or driver_version_in(driver.get("driver_version"))


def _card(said: Mapping[str, object]) -> dict[str, object]:
    """One card's facts; keys in lower case, as both the JSON and the text have them."""
    asic, vram, board, usage = _part(said, "asic"), _part(said, "vram"), _part(said, "board"), _part(said, "mem_usage")
    bus, power, heat = _part(said, "bus"), _part(said, "power"), _part(said, "temperature")
    total = _bytes(usage.get("total_vram"))
    return known_only(
        {
            "name": name_in(asic.get("market_name"), board.get("product_name")),
            "pci_id": pci_id_in(asic.get("device_id")),
            "pci_address": words(bus.get("bdf")) or words(said.get("bdf")) or None,
            "architecture": gfx_in(words(asic.get("target_graphics_version"))),
            "compute_units": _count(asic.get("num_compute_units")),
            "memory_bytes": _bytes(vram.get("size")) or total,
            "memory_used_bytes": _bytes(usage.get("used_vram")),
            "memory_free_bytes": _bytes(usage.get("free_vram")),
            "shared_memory_bytes": _bytes(usage.get("total_gtt")) or None,
            "power_w": _amount(power.get("socket_power")) or _amount(power.get("average_socket_power")),
            "power_limit_w": _amount(_part(said, "limit").get("socket_power")),
            "temperature_c": _amount(heat.get("hotspot")) or _amount(heat.get("edge")),
        }
    )


def _count(value: object) -> int | None:
    number = number_in(value)
    return int(number) if number is not None and number > 0 else None


def _amount(value: object) -> float | None:
    """`{"value": 550, "unit": "W"}` and `550 W`."""
    return number_in(value.get("value")) if isinstance(value, Mapping) else number_in(value)


def _bytes(value: object) -> int | None:
    """`{"value": 196592, "unit": "MB"}` and `196592 MB`; None for what has no unit."""
    return parse_size(f"{value.get('value')} {value.get('unit')}" if isinstance(value, Mapping) else words(value))


class Printed:
    """A text's lines of amd-smi; `lines` are the indices of those that were understood, `line_of` where each card begins."""

    __slots__ = ("line_of", "lines", "listing", "versions_line")

    def __init__(self) -> None:
        self.listing = Listing()
        self.lines: list[int] = []
        self.line_of: dict[int, int] = {}
        self.versions_line = -1


def parse_amd_smi_text(text: list[str]) -> Printed:
    """The cards of blocks that begin with `GPU: 0`, of the table, and the line of versions."""
    printed = Printed()
    for start, end in _blocks(text):
        said = _tree(text[start + 1 : end])
        if _MARKS & said.keys():
            number = int(text[start].split()[-1])
            known = printed.listing.card(number)
            for name, value in _card(said).items():
                known.setdefault(name, value)
            printed.listing.driver_version = printed.listing.driver_version or _driver(said)
            printed.line_of.setdefault(number, start)
            printed.lines += range(start, end)
    _take_versions(printed, text)
    _take_table(printed, text)
    _take_rows(printed, text)
    printed.listing.cards = tidy(printed.listing.cards)
    return printed


def _take_rows(printed: Printed, text: list[str]) -> None:
    """Of a card that was told before, the first word on each fact stands."""
    for row in parse_amd_smi_tables(text):
        known = printed.listing.card(row.number)
        for name, value in row.fields.items():
            known.setdefault(name, value)
        printed.listing.driver_version = printed.listing.driver_version or row.driver_version
        printed.line_of.setdefault(row.number, row.lines[-1])
        printed.lines += row.lines


def _blocks(text: list[str]) -> Iterator[tuple[int, int]]:
    """Each card's first line and the one after its last: what is indented deeper, with blank lines in between."""
    starts = [index for index, line in enumerate(text) if line.lstrip().startswith("GPU: ") and _GPU.match(line)]
    for start in starts[:_MOST_BLOCKS]:
        margin = len(text[start]) - len(text[start].lstrip())
        end = last = start + 1
        while end < len(text) and (not text[end].strip() or len(text[end]) - len(text[end].lstrip()) > margin):
            last = end + 1 if text[end].strip() else last
            end += 1
        yield start, last


def _tree(lines: Iterable[str]) -> dict[str, object]:
    """Two levels of the indented block: `ASIC:` and what stands below it; deeper ones say nothing that is asked for."""
    tree: dict[str, object] = {}
    margin, part = -1, ""
    for line in lines:
        entry = _ENTRY.match(line) if len(line) < 400 else None
        if entry is None:
            continue
        key, depth = entry[2].strip().lower(), len(entry[1])
        margin = depth if margin < 0 else margin
        if depth <= margin:
            part = key
            tree.setdefault(key, entry[3] if entry[3] is not None else {})
        else:
            below = tree.get(part)
            if isinstance(below, dict):
                below.setdefault(key, entry[3])
    return tree


def _take_versions(printed: Printed, text: list[str]) -> None:
    for index, line in enumerate(text):
        if "AMDSMI Tool:" not in line and "AMD-SMI " not in line and "AMD System Management Interface" not in line:
            continue
        for name, value in _VERSIONS.findall(line):
            if name.lower() == "rocm":
                printed.listing.rocm_version = printed.listing.rocm_version or words(value) or None
            else:
                printed.listing.driver_version = printed.listing.driver_version or driver_version_in(value)
            printed.versions_line = index
            printed.lines.append(index)


def _take_table(printed: Printed, text: list[str]) -> None:
    """Two rows a card: its place and name, then its number and memory."""
    place: tuple[str, str, int] | None = None
    for index, line in enumerate(text):
        if not line.lstrip().startswith("|"):
            continue
        card = _TABLE_CARD.match(line.strip())
        memory = _TABLE_MEMORY.match(line.strip()) if card is None else None
        if card is not None:
            place = card[1], card[2], index
        elif memory is not None and place is not None and index - place[2] <= 2:
            known = printed.listing.card(int(memory[1]))
            used, total = int(memory[2]) * 2**20, int(memory[3]) * 2**20
            fields = {"pci_address": place[0], "name": name_in(place[1]), "memory_bytes": total or None, "memory_used_bytes": used}
            for name, value in known_only(fields).items():
                known.setdefault(name, value)
            printed.line_of.setdefault(int(memory[1]), place[2])
            printed.lines += (place[2], index)
            place = None
