"""The table that nvidia-smi prints, of every driver branch; columns are wherever the bars stand.

    | NVIDIA-SMI 550.54.15              Driver Version: 550.54.15      CUDA Version: 12.4     |
    |   0  NVIDIA RTX 2000 Ada Gene...    On  |   00000000:02:00.0 Off |                  Off |
    | 30%   26C    P8              6W /   70W |       1MiB /  16380MiB |      0%      Default |
    |                                         |                        |             Disabled |

Driver 610 writes `KMD Version` and `CUDA UMD Version`; before 410 there is no CUDA version. A name that ends in "..." was cut. Below
stand the MIG devices and the processes, each by the number of its card.
"""

from __future__ import annotations

import re

from envcheck.parsers.expression import regex
from envcheck.parsers.nvidia import nvidia_smi_values as values
from envcheck.parsers.nvidia.nvidia_smi_fields import process
from envcheck.parsers.nvidia.nvidia_smi_log import MAX_CARDS, Card, Log, read_address

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# What a version is followed by on a whole line; where it breaks off there, a part of it may be missing. A Jetson's driver has none.
_HEADER = regex(
    r"NVIDIA-SMI\s+\d[\w.]*\s+(?:Driver|KMD) Version:\s*(?P<driver>\d[\d.]*|N/A)(?=[\s|])"
    r"(?:\s+CUDA(?: UMD)? Version:\s*(?P<cuda>[\d.]+)(?=[\s|]))?"
)
_BROKEN_HEADER = regex(r"\|\s{0,8}NVIDIA-SMI\s+\d")
_CARD = regex(r"\s*(?P<index>\d{1,3})\s+(?P<name>\S.{0,80}?)\s+(?P<mode>On|Off|N/A|ERR!|WDDM|TCC|MCDM|Default)\s*")
_CARD_ALONE = regex(r"\s*(?P<index>\d{1,3})\s+(?P<name>[A-Z].{2,80}?)\s*")
_BUS = regex(r"\s*(?P<address>[0-9A-Fa-f]{4,8}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.[0-9A-Fa-f]|N/A)(?:\s+(?:On|Off|N/A|ERR!)\.?)?\s*")
_MEMORY = regex(r"\s*(?P<used>\d{1,9}\s?[KMG]i?B)\s*/\s*(?P<total>\d{1,9}\s?[KMG]i?B)\s*")
_READINGS = regex(r"\s*(?:\S+\s+)?(?P<temperature>\d{1,3}C|N/A|ERR!)\s+(?P<state>P\d{1,2}|N/A|ERR!|Unknown!?)\s*(?P<power>.*)")
_POWER = regex(r"(?P<draw>[\d.]{1,8}\s?W|N/A|ERR!|Unknown(?: Error)?)\s*/\s*(?P<limit>[\d.]{1,8}\s?W|N/A|ERR!)\s*")
_COMPUTE = regex(r"\s*(?:\S+\s+)??(?P<mode>Default|E\. ?Process|E\. ?Thread|Prohibited|Exclusive\w*)\s*")
_DEVICE = regex(r"\s*(?P<gpu>\d{1,3})\s+\d{1,4}\s+(?:\d{1,4}|N/A)\s+\d{1,4}\s*")
_PROCESS = regex(
    r"\s*(?P<gpu>\d{1,3})\s+(?:(?:N/A|\d{1,4})\s+(?:N/A|\d{1,4})\s+)?(?P<pid>\d{1,8})\s+(?:(?:[CGM](?:\+[CG])?)\s+)?"
    r"(?P<name>\S.{0,200}?)\s+(?P<memory>\d{1,9}\s?[KMG]i?B|N/A|Not Supported|ERR!)\s*"
)
_RULE = regex(r"\s*[+|][-=+|]{20,}\s*")
_TITLES = ("Bus-Id", "Memory-Usage", "BAR1-Usage", "MIG M.", "PID", "GI  CI", "Usage  ", "No running", "No MIG", "ECC|", "ID   ID")
# Lines that may stand, or be left blank, between the parts of one table.
_GAP = 3
_LONGEST = 400
MIB = 2**20


class _Table:
    """The table that is being read."""

    def __init__(self, number: int) -> None:
        self.log = Log("table")
        self.log.lines.append(number)
        self.part = "cards"
        self.since_card = 99  # rows
        self.errors = False  # in the rows of the last card
        self.devices: dict[int, list[dict[str, object]]] = {}
        self.processes: dict[int, list[dict[str, object]]] = {}
        self.processes_listed = False
        self.without_devices = False  # "No MIG devices found"
        self.numbers: set[int | None] = set()


def parse_nvidia_smi_tables(lines: Sequence[str]) -> list[Log]:
    """All tables of a text; each begins with its header, or with a row of a card where the header is missing.

    A table that is cut anywhere gives what is left of it.
    """
    logs: list[Log] = []
    table: _Table | None = None
    last = len(lines) - 1
    for number, taken, line in _rows(lines):
        header = (_HEADER.search(f"{line} " if number < last else line) or _BROKEN_HEADER.search(line)) if "NVIDIA-SMI" in line else None
        if table is not None and (header is not None or number - table.log.lines[-1] > _GAP):
            logs.append(_ended(table))
            table = None
        if header is not None:
            table = _begun(header, number)
        elif _RULE.fullmatch(line):
            if table is not None:
                table.log.lines.append(number)
                table.processes_listed = table.processes_listed or (table.part == "listed" and line.lstrip()[0] == "+")
        else:
            table = _take(table, _cells(line), number, logs)
        if table is not None and table.log.lines[-1] == number:
            table.log.lines += range(number + 1, number + taken)
    if table is not None:
        logs.append(_ended(table))
    return logs


def _rows(lines: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """The lines with bars or rules, with their number and how many lines they are: one that was wrapped is put together again."""
    number, total = 0, len(lines)
    while number < total:
        line, taken = lines[number], 1
        if ("|" in line or "+--" in line or "+==" in line or "NVIDIA-SMI" in line) and len(line) <= _LONGEST:
            if line.lstrip()[:1] == "|" and number + 1 < total and _closes(lines[number + 1]):
                line, taken = line + lines[number + 1].rstrip(), 2
            yield number, taken, line
        number += taken


def _closes(line: str) -> bool:
    """Whether the line is the rest of a row: only its last bar is one."""
    stripped = line.strip()
    return 0 < len(stripped) <= 100 and stripped[0] not in "|+" and stripped[-1] == "|"


def _begun(header: re.Match[str], number: int) -> _Table:
    table = _Table(number)
    versions = header.groupdict("")
    table.log.driver_version = values.version(versions.get("driver", ""))
    table.log.cuda_version = values.version(versions.get("cuda", ""), values.CUDA)
    table.log.header = number
    return table


def _cells(line: str) -> list[str]:
    """The cells between the bars; a bar that somebody's log puts in front of each line is passed over."""
    before, _, row = line.partition("|")
    row = row.rstrip()
    if before.strip() and row.lstrip()[:1] == "|":
        row = row.lstrip()[1:]
    return (row[:-1] if row.endswith("|") else row).split("|")


def _take(table: _Table | None, cells: list[str], number: int, logs: list[Log]) -> _Table | None:
    """Gives the row to the table; a row of a card begins one, where it is the first or has a number that is there already."""
    card = _card_of(cells, number)
    if card is not None:
        if table is not None and card.index in table.numbers:
            logs.append(_ended(table))
            table = None
        table = table or _Table(number)
        if len(table.log.cards) < MAX_CARDS:
            table.log.cards.append(card)
            table.numbers.add(card.index)
        table.part, table.since_card, table.errors = "cards", 0, "ERR!" in "".join(cells)
        table.log.lines.append(number)
        return table
    if table is not None:
        table.since_card += 1
        if _take_part(table, cells):
            table.log.lines.append(number)
    return table


def _take_part(table: _Table, cells: list[str]) -> bool:
    """Whether the row is one that a table has below its cards' first rows."""
    first = cells[0].strip()
    if (len(cells) == 1 and first.endswith("processes:")) or first.startswith(("Processes:", "Compute processes:")):
        table.part = "processes"
    elif first.startswith("MIG devices"):
        table.part = "mig"
    elif table.part in ("processes", "listed"):
        return _take_process(table, cells[0])
    elif table.part == "mig":
        return _take_device(table, cells)
    elif table.log.cards and len(cells) >= 2 and table.since_card <= 2:
        return _complete(table, table.log.cards[-1], cells)
    else:
        return _is_title(cells)
    return True


def _is_title(cells: list[str]) -> bool:
    return any(title in cell for cell in cells for title in _TITLES)


def _card_of(cells: list[str], number: int) -> Card | None:
    if len(cells) < 2:
        return None
    bus = _BUS.fullmatch(cells[1])
    row = (_CARD.fullmatch(cells[0]) or _CARD_ALONE.fullmatch(cells[0])) if bus is not None else None
    if bus is None or row is None:
        return None
    card = Card(number, int(row.group("index")))
    name = values.present(row.group("name"))
    if name is not None:
        card.facts["name"] = name
        card.name_cut = name.endswith("...")
    if read_address(bus.group("address")):
        card.facts["pci_address"] = bus.group("address")
    mode = row.groupdict().get("mode") or ""
    _know(card, persistence=values.truth(mode), driver_model=values.driver_model(mode))
    if len(cells) > 2:
        errors = values.count(cells[2])
        _know(card, ecc="enabled" if errors is not None else values.switch(cells[2]), ecc_errors=errors)
    return card


def _know(card: Card, **facts: object) -> None:
    for fact, value in facts.items():
        if value is not None:
            card.facts.setdefault(fact, value)


def _complete(table: _Table, card: Card, cells: list[str]) -> bool:
    """Adds what the second and third row say; "Not Supported" and "N/A" leave it unknown, and "ERR!" the card's state too.

    One sensor may fail. A card that cannot even tell how warm it is and how fast it runs no longer answers.
    """
    readings = _READINGS.fullmatch(cells[0])
    table.errors = table.errors or "ERR!" in "".join(cells)
    if readings is None:
        if cells[0].strip() or len(cells) < 3:
            return False
        _know(card, mig=values.switch(cells[2]) if cells[2].strip() not in ("On", "Off") else None)
        return not cells[1].strip()
    if readings.group("temperature") == readings.group("state") == "ERR!":
        _know(card, state="lost")
    power = _POWER.fullmatch(readings.group("power"))
    _know(card, temperature_c=values.number(readings.group("temperature")))
    if power is not None:
        _know(card, power_w=values.number(power.group("draw")), power_limit_w=values.number(power.group("limit")))
    memory = _MEMORY.fullmatch(cells[1])
    if memory is not None:
        _know(card, memory_used_bytes=values.size(memory.group("used")), memory_bytes=values.size(memory.group("total")))
    elif cells[1].strip() == "Not Supported":
        _know(card, unified_memory=True)
    mode = _COMPUTE.fullmatch(cells[2]) if len(cells) > 2 else None
    _know(card, compute_mode=values.compute_mode(mode.group("mode")) if mode else None, state=None if table.errors else "ok")
    return True


def _take_device(table: _Table, cells: list[str]) -> bool:
    row = _DEVICE.fullmatch(cells[0]) if len(cells) >= 2 else None
    if row is None:
        table.without_devices = table.without_devices or "No MIG devices found" in cells[0]
        return _is_title(cells) or (len(cells) >= 2 and not cells[0].strip())
    memory = _MEMORY.fullmatch(cells[1])
    devices = table.devices.setdefault(int(row.group("gpu")), [])
    if len(devices) < 64 and len(cells) > 2:
        devices.append({"memory_bytes": values.size(memory.group("total"))} if memory is not None else {})
    return True


def _take_process(table: _Table, cell: str) -> bool:
    row = _PROCESS.fullmatch(cell)
    if row is None:
        table.part = "listed" if "No running" in cell else table.part
        return _is_title([cell])
    table.part = "listed"
    entry = process({"pid": row.group("pid"), "name": row.group("name"), "memory": row.group("memory")})
    listed = table.processes.setdefault(int(row.group("gpu")), [])
    if entry and len(listed) < 10_000:
        listed.append(entry)
    return True


def _ended(table: _Table) -> Log:
    """The log with what was gathered by the numbers of cards. No process of a card is one where the list came to its end."""
    log = table.log
    log.cut = not table.processes_listed
    for card in log.cards:
        index = -1 if card.index is None else card.index
        if index in table.devices:
            card.facts["mig_devices"] = table.devices[index]
        elif table.without_devices and card.facts.get("mig") == "enabled":
            card.facts["mig_devices"] = []
        if index in table.processes or table.processes_listed:
            card.facts["processes"] = table.processes.get(index, [])
    return log
