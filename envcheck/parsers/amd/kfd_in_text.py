"""The kernel's list of what can compute, where somebody has pasted its files: `cat …/topology/nodes/*/properties`, `grep . …`, `head …`.

cpu_cores_count 0                        nodes/1/properties:simd_count 192             ==> nodes/1/properties <==
simd_count 192                           nodes/1/mem_banks/0/properties:heap_type 1    simd_count 192
gfx_target_version 110000
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.parsers.amd.kfd_topology import bank_bytes
from envcheck.parsers.expression import regex

_ENTRY = regex(r"^\s{0,8}(?:(?P<path>\S{0,120}?properties):)?(?P<name>[a-z][a-z0-9_]{3,40}) (?P<value>\d{1,20})\s*$")
_FILE = regex(r"^\s*(?:==> ?|# |\$ cat |)(?P<path>\S{0,120}?nodes/\d{1,4}/\S{0,60}properties)(?: <==|:)?\s*$")
_NODE = regex(r"nodes/(?P<node>\d{1,4})/(?:mem_banks/(?P<bank>\d{1,3})/)?properties$")
# The first line of every node's file, and what tells it from other lists of names and numbers.
_FIRST = "cpu_cores_count"
_OWN = frozenset(("simd_count", "max_waves_per_simd", "gfx_target_version", "simd_per_cu", "drm_render_minor"))
_FEWEST = 2
_MOST_NODES = 512


class Node:
    """One node; `memory_bytes` is 0 where its memory banks were not shown, or it cannot be told whose they are."""

    __slots__ = ("fields", "line", "lines", "memory_bytes")

    def __init__(self, line: int) -> None:
        self.line = line
        self.lines: list[int] = []
        self.fields: dict[str, int] = {}
        self.memory_bytes = 0


def parse_kfd_text(text: list[str]) -> list[Node]:
    """The nodes of a text in their order, processors among them."""
    nodes: dict[str, Node] = {}
    banks: dict[str, dict[str, int]] = {}
    file, count = "", 0
    for number, line in enumerate(text):
        heading = _FILE.match(line) if "nodes/" in line else None
        entry = _ENTRY.match(line) if heading is None and len(line) < 240 else None
        if heading is not None:
            file = heading["path"]
        if entry is None:
            continue
        if entry["path"]:
            file = entry["path"]
        place = _NODE.search(file)
        if place is not None and place["bank"] is not None:
            banks.setdefault(file, {})[entry["name"]] = int(entry["value"])
            continue
        if place is None and entry["name"] == _FIRST:
            count += 1
        key = place["node"] if place is not None else f"unnamed {count}"
        if key not in nodes and len(nodes) >= _MOST_NODES:
            break
        node = nodes.setdefault(key, Node(number))
        node.fields.setdefault(entry["name"], int(entry["value"]))
        node.lines.append(number)
    return list(_known(nodes, banks))


def _known(nodes: dict[str, Node], banks: dict[str, dict[str, int]]) -> Iterator[Node]:
    """In the order of their numbers where the paths tell those: programs list folders in any order."""
    for key, node in sorted(nodes.items(), key=lambda item: int(item[0]) if item[0].isdecimal() else 0):
        if len(_OWN & node.fields.keys()) >= _FEWEST:
            node.memory_bytes = sum(bank_bytes(bank) for path, bank in banks.items() if f"nodes/{key}/" in path)
            yield node
