from pathlib import Path

import pytest

from tests.fake_driver import FakeDriver, recorded, written
from tests.probes.smoke.running import assert_catches, assert_passes, result, run_smoke

# A comparison, with which output it looks at and by how much one element of it is made wrong.
COMPARED = {
    "gemm and relu float32": (0, 1e-4),
    "convolution float32": (1, 1e-4),
    "matmul float64": (2, 1e-9),
}
CUDA = "CUDAExecutionProvider"
# A build for CUDA: by its own word, and by what its sessions say that they ran on.
BUILT_FOR_CUDA = f"""
names = module.get_available_providers()
module.get_available_providers = lambda: [{CUDA!r}, *names]
"""
RUNS_ON_CUDA = """
class Session(module.InferenceSession):
    def __init__(self, model, options, providers, **others):
        entry = "session.disable_cpu_ep_fallback"
        self.strict = True
        try:
            options.get_session_config_entry(entry)
        except RuntimeError:
            self.strict = False
        plain = module.SessionOptions()
        super().__init__(model, plain, providers=["CPUExecutionProvider"])
        self.asked = providers
    def get_providers(self):
        return [self.asked[0][0], "CPUExecutionProvider"]
    def run(self, names, inputs):
        assert self.strict, "an operator may be left to the CPU"
        assert self.asked[0][1]["device_id"] == 1, self.asked
        return super().run(names, inputs)
module.InferenceSession = Session
class OrtValue:
    def __init__(self, value):
        self.value = value
    @classmethod
    def ortvalue_from_numpy(cls, value, kind, number):
        assert (kind, number) == ("cuda", 1)
        return cls(value.copy())
    def numpy(self):
        return self.value
module.OrtValue = OrtValue
"""


def wrong(change: str) -> str:
    """`change` is done to `found`, the outputs of a session."""
    return f"""
run = module.InferenceSession.run
def wrong(self, names, inputs):
    found = run(self, names, inputs)
    {change}
    return found
module.InferenceSession.run = wrong
"""


@pytest.fixture
def with_card(fake_driver: FakeDriver, tmp_path: Path) -> dict[str, str | None]:
    """Of a machine whose driver shows a card."""
    return {**fake_driver.variables(written(tmp_path, recorded("h200")), "cuda"), "CUDA_VISIBLE_DEVICES": None}


def test_it_computes_and_tells_which_provider_ran(computing_python: str) -> None:
    answer = run_smoke(computing_python, "onnxruntime")
    assert_passes(answer, list(COMPARED))
    assert result(answer)["notes"] == {"provider": "CPUExecutionProvider"}


@pytest.mark.parametrize("what", COMPARED)
def test_a_planted_error_is_caught(computing_python: str, what: str) -> None:
    output, error = COMPARED[what]
    change = f"flat = found[{output}].reshape(-1); flat[abs(flat).argmax()] *= 1 + {error}"
    assert_catches(run_smoke(computing_python, "onnxruntime", planted=wrong(change)), what)


def test_a_result_that_is_no_number_is_caught(computing_python: str) -> None:
    answer = run_smoke(computing_python, "onnxruntime", planted=wrong("found[1][0, 1, 2, 3] = float('nan')"))
    assert_catches(answer, "convolution float32")


def test_a_result_of_another_shape_is_caught(computing_python: str) -> None:
    answer = run_smoke(computing_python, "onnxruntime", planted=wrong("found[0] = found[0][:, 1:]"))
    assert_catches(answer, "gemm and relu float32")
    assert answer.said[-1].details["got"] == "16x11"


def test_what_a_session_raises_is_told_with_its_layer(computing_python: str) -> None:
    answer = run_smoke(computing_python, "onnxruntime", planted=wrong("raise RuntimeError('non-zero status code returned')"))
    assert (result(answer)["status"], result(answer)["layer"]) == ("failed", "computed")
    assert answer.said[-1].text == "RuntimeError: non-zero status code returned"


def test_the_silent_fall_back_to_the_cpu_is_a_failure(computing_python: str) -> None:
    # What is planted is the list alone: the session is the real one, which warns and takes the CPU.
    answer = run_smoke(computing_python, "onnxruntime", "device=cuda", planted=BUILT_FOR_CUDA)
    found = result(answer, "cuda:0")
    assert (found["status"], found["layer"], found["notes"]) == ("failed", "computed", {"provider": "CPUExecutionProvider"})
    said = answer.said[-1]
    assert said.text.startswith(f"FellBack: Failed to create {CUDA}. The model ran on CPUExecutionProvider instead.")
    assert (said.details["asked"], said.details["ran"]) == (CUDA, "CPUExecutionProvider")


def test_the_loader_says_why_it_fell_back(computing_python: str, tmp_path: Path) -> None:
    # The provider's library is looked for beside the package; this one cannot be loaded.
    library = tmp_path / "onnxruntime" / "capi" / "libonnxruntime_providers_cuda.so"
    library.parent.mkdir(parents=True)
    library.write_bytes(b"no library")
    planted = BUILT_FOR_CUDA + f"module.__file__ = {str(library.parent.parent / '__init__.py')!r}"
    answer = run_smoke(computing_python, "onnxruntime", "device=cuda", planted=planted)
    first, second = answer.said[-1].text.split("\n")[:2]
    assert first.startswith("FellBack: ")
    assert second.startswith("OSError: ")
    assert str(library) in second


def test_a_build_for_the_cpu_has_no_card(computing_python: str, with_card: dict[str, str | None]) -> None:
    answer = run_smoke(computing_python, "onnxruntime", "device=cuda", variables=with_card)
    assert result(answer, "cuda")["status"] == "skipped"


def test_a_build_for_cuda_is_tried_where_the_driver_shows_a_card(computing_python: str, with_card: dict[str, str | None]) -> None:
    answer = run_smoke(computing_python, "onnxruntime", planted=BUILT_FOR_CUDA, variables=with_card)
    assert result(answer)["status"] == "passed"
    assert result(answer, "cuda:0")["status"] == "failed", "there is a card, and it was not used"


def test_a_build_for_cuda_is_no_failure_on_a_machine_without_a_card(computing_python: str) -> None:
    answer = run_smoke(computing_python, "onnxruntime", planted=BUILT_FOR_CUDA, variables={"CUDA_VISIBLE_DEVICES": ""})
    assert_passes(answer, list(COMPARED))
    assert not any("cuda" in stage for stage in answer.stages)


def test_what_runs_on_a_card_is_compared_and_copied(computing_python: str) -> None:
    answer = run_smoke(computing_python, "onnxruntime", "device=cuda:1", planted=RUNS_ON_CUDA)
    assert_passes(answer, [*COMPARED, "copy to the device and back"], "cuda:1")
    assert result(answer, "cuda:1")["notes"] == {"provider": CUDA}


def test_a_byte_that_is_lost_on_the_way_is_caught(computing_python: str) -> None:
    planted = RUNS_ON_CUDA + "OrtValue.numpy = lambda self: self.value ^ (self.value == 70000)"
    assert_catches(run_smoke(computing_python, "onnxruntime", "device=cuda:1", planted=planted), "copy to the device and back", "cuda:1")


def test_a_card_that_is_full_is_no_failure(computing_python: str) -> None:
    planted = RUNS_ON_CUDA + wrong("raise RuntimeError('CUDA failure 2: out of memory ; GPU=1')")
    found = result(run_smoke(computing_python, "onnxruntime", "device=cuda:1", planted=planted), "cuda:1")
    assert (found["status"], found["reason"][:5]) == ("skipped", "busy:")
