"""The line that `tegrastats` prints on a Jetson, once a second.

    09-19-2026 13:33:02 RAM 2850/7486MB (lfb 33x4MB) CPU [2%@729,off] EMC_FREQ 5%@665 GR3D_FREQ 0%@[305] … gpu@46.843C …

The memory is that of the machine, which the GPU shares; "MB" are MiB.
"""

from __future__ import annotations

from envcheck.parsers.expression import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_LINE = regex(r"\bRAM (?P<used>\d{1,7})/(?P<total>\d{1,7})MB \(lfb ")
_SWAP = regex(r"\bSWAP (?P<used>\d{1,7})/(?P<total>\d{1,7})MB\b")
_LOAD = regex(r"\bGR3D(?:_FREQ)? (?P<load>\d{1,3})%")
_TEMPERATURE = regex(r"\b(?:gpu|GPU)@(?P<celsius>\d{1,3}(?:\.\d{1,4})?)C")
_MIB = 2**20


class Tegrastats:
    """One line; None: it does not say."""

    __slots__ = ("line", "load_percent", "ram_total_bytes", "ram_used_bytes", "swap_total_bytes", "temperature_c")

    def __init__(self, line: int, used: int, total: int) -> None:
        self.line = line
        self.ram_used_bytes = used * _MIB
        self.ram_total_bytes = total * _MIB
        self.swap_total_bytes: int | None = None
        self.load_percent: int | None = None
        self.temperature_c: float | None = None


def parse_tegrastats(lines: Sequence[str]) -> list[Tegrastats]:
    """Every such line of a text; it is one where the GPU's load is in it too, so that a cut line is none."""
    found = []
    for number, line in enumerate(lines):
        memory = _LINE.search(line) if "RAM " in line and "(lfb " in line else None
        load = _LOAD.search(line) if memory is not None else None
        if memory is None or load is None:
            continue
        said = Tegrastats(number, int(memory.group("used")), int(memory.group("total")))
        swap, temperature = _SWAP.search(line), _TEMPERATURE.search(line)
        said.load_percent = int(load.group("load"))
        said.swap_total_bytes = int(swap.group("total")) * _MIB if swap else None
        said.temperature_c = float(temperature.group("celsius")) if temperature else None
        found.append(said)
    return found
