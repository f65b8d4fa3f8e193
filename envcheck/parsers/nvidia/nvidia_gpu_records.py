r"""The files of /proc/driver/nvidia/gpus, in a text that somebody pasted: one block of lines for each card.

$ cat /proc/driver/nvidia/gpus/*/information
Model: \t\t NVIDIA L4
IRQ:   \t\t 16
Bus Location: \t 0000:70:00.0
"""

from __future__ import annotations

from envcheck.parsers.nvidia.nvidia_gpu_information import GpuInformation, parse_gpu_information

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_FIRST = "Model"
_LABELS = frozenset((
    _FIRST, "IRQ", "GPU UUID", "Video BIOS", "Bus Type", "DMA Size", "DMA Mask", "Bus Location", "Device Minor", "GPU Excluded",
    "Blacklisted", "GPU Firmware",
))  # fmt: skip
# Of these a block needs one beside the model's name, which other programs print too.
_OWN = frozenset(("Bus Location", "Video BIOS", "DMA Mask", "Device Minor"))
_MOST = 1024


class GpuRecord:
    """One block: what it tells, and the numbers of its lines."""

    __slots__ = ("information", "lines")

    def __init__(self, information: GpuInformation, lines: list[int]) -> None:
        self.information = information
        self.lines = lines


def parse_gpu_records(lines: Sequence[str]) -> list[GpuRecord]:
    """All blocks; one begins with the model and ends where a line is of something else, or a model comes again."""
    records: list[GpuRecord] = []
    numbers: list[int] = []
    for number, line in enumerate(lines):
        label = line.partition(":")[0].strip() if ":" in line and len(line) <= 200 else ""
        if label == _FIRST or label not in _LABELS:
            _end(records, numbers, lines)
            numbers = [number] if label == _FIRST else []
        elif numbers:
            numbers.append(number)
    _end(records, numbers, lines)
    return records


def _end(records: list[GpuRecord], numbers: list[int], lines: Sequence[str]) -> None:
    labels = {lines[number].partition(":")[0].strip() for number in numbers}
    if labels & _OWN and len(records) < _MOST:
        records.append(GpuRecord(parse_gpu_information("\n".join(lines[number] for number in numbers)), numbers))
