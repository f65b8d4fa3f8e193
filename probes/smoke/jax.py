"""JAX: what it compiles with XLA (jit), and gradients; on accelerators every type of data, and copies."""

TEST = {
    "title": "JAX",
    "import": "jax",
    "names": ("jax",),
    "default": True,
    "devices": ("cpu", "cuda", "mps", "xpu"),
    # Medians of warm runs on 2 cores, Python 3.11, 2026-11-22, by benchmarks/smoke_figures.py: jax 0.10.2.
    "import_s": 0.4,
    "test_s": 0.3,
    "peak_bytes": 235_000_000,
    "variables": {"XLA_PYTHON_CLIENT_PREALLOCATE": "false"},
}
MANUAL = {
    "imported": "jax and jaxlib do not fit each other, NumPy is of another major, or the processor has no AVX.",
    "devices": "JAX_PLATFORMS names a device whose plugin is missing or does not start: the versions of jax, jaxlib and the plugin differ,"
    " or the driver is too old.",
    "tensor": "An array cannot be placed on the device: the driver does not fit the plugin, or the device does not start.",
    "computed": "XLA cannot compile or run: cuBLAS, cuDNN or ptxas is missing, or of another version than the plugin needs.",
    "compared": "The device gives wrong numbers: libraries of mixed versions, faulty hardware, or faulty memory.",
    "gradient": "What is computed forward works and its gradient does not: libraries of mixed versions.",
    "copied": "Data changes or is refused on its way to the device and back: faulty memory, a faulty slot or riser, or the IOMMU.",
    "several": "Data changes or is refused between two devices: access control of PCIe or virtualisation breaks direct copies.",
}
_TYPES = ("float32", "TF32", "float16", "bfloat16")


def devices(jax, wanted):
    from envcheck_probes.smoke_steps.jax_devices import list_devices

    return list_devices(jax, wanted)


def check(trial):
    from envcheck_probes.smoke_steps.busy import busy_is_no_failure

    with busy_is_no_failure(trial):
        _check(trial)


def _check(trial):
    import numpy as np  # JAX takes its numbers from it, and gives them back in it
    from envcheck_probes.smoke_steps import window_sums
    from envcheck_probes.smoke_steps.jax_devices import device_of, leave_memory_to_others
    from envcheck_probes.smoke_steps.products import Products

    jax = trial.framework
    leave_memory_to_others()
    trial.layer("tensor")
    trial.note("x64", "on" if _double(jax) else "off, as by default: float64 is not tested")
    device = device_of(jax, trial.device)

    def place(values, dtype="float32"):
        return jax.device_put(np.asarray(values, dtype=dtype), device)

    images, windows = place(window_sums.images()), place(window_sums.windows())
    trial.layer("computed")
    products = Products(trial, _multiplier(jax, place), _types(trial))
    products.compute()
    trial.doing("convolution")
    convolved = _numbers(jax.jit(_convolver(jax))(images, windows))
    trial.layer("compared")
    products.compare()
    trial.expect("convolution", convolved, window_sums.convolved(), **window_sums.TOLERANCE)
    trial.layer("gradient")
    _slopes_of_sine(trial, place)
    _update(trial, place)
    _slopes_of_convolution(trial, place, images, windows)
    if trial.device != "cpu":
        trial.layer("copied")
        _copy(trial, device)


def _double(jax):
    return bool(getattr(jax.config, "jax_enable_x64", False))


def _types(trial):
    types = _TYPES if trial.device != "cpu" else ("float32",)
    return (*types, "float64") if _double(trial.framework) and not trial.device.startswith("mps") else types


def _multiplier(jax, place):
    highest, default = jax.lax.Precision.HIGHEST, jax.lax.Precision.DEFAULT

    def multiply(name, left, right):
        dtype = getattr(jax.numpy, "float32" if name == "TF32" else name)
        precision = default if name == "TF32" else highest
        product = jax.jit(lambda first, second: jax.numpy.matmul(first, second, precision=precision))
        return _numbers(product(place(left, dtype), place(right, dtype)))

    return multiply


def _numbers(array):
    """As Python's numbers: types that NumPy does not have pass through double precision."""
    import numpy as np

    return np.asarray(array).astype("float64").tolist()


def _convolver(jax):
    highest = jax.lax.Precision.HIGHEST
    return lambda images, windows: jax.lax.conv_general_dilated(images, windows, (1, 1), "VALID", precision=highest)


def _slopes_of_sine(trial, place):
    from envcheck_probes.smoke_steps import exact

    jax = trial.framework
    dtype, tolerance = ("float64", {"rtol": 1e-12}) if "float64" in _types(trial) else ("float32", {"rtol": 1e-5, "atol": 1e-6})
    slopes = jax.jit(jax.grad(lambda x: (jax.numpy.sin(x) ** 2).sum()))(place(exact.angles(), dtype))
    trial.expect("gradient " + dtype, _numbers(slopes), exact.slopes(exact.angles()), **tolerance)


def _update(trial, place):
    """One step of gradient descent."""
    from envcheck_probes.smoke_steps import exact

    jax = trial.framework
    inputs, targets, weights = place(exact.INPUTS), place(exact.TARGETS), place(exact.WEIGHTS)
    highest = jax.lax.Precision.HIGHEST

    def loss(weights):
        return ((jax.numpy.matmul(inputs, weights, precision=highest) - targets) ** 2).mean()

    updated = jax.jit(lambda weights: weights - exact.RATE * jax.grad(loss)(weights))(weights)
    trial.expect("update", _numbers(updated), exact.updated_weights())


def _slopes_of_convolution(trial, place, images, windows):
    from envcheck_probes.smoke_steps import window_sums

    jax = trial.framework
    pull, convolve = place(window_sums.pull()), _convolver(trial.framework)
    slopes = jax.jit(jax.grad(lambda images, windows: (convolve(images, windows) * pull).sum(), argnums=(0, 1)))
    of_images, of_windows = slopes(images, windows)
    trial.expect("convolution: gradient of images", _numbers(of_images), window_sums.image_slopes(), **window_sums.TOLERANCE)
    trial.expect("convolution: gradient of windows", _numbers(of_windows), window_sums.window_slopes(), **window_sums.TOLERANCE)


def _copy(trial, device):
    """To the device and back, and from it to each other one of its kind."""
    import numpy as np
    from envcheck_probes.smoke_steps.busy import busy_reason
    from envcheck_probes.smoke_steps.counted import BETWEEN_BYTES, counted_bytes, expect_bytes
    from envcheck_probes.smoke_steps.jax_devices import others_of_its_kind

    jax = trial.framework
    sent = counted_bytes(trial.card_bytes // 4)
    there = jax.device_put(np.frombuffer(sent, dtype="uint8"), device)
    expect_bytes(trial, "copy", _bytes(there), sent)
    others = others_of_its_kind(jax, trial.device)
    if not others:
        return
    trial.layer("several")
    sent = sent[:BETWEEN_BYTES]
    there = jax.device_put(np.frombuffer(sent, dtype="uint8"), device)
    for name, other in others:
        trial.doing("copying to " + name)
        try:
            got = _bytes(jax.device_put(there, other))
        except Exception as error:
            reason = busy_reason(error)
            if not reason:
                raise
            trial.note("copy to " + name, "not tested: " + reason)
            continue
        expect_bytes(trial, "copy to " + name, got, sent)


def _bytes(array):
    import numpy as np

    return np.asarray(array).tobytes()
