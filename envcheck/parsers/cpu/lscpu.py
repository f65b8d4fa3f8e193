"""What `lscpu` prints, with a section for each model of a hybrid processor, and s390x's books and drawers.

CPU(s):                 8
Model name:             Cortex-A510
  Thread(s) per core:   1
  Core(s) per cluster:  3
  Socket(s):            -
  Cluster(s):           1
Model name:             Cortex-A715
"""

from __future__ import annotations

import re

_LINE = re.compile(r"^[\s>*|-]{0,20}(?P<key>[A-Z][A-Za-z0-9() /-]{1,40}?):\s{0,60}(?P<value>\S.{0,9000}?)?\s*$")
_OWN = ("CPU(s)", "Thread(s) per core", "Core(s) per socket", "Core(s) per cluster", "On-line CPU(s) list", "Byte Order", "CPU op-mode(s)")
# What one model has so many of within the next; each is counted once per the thing before it.
_TIMES = ("Socket(s) per book", "Book(s) per drawer", "Drawer(s)")
_BEGINNINGS = ("Architecture", "CPU(s)")
_LONGEST_GAP = 3
_MOST_LINES = 400


class Lscpu:
    """What one output says; `at` is its first line, `lines` all of them; None: it does not say."""

    __slots__ = ("architecture", "at", "features", "lines", "logical_cores", "model", "physical_cores", "vendor")

    def __init__(self, at: int) -> None:
        self.at = at
        self.lines: list[int] = []
        self.architecture: str | None = None
        self.logical_cores: int | None = None
        self.physical_cores: int | None = None
        self.model: str | None = None
        self.vendor: str | None = None
        self.features: list[str] | None = None


def parse_lscpu(lines: list[str]) -> list[Lscpu]:
    """Every output in a text, in their order; one that is cut gives what is left of it."""
    found: list[Lscpu] = []
    fields: list[tuple[int, str, str]] = []
    for number, line in enumerate(lines):
        field = _LINE.match(line) if ":" in line else None
        if field is None:
            continue
        key, value = field["key"].strip(), field["value"] or ""
        broken = fields and (number - fields[-1][0] > _LONGEST_GAP or len(fields) >= _MOST_LINES)
        if broken or (key in _BEGINNINGS and any(key == other for _, other, _ in fields)):
            found += _whole(fields)
            fields = []
        fields.append((number, key, value))
    return found + _whole(fields)


def _whole(fields: list[tuple[int, str, str]]) -> list[Lscpu]:
    """One output, or none: what has no two labels of lscpu's own is something else."""
    keys = {key for _, key, _ in fields}
    if sum(key in keys for key in _OWN) < 2:
        return []
    said = Lscpu(fields[0][0])
    said.lines = [number for number, key, _ in fields if not key.startswith("Nvidia")]
    first = {key: value for _, key, value in reversed(fields)}
    said.architecture = first.get("Architecture") or None
    said.logical_cores = _number(first.get("CPU(s)", ""))
    said.vendor = _word(first.get("Vendor ID", ""))
    names = [re.sub(r"\s+", " ", value) for _, key, value in fields if key == "Model name" and _word(value)]
    said.model = " + ".join(dict.fromkeys(names)) or None
    flags = first.get("Flags") or first.get("Features")
    said.features = flags.split() if flags else None
    said.physical_cores = _physical(fields)
    return [said]


def _physical(fields: list[tuple[int, str, str]]) -> int | None:
    """The cores of all models together; None where one of them does not say how many it has."""
    total = 0
    for part in _models(fields):
        cores = _of_model(part)
        if cores is None:
            return None
        total += cores
    return total or None


def _models(fields: list[tuple[int, str, str]]) -> list[dict[str, str]]:
    """The fields of each model's section: it begins with the first of its labels that has been there before."""
    parts: list[dict[str, str]] = [{}]
    for _, key, value in fields:
        if key in ("Model name", "Core(s) per socket", "Core(s) per cluster") and key in parts[-1]:
            parts.append({})
        parts[-1].setdefault(key, value)
    if len(parts) == 1:
        return parts
    return [part for part in parts if any(key.startswith("Core(s) per") for key in part)]


def _of_model(part: dict[str, str]) -> int | None:
    per_socket, per_cluster = _number(part.get("Core(s) per socket", "")), _number(part.get("Core(s) per cluster", ""))
    sockets, clusters = _number(part.get("Socket(s)", "")), _number(part.get("Cluster(s)", ""))
    if per_socket is not None and sockets is not None:
        return per_socket * sockets
    if per_cluster is not None and (clusters or sockets) is not None:
        return per_cluster * (clusters or sockets or 1)
    times = [_number(part.get(key, "")) for key in _TIMES]
    if per_socket is None or times[0] is None:
        return None
    for number in times:
        per_socket *= number or 1
    return per_socket


def _number(word: str) -> int | None:
    return int(word) if word.isascii() and word.isdigit() and len(word) < 6 and int(word) else None


def _word(value: str) -> str | None:
    return value if value not in ("", "-") else None
