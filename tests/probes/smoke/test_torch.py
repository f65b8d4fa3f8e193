import pytest

from tests.probes.smoke.planting import assert_each_is_caught, outcomes_of
from tests.probes.smoke.running import assert_catches, assert_passes, assert_passes_on_each_gpu, result, run_smoke

CPU = ["matmul float64", "matmul float32", "convolution", "gradient float64", "update"]
CPU += ["convolution: gradient of images", "convolution: gradient of windows"]


def in_product(condition: str, factor: float) -> str:
    """One element of the products that fulfil a condition on their first matrix comes out wrong."""
    return f"""
matmul = module.matmul
def wrong(left, right):
    found = matmul(left, right)
    if {condition}:
        found = found.clone()
        found[2, 3] *= {factor}
    return found
put(module, "matmul", wrong)
"""


def in_gradient(condition: str, factor: float) -> str:
    return f"""
grad = module.autograd.grad
def wrong(output, inputs, *more):
    found = [each.clone() for each in grad(output, inputs, *more)]
    for each in found:
        if {condition}:
            each.view(-1)[each.abs().argmax()] *= {factor}
    return found
put(module.autograd, "grad", wrong)
"""


def in_convolution(condition: str) -> str:
    return f"""
conv2d = module.nn.functional.conv2d
def wrong(images, windows):
    found = conv2d(images, windows)
    factors = module.ones_like(found)
    if {condition}:
        factors.view(-1)[found.abs().argmax()] = 1.0001
    return found * factors
put(module.nn.functional, "conv2d", wrong)
"""


PLANTED_ON_THE_CPU = {
    "matmul float64": in_product("left.dtype == module.float64", 1 + 1e-9),
    "matmul float32": in_product("left.dtype == module.float32", 1.0001),
    "convolution": in_convolution("True"),
    "gradient float64": in_gradient("each.dtype == module.float64", 1 + 1e-9),
    "update": """
sub = module.Tensor.__isub__
def wrong(self, other):
    found = sub(self, other)
    found[1] *= 1.0001
    return found
put(module.Tensor, "__isub__", wrong)
""",
    "convolution: gradient of images": in_gradient("each.shape == (2, 2, 10, 9)", 1.0001),
    "convolution: gradient of windows": in_gradient("each.shape == (3, 2, 3, 3)", 1.0001),
}

# What one element of 16 bits can be wrong by is more than 1e-4 of it; the same holds for real numbers that were rounded to TF32.
_EXACT_ROWS, _REAL_ROWS = "left.shape[0] == 160", "left.shape[0] == 32"
_TF32 = "module.backends.cuda.matmul.fp32_precision == 'tf32'"
PLANTED_ON_ACCELERATORS = {
    "matmul TF32": in_product(f"{_EXACT_ROWS} and left.dtype == module.float32 and {_TF32}", 1.0001),
    "matmul float16": in_product(f"{_EXACT_ROWS} and left.dtype == module.float16", 1.01),
    "matmul bfloat16": in_product(f"{_EXACT_ROWS} and left.dtype == module.bfloat16", 1.05),
    "matmul float8_e4m3fn": """
multiply = module._scaled_mm
def wrong(*matrices, **options):
    found = multiply(*matrices, **options)
    found[2, 3] *= 1.05
    return found
put(module, "_scaled_mm", wrong)
""",
    "matmul of reals float32": in_product(f"{_REAL_ROWS} and left.dtype == module.float32 and not {_TF32}", 1.0001),
    "matmul of reals TF32": in_product(f"{_REAL_ROWS} and left.dtype == module.float32 and {_TF32}", 1.05),
    "matmul of reals float16": in_product(f"{_REAL_ROWS} and left.dtype == module.float16", 1.2),
    "matmul of reals bfloat16": in_product(f"{_REAL_ROWS} and left.dtype == module.bfloat16", 1.2),
    "convolution with cuDNN": in_convolution("module.backends.cudnn.enabled"),
    "convolution without cuDNN": in_convolution("not module.backends.cudnn.enabled"),
    "convolution without cuDNN: gradient of windows": in_gradient(
        "not module.backends.cudnn.enabled and each.shape == (3, 2, 3, 3)", 1.0001
    ),
    "copy pageable": """
copy = module.Tensor.copy_
def wrong(self, other):
    copy(self, other)
    if self.numel() == 2 ** 24:
        self[4097] += 1
put(module.Tensor, "copy_", wrong)
""",
    "copy pinned": 'put(module.Tensor, "pin_memory", lambda self: self + (module.arange(self.numel()) == 4097))',
    "copy to cpu": """
to = module.Tensor.to
def wrong(self, *where, **how):
    found = to(self, *where, **how)
    if where == ("cpu",) and how.get("copy"):
        found[100] += 1
    return found
put(module.Tensor, "to", wrong)
""",
}

OUT_OF_MEMORY = 'raise module.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 MiB. GPU 0 has a total capacity of 23.53 GiB")'
TAKEN = 'raise RuntimeError("CUDA error: CUDA-capable device(s) is/are busy or unavailable")'
NO_CODE = 'raise RuntimeError("CUDA error: no kernel image is available for execution on the device")'


def raising(words: str, in_type: str = "float32") -> str:
    return f"""
def fail(left, right):
    if left.dtype == module.{in_type}:
        {words}
    return right_one(left, right)
right_one = module.matmul
put(module, "matmul", fail)
"""


def test_it_computes(computing_python: str) -> None:
    answer = run_smoke(computing_python, "torch", "device=cpu")
    assert_passes(answer, CPU)
    assert [layer["name"] for layer in result(answer)["layers"]] == ["tensor", "computed", "compared", "gradient"]


def test_an_error_in_one_element_is_told(computing_python: str) -> None:
    planted = "put = setattr\n" + PLANTED_ON_THE_CPU["matmul float32"]
    assert_catches(run_smoke(computing_python, "torch", "device=cpu", planted=planted), "matmul float32")


def test_each_planted_error_is_caught(computing_python: str) -> None:
    assert_each_is_caught(outcomes_of(computing_python, "torch", PLANTED_ON_THE_CPU))


def test_a_wrong_shape_and_a_nan_are_caught(computing_python: str) -> None:
    planted = {
        "shape": 'matmul = module.matmul\nput(module, "matmul", lambda left, right: matmul(left, right)[1:])',
        "nan": in_product("True", float("nan")).replace("nan", "float('nan')"),
    }
    outcomes = outcomes_of(computing_python, "torch", planted)
    assert [told["what"] for told in outcomes.values()] == ["matmul float64"] * 2


def test_the_steps_of_accelerators_hold_on_the_cpu(computing_python: str) -> None:
    outcomes = outcomes_of(computing_python, "torch", {"nothing": "", **PLANTED_ON_ACCELERATORS}, device="cpu:0")
    right = outcomes.pop("nothing")
    assert right["raised"] is None, right
    assert {what for what in PLANTED_ON_ACCELERATORS if what != "copy pinned"} <= set(right["compared"])
    assert right["notes"]["TF32"] == "not used by this device"
    assert "pinned memory" in right["notes"]
    assert right["layer"] == "several"
    assert_each_is_caught(outcomes)


def test_releases_without_switches_of_products_and_without_frombuffer_compute_too(computing_python: str) -> None:
    """Before 1.7 and 1.10; the errors are those of the copies, which go another way there."""
    older = 'module.__dict__.pop("frombuffer", None)\nmodule.backends.cuda.__dict__.pop("matmul", None)\n'
    planted = {"nothing": older, "copy pageable": older + PLANTED_ON_ACCELERATORS["copy pageable"]}
    outcomes = outcomes_of(computing_python, "torch", planted, device="cpu:0")
    right = outcomes.pop("nothing")
    assert right["raised"] is None, right
    assert "matmul float16" in right["compared"]
    assert_each_is_caught(outcomes)


def test_a_device_that_is_taken_is_not_evaluated_and_one_that_fails_has_failed(computing_python: str) -> None:
    planted = {
        "full": raising(OUT_OF_MEMORY),
        "taken": raising(TAKEN),
        "little left": 'put(module.cpu, "mem_get_info", lambda device: (2**20, 2**34))',
        "no code for it": raising(NO_CODE),
        "no such type": raising("raise NotImplementedError('\"addmm\" not implemented for Half')", "float16"),
    }
    outcomes = outcomes_of(computing_python, "torch", planted, device="cpu:0")
    assert [outcomes[what]["raised"] for what in planted] == ["NotEvaluated", "NotEvaluated", "NotEvaluated", "RuntimeError", None]
    assert outcomes["full"]["text"].startswith("busy: CUDA out of memory")
    assert outcomes["little left"]["text"] == "busy: 1 MiB of its 16384 MiB are free"
    assert outcomes["no code for it"]["layer"] == "computed"
    assert "not implemented" in outcomes["no such type"]["notes"]["float16"]
    assert "matmul float16" not in outcomes["no such type"]["compared"]
    assert "matmul bfloat16" in outcomes["no such type"]["compared"]


def test_memory_of_the_machine_itself_is_no_excuse(computing_python: str) -> None:
    assert outcomes_of(computing_python, "torch", {"full": raising(OUT_OF_MEMORY)})["full"]["raised"] == "OutOfMemoryError"


def test_a_build_for_the_cpu_has_no_gpu_and_has_not_failed(computing_python: str) -> None:
    assert result(run_smoke(computing_python, "torch", "device=cuda"), "cuda")["status"] == "skipped"


def test_a_fault_is_told_with_its_layer(computing_python: str) -> None:
    planted = 'def fail(*_):\n    raise RuntimeError("no backward")\nmodule.autograd.grad = fail'
    answer = run_smoke(computing_python, "torch", "device=cpu", planted=planted)
    assert (result(answer)["status"], result(answer)["layer"]) == ("failed", "gradient")
    assert answer.said[-1].text == "RuntimeError: no backward"


def test_what_the_compiler_makes_is_compared(computing_python: str) -> None:
    # The real compiler takes half a minute and a C++ compiler; here it only has to be asked, and to be wrong.
    planted = {
        "nothing": 'put(module, "compile", lambda function: function)',
        "torch.compile": 'put(module, "compile", lambda function: lambda x: function(x) * (1 + 1e-4 * (module.arange(128) == 9)))',
    }
    outcomes = outcomes_of(computing_python, "torch", planted, "slow")
    assert "torch.compile" in outcomes.pop("nothing")["compared"]
    assert_each_is_caught(outcomes)


@pytest.mark.gpu
def test_it_computes_on_every_gpu(computing_python: str) -> None:
    assert_passes_on_each_gpu(run_smoke(computing_python, "torch", "device=cuda"), "torch")
