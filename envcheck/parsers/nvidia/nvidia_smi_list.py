"""`nvidia-smi -L`, also as other reports quote it, and `nvidia-smi --version`.

GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-5c4b7a1e-…)
  MIG 3g.40gb     Device  0: (UUID: MIG-…)

DRIVER version      : Deprecated, see "KMD version" instead
KMD version         : 610.62
"""

from __future__ import annotations

import re

from envcheck.parsers.expression import regex
from envcheck.parsers.nvidia import nvidia_smi_values as values
from envcheck.parsers.nvidia.nvidia_smi_log import MAX_CARDS, Card, Log, read_uuid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

# In front there may be the mark of a patch's line.
_CARD = regex(r"\+?\s*GPU (?P<index>\d{1,3}): (?P<name>\S[^:|%\n]{1,80}?)(?P<rest> \((?:UUID|S/N):?[^)]{0,80}\)?)?\s*$", words=("gpu ",))
_DEVICE = regex(r"\+?\s*MIG (?P<profile>[\dcg][\w.+-]{2,30})\s+Device\s+\d{1,3}: \(UUID: (?P<uuid>[\w/-]{0,90})\)?\s*$", words=("mig ",))
# Somewhere in a line that says more, or that names several; such a card has its whole UUID.
_INLINE = regex(r"\bGPU (?P<index>\d{1,3}): (?P<name>[A-Z][^:|%,()\n]{1,80}?)(?P<rest> \(UUID: GPU-[0-9a-fA-F-]{36}\))", words=("gpu ",))
# Where no UUID stands behind it, the name has to be one that NVIDIA gives.
_OWN_NAME = regex(r"(?:NVIDIA|Tesla|GeForce|Quadro|GRID|TITAN|RTX|GTX|Graphics Device|[AHLBTVPKM]\d{1,3}0?\b)")
_VERSION = regex(
    r"\s*(?P<label>NVIDIA-SMI|NVML|DRIVER|CUDA|KMD|CUDA UMD) [Vv]ersion\s{1,20}:\s{1,20}(?P<value>\S.{0,80}?)\s*$", words=("ersion",)
)
_GAP = 2
_LONGEST_LINE = 5000


def parse_nvidia_smi_lists(lines: Sequence[str]) -> list[Log]:
    """All lists of a text; another begins where a number comes again."""
    logs: list[Log] = []
    numbers: set[int] = set()
    for number, line in enumerate(lines):
        found = _CARD.match(line) if "GPU " in line and len(line) < 300 else None
        if found is not None and _is_card(found):
            if number == len(lines) - 1 and not line.rstrip().endswith(")"):
                break
            _add_to_list(logs, numbers, found, number)
        elif "(UUID: GPU-" in line and len(line) < _LONGEST_LINE:
            for inline in _INLINE.finditer(line):
                _add_to_list(logs, numbers, inline, number)
        elif "MIG " in line and logs and number - logs[-1].lines[-1] <= _GAP:
            _add_device(logs[-1], line, number)
    return logs


def _add_to_list(logs: list[Log], numbers: set[int], found: re.Match[str], number: int) -> None:
    index = int(found.group("index"))
    if not logs or number - logs[-1].lines[-1] > _GAP or index in numbers:
        logs.append(Log("list"))
        numbers.clear()
    numbers.add(index)
    _add(logs[-1], found, number)


def _is_card(found: re.Match[str]) -> bool:
    rest = found.group("rest") or ""
    return "UUID" in rest or "S/N" in rest or _OWN_NAME.match(found.group("name")) is not None


def _add(log: Log, found: re.Match[str], number: int) -> None:
    log.lines.append(number)
    if len(log.cards) >= MAX_CARDS:
        return
    card = Card(number, int(found.group("index")))
    name = values.present(found.group("name"))
    if name is not None:
        card.facts["name"] = name
    uuid = re.search(r"UUID: ([\w-]+)\)", found.group("rest") or "")
    if uuid is not None and read_uuid(uuid.group(1)):
        card.facts["uuid"] = uuid.group(1)
    log.cards.append(card)


def _add_device(log: Log, line: str, number: int) -> None:
    found = _DEVICE.match(line)
    if found is None or not log.cards:
        return
    log.lines.append(number)
    device = {"profile": found.group("profile")}
    if line.rstrip().endswith(")") and read_uuid(found.group("uuid")):
        device["uuid"] = found.group("uuid")
    devices = log.cards[-1].facts.setdefault("mig_devices", [])
    if isinstance(devices, list) and len(devices) < 64:
        devices.append(device)


def parse_nvidia_smi_versions(lines: Sequence[str]) -> list[Log]:
    """What `nvidia-smi --version` says; its lines stand together."""
    logs: list[Log] = []
    for number, line in enumerate(lines):
        found = _VERSION.match(line) if "ersion" in line and len(line) < 200 else None
        if found is None:
            continue
        label = found.group("label")
        if not logs or number - logs[-1].lines[-1] > _GAP or label == "NVIDIA-SMI":
            logs.append(Log("version"))
        logs[-1].lines.append(number)
        if number < len(lines) - 1 or label.startswith("CUDA"):
            _add_version(logs[-1], label, found.group("value"), number)
    return [log for log in logs if len(log.lines) > 1]


def _add_version(log: Log, label: str, value: str, number: int) -> None:
    if label in ("DRIVER", "KMD") and log.driver_version is None:
        log.driver_version, log.header = values.version(value), number
    elif label in ("CUDA", "CUDA UMD") and log.cuda_version is None:
        log.cuda_version = values.version(value, values.CUDA)
    elif label == "NVML" and log.nvml_version is None:
        log.nvml_version = values.version(value)
