"""Questions to an interpreter and what their answers say."""

import pytest
from msgspec import UNSET

from envcheck.readers.interpreter_answers import facts_of
from envcheck.readers.read import read_text


@pytest.mark.parametrize(
    ("question", "answer", "facts"),
    [
        ("torch.backends.cudnn.version()", 90100, [("builds[torch].cudnn", "9.1.0")]),
        ("torch.backends.cudnn.version()", None, [("builds[torch].cudnn", None)]),
        ("torch.cuda.device_count()", 0, [("builds[torch].cuda_available", False)]),
        ("torch.cuda.device_count()", 2, [("builds[torch].device_count", 2)]),
        ("torch.cuda.device_count()", "two", None),
        ("sys.version", "3.11.4 (main, Jul  5 2023, 13:45:01) [GCC 11.2.0]", [("python.version", "3.11.4")]),
        ("platform.system()", "Darwin", [("system.os", "Darwin")]),
        ("ort.get_available_providers()", ["CUDAExecutionProvider", "CPUExecutionProvider"], []),
        ("ort.get_available_providers()", ["CPUExecutionProvider"], [("builds[onnxruntime].cuda", None)]),
        ("ort.get_available_providers()", ["something"], None),
    ],
)
def test_an_answer_by_its_question(question: str, answer: object, facts: object) -> None:
    assert facts_of(question, answer) == facts


def test_a_program_with_several_prints_is_answered_line_by_line() -> None:
    text = "$ python -c 'import torch; print(torch.__version__); print(torch.cuda.is_available())'\n2.2.0+cpu\nFalse\n"
    build = read_text(text).builds["torch"]
    assert (build.version, build.cuda_available) == ("2.2.0+cpu", False)


@pytest.mark.parametrize("asked", ['print("CUDA:", torch.version.cuda)', 'print(f"CUDA: {torch.version.cuda}")'])
def test_the_words_before_an_answer_are_no_part_of_it(asked: str) -> None:
    assert read_text(f">>> {asked}\nCUDA: 12.1\n").builds["torch"].cuda == "12.1"


def test_a_list_over_several_lines_is_one_answer() -> None:
    text = ">>> pprint(x)\n>>> torch.cuda.get_arch_list()\n['sm_70',\n 'sm_80',\n 'sm_90']\n>>> torch.version.hip\n"
    assert read_text(text).builds["torch"].arch_list == ("sm_70", "sm_80", "sm_90")


def test_a_list_that_is_cut_is_no_answer() -> None:
    assert not read_text(">>> torch.cuda.get_arch_list()\n['sm_70',\n 'sm_80',\n").builds


def test_a_question_without_an_answer_says_nothing() -> None:
    snapshot = read_text("Run python -c 'import torch; print(torch.cuda.is_available())' and show what it says.\n")
    assert not snapshot.builds
    assert snapshot.python.version is UNSET
