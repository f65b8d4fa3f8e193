import pytest

from tests.probes.smoke.planting import assert_each_is_caught, outcomes_of
from tests.probes.smoke.running import assert_catches, assert_passes, result, run_smoke

BACKENDS = ["tensorflow", "torch", "jax"]
ON_THE_CPU = {"CUDA_VISIBLE_DEVICES": "", "JAX_PLATFORMS": "cpu", "KERAS_TORCH_DEVICE": "cpu"}

PLANTED = {
    "dense layer": """
call = module.layers.Dense.__call__
def wrong(self, values):
    import numpy
    found = call(self, values)
    factors = numpy.ones(found.shape, dtype="float32")
    factors[0, numpy.flatnonzero(module.ops.convert_to_numpy(found)[0])[0]] = 1.0001
    return found * module.ops.convert_to_tensor(factors)
put(module.layers.Dense, "__call__", wrong)
""",
    "update": """
set_weights = module.layers.Dense.set_weights
def wrong(self, weights):
    if abs(weights[0][0, 0] - 0.34375) < 1e-6:
        weights = [weights[0] * [[1.0001], [1]]]
    set_weights(self, weights)
put(module.layers.Dense, "set_weights", wrong)
""",
    "fit": """
SGD = module.optimizers.SGD
put(module.optimizers, "SGD", lambda learning_rate: SGD(learning_rate=learning_rate * 1.001))
""",
}
# Each backend differentiates in its own way.
IN_GRADIENT = {
    "tensorflow": """
import tensorflow
gradient = tensorflow.GradientTape.gradient
put(tensorflow.GradientTape, "gradient", lambda self, height, source: gradient(self, height, source) * [[1.0], [1.0001]])
""",
    "torch": """
import torch
backward = torch.Tensor.backward
build = module.layers.Dense.build
layers = []
def noted(self, shape):
    layers.append(self)
    build(self, shape)
def wrong(self):
    backward(self)
    layers[-1].trainable_weights[0].value.grad[1] *= 1.0001
put(module.layers.Dense, "build", noted)
put(torch.Tensor, "backward", wrong)
""",
    "jax": """
import jax
grad = jax.grad
put(jax, "grad", lambda function: lambda *arguments: grad(function)(*arguments).at[1].multiply(1.0001))
""",
}


@pytest.mark.parametrize("backend", BACKENDS)
def test_it_computes_on_each_backend(computing_python: str, backend: str) -> None:
    answer = run_smoke(computing_python, "keras", f"variant={backend}", variables={**ON_THE_CPU, "KERAS_BACKEND": backend})
    assert_passes(answer, ["dense layer", "gradient", "update"], name=f"keras:{backend}")
    assert result(answer, name=f"keras:{backend}")["notes"]["backend"] == backend


@pytest.mark.parametrize("backend", BACKENDS)
def test_each_planted_error_is_caught(computing_python: str, backend: str) -> None:
    planted = {"nothing": "", **PLANTED, "gradient": IN_GRADIENT[backend]}
    outcomes = outcomes_of(computing_python, "keras", planted, "slow", variables={**ON_THE_CPU, "KERAS_BACKEND": backend})
    right = outcomes.pop("nothing")
    assert (right["raised"], right.get("compared")) == (None, ["dense layer", "gradient", "update", "fit"]), right
    assert_each_is_caught(outcomes)


def test_an_error_in_one_element_is_told(computing_python: str) -> None:
    planted = "put = setattr" + PLANTED["dense layer"]
    answer = run_smoke(computing_python, "keras", planted=planted, variables={**ON_THE_CPU, "KERAS_BACKEND": "torch"})
    assert_catches(answer, "dense layer")


def test_a_keras_without_a_choice_of_backends_is_tested_on_its_own(computing_python: str) -> None:
    # As Keras 2 is: no operations of its own, and a backend that no variable changes.
    as_keras_2 = 'put(module, "ops", None)\n'
    other = as_keras_2 + 'import os\nos.environ["KERAS_BACKEND"] = "jax"\n'
    outcomes = outcomes_of(
        computing_python,
        "keras",
        {"its own": as_keras_2, "another": other},
        variables={**ON_THE_CPU, "KERAS_BACKEND": "tensorflow"},
    )
    assert outcomes["its own"]["compared"] == ["dense layer", "gradient", "update"]
    assert outcomes["another"]["raised"] == "NotEvaluated"
    assert outcomes["another"]["text"] == "this version of Keras computes with tensorflow alone, not with jax"


def test_a_backend_that_is_not_there_fails_at_the_import(computing_python: str) -> None:
    answer = run_smoke(computing_python, "keras", variables={**ON_THE_CPU, "KERAS_BACKEND": "nonesuch"})
    imported = next(claim.value for claim in answer.evidence.claims if claim.fact == "imports[keras]")
    assert imported["status"] == "failed"
    assert "nonesuch" in answer.said[-1].text


def test_a_backend_without_gradients_is_tested_forward(computing_python: str) -> None:
    # Keras's backends of NumPy and OpenVINO are for inference.
    answer = run_smoke(computing_python, "keras", variables={**ON_THE_CPU, "KERAS_BACKEND": "numpy"})
    assert_passes(answer, ["dense layer"])
    assert result(answer)["notes"]["gradient"] == "not tested: this backend has none"
