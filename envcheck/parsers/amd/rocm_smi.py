"""What rocm-smi prints: its JSON, its CSV, its lines per card and its table, of ROCm 3 to 7.

    {"card0": {"Device Name": "Radeon RX 7900 XT", "GFX Version": "gfx1031", "VRAM Total Memory (B)": "12868124672"}, "system": {…}}
    GPU[0]          : Card series:          AMD Instinct MI300X OAM
    0       [0x74a1 : 0x00]       35.0°C      133.0W    NPS1, SPX       131Mhz  900Mhz  0%   auto  750.0W    0%   0%
            AMD Instinct MI300X

Keys are matched without case, since releases differ in it; memory is told in bytes.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping

from envcheck.parsers.amd.amd_cards_printed import (
    Listing,
    driver_version_in,
    known_only,
    name_in,
    number_in,
    pci_id_in,
    tidy,
    uuid_in,
    whole_number_in,
    words,
)
from envcheck.parsers.amd.gfx_target import gfx_in
from envcheck.parsers.expression import regex

_CARD_KEY = regex(r"card(\d{1,3})$", re.IGNORECASE)
_CARD_LINE = regex(r"^\s*GPU\[(\d{1,3})\]\s*:\s?(.*)$")
_DRIVER_LINE = regex(r"^\s*Driver version:\s*(\S+)\s*$", re.IGNORECASE)
_TITLE = regex(r"^\s*={5,}.*={5,}\s*$")
_RULE = regex(r"^\s*={20,}\s*$")
_ROW = regex(r"^\s*(\d{1,3})\s+\S.*%")
_ROW_ID = regex(r"\[?(0x[0-9a-fA-F]{4})\b")
# Temperature and, next to it, power: "47.0c  91.0W", "48.0°C      135.0W", "46.0c  N/A".
_ROW_MEASURED = regex(r"\s(\d{1,3}\.\d{1,2})(?:°C|c)\s+(?:(\d{1,4}(?:\.\d{1,3})?)W|N/A)(?=\s)")
_HEADER = regex(r"^\s*(?:Device|GPU)\b.*\bTemp\b.*(?:VRAM%|SCLK)", re.IGNORECASE)
_SHORT_NAME = 20
_LONGEST_NAME = 60


def parse_rocm_smi_json(document: object) -> Listing | None:
    """`rocm-smi --json`; None where the document is somebody else's."""
    if not isinstance(document, Mapping):
        return None
    listing = Listing()
    for key, value in document.items():
        found = _CARD_KEY.match(str(key))
        if found is not None and isinstance(value, Mapping):
            said = _by_key(value)
            if not any(mark in said for mark in _MARKS):
                return None
            listing.cards[int(found[1])] = card_of(said)
    system = document.get("system")
    if isinstance(system, Mapping):
        listing.driver_version = driver_version_in(_by_key(system).get("driver version"))
    listing.cards = tidy(listing.cards)
    return listing or None


# Of these every card of rocm-smi's has one: somebody else's "card0" has none.
_MARKS = (
    *("gpu id", "device id", "device name", "card series", "card model", "vram total memory (b)", "gfx version", "pci bus", "unique id"),
    *("gpu use (%)", "card sku", "guid", "temperature (sensor edge) (c)", "temperature (sensor junction) (c)"),
    *("average graphics package power (w)", "current socket graphics package power (w)", "gpu memory allocated (vram%)"),
)


def parse_rocm_smi_csv(lines: list[str]) -> Listing | None:
    """`rocm-smi --csv`: a line of keys that begins with "device", and one per card."""
    rows = list(csv.reader(lines))
    if len(rows) < 2 or not rows[0] or rows[0][0].strip().lower() != "device":
        return None
    listing = Listing()
    for row in rows[1:]:
        found = _CARD_KEY.match(row[0].strip()) if row else None
        if found is not None:
            # A name may hold a comma of its own, and is not quoted: what stands behind it is then out of place.
            listing.cards[int(found[1])] = card_of(_by_key(dict(zip(rows[0], row)))) if len(row) == len(rows[0]) else {}
    return listing or None


def card_of(said: Mapping[str, object]) -> dict[str, object]:
    """One card's facts; keys in lower case."""
    total, used = whole_number_in(said.get("vram total memory (b)")), whole_number_in(said.get("vram total used memory (b)"))
    return known_only(
        {
            "name": name_in(said.get("device name"), said.get("card series"), said.get("card model")),
            "pci_id": pci_id_in(said.get("device id")) or pci_id_in(said.get("gpu id")) or pci_id_in(said.get("card model")),
            "pci_address": words(said.get("pci bus")) or None,
            "uuid": uuid_in(said.get("unique id")),
            "architecture": gfx_in(words(said.get("gfx version"))),
            "memory_bytes": total or None,
            "memory_used_bytes": used,
            "memory_free_bytes": total - used if total and used is not None and used <= total else None,
            "shared_memory_bytes": whole_number_in(said.get("gtt total memory (b)")) or None,
            "temperature_c": _first(said, "temperature (sensor junction) (c)", "temperature (sensor edge) (c)"),
            "power_w": _first(said, "current socket graphics package power (w)", "average graphics package power (w)"),
            "power_limit_w": _first(said, "max graphics package power (w)"),
        }
    )


def _first(said: Mapping[str, object], *keys: str) -> float | None:
    return next((number for number in (number_in(said.get(key)) for key in keys) if number is not None), None)


def _by_key(said: Mapping[object, object]) -> dict[str, object]:
    return {str(key).strip().lower(): value for key, value in said.items()}


class Printed:
    """A text's lines of rocm-smi; `lines` are the indices of those that were understood, `line_of` where each card is spoken of first."""

    __slots__ = ("line_of", "lines", "listing", "rows", "short_names")

    def __init__(self) -> None:
        self.listing = Listing()
        self.lines: list[int] = []
        self.line_of: dict[int, int] = {}
        self.rows: set[int] = set()  # the cards of the table, of which it may say nothing that lasts
        self.short_names: dict[int, str] = {}  # those of the table, which it cuts


def parse_rocm_smi_text(text: list[str]) -> Printed:
    """The cards of tables and of lines per card, whichever options they were asked with."""
    printed = Printed()
    said: dict[int, dict[str, object]] = {}
    in_table, row = False, -1
    for index, line in enumerate(text):
        entry = _CARD_LINE.match(line) if "GPU[" in line else None
        driver = _DRIVER_LINE.match(line) if "river version" in line else None
        if entry is not None:
            printed.lines.append(index)
            number = int(entry[1])
            printed.line_of.setdefault(number, index)
            key, _, value = entry[2].partition(":")
            said.setdefault(number, {}).setdefault(key.strip().lower(), value)
        elif driver is not None:
            printed.listing.driver_version = printed.listing.driver_version or driver_version_in(driver[1])
            printed.lines.append(index)
        elif _HEADER.match(line):
            in_table = True
            printed.lines.append(index)
        elif in_table and "=" in line and _TITLE.match(line):
            printed.lines.append(index)
            in_table = _RULE.match(line) is not None and row < 0
            row = row if in_table else -1
        elif in_table:
            row = _take_row(printed, said, line, index, row)
    for number, keys in said.items():
        fields = card_of(keys)
        if fields or number in printed.rows:
            printed.listing.cards[number] = fields
    printed.listing.cards = tidy(printed.listing.cards)
    return printed


def _take_row(printed: Printed, said: dict[int, dict[str, object]], line: str, index: int, row: int) -> int:
    """A card's row, or the line below it with its name; the number of the card that was spoken of last."""
    cells = _ROW.match(line) if len(line) < 400 else None
    if cells is not None:
        number = int(cells[1])
        identity = _ROW_ID.search(line)
        keys = said.setdefault(number, {})
        if identity is not None:
            keys.setdefault("device id", identity[1])
        measured = _ROW_MEASURED.search(line)
        if measured is not None:
            keys.setdefault("temperature (sensor edge) (c)", measured[1])
            keys.setdefault("average graphics package power (w)", measured[2])
        printed.rows.add(number)
        printed.line_of.setdefault(number, index)
        printed.lines.append(index)
        return number
    name = line.strip()
    if row >= 0 and line[:1].isspace() and 2 < len(name) <= _LONGEST_NAME and name[0].isalnum():
        printed.short_names.setdefault(row, name)
        printed.lines.append(index)
    return row


def is_cut(short_name: str) -> bool:
    """Whether the table's room was all taken, so that the name may go on."""
    return len(short_name) >= _SHORT_NAME
