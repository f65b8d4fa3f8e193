import struct
import subprocess
from collections.abc import Callable
from types import ModuleType

_READ = """
import sys
from ai_edge_litert import schema_py_generated as schema
content = sys.stdin.buffer.read()
model = schema.Model.GetRootAs(content)
graph = model.Subgraphs(0)
options = schema.FullyConnectedOptions()
table = graph.Operators(0).BuiltinOptions()
options.Init(table.Bytes, table.Pos)
print(schema.Model.ModelBufferHasIdentifier(content, 0), model.Version())
print(model.OperatorCodes(0).BuiltinCode(), options.FusedActivationFunction())
tensors = [graph.Tensors(place) for place in range(graph.TensorsLength())]
print([[tensor.Name().decode(), tensor.ShapeAsNumpy().tolist(), tensor.Buffer()] for tensor in tensors])
print(graph.InputsAsNumpy().tolist(), graph.OutputsAsNumpy().tolist(), graph.Operators(0).InputsAsNumpy().tolist())
print([model.Buffers(place).DataLength() for place in range(model.BuffersLength())])
"""


def test_the_schema_s_own_reader_finds_what_was_written(probe: Callable[[str], ModuleType], computing_python: str) -> None:
    content = probe("smoke.litert")._made()
    done = subprocess.run([computing_python, "-c", _READ], input=content, capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode().splitlines() == [
        "True 3",
        "9 1",
        "[['left', [16, 24], 0], ['weights', [12, 24], 1], ['bias', [12], 2], ['product', [16, 12], 0]]",
        "[0] [3] [0, 1, 2]",
        "[0, 1152, 48]",
    ]


def test_members_of_a_vector_lie_where_tensors_may_be_read_from(probe: Callable[[str], ModuleType]) -> None:
    flatbuffer = probe("smoke_steps.flatbuffer")
    marks = [b"first mark", b"2nd"]
    tables = [flatbuffer.Table({0: flatbuffer.Numbers("B", mark)}) for mark in marks]
    content = flatbuffer.finished(flatbuffer.Table({0: flatbuffer.Scalar("b", -3), 2: tables}), b"TEST")
    assert content[4:8] == b"TEST"
    for mark in marks:
        place = content.index(mark)
        assert place % 16 == 0
        assert struct.unpack_from("<I", content, place - 4) == (len(mark),)
