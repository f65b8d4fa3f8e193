import pytest

from tests.probes.smoke.planting import assert_each_is_caught, outcomes_of
from tests.probes.smoke.running import assert_catches, assert_passes, assert_passes_on_each_gpu, result, run_smoke

CPU = ["matmul float64", "matmul float32", "convolution", "tf.function", "gradient float64", "update"]
CPU += ["convolution: gradient of images", "convolution: gradient of windows"]

# One element of a tensor, the greatest, multiplied by a factor.
_WRONG = """
import numpy
def with_wrong_element(found, factor):
    factors = numpy.ones(found.shape)
    factors.reshape(-1)[numpy.abs(module.cast(found, module.float64).numpy()).argmax() if module.executing_eagerly() else 7] = factor
    return found * module.cast(module.constant(factors), found.dtype)
"""


def in_product(condition: str, factor: float) -> str:
    return f"""{_WRONG}
matmul = module.matmul
def wrong(left, right):
    found = matmul(left, right)
    return with_wrong_element(found, {factor}) if {condition} else found
put(module, "matmul", wrong)
"""


def in_gradient(condition: str, factor: float) -> str:
    return f"""{_WRONG}
gradient = module.GradientTape.gradient
def wrong(self, height, sources):
    found = gradient(self, height, sources)
    one = not isinstance(found, (list, tuple))
    found = [with_wrong_element(each, {factor}) if {condition} else each for each in ([found] if one else found)]
    return found[0] if one else found
put(module.GradientTape, "gradient", wrong)
"""


PLANTED_ON_THE_CPU = {
    "matmul float64": in_product("left.dtype == module.float64", 1 + 1e-9),
    "matmul float32": in_product("left.dtype == module.float32 and left.shape[0] == 48", 1.0001),
    "convolution": f"""{_WRONG}
conv2d = module.nn.conv2d
put(module.nn, "conv2d", lambda *tensors, **options: with_wrong_element(conv2d(*tensors, **options), 1.0001))
""",
    "tf.function": in_product("left.shape[0] == 32 and not module.executing_eagerly()", 1.0001),
    "gradient float64": in_gradient("each.dtype == module.float64", 1 + 1e-9),
    "update": in_gradient("each.shape == (2, 1)", 1.001),
    "convolution: gradient of images": in_gradient("each.shape == (2, 10, 9, 2)", 1.0001),
    "convolution: gradient of windows": in_gradient("each.shape == (3, 3, 2, 3)", 1.0001),
}
# What one element of 16 bits can be wrong by is more than 1e-4 of it; the same holds for real numbers that were rounded to TF32.
_EXACT_ROWS, _REAL_ROWS = "left.shape[0] == 160", "left.shape == (32, 512) and module.executing_eagerly()"
_TF32 = "module.config.experimental.tensor_float_32_execution_enabled()"
PLANTED_ON_ACCELERATORS = {
    "matmul TF32": in_product(f"{_EXACT_ROWS} and left.dtype == module.float32 and {_TF32}", 1.0001),
    "matmul float16": in_product(f"{_EXACT_ROWS} and left.dtype == module.float16", 1.01),
    "matmul bfloat16": in_product(f"{_EXACT_ROWS} and left.dtype == module.bfloat16", 1.05),
    "matmul of reals float32": in_product(f"{_REAL_ROWS} and left.dtype == module.float32 and not {_TF32}", 1.0001),
    "matmul of reals TF32": in_product(f"{_REAL_ROWS} and left.dtype == module.float32 and {_TF32}", 1.05),
    "matmul of reals float16": in_product(f"{_REAL_ROWS} and left.dtype == module.float16", 1.2),
    "matmul of reals bfloat16": in_product(f"{_REAL_ROWS} and left.dtype == module.bfloat16", 1.2),
    "copy": """
identity = module.identity
put(module, "identity", lambda tensor: identity(tensor) + module.cast(module.range(tensor.shape[0]) == 4097, module.uint8))
""",
    # XLA is asked for, and what it makes is wrong.
    "jit_compile": in_product("left.shape[0] == 32 and not module.executing_eagerly() and compiling", 1.0001)
    + """
compiling = False
function = module.function
def asked(what, jit_compile=False):
    global compiling
    compiling = jit_compile
    return function(what)
put(module, "function", asked)
""",
}


def test_it_computes(computing_python: str) -> None:
    assert_passes(run_smoke(computing_python, "tensorflow", "device=cpu"), CPU)


def test_an_error_in_one_element_is_told(computing_python: str) -> None:
    planted = "put = setattr" + PLANTED_ON_THE_CPU["matmul float32"]
    assert_catches(run_smoke(computing_python, "tensorflow", "device=cpu", planted=planted), "matmul float32")


def test_each_planted_error_is_caught(computing_python: str) -> None:
    assert_each_is_caught(outcomes_of(computing_python, "tensorflow", PLANTED_ON_THE_CPU))


def test_the_steps_of_accelerators_hold_on_the_cpu(computing_python: str) -> None:
    outcomes = outcomes_of(computing_python, "tensorflow", {"nothing": "", **PLANTED_ON_ACCELERATORS}, "slow", device="cpu:0")
    right = outcomes.pop("nothing")
    assert right["raised"] is None, right
    assert set(PLANTED_ON_ACCELERATORS) <= set(right["compared"])
    assert_each_is_caught(outcomes)


def test_copies_between_devices_are_compared(computing_python: str) -> None:
    # The CPU divided into two devices; an error from the second device on, since on the first the copy itself would be caught.
    divided = """
cpu = module.config.list_physical_devices("CPU")[0]
module.config.set_logical_device_configuration(cpu, [module.config.LogicalDeviceConfiguration()] * 2)
"""
    wrong = """
identity = module.identity
def wrong(tensor):
    found = identity(tensor)
    return found + module.cast(module.range(tensor.shape[0]) == 99, module.uint8) if found.device.endswith("CPU:1") else found
put(module, "identity", wrong)
"""
    outcomes = outcomes_of(computing_python, "tensorflow", {"nothing": divided, "copy to cpu:1": wrong}, device="cpu:0")
    assert "copy to cpu:1" in outcomes.pop("nothing")["compared"]
    assert_each_is_caught(outcomes)


def test_a_device_that_is_full_is_not_evaluated(computing_python: str) -> None:
    planted = """
def fail(left, right):
    raise module.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor with shape[160,512]")
put(module, "matmul", fail)
"""
    told = outcomes_of(computing_python, "tensorflow", {"full": planted}, device="cpu:0")["full"]
    assert (told["raised"], told["text"]) == ("NotEvaluated", "busy: OOM when allocating tensor with shape[160,512]")


def test_a_build_for_the_cpu_has_no_gpu_and_has_not_failed(computing_python: str) -> None:
    assert result(run_smoke(computing_python, "tensorflow", "device=cuda"), "cuda")["status"] == "skipped"


@pytest.mark.gpu
def test_it_computes_on_every_gpu(computing_python: str) -> None:
    assert_passes_on_each_gpu(run_smoke(computing_python, "tensorflow", "device=cuda"), "tensorflow")
