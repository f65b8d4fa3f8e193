"""The tables of amd-smi that are rows of columns: what `monitor` prints, and any command with `--csv`.

    GPU  POWER  GPU_TEMP  MEM_TEMP  VRAM_USED  VRAM_TOTAL
      0  248 W     55 °C     48 °C     283 MB   196300 MB

    gpu,market_name,vendor_id,device_id,target_graphics_version
    0,AMD Instinct MI210,0x1002,0x740f,gfx90a

Memory is told in MB, which are MiB; newer releases round it to GB, and then it is not told here. In CSV the unit is left out.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping

from envcheck.parsers.amd.amd_cards_printed import driver_version_in, known_only, name_in, number_in, pci_id_in, words
from envcheck.parsers.amd.gfx_target import gfx_in
from envcheck.parsers.expression import regex

_HEADER = regex(r"^\s*GPU(?:\s{2,}[A-Z][A-Z_%]{2,20})+\s*$")
_ROW = regex(r"^\s*(?P<number>\d{1,3})\s{2,}\S")
_GAP = regex(r"\s{2,}")
_MEBIBYTES = regex(r"(\d{1,9}) MB$")
# Of these a header of CSV has one at least; "gpu" alone begins other programs' tables too.
_CSV_KEYS = frozenset(
    (
        *("market_name", "target_graphics_version", "num_compute_units", "asic_serial", "bdf", "kfd_id", "total_vram", "used_vram"),
        *("socket_power", "gfx_activity", "max_pcie_width", "vram_size", "product_name"),
    )
)
_MOST_ROWS, _LONGEST = 256, 4000


class Row:
    """A card's row: its number, what it says, and where it stands. The first row of a table has its header with it."""

    __slots__ = ("driver_version", "fields", "lines", "number")

    def __init__(self, number: int, fields: dict[str, object], lines: list[int]) -> None:
        self.number = number
        self.fields = fields
        self.lines = lines
        self.driver_version: str | None = None


def parse_amd_smi_tables(text: list[str]) -> Iterator[Row]:
    """The rows of all tables of a text."""
    for index, line in enumerate(text):
        if line.startswith("gpu,") and _CSV_KEYS & set(line[:_LONGEST].lower().split(",")):
            yield from _of_csv(text, index)
        elif "GPU " in line and len(line) < _LONGEST and _HEADER.match(line):
            yield from _of_monitor(text, index)


def _of_monitor(text: list[str], header: int) -> Iterator[Row]:
    names = _GAP.split(text[header].strip())
    lines = [header]
    for index in range(header + 1, min(header + 1 + _MOST_ROWS, len(text))):
        if not text[index].strip():
            continue
        cells = _GAP.split(text[index].strip()) if _ROW.match(text[index][:_LONGEST]) else []
        if len(cells) != len(names):
            return
        yield Row(int(cells[0]), _monitored(dict(zip(names, cells))), [*lines, index])
        lines = []


def _monitored(said: Mapping[str, str]) -> dict[str, object]:
    total, used = _memory(said.get("VRAM_TOTAL", "")), _memory(said.get("VRAM_USED", ""))
    return known_only(
        {
            "memory_bytes": total or None,
            "memory_used_bytes": used,
            "memory_free_bytes": total - used if total and used is not None and used <= total else None,
            "temperature_c": number_in(said.get("GPU_TEMP") or said.get("GPU_T")),
            "power_w": number_in(said.get("POWER")),
        }
    )


def _memory(cell: str) -> int | None:
    found = _MEBIBYTES.match(cell)
    return int(found[1]) * 2**20 if found else None


def _of_csv(text: list[str], header: int) -> Iterator[Row]:
    names = [name.strip().lower() for name in next(csv.reader([text[header][:_LONGEST]]))]
    lines = [header]
    for index in range(header + 1, min(header + 1 + _MOST_ROWS, len(text))):
        cells = next(csv.reader([text[index][:_LONGEST]]), [])
        if len(cells) != len(names) or not re.fullmatch(r"\d{1,3}", cells[0].strip()):
            return
        said = dict(zip(names, cells))
        row = Row(int(cells[0]), _listed(said), [*lines, index])
        row.driver_version = driver_version_in(said.get("driver_version"))
        yield row
        lines = []


def _listed(said: Mapping[str, str]) -> dict[str, object]:
    units = words(said.get("num_compute_units"))
    return known_only(
        {
            "name": name_in(said.get("market_name"), said.get("product_name")),
            "pci_id": pci_id_in(said.get("device_id")),
            "pci_address": words(said.get("bdf")) or None,
            "architecture": gfx_in(words(said.get("target_graphics_version"))),
            "compute_units": int(units) if re.fullmatch(r"[1-9]\d{0,4}", units) else None,
            "memory_bytes": _mebibytes(said.get("total_vram", "")) or None,
            "memory_used_bytes": _mebibytes(said.get("used_vram", "")),
            "memory_free_bytes": _mebibytes(said.get("free_vram", "")),
            "power_w": number_in(said.get("socket_power")),
        }
    )


def _mebibytes(cell: str) -> int | None:
    return int(cell) * 2**20 if re.fullmatch(r"\d{1,9}", cell.strip()) else None
