import pytest

from tests.probes.smoke.planting import assert_each_is_caught, outcomes_of
from tests.probes.smoke.running import assert_catches, assert_passes, assert_passes_on_each_gpu, result, run_smoke

CPU = ["matmul float32", "convolution", "gradient float32", "update", "convolution: gradient of images", "convolution: gradient of windows"]
TWO_DEVICES = {"XLA_FLAGS": "--xla_force_host_platform_device_count=2"}


def in_product(condition: str, factor: float) -> str:
    return f"""
matmul = module.numpy.matmul
def wrong(left, right, precision):
    found = matmul(left, right, precision=precision)
    return found.at[2, 3].multiply({factor}) if {condition} else found
put(module.numpy, "matmul", wrong)
"""


def in_gradient(condition: str, factor: float) -> str:
    return f"""
grad = module.grad
def wrong(function, **options):
    def slopes(*arguments):
        found = grad(function, **options)(*arguments)
        return module.tree_util.tree_map(
            lambda each: each.reshape(-1).at[abs(each).argmax()].multiply({factor}).reshape(each.shape) if {condition} else each, found)
    return slopes
put(module, "grad", wrong)
"""


PLANTED_ON_THE_CPU = {
    "matmul float32": in_product("left.shape[0] == 48", 1.0001),
    "convolution": """
convolve = module.lax.conv_general_dilated
put(module.lax, "conv_general_dilated", lambda *arrays, **options: convolve(*arrays, **options).at[0, 0, 0, 4].multiply(1.0001))
""",
    "gradient float32": in_gradient("each.ndim == 1", 1.0001),
    "update": in_gradient("each.ndim == 2", 1.001),
    "convolution: gradient of images": in_gradient("each.shape == (2, 2, 10, 9)", 1.0001),
    "convolution: gradient of windows": in_gradient("each.shape == (3, 2, 3, 3)", 1.0001),
}
# What one element of 16 bits can be wrong by is more than 1e-4 of it; the same holds for real numbers that were rounded to TF32.
_EXACT_ROWS, _REAL_ROWS = "left.shape[0] == 160", "left.shape[0] == 32"
_TF32, _SINGLE = "precision == module.lax.Precision.DEFAULT", "left.dtype == 'float32'"
PLANTED_ON_ACCELERATORS = {
    "matmul TF32": in_product(f"{_EXACT_ROWS} and {_TF32}", 1.0001),
    "matmul float16": in_product(f"{_EXACT_ROWS} and left.dtype == 'float16'", 1.01),
    "matmul bfloat16": in_product(f"{_EXACT_ROWS} and left.dtype == module.numpy.bfloat16", 1.05),
    "matmul of reals float32": in_product(f"{_REAL_ROWS} and {_SINGLE} and not {_TF32}", 1.0001),
    "matmul of reals TF32": in_product(f"{_REAL_ROWS} and {_TF32}", 1.05),
    "matmul of reals float16": in_product(f"{_REAL_ROWS} and left.dtype == 'float16'", 1.2),
    "matmul of reals bfloat16": in_product(f"{_REAL_ROWS} and left.dtype == module.numpy.bfloat16", 1.2),
    "copy": """
device_put = module.device_put
import numpy
def wrong(array, device):
    return device_put(array + (numpy.arange(array.size) == 4097) if array.dtype == "uint8" else array, device)
put(module, "device_put", wrong)
""",
    "copy to cpu:0": """
device_put = module.device_put
def wrong(array, device):
    found = device_put(array, device)
    return found.at[99].add(1) if array.dtype == "uint8" and device.id == 0 else found
put(module, "device_put", wrong)
""",
}


def test_it_computes(computing_python: str) -> None:
    answer = run_smoke(computing_python, "jax", "device=cpu")
    assert_passes(answer, CPU)
    assert result(answer)["notes"]["x64"] == "off, as by default: float64 is not tested"


def test_double_precision_is_tested_where_it_is_on(computing_python: str) -> None:
    planted = {"nothing": "", "matmul float64": in_product("left.dtype == 'float64'", 1 + 1e-9)}
    planted["gradient float64"] = in_gradient("each.dtype == 'float64'", 1 + 1e-9)
    outcomes = outcomes_of(computing_python, "jax", planted, variables={"JAX_ENABLE_X64": "1"})
    assert {"matmul float64", "matmul float32", "gradient float64"} <= set(outcomes.pop("nothing")["compared"])
    assert_each_is_caught(outcomes)


def test_an_error_in_one_element_is_told(computing_python: str) -> None:
    planted = "put = setattr" + PLANTED_ON_THE_CPU["matmul float32"]
    assert_catches(run_smoke(computing_python, "jax", "device=cpu", planted=planted), "matmul float32")


def test_each_planted_error_is_caught(computing_python: str) -> None:
    assert_each_is_caught(outcomes_of(computing_python, "jax", PLANTED_ON_THE_CPU))


def test_the_steps_of_accelerators_hold_on_the_cpu(computing_python: str) -> None:
    planted = {"nothing": "", **PLANTED_ON_ACCELERATORS}
    outcomes = outcomes_of(computing_python, "jax", planted, device="cpu:1", variables=TWO_DEVICES)
    right = outcomes.pop("nothing")
    assert right["raised"] is None, right
    assert set(PLANTED_ON_ACCELERATORS) <= set(right["compared"])
    assert right["layer"] == "several"
    assert_each_is_caught(outcomes)


def test_a_device_that_is_full_is_not_evaluated(computing_python: str) -> None:
    words = "RESOURCE_EXHAUSTED: Out of memory while trying to allocate 327680 bytes."
    planted = f'def fail(*_, **__):\n    raise RuntimeError("{words}")\nput(module.numpy, "matmul", fail)'
    told = outcomes_of(computing_python, "jax", {"full": planted}, device="cpu:0")["full"]
    assert (told["raised"], told["text"]) == ("NotEvaluated", "busy: " + words)


def test_a_build_for_the_cpu_has_no_gpu_and_has_not_failed(computing_python: str) -> None:
    assert result(run_smoke(computing_python, "jax", "device=cuda"), "cuda")["status"] == "skipped"


def test_a_device_that_is_wanted_by_a_variable_and_does_not_start_has_failed(computing_python: str) -> None:
    answer = run_smoke(computing_python, "jax", variables={"JAX_PLATFORMS": "cuda"})
    assert (result(answer, "auto")["status"], result(answer, "auto")["layer"]) == ("failed", "devices")


@pytest.mark.gpu
def test_it_computes_on_every_gpu(computing_python: str) -> None:
    assert_passes_on_each_gpu(run_smoke(computing_python, "jax", "device=cuda"), "jax")
