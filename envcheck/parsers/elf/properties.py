"""What an ELF file says of the processor it needs: the property `x86 ISA needed` of its note NT_GNU_PROPERTY_TYPE_0.

`readelf -n` shows it as `Properties: x86 ISA needed: x86-64-baseline, x86-64-v2`.
"""

from __future__ import annotations

import struct

_TYPE_0 = 5
_ISA_NEEDED = 0xC0008002
_LEVELS = (8, 4, 2, 1)  # the bits of x86-64-v4, -v3, -v2 and the baseline
_MOST = 64


def parse_isa_needed(data: bytes, order: str, *, is_64: bool) -> int | None:
    """The level from 1 to 4; None: the file does not say."""
    align = 8 if is_64 else 4
    start = 0
    for _ in range(_MOST):
        if start + 12 > len(data):
            return None
        name_size, size, kind = struct.unpack_from(order + "III", data, start)
        body = start + 12 + -(-name_size // 4) * 4
        if kind == _TYPE_0 and data[start + 12 : start + 16] == b"GNU\0":
            return _level(data[body : body + size], order, align)
        start = body + -(-size // align) * align
    return None


def _level(data: bytes, order: str, align: int) -> int | None:
    start = 0
    for _ in range(_MOST):
        if start + 12 > len(data):
            return None
        kind, size, bits = struct.unpack_from(order + "III", data, start)
        if kind == _ISA_NEEDED:
            return next((4 - place for place, bit in enumerate(_LEVELS) if bits & bit), None)
        start += 8 + -(-size // align) * align
    return None
