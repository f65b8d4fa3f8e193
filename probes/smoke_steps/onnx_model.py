"""The small model as an ONNX file: protobuf's wire format, written without the onnx package.

The numbers of the fields are those of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
"""

import struct

from envcheck_probes.smoke_steps.small_model import BIAS, COLUMNS, INNER, KERNELS, ROWS, SIDE, WEIGHTS, WEIGHTS64

FLOAT, DOUBLE = 1, 11  # TensorProto.DataType
# Read by every ONNX Runtime from 1.0 on, and by OpenVINO.
_IR_VERSION, _OPSET = 6, 11


def model():
    """The bytes of a ModelProto."""
    nodes = [
        _node("Gemm", ["left", "weights", "bias"], ["sums"]),
        _node("Relu", ["sums"], ["product"]),
        _node("Conv", ["image", "kernels"], ["windows"]),
        _node("MatMul", ["left64", "weights64"], ["doubled"]),
    ]
    constants = [
        _tensor("weights", FLOAT, [INNER, COLUMNS], WEIGHTS),
        _tensor("bias", FLOAT, [COLUMNS], BIAS),
        _tensor("kernels", FLOAT, [len(KERNELS), 1, 3, 3], KERNELS),
        _tensor("weights64", DOUBLE, [INNER, COLUMNS], WEIGHTS64),
    ]
    inputs = [
        _value("left", FLOAT, [ROWS, INNER]),
        _value("image", FLOAT, [1, 1, SIDE, SIDE]),
        _value("left64", DOUBLE, [ROWS, INNER]),
    ]
    outputs = [
        _value("product", FLOAT, [ROWS, COLUMNS]),
        _value("windows", FLOAT, [1, len(KERNELS), SIDE - 2, SIDE - 2]),
        _value("doubled", DOUBLE, [ROWS, COLUMNS]),
    ]
    graph = _fields(1, nodes) + _text(2, "small") + _fields(5, constants) + _fields(11, inputs) + _fields(12, outputs)
    return _number(1, _IR_VERSION) + _field(7, graph) + _field(8, _number(2, _OPSET))


def _node(kind, inputs, outputs):
    """NodeProto."""
    return b"".join([_text(1, name) for name in inputs] + [_text(2, name) for name in outputs]) + _text(4, kind)


def _tensor(name, data_type, shape, values):
    """TensorProto: its numbers as raw bytes, little-endian."""
    flat = list(_flat(values))
    raw = struct.pack("<{}{}".format(len(flat), "f" if data_type == FLOAT else "d"), *flat)
    return b"".join(_number(1, length) for length in shape) + _number(2, data_type) + _text(8, name) + _field(9, raw)


def _value(name, data_type, shape):
    """ValueInfoProto, with TypeProto, its Tensor and its TensorShapeProto."""
    lengths = b"".join(_field(1, _number(1, length)) for length in shape)
    return _text(1, name) + _field(2, _field(1, _number(1, data_type) + _field(2, lengths)))


def _fields(number, contents):
    return b"".join(_field(number, content) for content in contents)


def _text(number, text):
    return _field(number, text.encode("ascii"))


def _field(number, content):
    """A field that says its length (wire type 2)."""
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _number(number, value):
    """A field that is a number (wire type 0)."""
    return _varint(number << 3) + _varint(value)


def _varint(value):
    """Seven bits to a byte, the lowest first; the eighth says that more come."""
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def _flat(values):
    for value in values:
        if isinstance(value, list):
            for member in _flat(value):
                yield member
        else:
            yield value
