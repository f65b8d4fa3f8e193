"""cuda-lib-mix: two CUDA major versions in one process or environment."""

from typing import Any

import pytest

from envcheck.judging.case import Case
from envcheck.judging.engine import diagnose
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty, Severity
from envcheck.rules import all_rules
from envcheck.rules.cuda_lib_mix import RULE

LOADER = "W tensorflow/x/dso_loader.cc:60] Could not load dynamic library '{}'; dlerror: {}: cannot open shared object file\n"
MISSED = LOADER.format("libcusolver.so.11", "libnvJitLink.so.12")
OPENED = "I tensorflow/x/dso_loader.cc:49] Successfully opened dynamic library libcublas.so.{}\n"
ALSO_MISSED = LOADER.format("libcudart.so.11.0", "libcudart.so.11.0")
SYMBOL = "ImportError: /usr/local/cuda/lib64/libcusolver.so.11: undefined symbol: __nvJitLinkAddData_12_1, version libnvJitLink.so.12\n"


def judge(text: str) -> Any:
    (outcome,) = RULE.check(Case(read_text(text)))
    return outcome


@pytest.mark.parametrize(
    ("text", "certainty"),
    [
        (OPENED.format(11) + MISSED, Certainty.CERTAIN),
        (ALSO_MISSED + MISSED, Certainty.CERTAIN),
        ("torch==2.3.1+cu118\n" + SYMBOL, Certainty.CERTAIN),
        ("LD_LIBRARY_PATH=/usr/local/cuda-11.2/lib64\n" + MISSED, Certainty.LIKELY),
    ],
)
def test_a_library_of_one_version_among_those_of_another(text: str, certainty: Certainty) -> None:
    found = judge(text)
    assert (type(found), found.certainty) == (Found, certainty)
    assert found.message == "libcusolver.so.11 is of CUDA 12 (it wants libnvJitLink.so.12), while the rest is of CUDA 11."


def test_where_all_is_of_one_version_it_passes() -> None:
    assert isinstance(judge(OPENED.format(12) + MISSED), Passed)
    assert isinstance(judge("torch==2.5.1+cu124\n" + SYMBOL), Passed)


def test_without_a_word_of_the_rest_it_is_not_evaluated() -> None:
    missed = "Could not load library libcusolver.so.11. Error: libnvJitLink.so.12: cannot open shared object file\n"
    assert isinstance(judge(missed), NotEvaluated)


def test_tensorflow_that_names_what_it_misses_is_one_for_cuda_11() -> None:
    found = judge(MISSED)
    assert isinstance(found, Found)
    assert found.certainty is Certainty.LIKELY


def test_the_release_of_tensorflow_tells_the_rest() -> None:
    found = judge("tensorflow==2.12.0\n" + MISSED)
    assert isinstance(found, Found)
    assert found.certainty is Certainty.CERTAIN
    assert found.evidence[1].value == "CUDA 11.8"


@pytest.mark.parametrize("text", [ALSO_MISSED, "torch==2.5.1+cu124\n", "ImportError: libcudart.so.12: cannot open shared object file"])
def test_a_library_that_is_missing_for_itself_is_another_matter(text: str) -> None:
    assert isinstance(judge(text), NotApplicable)


def test_it_explains_what_tensorflow_then_lacks() -> None:
    report = diagnose(read_text(OPENED.format(11) + MISSED), all_rules())
    assert [finding.rule for finding in report.findings if not finding.because_of] == ["cuda-lib-mix"]


def test_wheels_that_write_the_same_file_are_a_hint() -> None:
    found = judge("nvidia-cudnn-cu11==8.7.0.84\nnvidia-cudnn-cu12==8.9.2.26\ntorch==2.2.0+cu121\n")
    assert (found.severity, found.certainty) == (Severity.INFO, Certainty.LIKELY)
    assert found.remedies[0].steps[0].run[-1] == "nvidia-cudnn-cu11"


@pytest.mark.parametrize(
    "text",
    [
        "nvidia-cublas-cu11==11.10.3.66\nnvidia-cublas-cu12==12.1.3.1\n",
        "nvidia-cudnn-cu11==8.7.0.84\nnvidia-cudnn-cu12==9.1.0.70\n",
        "nvidia-cublas-cu12==12.1.3.1\nnvidia-cublas==13.0.0.19\n",
        "nvidia-cudnn-cu12==9.1.0.70\n",
    ],
)
def test_wheels_whose_files_have_other_names_are_harmless(text: str) -> None:
    assert isinstance(judge(text), NotApplicable)


CUPY = (
    "$ pip freeze | grep cupy\ncupy-cuda{}\n"
    'File "/e/lib/python3.11/site-packages/cupy/_core/__init__.py", line 3, in <module>\n'
    "ImportError: {}: cannot open shared object file: No such file or directory\n"
)


@pytest.mark.parametrize(
    ("package", "library", "expected"),
    [
        ("11x==12.0.0", "libnvJitLink.so.12", Found),
        ("117==10.6.0", "libcublasLt.so.12", Found),
        ("12x==13.3.0", "libnvJitLink.so.12", NotApplicable),
        ("11x==12.0.0", "libcublas.so.11", NotApplicable),
        ("11x==12.0.0", "libcudnn.so.8", NotApplicable),
    ],
)
def test_a_package_whose_name_tells_its_cuda(package: str, library: str, expected: type) -> None:
    outcome = judge(CUPY.format(package, library))
    assert isinstance(outcome, expected)
    if isinstance(outcome, Found):
        assert (outcome.certainty, outcome.about) == (Certainty.LIKELY, ("cupy",))


def test_a_missing_symbol_names_its_library_where_the_loader_does_not() -> None:
    symbol = "OSError: /usr/local/cuda-12.0/lib64/libcusolver.so.11: undefined symbol: __nvJitLinkAddData_12_0\n"
    loaded = "\tlibcublas.so.11 => /usr/local/cuda-11.8/lib64/libcublas.so.11 (0x00007f2c40000000)\n"
    found = judge(symbol + loaded)
    assert found.message == "libcusolver.so.11 is of CUDA 12 (it wants libnvJitLink.so.12), while the rest is of CUDA 11."
    first = diagnose(read_text(symbol + loaded), all_rules()).findings[0]
    assert first.rule == "cuda-lib-mix"
