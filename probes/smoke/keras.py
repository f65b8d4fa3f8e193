"""Keras: a layer forward and one step of gradient descent, on the backend that KERAS_BACKEND or keras.json names."""

TEST = {
    "title": "Keras",
    "import": "keras",
    "names": ("keras",),
    "default": False,
    "devices": ("cpu",),
    # Medians of warm runs on 2 cores, Python 3.11, 2026-11-22, by benchmarks/smoke_figures.py:
    # keras 3.15.1, on the slowest of its backends.
    "import_s": 3.5,
    "test_s": 0.6,
    "peak_bytes": 770_000_000,
    # On the CPU alone: the backends' own tests are those of the GPU. The scope keras.device would do it too, and loses torch's gradients.
    "variables": {"CUDA_VISIBLE_DEVICES": "", "JAX_PLATFORMS": "cpu", "KERAS_TORCH_DEVICE": "cpu"},
    "variants": {
        "tensorflow": {"needs": "tensorflow", "variables": {"KERAS_BACKEND": "tensorflow"}},
        "torch": {"needs": "torch", "variables": {"KERAS_BACKEND": "torch"}},
        "jax": {"needs": "jax", "variables": {"KERAS_BACKEND": "jax"}},
    },
}
MANUAL = {
    "imported": "The backend that KERAS_BACKEND or keras.json names is not installed or cannot be imported, or is too old for this Keras.",
    "tensor": "A layer cannot be made: the backend's version does not fit this Keras.",
    "computed": "A layer cannot be called: the backend's version does not fit this Keras.",
    "compared": "The layer gives wrong numbers: the backend is faulty, which its own test shows without Keras.",
    "gradient": "The backend differentiates a layer wrongly, or not at all: its version does not fit this Keras.",
    "compiled": "fit fails where the same step works by hand: the backend's compiler or graph mode does not fit this Keras.",
}
_ROWS, _UNITS = 24, 16


def check(trial):
    keras = trial.framework
    backend = keras.backend.backend()
    trial.note("backend", backend)
    _refuse_other_backend(backend)
    _check(trial, backend)


def _refuse_other_backend(backend):
    """Keras 2 knows no choice: it is TensorFlow's, whatever the variable says."""
    import os

    from envcheck_probes.smoke_steps.trial import NotEvaluated

    wanted = os.environ.get("KERAS_BACKEND")
    if wanted and wanted != backend:
        raise NotEvaluated("this version of Keras computes with {} alone, not with {}".format(backend, wanted))


def _check(trial, backend):
    from envcheck_probes.smoke_steps import exact

    trial.layer("tensor")
    bias = [unit % 5 - 2 for unit in range(_UNITS)]
    layer = _dense(trial, exact.right(_UNITS), bias, activation="relu")
    values = _array(exact.left(_ROWS))
    trial.layer("computed")
    output = _numbers(trial, layer(values))
    trial.layer("compared")
    truth = [[max(0, sum_ + bias[unit]) for unit, sum_ in enumerate(row)] for row in exact.product(_ROWS, _UNITS)]
    trial.expect("dense layer", output, truth)
    slopes_of = {"tensorflow": _slopes_by_tensorflow, "torch": _slopes_by_torch, "jax": _slopes_by_jax}.get(backend)
    if slopes_of is None:
        trial.note("gradient", "not tested: this backend has none")
        return
    trial.layer("gradient")
    layer = _dense(trial, exact.WEIGHTS)
    slopes = slopes_of(trial.framework, layer)
    trial.expect("gradient", _numbers(trial, slopes), exact.weight_slopes())
    layer.set_weights([layer.get_weights()[0] - exact.RATE * _array(_numbers(trial, slopes))])
    trial.expect("update", layer.get_weights()[0].tolist(), exact.updated_weights())
    if trial.slow:
        _fit(trial)


def _dense(trial, kernel, bias=None, activation=None):
    layer = trial.framework.layers.Dense(len(kernel[0]), activation=activation, use_bias=bias is not None, kernel_initializer="zeros")
    layer.build((None, len(kernel)))
    layer.set_weights([_array(kernel)] + ([] if bias is None else [_array(bias)]))
    return layer


def _array(values):
    import numpy as np  # Keras takes its numbers from it

    return np.asarray(values, dtype="float32")


def _numbers(trial, tensor):
    """Keras 2 has no operations of its own: its tensors are TensorFlow's."""
    ops = getattr(trial.framework, "ops", None)
    return (ops.convert_to_numpy(tensor) if ops else tensor.numpy()).tolist()


def _slopes_by_tensorflow(_keras, layer):
    import tensorflow as tf
    from envcheck_probes.smoke_steps import exact

    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((layer(_array(exact.INPUTS)) - _array(exact.TARGETS)) ** 2)
    kernel = layer.trainable_weights[0]
    return tape.gradient(loss, kernel if isinstance(kernel, tf.Variable) else kernel.value)


def _slopes_by_torch(keras, layer):
    from envcheck_probes.smoke_steps import exact

    ops = keras.ops
    targets = ops.convert_to_tensor(_array(exact.TARGETS))
    ops.mean((layer(_array(exact.INPUTS)) - targets) ** 2).backward()
    return layer.trainable_weights[0].value.grad


def _slopes_by_jax(_keras, layer):
    import jax
    from envcheck_probes.smoke_steps import exact

    others = [variable.value for variable in layer.non_trainable_variables]

    def loss(kernel):
        output, _ = layer.stateless_call([kernel], others, _array(exact.INPUTS))
        return ((output - _array(exact.TARGETS)) ** 2).mean()

    return jax.grad(loss)(layer.trainable_variables[0].value)


def _fit(trial):
    """The same step by Keras itself, which compiles it or makes a graph of it."""
    from envcheck_probes.smoke_steps import exact

    keras = trial.framework
    trial.layer("compiled")
    layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
    model = keras.Sequential([layer])
    model.build((None, len(exact.WEIGHTS)))
    layer.set_weights([_array(exact.WEIGHTS)])
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=exact.RATE), loss="mse")
    model.fit(_array(exact.INPUTS), _array(exact.TARGETS), batch_size=len(exact.INPUTS), epochs=1, verbose=0)
    trial.expect("fit", layer.get_weights()[0].tolist(), exact.updated_weights())
