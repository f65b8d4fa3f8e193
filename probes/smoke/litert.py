"""LiteRT (TensorFlow Lite): a model of one operator is interpreted, made by hand or converted from TensorFlow."""

import struct

from envcheck_probes.smoke_steps import small_model
from envcheck_probes.smoke_steps.flatbuffer import Numbers, Scalar, Table, finished
from envcheck_probes.smoke_steps.trial import NotEvaluated

TEST = {
    "title": "LiteRT",
    "import": "ai_edge_litert",
    "names": ("litert", "ai-edge-litert", "tflite"),
    "default": False,
    "devices": ("cpu",),
    # Medians of warm runs on 2 cores, Python 3.11, 2026-11-22, by benchmarks/smoke_figures.py:
    # ai-edge-litert 2.3.0, tensorflow-cpu 2.21.0.
    # Those of the converter; the interpreter alone takes 0.06 s and 26 MB.
    "import_s": 4.2,
    "test_s": 0.1,
    "peak_bytes": 793_000_000,
    "variants": {"interpreter": {"needs": "ai_edge_litert"}, "converter": {"needs": "tensorflow"}},
}
MANUAL = {
    "imported": "The interpreter's compiled part, or TensorFlow for the converter, cannot be loaded: it does not fit this Python, this "
    "NumPy or this system.",
    "tensor": "NumPy cannot make its inputs, or TensorFlow cannot convert a model: the two are of versions that do not belong together.",
    "computed": "The interpreter refused the model or crashed: it lacks the operator, or its delegate (XNNPACK) does not know this "
    "processor.",
    "compared": "The interpreter gives wrong numbers: a faulty delegate, or faulty memory.",
}

# Of the schema (tensorflow/lite/schema/schema.fbs).
_FULLY_CONNECTED, _ITS_OPTIONS, _RELU = 9, 8, 1


def check(trial):
    converts = trial.name.endswith(":converter")
    trial.imports("ai_edge_litert.interpreter", *(["tensorflow"] if converts else []))
    trial.layer("tensor")
    import numpy as np

    left = np.array(small_model.LEFT, np.float32)
    content = _converted(trial) if converts else _made()
    trial.layer("computed")
    interpreter = trial.framework.interpreter.Interpreter(model_content=content, num_threads=1)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], left)
    interpreter.invoke()
    found = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
    trial.layer("compared")
    trial.expect("fully connected and relu float32", found.tolist(), small_model.product())


def _converted(trial):
    """The model by TensorFlow's converter."""
    import tensorflow as tf

    if not hasattr(tf, "lite"):
        raise NotEvaluated("this TensorFlow has no converter for LiteRT")
    trial.doing("converting the model")
    weights, bias = [tf.constant(values, tf.float32) for values in (small_model.WEIGHTS, small_model.BIAS)]
    left = tf.TensorSpec([small_model.ROWS, small_model.INNER], tf.float32)
    function = tf.function(lambda left: tf.nn.relu(tf.matmul(left, weights) + bias)).get_concrete_function(left)
    return tf.lite.TFLiteConverter.from_concrete_functions([function], function).convert()


def _made():
    """The model by hand: tensors 0 to 3 are left, weights, bias and product; the first buffer is the empty one."""
    weights = [value for column in zip(*small_model.WEIGHTS) for value in column]  # a row for each output
    shapes = (
        [small_model.ROWS, small_model.INNER],
        [small_model.COLUMNS, small_model.INNER],
        [small_model.COLUMNS],
        [small_model.ROWS, small_model.COLUMNS],
    )
    tensors = [
        Table({0: Numbers("i", shape), 1: Scalar("b", 0), 2: Scalar("I", buffer), 3: name})
        for shape, buffer, name in zip(shapes, (0, 1, 2, 0), ("left", "weights", "bias", "product"))
    ]
    options = Table({0: Scalar("b", _RELU)})
    operator = Table({1: Numbers("i", [0, 1, 2]), 2: Numbers("i", [3]), 3: Scalar("B", _ITS_OPTIONS), 4: options})
    graph = Table({0: tensors, 1: Numbers("i", [0]), 2: Numbers("i", [3]), 3: [operator]})
    contents = [struct.pack("<{}f".format(len(values)), *values) for values in (weights, small_model.BIAS)]
    buffers = [Table({}), *(Table({0: Numbers("B", content)}) for content in contents)]
    code = Table({0: Scalar("b", _FULLY_CONNECTED), 3: Scalar("i", _FULLY_CONNECTED)})
    return finished(Table({0: Scalar("I", 3), 1: [code], 2: [graph], 4: buffers}), b"TFL3")
