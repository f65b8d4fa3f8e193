"""TensorFlow: eagerly, as a tf.function and with a gradient tape; on accelerators every type of data, and copies."""

TEST = {
    "title": "TensorFlow",
    "import": "tensorflow",
    "names": ("tensorflow", "tf"),
    "default": True,
    "devices": ("cpu", "cuda", "mps"),
    # Medians of warm runs on 2 cores, Python 3.11, 2026-11-22, by benchmarks/smoke_figures.py: tensorflow-cpu 2.21.0.
    "import_s": 4.0,
    "test_s": 0.15,
    "peak_bytes": 778_000_000,
    "variables": {"TF_FORCE_GPU_ALLOW_GROWTH": "true"},
}
MANUAL = {
    "imported": "Its libraries cannot be loaded: the processor has no AVX, protobuf or NumPy is of another major, or files of two builds"
    " are mixed.",
    "devices": "Asking for devices fails or hangs: the driver does not answer, or a card is lost.",
    "tensor": "A tensor cannot be made on the device: the driver does not fit the build, or the device does not start.",
    "computed": "A kernel raised or crashed, eagerly or in a graph: a library of CUDA's is missing or of another version, or the build"
    " has no code for this device.",
    "compared": "The device gives wrong numbers: libraries of mixed versions, faulty hardware, or faulty memory.",
    "gradient": "What is computed forward works and its gradient does not: libraries of mixed versions.",
    "copied": "Data changes or is refused on its way to the device and back: faulty memory, a faulty slot or riser, or the IOMMU.",
    "compiled": "XLA cannot compile where the same works without it: libdevice or ptxas is not found.",
    "several": "Data changes or is refused between two devices: access control of PCIe or virtualisation breaks direct copies.",
}
_TYPES = ("float64", "float32", "TF32", "float16", "bfloat16")
_CPU_TYPES = ("float64", "float32")


def devices(tf, wanted):
    from envcheck_probes.smoke_steps.tensorflow_devices import list_devices

    return list_devices(tf, wanted)


def check(trial):
    from envcheck_probes.smoke_steps.busy import busy_is_no_failure
    from envcheck_probes.smoke_steps.tensorflow_devices import placed, take_memory_as_needed

    with busy_is_no_failure(trial):
        trial.layer("tensor")
        take_memory_as_needed(trial.framework)
        with placed(trial.framework, trial.device):
            _check(trial)


def _check(trial):
    from envcheck_probes.smoke_steps import window_sums
    from envcheck_probes.smoke_steps.products import Products

    tf = trial.framework
    images = tf.constant(window_sums.channels_last(window_sums.images()), dtype=tf.float32)
    windows = tf.constant(window_sums.windows_last(window_sums.windows()), dtype=tf.float32)
    trial.layer("computed")
    products = Products(trial, _multiplier(tf, trial.device), _types(trial))
    products.compute()
    trial.doing("convolution")
    convolved = tf.nn.conv2d(images, windows, strides=1, padding="VALID")
    trial.doing("tf.function")
    in_graph = _product_of_integers(trial, tf.function(tf.matmul))
    trial.layer("compared")
    products.compare()
    trial.expect("convolution", _numbers(tf, convolved), window_sums.channels_last(window_sums.convolved()), **window_sums.TOLERANCE)
    trial.expect("tf.function", in_graph, _true_product())
    trial.layer("gradient")
    _slopes_of_sine(trial)
    _update(trial)
    _slopes_of_convolution(trial, images, windows)
    _beyond(trial)


def _beyond(trial):
    if trial.device != "cpu":
        trial.layer("copied")
        _copy(trial)
    if trial.slow:
        _compiled(trial)
    if trial.device != "cpu":
        _copy_between(trial)


def _types(trial):
    if trial.device == "cpu":
        return _CPU_TYPES
    return tuple(name for name in _TYPES if name != "float64") if trial.device.startswith("mps") else _TYPES


def _multiplier(tf, device):
    def multiply(name, left, right):
        dtype = getattr(tf, "float32" if name == "TF32" else name)
        if device != "cpu" and hasattr(tf.config.experimental, "enable_tensor_float_32_execution"):
            tf.config.experimental.enable_tensor_float_32_execution(name == "TF32")
        # Cast on the device: types of fewer bits hold the same integers.
        wide = dtype if dtype == tf.float64 else tf.float32
        first, second = (tf.cast(tf.constant(rows, dtype=wide), dtype) for rows in (left, right))
        return _numbers(tf, tf.matmul(first, second))

    return multiply


def _numbers(tf, tensor):
    """As Python's numbers: types that NumPy does not have pass through single precision."""
    return (tensor if tensor.dtype in (tf.float32, tf.float64) else tf.cast(tensor, tf.float32)).numpy().tolist()


_ROWS, _COLUMNS = 32, 24


def _product_of_integers(trial, multiply):
    from envcheck_probes.smoke_steps import exact

    tf = trial.framework
    left, right = (tf.constant(rows, dtype=tf.float32) for rows in (exact.left(_ROWS), exact.right(_COLUMNS)))
    return _numbers(tf, multiply(left, right))


def _true_product():
    from envcheck_probes.smoke_steps import exact

    return exact.product(_ROWS, _COLUMNS)


def _slopes_of_sine(trial):
    from envcheck_probes.smoke_steps import exact

    tf = trial.framework
    double = "float64" in _types(trial)
    x = tf.constant(exact.angles(), dtype=tf.float64 if double else tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(x)
        height = tf.reduce_sum(tf.sin(x) ** 2)
    slopes = _numbers(tf, tape.gradient(height, x))
    tolerance = {"rtol": 1e-12} if double else {"rtol": 1e-5, "atol": 1e-6}
    trial.expect("gradient " + ("float64" if double else "float32"), slopes, exact.slopes(exact.angles()), **tolerance)


def _update(trial):
    """One step of gradient descent by hand."""
    from envcheck_probes.smoke_steps import exact

    tf = trial.framework
    inputs, targets = (tf.constant(rows, dtype=tf.float32) for rows in (exact.INPUTS, exact.TARGETS))
    weights = tf.Variable(exact.WEIGHTS, dtype=tf.float32)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((tf.matmul(inputs, weights) - targets) ** 2)
    weights.assign_sub(exact.RATE * tape.gradient(loss, weights))
    trial.expect("update", weights.numpy().tolist(), exact.updated_weights())


def _slopes_of_convolution(trial, images, windows):
    from envcheck_probes.smoke_steps import window_sums

    tf = trial.framework
    pull = tf.constant(window_sums.channels_last(window_sums.pull()), dtype=tf.float32)
    with tf.GradientTape() as tape:
        tape.watch((images, windows))
        height = tf.reduce_sum(tf.nn.conv2d(images, windows, strides=1, padding="VALID") * pull)
    of_images, of_windows = tape.gradient(height, (images, windows))
    true_of_images = window_sums.channels_last(window_sums.image_slopes())
    trial.expect("convolution: gradient of images", _numbers(tf, of_images), true_of_images, **window_sums.TOLERANCE)
    trial.expect(
        "convolution: gradient of windows",
        _numbers(tf, of_windows),
        window_sums.windows_last(window_sums.window_slopes()),
        **window_sums.TOLERANCE,
    )


def _compiled(trial):
    """By XLA, which older versions called experimental."""
    tf = trial.framework
    trial.layer("compiled")
    try:
        multiply = tf.function(tf.matmul, jit_compile=True)
    except TypeError:
        multiply = tf.function(tf.matmul, experimental_compile=True)
    trial.expect("jit_compile", _product_of_integers(trial, multiply), _true_product())


def _copy(trial):
    from envcheck_probes.smoke_steps.counted import counted_bytes, expect_bytes

    sent = counted_bytes(trial.card_bytes // 4)
    expect_bytes(trial, "copy", _identity(trial, sent, trial.device).numpy().tobytes(), sent)


def _copy_between(trial):
    from envcheck_probes.smoke_steps.busy import busy_reason
    from envcheck_probes.smoke_steps.counted import BETWEEN_BYTES, counted_bytes, expect_bytes
    from envcheck_probes.smoke_steps.tensorflow_devices import others_of_its_kind

    others = others_of_its_kind(trial.framework, trial.device)
    if not others:
        return
    trial.layer("several")
    sent = counted_bytes(min(BETWEEN_BYTES, trial.card_bytes // 4))
    for other in others:
        trial.doing("copying to " + other)
        try:
            got = _identity(trial, sent, trial.device, other).numpy().tobytes()
        except Exception as error:
            reason = busy_reason(error)
            if not reason:
                raise
            trial.note("copy to " + other, "not tested: " + reason)
            continue
        expect_bytes(trial, "copy to " + other, got, sent)


def _identity(trial, sent, *names):
    """The bytes as a tensor, copied onto each device in turn."""
    import numpy as np  # TensorFlow takes bytes from it
    from envcheck_probes.smoke_steps.tensorflow_devices import placed

    tf = trial.framework
    with placed(tf, "cpu"):
        tensor = tf.constant(np.frombuffer(sent, dtype="uint8"))
    for name in names:
        with placed(tf, name):
            tensor = tf.identity(tensor)
    return tensor
