"""bitsandbytes-cuda-setup: no binary, or not the libraries that one needs."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.engine import diagnose
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty
from envcheck.rules import all_rules
from envcheck.rules.bitsandbytes_cuda_setup import RULE
from tests.rules.rule_words import told

WITHOUT_GPU = "UserWarning: The installed version of bitsandbytes was compiled without GPU support.\n"
WINDOWS = """CUDA_SETUP: WARNING! libcudart.so not found in any environmental path. Searching in backup paths...
The following directories listed in your path were found to be non-existent: {WindowsPath('/usr/local/cuda/lib64')}
CUDA SETUP: PyTorch settings found: CUDA_VERSION=118, Highest Compute Capability: 8.6.
CUDA SETUP: Loading binary E:\\env\\lib\\site-packages\\bitsandbytes\\libbitsandbytes_cuda118.so...
argument of type 'WindowsPath' is not iterable
CUDA SETUP: Problem: The main issue seems to be that the main CUDA runtime library was not detected.
"""
OLD = """CUDA SETUP: CUDA runtime path found: /usr/local/cuda-9.2/lib64/libcudart.so
CUDA SETUP: Detected CUDA version 92
CUDA SETUP: Required library version not found: libbitsandbytes_cuda92.so. Maybe you need to compile it from source?
CUDA SETUP: Defaulting to libbitsandbytes_cpu.so...
"""
CHECKOUT = """Could not find the bitsandbytes CUDA binary at PosixPath('/root/src/bitsandbytes/bitsandbytes/libbitsandbytes_cuda124.so')
CUDA Setup failed despite CUDA being available. Please run the following command to get more information:
"""
DEPENDENCY = """bitsandbytes library load error: libnvJitLink.so.13: cannot open shared object file: No such file or directory
RuntimeError: CUDA SETUP ERROR: Missing dependency: libnvJitLink.so.13

CUDA 13.x runtime libraries were not found in the LD_LIBRARY_PATH.
Original error: libnvJitLink.so.13: cannot open shared object file: No such file or directory
"""
MISMATCH = """RuntimeError:
CUDA VERSION MISMATCH
Requested CUDA version:          13.2
Detected PyTorch CUDA version:   13.2
Attempted to use bitsandbytes native library functionality but it's not available.
Original error: Configured CUDA binary not found at /v/lib/python3.12/site-packages/bitsandbytes/libbitsandbytes_cuda132.so
"""
LIBRARY = """CUDA SETUP: Loading binary /v/lib/python3.9/site-packages/bitsandbytes/libbitsandbytes_cuda117.so...
libcusparse.so.11: cannot open shared object file: No such file or directory
"""
HEALTHY = """bin /v/lib/python3.10/site-packages/bitsandbytes/libbitsandbytes_cuda118.so
CUDA_SETUP: WARNING! libcudart.so not found in any environmental path. Searching in backup paths...
CUDA SETUP: CUDA runtime path found: /usr/local/cuda/lib64/libcudart.so.11.0
CUDA SETUP: Loading binary /v/lib/python3.10/site-packages/bitsandbytes/libbitsandbytes_cuda118.so...
"""


def judge(text: str) -> Any:
    (outcome,) = RULE.check(Case(read_text(text)))
    return outcome


def judge_facts(*symptoms: dict[str, Any], **facts: Any) -> Any:
    (outcome,) = RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot)))
    return outcome


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (WINDOWS, "bitsandbytes has no binary for Windows; releases before 0.43 look for one of Linux."),
        (OLD, "bitsandbytes has no binary for CUDA 9.2."),
        (CHECKOUT, "bitsandbytes has no binary for CUDA 12.4."),
        (DEPENDENCY, "bitsandbytes does not find libnvJitLink.so.13, which its binary for CUDA 13 needs."),
        (MISMATCH, "bitsandbytes has no binary for CUDA 13.2."),
        (LIBRARY, "bitsandbytes does not find libcusparse.so.11, which its binary for CUDA 11.7 needs."),
        ("RuntimeError: CUDA Setup failed despite GPU being available.", "bitsandbytes finds no CUDA binary that it can use."),
        ("WARNING: No libcudart.so found! Install CUDA", "bitsandbytes does not find the CUDA runtime library libcudart."),
    ],
)
def test_what_it_says_in_every_age_is_certain(text: str, message: str) -> None:
    found = judge(text)
    assert (type(found), found.certainty, found.message) == (Found, Certainty.CERTAIN, message)


@pytest.mark.parametrize(
    ("text", "last"),
    [
        (WINDOWS, "bitsandbytes>=0.43"),
        (CHECKOUT, "bitsandbytes"),
        (MISMATCH, "bitsandbytes>=0.43"),
    ],
)
def test_the_first_remedy_installs_one_that_has_the_binary(text: str, last: str) -> None:
    assert judge(text).remedies[0].steps[-1].run[-1] == last


def test_a_cuda_that_no_release_has_a_binary_for_asks_for_another_torch() -> None:
    assert judge(OLD).remedies[0].summary == "install a torch build for CUDA 11 or newer"


def test_an_override_is_taken_back_first() -> None:
    found = judge("export BNB_CUDA_VERSION=124\n" + CHECKOUT)
    assert found.remedies[0].steps[0].run == ("unset", "BNB_CUDA_VERSION")


def test_its_cpu_binary_alone_is_likely_a_problem_where_a_card_may_be() -> None:
    assert judge(WITHOUT_GPU).certainty is Certainty.LIKELY
    assert judge("GPU 0: NVIDIA A40 (UUID: GPU-00000000-1111-2222-3333-444444444444)\n" + WITHOUT_GPU).certainty is Certainty.CERTAIN


def test_on_a_machine_without_a_card_its_cpu_binary_is_right() -> None:
    said = {"kind": "not-compiled-with", "text": "x", "subject": "bitsandbytes", "details": {"feature": "cuda", "package": "bitsandbytes"}}
    assert isinstance(judge_facts(said, observed={"accelerators": "complete"}), Passed)
    assert isinstance(judge_facts(said, live=True), NotEvaluated)
    assert isinstance(judge_facts(said, system={"os": "Darwin"}), NotApplicable)


def test_a_report_of_one_that_works_is_no_finding() -> None:
    assert isinstance(judge(HEALTHY), NotApplicable)
    assert isinstance(judge("bitsandbytes==0.45.0"), NotApplicable)


@pytest.mark.parametrize("text", [LIBRARY, DEPENDENCY, CHECKOUT, WINDOWS])
def test_nothing_else_is_named_beside_it(text: str) -> None:
    report = diagnose(read_text(text), all_rules())
    assert [finding.rule for finding in told(report) if not finding.because_of] == ["bitsandbytes-cuda-setup"]


def test_a_torch_without_cuda_explains_it() -> None:
    report = diagnose(read_text("torch==2.1.0+cpu\nAssertionError: Torch not compiled with CUDA enabled\n" + WITHOUT_GPU), all_rules())
    first, second = told(report)
    assert (first.rule, second.rule) == ("cpu-only-wheel", "bitsandbytes-cuda-setup")
    assert second.because_of == (first.id,)
