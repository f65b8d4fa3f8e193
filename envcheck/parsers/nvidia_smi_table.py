"""The table that nvidia-smi prints, of every driver branch; columns are wherever the bars stand.

    | NVIDIA-SMI 550.54.15              Driver Version: 550.54.15      CUDA Version: 12.4     |
    |   0  NVIDIA RTX 2000 Ada Gene...    On  |   00000000:02:00.0 Off |                  Off |
    | 30%   26C    P8              6W /   70W |       1MiB /  16380MiB |      0%      Default |
    |                                         |                        |             Disabled |

Driver 610 writes `KMD Version` and `CUDA UMD Version`; before 410 there is no CUDA version. A name that ends in "..." was cut.
"""

from __future__ import annotations

import re

_HEADER = re.compile(
    r"NVIDIA-SMI\s+\d[\w.]*\s+(?:Driver|KMD) Version:\s*(?P<driver>\d[\w.]*)(?:\s+CUDA(?: UMD)? Version:\s*(?P<cuda>[\w./]+))?"
)
_CARD = re.compile(r"^\s*(?P<index>\d{1,3})\s+(?P<name>\S.{0,80}?)\s+(?P<mode>On|Off|N/A|WDDM|TCC|MCDM|Default)\s*$")
_CUT_CARD = re.compile(r"^\s*(?P<index>\d{1,3})\s+(?P<name>[A-Z].{2,80}?)\s*$")
_BUS = re.compile(r"^\s*(?P<address>[0-9A-Fa-f]{4,8}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.[0-9A-Fa-f]|N/A)(?:\s+(?:On|Off|N/A)\.?)?\s*$")
_MEMORY = re.compile(r"^\s*\d+\s*MiB\s*/\s*(?P<total>\d+)\s*MiB\s*$")
_MIG = re.compile(r"^\s*(Enabled\*?|Disabled\*?)\s*$")
_RULE = re.compile(r"^\s*[+|][-=+|]{20,}\s*$")
MIB = 2**20
# Blank lines that people leave between the parts of one table.
_GAP = 3


class Card:
    """One row of the table; None: it was not shown, or the driver does not say."""

    __slots__ = ("bus_id", "index", "line", "memory_bytes", "mig", "name")

    def __init__(self, index: int, name: str, bus_id: str | None, line: int) -> None:
        self.index = index
        self.name = name
        self.bus_id = bus_id
        self.line = line
        self.memory_bytes: int | None = None
        self.mig: str | None = None


class Table:
    """What one table says; `lines` are the indices of the lines that it is made of, `header` the one with the versions."""

    __slots__ = ("cards", "cuda_version", "driver_version", "header", "lines")

    def __init__(self) -> None:
        self.driver_version: str | None = None
        self.cuda_version: str | None = None
        self.header = -1
        self.cards: list[Card] = []
        self.lines: list[int] = []


def parse_nvidia_smi_tables(lines: list[str]) -> list[Table]:
    """All tables of a text; each begins with its header, or with a row of cards where the header is missing.

    A table that is cut anywhere gives what is left of it.
    """
    tables: list[Table] = []
    for number, line in enumerate(lines):
        header = _HEADER.search(line) if "NVIDIA-SMI" in line else None
        if header is not None:
            tables.append(_begun(header, number))
        elif line.lstrip().startswith("|") and (not tables or number - tables[-1].lines[-1] <= _GAP or _card_of(line, number)):
            _take_row(tables, line, number)
        elif tables and number - tables[-1].lines[-1] <= _GAP and _RULE.match(line):
            tables[-1].lines.append(number)
    return tables


def _begun(header: re.Match[str], number: int) -> Table:
    table = Table()
    table.driver_version = header.group("driver")
    cuda = header.group("cuda")
    table.cuda_version = cuda if cuda and cuda[0].isdigit() else None
    table.header = number
    table.lines.append(number)
    return table


def _take_row(tables: list[Table], line: str, number: int) -> None:
    """A row of three cells: a card, or one of the two rows below it; other rows (titles, processes, MIG devices) say nothing here."""
    cells, card = _cells(line), _card_of(line, number)
    if card is not None:
        if not tables:
            tables.append(Table())
        tables[-1].cards.append(card)
        tables[-1].lines.append(number)
    elif tables:
        tables[-1].lines.append(number)
        if tables[-1].cards and len(cells) >= 2 and number - tables[-1].cards[-1].line <= 2:
            _complete(tables[-1].cards[-1], cells)


def _cells(line: str) -> list[str]:
    return line.strip().strip("|").split("|")


def _card_of(line: str, number: int) -> Card | None:
    cells = _cells(line)
    if len(cells) < 2:
        return None
    bus = _BUS.match(cells[1])
    row = _CARD.match(cells[0]) or _CUT_CARD.match(cells[0])
    if bus is None or row is None:
        return None
    address = bus.group("address")
    return Card(int(row.group("index")), row.group("name"), None if address == "N/A" else address, number)


def _complete(card: Card, cells: list[str]) -> None:
    """Adds what the second and third row say; "Not Supported" and "N/A" leave it unknown."""
    memory = _MEMORY.match(cells[1])
    if memory is not None and card.memory_bytes is None:
        card.memory_bytes = int(memory.group("total")) * MIB
    mig = _MIG.match(cells[2]) if len(cells) > 2 else None
    if mig is not None:
        card.mig = mig.group(1).rstrip("*").lower()
