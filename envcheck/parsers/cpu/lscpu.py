"""What `lscpu` prints, with a section for each model of a hybrid processor, and s390x's books and drawers.

CPU(s):                 8
Model name:             Cortex-A510
  Thread(s) per core:   1
  Core(s) per cluster:  3
  Socket(s):            -
  Cluster(s):           1
Model name:             Cortex-A715

Labels are in the user's language (`Kern(e) pro Sockel:`, and before a wide colon `每个座的核数`), in `lscpu -J` too:

{"lscpu": [{"field": "CPU(s):", "data": "16", "children": [{"field": "On-line CPU(s) list:", "data": "0-15"}]}]}
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from envcheck.parsers.cpu.feature_list import is_broken
from envcheck.parsers.cpu.lscpu_labels import in_english
from envcheck.parsers.expression import regex

_LINE = regex(r"^[\s>*|-]{0,20}(?P<key>[A-Z][A-Za-z0-9() /-]{1,40}?):\s{0,60}(?P<value>\S.{0,9000}?)?\s*$")
# Of a label in another alphabet or with an accent; Chinese has a colon of its own.
_FOREIGN = regex(r"^[\s>*|-]{0,20}(?P<key>[^\W\d_«][^:\uff1a\n]{0,60}|«[^:\uff1a\n]{1,60})[:\uff1a]\s{0,60}(?P<value>\S.{0,9000}?)?\s*$")
_FRONT = " \t>*|-"
_WIDE_COLON = "\uff1a"
OWN = frozenset((
    "CPU(s)", "Thread(s) per core", "Core(s) per socket", "Core(s) per cluster", "On-line CPU(s) list", "Byte Order", "CPU op-mode(s)",
))  # fmt: skip
_FEWEST = 2
# What one model has so many of within the next; each is counted once per the thing before it.
_TIMES = ("Socket(s) per book", "Book(s) per drawer", "Book(s)", "Drawer(s)")
_BEGINNINGS = ("Architecture", "CPU(s)")
# With which its labels begin: above and below them stand other programs' lines, that have labels as well.
_LABELS = (
    *("Architecture", "CPU", "Address sizes", "Byte Order", "On-line CPU", "Off-line CPU", "Vendor ID", "BIOS ", "Machine type", "Model"),
    *("Thread(s)", "Core(s)", "Socket(s)", "Cluster(s)", "Book(s)", "Drawer(s)", "Frequency boost", "Stepping", "BogoMIPS", "Features"),
    *("Flags", "Dispatching", "Virtuali", "Hypervisor", "L1", "L2", "L3", "L4", "NUMA", "Vulnerab", "Caches", "Physical "),
)
_LONGEST_GAP = 3
_MOST_LINES = 400
_LONGEST_LINE = 10_000
_DEEPEST = 6


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
    if len(OWN & set(map(_label, lines))) < _FEWEST:
        return []
    found: list[Lscpu] = []
    fields: list[tuple[int, str, str]] = []
    parted: dict[str, tuple[str, str] | None] = {}
    for number, line in enumerate(lines):
        if line not in parted:
            parted[line] = _field(line)
        field = parted[line]
        if field is None:
            continue
        key, value = field
        if key == "Flags" and is_broken(lines, number):
            value = ""
        broken = fields and (number - fields[-1][0] > _LONGEST_GAP or len(fields) >= _MOST_LINES)
        if broken or (key in _BEGINNINGS and any(key == other for _, other, _ in fields)):
            found += _whole(fields)
            fields = []
        fields.append((number, key, value))
    return found + _whole(fields)


def parse_lscpu_json(document: object) -> Lscpu | None:
    """`lscpu -J`, flat as of old or with what belongs to a field below it; None where the document is another's."""
    listed = document.get("lscpu") if isinstance(document, Mapping) else None
    fields = [(0, key, value) for key, value in _fields_of(listed, 0)][:_MOST_LINES]
    return next(iter(_whole(fields)), None)


def _fields_of(listed: object, depth: int) -> Iterator[tuple[str, str]]:
    for entry in listed if isinstance(listed, list) and depth < _DEEPEST else ():
        if isinstance(entry, Mapping):
            label, value = entry.get("field"), entry.get("data")
            if isinstance(label, str):
                yield in_english(label.strip().rstrip(":" + _WIDE_COLON).strip()), value.strip() if isinstance(value, str) else ""
            yield from _fields_of(entry.get("children"), depth + 1)


def _label(line: str) -> str:
    """What stands before the first colon, in English: it may be a label."""
    if not line.isascii():
        line = line.replace(_WIDE_COLON, ":")
    label, colon, _ = line.partition(":")
    return in_english(label.strip().lstrip(_FRONT)) if colon else ""


def _field(line: str) -> tuple[str, str] | None:
    """Label and value; the label in English where it is one of lscpu's."""
    found = _LINE.match(line) if ":" in line else None
    if found is None:
        found = _FOREIGN.match(line) if len(line) < _LONGEST_LINE and (":" in line or _WIDE_COLON in line) else None
        if found is None or (found["key"].isascii() and in_english(found["key"].strip()) == found["key"].strip()):
            return None
    return in_english(found["key"].strip()), found["value"] or ""


def _whole(fields: list[tuple[int, str, str]]) -> list[Lscpu]:
    """One output, or none: what has no two labels of lscpu's own is something else."""
    own = [index for index, (_, key, _) in enumerate(fields) if key.startswith(_LABELS)]
    fields = fields[own[0] : own[-1] + 1] if own else []
    keys = {key for _, key, _ in fields}
    if len(OWN & keys) < _FEWEST:
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
    cores = _physical(fields)
    # Of a part of a mainframe the books and drawers of the whole are counted: it has no more cores than CPUs.
    said.physical_cores = cores if said.logical_cores is None or (cores or 0) <= said.logical_cores else None
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
