r"""The names in a system's list of PCI devices, pci.ids: makers at the start of a line, their devices behind a tab.

# NVIDIA
10de  NVIDIA Corporation
\t2204  GA102 [GeForce RTX 3090]
\t\t10de 147d  Founders Edition                     a board of that chip
C 03  Display controller                            from here on, classes
"""

from __future__ import annotations


def find_pci_names(data: bytes, pci_id: str) -> tuple[str | None, str | None]:
    """The names of maker and device of "10de:2204", each None where the list has none. The list is searched, not parsed."""
    vendor, _, device = pci_id.lower().partition(":")
    start = _find_line(data, vendor.encode() + b"  ", 0, len(data))
    if start < 0:
        return None, None
    maker, begin = _rest_of_line(data, start + len(vendor) + 2)
    end = _end_of_block(data, begin)
    place = _find_line(data, b"\t" + device.encode() + b"  ", begin - 1, end)
    if place < 0:
        return maker, None
    return maker, _rest_of_line(data, place + len(device) + 3)[0]


def _find_line(data: bytes, words: bytes, start: int, end: int) -> int:
    if start == 0 and data.startswith(words):
        return 0
    place = data.find(b"\n" + words, start, end)
    return place + 1 if place >= 0 else -1


def _rest_of_line(data: bytes, start: int) -> tuple[str, int]:
    end = data.find(b"\n", start)
    end = len(data) if end < 0 else end
    return data[start:end].decode("utf-8", "replace").strip(), end + 1


def _end_of_block(data: bytes, start: int) -> int:
    """Where the next maker begins: the first line that is neither indented nor a remark."""
    while start < len(data):
        if data[start : start + 1] not in (b"\t", b"#"):
            return start
        after = data.find(b"\n", start)
        if after < 0:
            break
        start = after + 1
    return len(data)
