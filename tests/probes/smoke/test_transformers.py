import pytest

from tests.probes.smoke.running import assert_catches, assert_passes, result, run_smoke

MODULE = "transformers.models.bert.modeling_bert"
# What is done to `state`, the hidden state of one word in one sentence; a single element that is wrong by 1e-4 moves the mean.
ONE_ELEMENT = "state[state.abs().argmax()] *= 1 + 1e-4"
SAME_MEAN = """
change = 1e-4 * state.max()
low, high = state.argmin(), state.argmax()
state[high] += change; state[low] -= change"""
# Moves one element by 1e-4 of it, and the others so that mean and variance stay as they are.
SAME_MEAN_AND_VARIANCE = """
place = (state.abs() - 0.8).abs().argmin()
way = state.new_zeros(16); way[place] = 1
way -= way.mean(); way -= state * (state @ way) / (state @ state)
state += way / way[place] * state[place] * 1e-4"""
PLANTED = {
    "mean of layer norm float32": (0, 2, ONE_ELEMENT),
    "variance of layer norm float32": (1, 5, SAME_MEAN),
    "bert float32": (0, 5, SAME_MEAN_AND_VARIANCE),
    "padded bert float32": (1, 3, SAME_MEAN_AND_VARIANCE),
}


def wrong(sentence: int, word: int, change: str) -> str:
    return f"""
forward = module.BertModel.forward
def wrong(self, *arguments, **options):
    found = forward(self, *arguments, **options)
    state = found[0][{sentence}, {word}]
    {change.strip().replace(chr(10), chr(10) + "    ")}
    return found
module.BertModel.forward = wrong
"""


def test_it_computes(computing_python: str) -> None:
    assert_passes(run_smoke(computing_python, "transformers"), ["shape", *PLANTED])


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_error_is_caught(computing_python: str, what: str) -> None:
    assert_catches(run_smoke(computing_python, "transformers", planted=wrong(*PLANTED[what]), module=MODULE), what)


def test_a_mask_that_is_not_heeded_is_caught(computing_python: str) -> None:
    planted = """
forward = module.BertModel.forward
module.BertModel.forward = lambda self, input_ids, attention_mask: forward(self, input_ids=input_ids)
"""
    assert_catches(run_smoke(computing_python, "transformers", planted=planted, module=MODULE), "padded bert float32")


def test_a_result_that_is_no_number_is_caught(computing_python: str) -> None:
    answer = run_smoke(computing_python, "transformers", planted=wrong(0, 0, "state[1] = float('nan')"), module=MODULE)
    assert_catches(answer, "mean of layer norm float32")


def test_a_result_of_another_shape_is_caught(computing_python: str) -> None:
    planted = """
forward = module.BertModel.forward
module.BertModel.forward = lambda self, **options: [forward(self, **options)[0][:, 1:]]
"""
    assert_catches(run_smoke(computing_python, "transformers", planted=planted, module=MODULE), "shape")


def test_what_the_model_raises_is_told_with_its_layer(computing_python: str) -> None:
    planted = """
def refuse(self, **options):
    raise RuntimeError("No available kernel. Aborting execution.")
module.BertModel.forward = refuse
"""
    answer = run_smoke(computing_python, "transformers", planted=planted, module=MODULE)
    assert (result(answer)["status"], result(answer)["layer"]) == ("failed", "computed")


def test_without_pytorch_there_is_nothing_to_test(computing_python: str) -> None:
    # The package puts a module that loads its parts late in its own place.
    planted = "import sys\nsys.modules['transformers'].is_torch_available = lambda: False"
    answer = run_smoke(computing_python, "transformers", planted=planted)
    assert result(answer)["status"] == "skipped"
    assert "PyTorch" in result(answer)["reason"]
