"""/proc/meminfo, and the meminfo file of one memory node."""

from __future__ import annotations

_KIB = 1024
# 10^18 kB would not fit into 64 bits as bytes; no memory has that many digits.
_MOST_DIGITS = 15


def parse_meminfo(text: str) -> dict[str, int]:
    """Sizes in bytes by their name; "kB" means KiB.

        MemTotal:       24684084 kB
        MemAvailable:   24300040 kB

    The file of a memory node begins every line with its number: `Node 250 MemTotal: 15728640 kB`. Lines that do not fit are left out,
    as are counts that carry no unit.
    """
    sizes: dict[str, int] = {}
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        words = value.split()
        if not colon or len(words) != 2 or words[1] != "kB" or not _is_number(words[0]):
            continue
        sizes[name.split()[-1] if name.startswith("Node ") else name.strip()] = int(words[0]) * _KIB
    return sizes


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= _MOST_DIGITS


def parse_gpu_node(text: str) -> int | None:
    """The memory node that an NVIDIA card's own memory appears as, from /proc/driver/nvidia/gpus/*/numa_status; None: it has none.

        Node:      255
        Status:    online
        Address:   40000000000
        Size:      3f0000000

    Only while it is online is it part of MemTotal.
    """
    fields = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in text.splitlines())}
    number = fields.get("Node", "")
    if fields.get("Status", "").lower() != "online" or not _is_number(number):
        return None
    return int(number)
