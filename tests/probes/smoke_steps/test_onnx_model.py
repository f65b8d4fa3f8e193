import subprocess
from collections.abc import Callable
from types import ModuleType

_CHECK = """
import sys, onnx
model = onnx.load_model_from_string(sys.stdin.buffer.read())
onnx.checker.check_model(model, full_check=True)
graph = model.graph
print([node.op_type for node in graph.node])
print([[value.name, [length.dim_value for length in value.type.tensor_type.shape.dim]] for value in [*graph.input, *graph.output]])
print({tensor.name: onnx.numpy_helper.to_array(tensor).tolist() for tensor in graph.initializer})
"""


def test_onnx_itself_reads_and_accepts_it(probe: Callable[[str], ModuleType], computing_python: str) -> None:
    model = probe("smoke_steps.onnx_model")
    done = subprocess.run([computing_python, "-c", _CHECK], input=model.model(), capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    operators, values, constants = map(eval, done.stdout.decode().splitlines())
    assert operators == ["Gemm", "Relu", "Conv", "MatMul"]
    assert values == [
        ["left", [16, 24]],
        ["image", [1, 1, 10, 10]],
        ["left64", [16, 24]],
        ["product", [16, 12]],
        ["windows", [1, 2, 8, 8]],
        ["doubled", [16, 12]],
    ]
    small = probe("smoke_steps.small_model")
    kernels = [[kernel] for kernel in small.KERNELS]
    assert constants == {"weights": small.WEIGHTS, "bias": small.BIAS, "kernels": kernels, "weights64": small.WEIGHTS64}
