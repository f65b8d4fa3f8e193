import pytest

from tests.probes.smoke.running import assert_catches, assert_passes, result, run_smoke

# One element wrong by 1e-4 of it in what is float32; what is planted, and where it is seen.
PLANTED = {
    "inferred shape": """
infer = module.shape_inference.infer_shapes
def wrong(model):
    found = infer(model)
    found.graph.value_info[0].type.tensor_type.shape.dim[1].dim_value += 1
    return found
module.shape_inference.infer_shapes = wrong
""",
    "operators read again": """
read = module.load_model_from_string
def wrong(content):
    found = read(content)
    found.graph.node[1].op_type = "Sigmoid"
    return found
module.load_model_from_string = wrong
""",
    "weights read again": """
to_array = module.numpy_helper.to_array
def wrong(tensor):
    found = to_array(tensor).copy()
    if tensor.name == "weights":
        found[3, 4] *= 1 + 1e-4
    return found
module.numpy_helper.to_array = wrong
""",
    "bias read again": """
to_array = module.numpy_helper.to_array
def wrong(tensor):
    found = to_array(tensor).copy()
    if tensor.name == "bias":
        found[2] *= 1 + 1e-4
    return found
module.numpy_helper.to_array = wrong
""",
    "gemm and relu float32": """
import onnx.reference
run = onnx.reference.ReferenceEvaluator.run
def wrong(self, names, inputs):
    found = run(self, names, inputs)
    flat = found[0].reshape(-1)
    flat[flat.argmax()] *= 1 + 1e-4
    return found
onnx.reference.ReferenceEvaluator.run = wrong
""",
}


def test_it_computes(computing_python: str) -> None:
    assert_passes(run_smoke(computing_python, "onnx"), list(PLANTED))


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_error_is_caught(computing_python: str, what: str) -> None:
    assert_catches(run_smoke(computing_python, "onnx", planted=PLANTED[what]), what)


def test_what_the_checker_raises_is_told_with_its_layer(computing_python: str) -> None:
    planted = """
def refuse(model):
    raise module.checker.ValidationError("No Op registered for Gemm")
module.checker.check_model = refuse
"""
    answer = run_smoke(computing_python, "onnx", planted=planted)
    assert (result(answer)["status"], result(answer)["layer"]) == ("failed", "computed")
    assert answer.said[-1].text == "ValidationError: No Op registered for Gemm"


def test_before_its_own_evaluator_the_rest_is_tested(computing_python: str) -> None:
    # As before 1.13: there is no such module.
    answer = run_smoke(computing_python, "onnx", planted="import sys; sys.modules['onnx.reference'] = None")
    assert_passes(answer, [what for what in PLANTED if what != "gemm and relu float32"])
    assert "gemm and relu float32" not in result(answer)["compared"]
    assert "reference evaluator" in result(answer)["notes"]
