"""All outputs of nvidia-smi in one text, in the order in which they stand there."""

from __future__ import annotations

from envcheck.parsers.expression import regex
from envcheck.parsers.nvidia.nvidia_smi_csv import logs_of_sheets, parse_nvidia_smi_sheets
from envcheck.parsers.nvidia.nvidia_smi_list import parse_nvidia_smi_lists, parse_nvidia_smi_versions
from envcheck.parsers.nvidia.nvidia_smi_log import Card, Log
from envcheck.parsers.nvidia.nvidia_smi_q import parse_nvidia_smi_q
from envcheck.parsers.nvidia.nvidia_smi_table import parse_nvidia_smi_tables
from envcheck.parsers.nvidia.nvidia_smi_xml import parse_nvidia_smi_xml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# A loop of `nvidia-smi -l 1` says the same again and again.
_MAX_LOGS = 50
_XML_START = ("<nvidia_smi_log", "<gpu id=", "nvsmi_device_v")
_XML_LINE = regex(r"\s*<[/?!A-Za-z]|.{0,4000}</[a-z_0-9]{1,60}>\s*$")
_XML_GAP = 3
# Unable to determine the device handle for GPU1: 0000:34:00.0: Unknown Error    … for gpu 0000:CB:00.0: GPU is lost.  Reboot …
# Somebody who retells it may leave out the place, but not the number too.
_HANDLE = regex(
    r"Unable to determine the device handle for (?:gpu|GPU) ?(?=[\dA-Fa-f])(?:(?P<index>\d{1,3}): )?"
    r"(?:(?P<address>[0-9A-Fa-f]{4,8}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.[0-7]): )?"
    r"(?P<words>Unknown Error|Not Found|GPU is lost|Insufficient Permissions)"
)


def parse_nvidia_smi_text(lines: Sequence[str]) -> list[Log]:
    """The logs of every form. A text with none of them costs one look at each line."""
    logs: list[Log] = []
    for parse in (parse_nvidia_smi_tables, parse_nvidia_smi_q, parse_nvidia_smi_lists, parse_nvidia_smi_versions, _xml, _csv, _lost):
        logs += parse(lines)[:_MAX_LOGS]
    return sorted(logs, key=lambda log: log.start)


def _csv(lines: Sequence[str]) -> list[Log]:
    return logs_of_sheets(parse_nvidia_smi_sheets(lines), lines, _MAX_LOGS)


def _xml(lines: Sequence[str]) -> list[Log]:
    logs = []
    for start, end in _xml_regions(lines):
        log = parse_nvidia_smi_xml("\n".join(lines[start:end]))
        log.header = log.header + start if log.header >= 0 else -1
        for card in log.cards:
            card.line += start
        log.lines = [number for number in range(start, end) if _XML_LINE.match(lines[number])]
        logs.append(log)
        if len(logs) >= _MAX_LOGS:
            break
    return logs


def _xml_regions(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """From the beginning of a document, or of a card where that is missing, to its end, or to where the lines are of something else."""
    number, total = 0, len(lines)
    while number < total:
        if "<" not in lines[number] or not any(mark in lines[number] for mark in _XML_START):
            number += 1
            continue
        start = last = number
        number += 1
        while number < total and number - last <= _XML_GAP:
            line = lines[number]
            if "<nvidia_smi_log" in line and any("<gpu" in before for before in lines[start:number][-5:]):
                break
            if "<" in line and _XML_LINE.match(line):
                last = number
            number += 1
            if "</nvidia_smi_log" in line:
                break
        yield start, last + 1
        number = max(last + 1, start + 1)


def _lost(lines: Sequence[str]) -> list[Log]:
    """Cards that nvidia-smi names and cannot ask. The lines are left for who looks for messages."""
    log = Log("lost")
    for number, line in enumerate(lines):
        found = _HANDLE.search(line) if "Unable to determine the device handle" in line else None
        if found is None or len(log.cards) >= 64:
            continue
        card = Card(number, int(found.group("index")) if found.group("index") else None)
        state = "denied" if found.group("words").startswith("Insufficient") else "lost"
        card.facts = {"state": state, **({"pci_address": found.group("address")} if found.group("address") else {})}
        log.cards.append(card)
        log.header = number if log.header < 0 else log.header
    return [log] if log.cards else []
