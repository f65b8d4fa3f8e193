"""`nvidia-smi --query-gpu=… --format=csv` and `--query-compute-apps=…`, with any columns.

    name, driver_version, memory.total [MiB]
    NVIDIA GeForce RTX 2080 SUPER, 610.62, 8192 MiB

With `noheader` the columns are those of the command, where it stands above; otherwise only what cannot be anything else is read: a card's
name, its UUID, its place, the driver's version. With `nounits` the units are those of the header.
"""

from __future__ import annotations

import re

from envcheck.parsers.expression import regex
from envcheck.parsers.nvidia import nvidia_smi_values as values
from envcheck.parsers.nvidia.nvidia_smi_fields import add_facts, process
from envcheck.parsers.nvidia.nvidia_smi_log import MAX_CARDS, Card, Log, read_address, read_uuid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

# Columns whose path in the XML is not what becomes of their own name by writing "/" for the first dot.
_PATHS = {
    "name": "product_name",
    "gpu_name": "product_name",
    "gpu_uuid": "uuid",
    "pci.bus_id": "pci/pci_bus_id",
    "gpu_bus_id": "pci/pci_bus_id",
    "pci.device_id": "pci/pci_device_id",
    "memory.total": "fb_memory_usage/total",
    "memory.used": "fb_memory_usage/used",
    "memory.free": "fb_memory_usage/free",
    "memory.reserved": "fb_memory_usage/reserved",
    "mig.mode.current": "mig_mode/current",
    "ecc.mode.current": "ecc_mode/current",
    "ecc.errors.uncorrected.volatile.total": "ecc_errors/volatile/double_bit/total",
    "driver_model.current": "driver_model/current",
    "pstate": "performance_state",
    "power.draw": "power_readings/power_draw",
    "power.draw.instant": "power_readings/instant_power_draw",
    "power.draw.average": "power_readings/average_power_draw",
    "power.limit": "power_readings/power_limit",
    "enforced.power.limit": "power_readings/enforced_power_limit",
    "retired_pages.single_bit_ecc.count": "retired_pages/single_bit_ecc",
    "retired_pages.sbe": "retired_pages/single_bit_ecc",
    "retired_pages.double_bit.count": "retired_pages/double_bit_ecc",
    "retired_pages.dbe": "retired_pages/double_bit_ecc",
    "remapped_rows.correctable": "remapped_rows/correctable_error",
    "remapped_rows.uncorrectable": "remapped_rows/uncorrectable_error",
}
_COLUMN = regex(r"(?P<name>[a-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*)(?: \[(?P<unit>[A-Za-z%/]{1,12})\])?")
# Names that no other program's CSV has: one of them, or two of the others, make a header.
_OWN = frozenset((
    "driver_version", "gpu_uuid", "gpu_name", "gpu_bus_id", "pci.bus_id", "memory.total", "memory.used", "memory.free", "compute_cap",
    "utilization.gpu", "temperature.gpu", "power.draw", "compute_mode", "pstate", "mig.mode.current", "used_gpu_memory", "fan.speed",
    "clocks.sm", "ecc.mode.current", "persistence_mode", "vbios_version", "driver_model.current",
))  # fmt: skip
_PLAIN = frozenset(("index", "name", "uuid", "pid", "process_name", "used_memory", "count", "timestamp", "serial", "hostname"))
_COMMAND = regex(r"--query-(?P<what>gpu|compute-apps)[= ]\s{0,3}[\"']?(?P<columns>[A-Za-z0-9_.,]+)", words=("--query-",))
_OWN_NAME = regex(r"(?:NVIDIA|Tesla|GeForce|Quadro|GRID|TITAN) [\w .()/-]{1,80}|\w{3,20} \(nvgpu\)")
_MAKES = ("NVIDIA ", "Tesla ", "GeForce ", "Quadro ", "GRID ", "TITAN ", "(nvgpu)")  # one of these stands in it
_DRIVER = regex(r"\d{3}\.\d{1,3}(?:\.\d{1,3})?")
_WHOLE_DRIVER = regex(r"\d{3}\.\d{1,3}\.\d{1,3}")
_WITH_UNIT = regex(r"\d+(?:\.\d+)? (?:[KMG]iB|W|%|MHz)")
_TIME = regex(r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?")
_MAX_COLUMNS = 1000


class Sheet:
    """One output: its columns (with units), the rows as printed, and the line of each."""

    __slots__ = ("columns", "header", "rows", "units")

    def __init__(self, header: int, columns: list[str], units: list[str]) -> None:
        self.header = header
        self.columns = columns
        self.units = units
        self.rows: list[tuple[int, list[str]]] = []


class AppsLog(Log):
    """Processes by card: `apps` has for each row what it says of the card, and the process."""

    __slots__ = ("apps",)

    def __init__(self) -> None:
        super().__init__("apps")
        self.apps: list[tuple[Card, dict[str, object]]] = []


def parse_nvidia_smi_sheets(lines: Sequence[str]) -> list[Sheet]:
    """All such outputs of a text, those without a header where the command stands above them."""
    sheets: list[Sheet] = []
    sheet: Sheet | None = None
    asked: list[str] = []
    for number, line in enumerate(lines):
        asked = (_asked(line) if "--query-gpu" in line else []) or asked
        if sheet is None and "," not in line and "--query-" not in line:
            sheet = _lone_column(line, number) if len(line) < 60 and ("_" in line or "." in line or "pstate" in line) else None
            if sheet is not None:
                sheets.append(sheet)
            continue
        begun = _begun(line, number, asked)
        if begun is not None:
            sheet = begun
            sheets.append(sheet)
        elif sheet is not None and not _take_row(sheet, line, number, last=number == len(lines) - 1):
            sheet = None
    return [found for found in sheets if found.rows or len(found.columns) > 1]


def _lone_column(line: str, number: int) -> Sheet | None:
    """`memory.total [MiB]` alone is a header too; a plain word is none."""
    if line.strip().partition(" ")[0] not in _OWN:
        return None
    found = _COLUMN.fullmatch(line.strip())
    if found is None:
        return None
    return Sheet(number, [found.group("name")], [found.group("unit") or ""])


def _asked(line: str) -> list[str]:
    """The columns that a command of nvidia-smi for cards asks for."""
    command = _COMMAND.search(line)
    return [name for name in command.group("columns").split(",") if name] if command is not None else []


def _begun(line: str, number: int, asked: Sequence[str] = ()) -> Sheet | None:
    """A header; one of plain names only (`index, name`) where the command above asks for just these."""
    command = _COMMAND.search(line) if "--query-" in line else None
    if command is not None:
        names = [name for name in command.group("columns").split(",") if name]
        if command.group("what") == "compute-apps" and "pid" not in names:
            return None
        return Sheet(number, names, [""] * len(names)) if "noheader" in line else None
    if len(line) > 20_000 or _COLUMN.fullmatch(line.partition(",")[0].strip()) is None:
        return None
    cells = [_COLUMN.fullmatch(cell.strip()) for cell in line.split(",")] if "," in line else [None]
    if None in cells or len(cells) > _MAX_COLUMNS:
        return None
    names = [cell.group("name") for cell in cells if cell is not None]
    own = sum(name in _OWN for name in names)
    if names == list(asked):
        return Sheet(number, names, [cell.group("unit") or "" for cell in cells if cell is not None])
    if own == 0 or own + sum(name in _PLAIN for name in names) < 2:
        return None
    return Sheet(number, names, [(cell.group("unit") or "") for cell in cells if cell is not None])


def _take_row(sheet: Sheet, line: str, number: int, *, last: bool) -> bool:
    """Whether the line is a row; one that breaks off loses its last cell."""
    previous = sheet.rows[-1][0] if sheet.rows else sheet.header
    if not line.strip():
        return not sheet.rows and number == sheet.header + 1  # some shells put an empty line behind the header
    if number - previous > (1 if sheet.rows else 2):
        return False
    cells = [cell.strip() for cell in line.split(",", _MAX_COLUMNS)]
    if len(cells) > len(sheet.columns) and "process_name" in sheet.columns:
        cells = _with_whole_name(cells, sheet.columns)
    if len(cells) > len(sheet.columns) or (len(cells) < len(sheet.columns) and not last):
        return False
    if not _fits(sheet, cells):
        return False
    if last and len(cells) <= len(sheet.columns) and not re.search(r"(?: [KMG]iB| W| %|\]|Enabled|Disabled|Default)$", line.rstrip()):
        cells = cells[:-1]
    sheet.rows.append((number, cells))
    return True


def _with_whole_name(cells: list[str], columns: list[str]) -> list[str]:
    """A command line may have commas in it."""
    place, spare = columns.index("process_name"), len(cells) - len(columns)
    return [*cells[:place], ", ".join(cells[place : place + spare + 1]), *cells[place + spare + 1 :]]


def _fits(sheet: Sheet, cells: list[str]) -> bool:
    """Whether no cell contradicts its column: a line of something else is no row."""
    for column, unit, cell in zip(sheet.columns, sheet.units, cells):
        if values.present(cell) is None:
            continue
        wrong = (
            (column in ("index", "pid", "count") and values.count(cell) is None)
            or (column in ("driver_version", "kmd_version") and values.version(cell) is None)
            or (column.startswith("memory.") and values.size(cell, unit or "MiB") is None)
            or (column in ("uuid", "gpu_uuid") and not re.fullmatch(r"[\w-]+", cell))
            or (column in ("pci.bus_id", "gpu_bus_id") and read_address(cell) is None)
        )
        if wrong:
            return False
    return True


def logs_of_sheets(sheets: Sequence[Sheet], lines: Sequence[str], most: int) -> list[Log]:
    """The cards and processes of the first sheets, and of rows without header and command."""
    logs: list[Log] = [_apps(sheet) if "pid" in sheet.columns else _cards(sheet) for sheet in sheets[:most]]
    known = {number for sheet in sheets for number, _ in sheet.rows}
    return logs + _without_header(lines, known)


def _cards(sheet: Sheet) -> Log:
    log = Log("csv")
    log.lines = [sheet.header, *(number for number, _ in sheet.rows)]
    for place, (number, cells) in enumerate(sheet.rows[:MAX_CARDS]):
        card = Card(number)
        for column, unit, cell in zip(sheet.columns, sheet.units, cells):
            counted_in = unit or ("MiB" if column.startswith("memory.") else "")  # the only unit of memory that the query has
            value = f"{cell} {counted_in}" if counted_in and re.fullmatch(r"\d+(?:\.\d+)?", cell) else cell
            if column == "index":
                card.index = values.count(value)
            elif column in ("driver_version", "kmd_version") and log.driver_version is None:
                log.driver_version, log.header = values.version(value), number
            elif column == "count":
                log.attached = values.count(value)
            card.fields.setdefault(_PATHS.get(column, column.replace(".", "/", 1)), value)
        add_facts(card)
        # The rows are in the order of the numbers, where nothing else says which card a row speaks of.
        if card.index is None and not card.facts.keys() & {"pci_address", "uuid"}:
            card.index = place
        if card.facts and not _is_repeated(card, log.cards):
            log.cards.append(card)
    return log


def _is_repeated(card: Card, cards: Sequence[Card]) -> bool:
    """Whether the card stands there already, as in what `-l 1` prints; the first row of it is what counts."""
    key = _identity(card)
    return any(_identity(other) == key for other in cards)


def _identity(card: Card) -> tuple[object, object, int | None]:
    return card.facts.get("pci_address"), card.facts.get("uuid"), card.index


def _apps(sheet: Sheet) -> Log:
    log = AppsLog()
    log.lines = [sheet.header, *(number for number, _ in sheet.rows)]
    for number, cells in sheet.rows[:10_000]:
        if len(cells) < len(sheet.columns):
            continue
        row = dict(zip(sheet.columns, cells))
        memory = next((name for name in ("used_gpu_memory", "used_memory") if name in row), "")
        unit = sheet.units[sheet.columns.index(memory)] if memory else ""
        used = row.get(memory, "")
        printed = {"pid": row.get("pid", ""), "name": row.get("process_name", ""), "memory": f"{used} {unit}" if used.isdigit() else used}
        entry = process(printed)
        if entry:
            card = Card(number)
            told = (("pci_address", read_address(row.get("gpu_bus_id", ""))), ("uuid", read_uuid(row.get("gpu_uuid", ""))))
            card.facts = {fact: value for fact, value in (*told, ("name", values.present(row.get("gpu_name", "")))) if value}
            log.apps.append((card, entry))
    return log


def _without_header(lines: Sequence[str], known: set[int]) -> list[Log]:
    """Rows that have a card's name and beside it what only this query prints."""
    logs: list[Log] = []
    for number, line in enumerate(lines):
        if "," not in line or number in known or len(line) > 300 or number == len(lines) - 1 or not any(map(line.__contains__, _MAKES)):
            continue
        cells = [cell.strip() for cell in line.strip().split(",")]
        card, driver = _shaped(cells, number)
        if card is None:
            continue
        if not logs or number - logs[-1].lines[-1] > 1:
            logs.append(Log("csv"))
        log = logs[-1]
        log.lines.append(number)
        if driver is not None and log.driver_version is None:
            log.driver_version, log.header = driver, number
        if not card.facts.keys() & {"pci_address", "uuid"}:
            card.index = len(log.cards)
        if len(log.cards) < MAX_CARDS and not _is_repeated(card, log.cards):
            log.cards.append(card)
    return logs


def _shaped(cells: list[str], number: int) -> tuple[Card | None, str | None]:
    names = [cell for cell in cells if _OWN_NAME.fullmatch(cell)]
    if len(names) != 1 or not all(_is_value(cell) for cell in cells if cell not in names):
        return None, None
    card = Card(number)
    card.facts["name"] = names[0]
    driver = None
    sure = names[0].endswith(" (nvgpu)")
    # Where nothing has a unit, 210.00 may be watts.
    units = any(_WITH_UNIT.fullmatch(cell) for cell in cells)
    for cell in cells:
        sure = sure or re.fullmatch(r"\d+ MiB", cell) is not None
        if read_address(cell):
            card.facts["pci_address"] = cell
        elif read_uuid(cell):
            card.facts["uuid"] = cell
        elif _DRIVER.fullmatch(cell) and (units or _WHOLE_DRIVER.fullmatch(cell)):
            driver = cell
    return (card, driver) if sure or driver or len(card.facts) > 1 else (None, None)


def _is_value(cell: str) -> bool:
    """Whether a cell looks like any of the query's values."""
    return (
        values.size(cell) is not None
        or values.number(cell) is not None
        or read_address(cell) is not None
        or _TIME.fullmatch(cell) is not None
        or re.fullmatch(r"\[[A-Z][\w /]+\]|N/A|(?:GPU-)?[0-9a-fA-F-]{36}|\d{3}\.\d{1,3}\.\d{1,3}|\d+ \w+|P\d+", cell) is not None
        or values.switch(cell) is not None
        or values.compute_mode(cell) is not None
    )
