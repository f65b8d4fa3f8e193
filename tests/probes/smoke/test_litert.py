import pytest

from tests.probes.smoke.running import assert_catches, assert_passes, result, run_smoke

WHAT = "fully connected and relu float32"
# The module is imported by the test itself.
INTERPRETER = "ai_edge_litert.interpreter"


def wrong(change: str) -> str:
    """`change` is done to `found`, the interpreter's output."""
    return f"""
get_tensor = module.Interpreter.get_tensor
def wrong(self, index):
    found = get_tensor(self, index)
    {change}
    return found
module.Interpreter.get_tensor = wrong
"""


@pytest.mark.parametrize("variant", ["", "interpreter"])
def test_it_interprets_a_model_made_by_hand(computing_python: str, variant: str) -> None:
    answer = run_smoke(computing_python, "litert", *([f"variant={variant}"] if variant else []))
    assert_passes(answer, [WHAT], name=f"litert:{variant}" if variant else "")
    assert not any("tensorflow" in stage for stage in answer.stages)


def test_it_converts_a_model_of_tensorflow(computing_python: str) -> None:
    answer = run_smoke(computing_python, "litert", "variant=converter")
    assert_passes(answer, [WHAT], name="litert:converter")
    assert "testing litert:converter on cpu: tensor, converting the model" in answer.stages


def test_a_planted_error_is_caught(computing_python: str) -> None:
    change = "flat = found.reshape(-1); flat[flat.argmax()] *= 1 + 1e-4"
    assert_catches(run_smoke(computing_python, "litert", planted=wrong(change), module=INTERPRETER), WHAT)


def test_a_result_that_is_no_number_is_caught(computing_python: str) -> None:
    assert_catches(run_smoke(computing_python, "litert", planted=wrong("found[0, 0] = float('nan')"), module=INTERPRETER), WHAT)


def test_what_the_interpreter_raises_is_told_with_its_layer(computing_python: str) -> None:
    planted = """
def refuse(self):
    raise RuntimeError("Encountered unresolved custom op")
module.Interpreter.allocate_tensors = refuse
"""
    answer = run_smoke(computing_python, "litert", planted=planted, module=INTERPRETER)
    assert (result(answer)["status"], result(answer)["layer"]) == ("failed", "computed")


def test_a_tensorflow_without_the_converter_is_no_failure(computing_python: str) -> None:
    # TensorFlow itself need not be imported for it: any module that lacks `lite` is one.
    planted = "import sys, types; sys.modules['tensorflow'] = types.ModuleType('tensorflow')"
    answer = run_smoke(computing_python, "litert", "variant=converter", planted=planted, module="ai_edge_litert")
    assert result(answer, name="litert:converter")["status"] == "skipped"
