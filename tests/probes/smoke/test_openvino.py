from pathlib import Path

import pytest

from tests.probes.smoke.running import assert_catches, assert_passes, result, run_smoke

# A comparison, with which output it looks at and by how much one element of it is made wrong. What is float64 is computed in float32, but
# the numbers are exact in both.
COMPARED = {
    "gemm and relu float32": ("product", 1e-4),
    "convolution float32": ("windows", 1e-4),
    "matmul float64": ("doubled", 1e-9),
}


def wrong(change: str) -> str:
    """`change` is done to `found`, the outputs by their names."""
    return f"""
infer = module.InferRequest.infer
def wrong(self, inputs):
    answer = infer(self, inputs)
    found = {{name: answer[name].copy() for name in ("product", "windows", "doubled")}}
    {change}
    class Answer:
        def __getitem__(self, output):
            return found[output.get_any_name()]
    return Answer()
module.InferRequest.infer = wrong
"""


def test_it_computes_and_tells_which_device_ran(computing_python: str) -> None:
    answer = run_smoke(computing_python, "openvino")
    assert_passes(answer, list(COMPARED))
    assert result(answer)["notes"] == {"device": "CPU"}


@pytest.mark.parametrize("what", COMPARED)
def test_a_planted_error_is_caught(computing_python: str, what: str) -> None:
    output, error = COMPARED[what]
    change = f"flat = found[{output!r}].reshape(-1); flat[abs(flat).argmax()] *= 1 + {error}"
    assert_catches(run_smoke(computing_python, "openvino", planted=wrong(change)), what)


def test_what_the_compiler_raises_is_told_with_its_layer(computing_python: str) -> None:
    planted = """
def refuse(self, *arguments, **options):
    raise RuntimeError("Device with CPU name is not registered in the OpenVINO Runtime")
module.Core.compile_model = refuse
"""
    answer = run_smoke(computing_python, "openvino", planted=planted)
    assert (result(answer)["status"], result(answer)["layer"]) == ("failed", "computed")
    assert "testing openvino on cpu: computed, compiling the model" in answer.stages


def test_nothing_is_written_into_the_home(computing_python: str, tmp_path: Path) -> None:
    assert_passes(run_smoke(computing_python, "openvino", variables={"HOME": str(tmp_path)}), list(COMPARED))
    assert list(tmp_path.iterdir()) == []
