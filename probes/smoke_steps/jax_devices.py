"""What devices JAX can compute on, by the names that envcheck gives to devices: "cpu", "cuda:0" (ROCm's as well), "mps", "xpu:0"."""

_KINDS = {"gpu": "cuda", "cuda": "cuda", "rocm": "cuda", "metal": "mps", "mps": "mps", "xpu": "xpu", "sycl": "xpu", "cpu": "cpu"}


def leave_memory_to_others():
    """Has an effect as long as no device has been asked for: by default JAX takes three quarters of every card."""
    import os

    os.environ["XLA_PYTHON_CLIENT_PREALLOCATE"] = "false"


def list_devices(jax, wanted):
    """The devices of that kind, or of all kinds for "auto", the CPU first."""
    leave_memory_to_others()
    if wanted == "cpu":
        _start_only_the_cpu(jax)
        return ["cpu"]
    found = [name for name, _ in _accelerators(jax) if wanted in ("auto", name.partition(":")[0])]
    if wanted == "auto":
        return ["cpu", *found] if _has_cpu(jax) else found
    if not found and wanted == "cuda":
        _say_why_no_gpu(jax)
    return found


def device_of(jax, name):
    """The device of that name; "cpu:1" is the second one that the CPU was divided into."""
    if name.partition(":")[0] == "cpu":
        return jax.devices("cpu")[int(name.partition(":")[2] or 0)]
    return dict(_accelerators(jax))[name]


def others_of_its_kind(jax, name):
    """Name and device of each other one."""
    kind = name.partition(":")[0]
    if kind == "cpu":
        return [("cpu:{}".format(number), device) for number, device in enumerate(jax.devices("cpu")) if device != device_of(jax, name)]
    return [(other, device) for other, device in _accelerators(jax) if other.partition(":")[0] == kind and other != name]


def _accelerators(jax):
    """Name and device of each that is no CPU, counted by kind."""
    counts, found = {}, []
    for device in jax.devices():
        kind = _KINDS.get(device.platform.lower())
        if kind in (None, "cpu"):
            continue
        number = counts.get(kind, 0)
        counts[kind] = number + 1
        found.append(("mps" if kind == "mps" else "{}:{}".format(kind, number), device))
    return found


def _has_cpu(jax):
    try:
        return bool(jax.devices("cpu"))
    except RuntimeError:
        return False  # JAX_PLATFORMS names others only


def _start_only_the_cpu(jax):
    """What is wrong with a card is no matter of a test that was asked for on the CPU."""
    from contextlib import suppress

    with suppress(AttributeError):  # versions that name it otherwise start them all
        jax.config.update("jax_platforms", "cpu")


def _say_why_no_gpu(jax):
    """Raises JAX's own error where a plugin for GPUs is installed and did not start; JAX falls back to the CPU without a word."""
    try:
        import pkgutil

        import jax_plugins
    except ImportError:
        return
    names = [module.name for module in pkgutil.iter_modules(jax_plugins.__path__)]
    for platform in ("cuda", "rocm"):
        if any(platform in name for name in names):
            jax.devices(platform)
