"""`nvidia-smi -q`, of every branch, whole, cut, or of some sections (`-d MEMORY,ECC`).

    ==============NVSMI LOG==============
    Driver Version                            : 460.32.03
    Attached GPUs                             : 8
    GPU 00000001:00:00.0
        Product Name                          : A100-SXM4-40GB
        FB Memory Usage
            Total                             : 40536 MiB

Driver 610 keeps `Driver Version : 610.62 [Deprecated; …]` beside `KMD Version`. What stands deeper belongs to the line above it.
"""

from __future__ import annotations

import re

from envcheck.parsers.expression import regex
from envcheck.parsers.nvidia import nvidia_smi_values as values
from envcheck.parsers.nvidia.nvidia_smi_fields import CardFields
from envcheck.parsers.nvidia.nvidia_smi_log import MAX_CARDS, Log

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_TITLE = regex(r"\s*=+NVSMI LOG=+\s*$", words=("nvsmi log",))
_GPU = regex(r"(?P<indent>\s*)GPU (?P<address>[0-9A-Fa-f]{4,8}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.[0-9A-Fa-f]|N/A)\s*$", words=("gpu ",))
_FIELD = regex(r"(?P<indent>\s*)(?P<label>[A-Za-z][\w .,/()&+-]{0,59}?)\s{1,60}:(?:\s(?P<value>.*))?$")
_SECTION = regex(r"(?P<indent>\s*)(?P<label>[A-Zv][\w .,/()&+-]{1,60}?)\s*$")
_HEADER = frozenset((
    "timestamp", "driver_version", "cuda_version", "kmd_version", "cuda_umd_version", "attached_gpus", "nvml_version",
))  # fmt: skip
_HEADER_SECTIONS = frozenset(("vgpu_driver_capability",))
_LONGEST_LINE = 2000
# A value that is whole by itself, wherever a text breaks off behind it.
_WHOLE = regex(r".*(?:\d [KMG]iB| W| C| MHz|Enabled|Disabled|Default|N/A|Active|GPU-[0-9a-f-]{36}|\.[0-7])\s*")


def parse_nvidia_smi_q(lines: Sequence[str]) -> list[Log]:
    """All such outputs in a text; each begins with its title, or with the line of a card where that is missing."""
    reading = _Reading(len(lines))
    for number, line in enumerate(lines):
        if "GPU " in line or "NVSMI LOG" in line or reading.is_within:
            reading.line(line, number)
    reading.end()
    return reading.logs


class _Reading:
    """Where in an output the lines are."""

    def __init__(self, total: int) -> None:
        self.logs: list[Log] = []
        self._total = total
        self._log: Log | None = None
        self._card: CardFields | None = None
        self._section = False  # within one above the first card
        self._base = 0  # how far the line of the card is indented
        self._deep: bool | None = None  # whether its fields are indented, as printed
        self._path: list[tuple[int, str]] = []

    @property
    def is_within(self) -> bool:
        """Whether an output has begun and not ended."""
        return self._log is not None

    def line(self, line: str, number: int) -> None:
        if len(line) > _LONGEST_LINE:
            self.end()
            return
        if "NVSMI LOG" in line and _TITLE.match(line):
            self.end()
            self._begin(number)
            return
        if "GPU " in line:
            gpu = _GPU.match(line)
            if gpu is not None:
                self._begin_card(gpu, number)
                return
        if self._log is None:
            return
        if not line.strip():
            return
        if not self._take(line, number):
            self.end()

    def _begin(self, number: int) -> None:
        self._log = Log("q")
        self._log.lines.append(number)
        self.logs.append(self._log)

    def _begin_card(self, gpu: re.Match[str], number: int) -> None:
        self._close_card(whole=True)
        if self._log is None:
            self._begin(number)
        log = self._log
        if log is None or len(log.cards) >= MAX_CARDS:
            return
        log.lines.append(number)
        self._card = CardFields(number)
        self._base, self._deep, self._path = len(gpu.group("indent")), None, []
        if gpu.group("address") != "N/A":
            self._card.take("pci/bus_id", gpu.group("address"))

    def _take(self, line: str, number: int) -> bool:
        """Whether the line belongs to the output."""
        field = _FIELD.match(line)
        found = field or _SECTION.match(line)
        if found is None or self._log is None:
            return False
        indent, name = len(found.group("indent")), re.sub(r"[^a-z0-9]+", "_", found.group("label").lower()).strip("_")
        if self._card is None:
            return self._header(name, field, number)
        if self._deep is None:
            self._deep = indent > self._base
        if indent <= self._base and (self._deep or (field is None and not self._card.card.fields)):
            return False
        while self._path and self._path[-1][0] >= indent:
            self._path.pop()
        self._path.append((indent, name))
        if len(self._path) > 16:
            return False
        self._log.lines.append(number)
        value = (field.group("value") or "").strip() if field is not None else ""
        if name == "processes" and len(self._path) == 1:
            self._card.processes_told = True
        if value and (number < self._total - 1 or _WHOLE.fullmatch(value)):
            self._card.take(self._joined(), value)
        return True

    def _joined(self) -> str:
        names = [name for _, name in self._path]
        if names[0] == "mig_device":
            names.insert(0, "mig_devices")
        return "/".join(names)

    def _header(self, name: str, field: re.Match[str] | None, number: int) -> bool:
        """A line above the first card; of the sections that a host of virtual GPUs has there, only the place is known."""
        log = self._log
        if log is None or (name not in _HEADER and not self._is_of_section(name, field)):
            return False
        log.lines.append(number)
        if field is None or name not in _HEADER:
            return True
        value = (field.group("value") or "").strip()
        if number == self._total - 1:
            return True
        if name in ("driver_version", "kmd_version") and log.driver_version is None:
            log.driver_version, log.header = values.version(value), number
        elif name in ("cuda_version", "cuda_umd_version") and log.cuda_version is None:
            log.cuda_version = values.version(value, values.CUDA)
        elif name == "attached_gpus":
            log.attached = values.count(value)
        return True

    def _is_of_section(self, name: str, field: re.Match[str] | None) -> bool:
        """`vGPU Driver Capability`, and what stands indented below it."""
        if field is None:
            self._section = name in _HEADER_SECTIONS
        return self._section and (field is None or bool(field.group("indent")))

    def _close_card(self, *, whole: bool) -> None:
        if self._card is not None and self._log is not None:
            self._log.cards.append(self._card.finish(whole=whole))
        self._card = None

    def end(self) -> None:
        """The output is over, or the text."""
        self._close_card(whole=False)
        self._log = None
