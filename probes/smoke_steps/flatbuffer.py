"""Writes FlatBuffers: just enough for a small model, without the flatbuffers package (https://flatbuffers.dev/internals/).

A buffer begins with the offset of its root table. A table holds the distance back to its vtable, then its fields; the vtable holds where
each field lies in the table. Offsets of vectors, strings and tables count from where they stand, and lead forward.
"""

import struct


class Scalar:
    """A number that lies in its table: `kind` is one of struct's letters."""

    def __init__(self, kind, value):
        self.kind, self.value = kind, value


class Numbers:
    """A vector of numbers."""

    def __init__(self, kind, values):
        self.kind, self.values = kind, values


class Table:
    """Fields by their number in the schema: Scalar, Numbers, a string, another Table, or a list of tables."""

    def __init__(self, fields):
        self.fields = fields


def finished(root, identifier):
    """The bytes of a buffer with this root table; `identifier` is the four letters of its file type."""
    out = bytearray(4) + identifier
    _point(out, 0, _table(out, root))
    return bytes(out)


def _table(out, table):
    """Appends a table and all that it leads to; the place of the table."""
    _align(out, 4)
    vtable, fields = len(out), sorted(table.fields.items())
    slots = fields[-1][0] + 1 if fields else 0
    out += bytes(4 + 2 * slots)
    _align(out, 4)
    start, places = len(out), {}
    out += struct.pack("<i", start - vtable)
    for number, field in fields:
        kind = field.kind if isinstance(field, Scalar) else "I"
        _align(out, struct.calcsize(kind))
        places[number] = len(out)
        struct.pack_into("<H", out, vtable + 4 + 2 * number, len(out) - start)
        out += struct.pack("<" + kind, field.value if isinstance(field, Scalar) else 0)
    struct.pack_into("<HH", out, vtable, 4 + 2 * slots, len(out) - start)
    for number, field in fields:
        if not isinstance(field, Scalar):
            _point(out, places[number], _behind(out, field))
    return start


def _behind(out, field):
    """Appends what a field leads to; its place."""
    if isinstance(field, Table):
        return _table(out, field)
    if isinstance(field, str):
        place = _vector(out, "B", field.encode("utf-8"))
        out.append(0)  # strings end with a zero that their length does not count
        return place
    if isinstance(field, Numbers):
        return _vector(out, field.kind, field.values)
    place = _vector(out, "I", [0] * len(field))
    for number, table in enumerate(field):
        slot = place + 4 + 4 * number
        _point(out, slot, _table(out, table))
    return place


def _vector(out, kind, values):
    """Appends a vector: its length, then its members, which are aligned to 16 bytes as data of tensors has to be."""
    while (len(out) + 4) % 16:
        out.append(0)
    place = len(out)
    out += struct.pack("<I{}{}".format(len(values), kind), len(values), *values)
    return place


def _point(out, slot, place):
    struct.pack_into("<I", out, slot, place - slot)


def _align(out, size):
    while len(out) % size:
        out.append(0)
