"""ONNX: a model is built, checked, its shapes inferred, written to bytes and read again, and computed by its reference evaluator."""

TEST = {
    "title": "ONNX",
    "import": "onnx",
    "names": ("onnx",),
    "default": False,
    "devices": ("cpu",),
    # Medians of warm runs on 2 cores, Python 3.11, 2026-11-22, by benchmarks/smoke_figures.py: onnx 1.23.2.
    "import_s": 0.25,
    "test_s": 0.09,
    "peak_bytes": 62_500_000,
}
MANUAL = {
    "imported": "Its compiled core or its protobuf cannot be loaded: protobuf is of another major than this ONNX was made for.",
    "tensor": "A tensor cannot be made from Python's own numbers: NumPy or protobuf does not fit this ONNX.",
    "computed": "The checker, the shape inference or the reference evaluator raised: its compiled core and its Python files are of two "
    "versions.",
    "compared": "What was written is not what is read again, or the evaluator computes wrong numbers: protobuf or NumPy is damaged.",
}

_ROWS, _INNER, _COLUMNS = 8, 12, 6
_LEFT = [[(3 * row + column) % 7 - 2 for column in range(_INNER)] for row in range(_ROWS)]
_WEIGHTS = [[(row - 2 * column) % 5 - 2 for column in range(_COLUMNS)] for row in range(_INNER)]
_BIAS = [column - 3 for column in range(_COLUMNS)]


def check(trial):
    onnx = trial.framework
    trial.imports("onnx.checker", "onnx.helper", "onnx.numpy_helper", "onnx.shape_inference")
    trial.layer("tensor")
    model = _model(onnx)
    trial.layer("computed")
    onnx.checker.check_model(model)
    inferred = {value.name: _shape(value) for value in onnx.shape_inference.infer_shapes(model).graph.value_info}
    read = onnx.load_model_from_string(model.SerializeToString())
    weights, bias = [onnx.numpy_helper.to_array(tensor) for tensor in read.graph.initializer]
    found = _evaluated(trial, read)
    trial.layer("compared")
    trial.expect("inferred shape", inferred.get("sums"), [_ROWS, _COLUMNS])
    trial.expect("operators read again", [node.op_type for node in read.graph.node], ["Gemm", "Relu"])
    trial.expect("weights read again", weights.tolist(), _WEIGHTS)
    trial.expect("bias read again", bias.tolist(), _BIAS)
    if found is not None:
        trial.expect("gemm and relu float32", found.tolist(), _product())


def _model(onnx):
    helper, single = onnx.helper, onnx.TensorProto.FLOAT
    nodes = [helper.make_node("Gemm", ["left", "weights", "bias"], ["sums"]), helper.make_node("Relu", ["sums"], ["product"])]
    constants = [
        helper.make_tensor("weights", single, [_INNER, _COLUMNS], [value for row in _WEIGHTS for value in row]),
        helper.make_tensor("bias", single, [_COLUMNS], _BIAS),
    ]
    inputs = [helper.make_tensor_value_info("left", single, [_ROWS, _INNER])]
    outputs = [helper.make_tensor_value_info("product", single, [_ROWS, _COLUMNS])]
    graph = helper.make_graph(nodes, "small", inputs, outputs, constants)
    # Of the first version that has these operators as they are today: a model of the newest needs the newest runtime.
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])


def _shape(value):
    return [dimension.dim_value for dimension in value.type.tensor_type.shape.dim]


def _evaluated(trial, model):
    """What ONNX's own evaluator, which is in Python and came with 1.13, makes of the model; None without it."""
    try:
        from onnx.reference import ReferenceEvaluator
    except ImportError as error:
        trial.note("reference evaluator", error)
        return None
    import numpy as np

    return ReferenceEvaluator(model).run(None, {"left": np.array(_LEFT, np.float32)})[0]


def _product():
    """In plain Python: integers, so that every sum is exact whatever its order."""
    columns = list(zip(*_WEIGHTS))
    return [[max(0, sum(a * b for a, b in zip(row, column)) + bias) for column, bias in zip(columns, _BIAS)] for row in _LEFT]
