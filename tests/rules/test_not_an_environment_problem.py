"""not-an-environment-problem."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable
from envcheck.judging.verdict import HEALTHY, exit_code
from envcheck.readers.read import read_text
from envcheck.report import Certainty, Role, Severity, Status
from envcheck.rules.not_an_environment_problem import RULE
from tests.rules.rule_words import judged, said, words

GIB = 2**30


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


TEXTS = {
    "shapes": "RuntimeError: mat1 and mat2 shapes cannot be multiplied (64x1024 and 512x10)",
    "broadcast": "ValueError: operands could not be broadcast together with shapes (3,) (4,)",
    "keras shapes": 'ValueError: Input 0 of layer "dense_1" is incompatible with the layer: expected axis -1 of input shape',
    "devices": "RuntimeError: Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!",
    "weights and input": "RuntimeError: Input type (torch.cuda.FloatTensor) and weight type (torch.FloatTensor) should be the same",
    "types": "RuntimeError: expected scalar type BFloat16 but found Float",
    "weights": "RuntimeError: Error(s) in loading state_dict for UNet:\n\tsize mismatch for conv_in.weight",
    "gradient": "RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn",
    "nan": "RuntimeError: Function 'LogSoftmaxBackward0' returned nan values in its 0th output.",
    "label": "IndexError: Target 7 is out of bounds.",
    "assert": "RuntimeError: CUDA error: device-side assert triggered",
    "data file": "FileNotFoundError: [Errno 2] No such file or directory: './data/labels.csv'",
    "quota": "OSError: [Errno 122] Disk quota exceeded: '/home/me/.cache/huggingface/x'",
    "hub": "requests.exceptions.HTTPError: 429 Client Error: Too Many Requests for url: https://huggingface.co/api/models/gpt2",
    "gated": "OSError: You are trying to access a gated repo.\nMake sure to have access to it at https://huggingface.co/x/y.",
    "no connection": "OSError: We couldn't connect to 'https://huggingface.co' to load the files.",
    "memory of the machine": "RuntimeError: [enforce fail at alloc_cpu.cpp:114] data. DefaultCPUAllocator: not enough memory",
    "job": "slurmstepd: error: Detected 1 oom_kill event in StepId=91.0. Some of the step tasks have been OOM Killed.",
    "numpy": "numpy.core._exceptions._ArrayMemoryError: Unable to allocate 14.9 GiB for an array with shape (200000, 10000)",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_the_words_of_programs_are_answered_and_never_counted_as_a_problem(text: str) -> None:
    report = judged(read_text(text))
    (finding, *rest) = report.findings
    assert (finding.rule, finding.severity, finding.role) == ("not-an-environment-problem", Severity.INFO, Role.PRIMARY)
    assert " It would be one if " in finding.message
    assert not rest
    assert report.status is Status.UNKNOWN
    assert exit_code(report) == HEALTHY


def test_memory_that_the_program_has_itself_is_certain() -> None:
    numbers = {"total": str(24 * GIB), "free": str(GIB), "own": str(22 * GIB), "requested": str(2 * GIB)}
    (found,) = judge(said("out-of-memory", device="cuda", **numbers))
    assert found.certainty is Certainty.CERTAIN
    assert "(22.0 of 24.0 GiB are its own)" in found.message
    assert "batch" in words(found)


@pytest.mark.parametrize(
    "symptom",
    [said("out-of-memory", device="cuda"), said("signal", signal="SIGKILL"), said("cuda-error", code=700)],
    ids=["gpu", "killed", "700"],
)
def test_what_may_have_another_cause_is_likely_and_says_what_would_confirm_it(symptom: dict[str, Any]) -> None:
    (found,) = judge(symptom)
    assert (found.certainty, len(found.would_confirm)) == (Certainty.LIKELY, 1)


def test_a_failed_check_that_is_named_is_told_once() -> None:
    (found,) = judge(said("program-error", what="device assert"), said("program-error", what="label"))
    assert found.subject == "labels or indices"
    assert len(found.symptoms) == 2


@pytest.mark.parametrize(
    "symptom",
    [
        said("out-of-memory", code=1455, device="cpu", reason="paging file"),
        said("out-of-memory", device="cuda", total=str(24 * GIB), free="0", own=str(GIB), requested=str(GIB)),
        said("out-of-memory", device="cuda", asked_by="envcheck"),
        said("cuda-error", code=100),
        said("signal", signal="SIGSEGV"),
        said("program-error", what="something new"),
        said("import-failed", exception="ImportError"),
    ],
)
def test_what_may_well_be_the_environment_is_left_to_others(symptom: dict[str, Any]) -> None:
    assert [type(outcome) for outcome in judge(symptom)] == [NotApplicable]


def test_a_full_list_of_processes_speaks_against_it() -> None:
    card = {
        "vendor": "nvidia",
        "index": 0,
        "memory_bytes": 24 * GIB,
        "memory_free_bytes": 0,
        "processes": [{"pid": 4, "memory_bytes": 23 * GIB}],
    }
    assert [type(outcome) for outcome in judge(said("out-of-memory", device="cuda"), accelerators=[card])] == [NotApplicable]


@pytest.mark.parametrize(
    "text",
    [
        "FileNotFoundError: [Errno 2] No such file or directory: '/usr/local/cuda/bin/nvcc'",
        "FileNotFoundError: [Errno 2] No such file or directory: '/v/lib/python3.11/site-packages/torch/config.json'",
        "I read that mat1 and mat2 shapes must fit",
        "the model is gated, do I need a token?",
        "Loss is 0.31, stopping training",
    ],
)
def test_other_words_are_not_taken_for_them(text: str) -> None:
    assert not [finding for finding in judged(read_text(text)).findings if finding.rule == RULE.name]


def test_an_illegal_access_on_a_failing_card_follows_from_the_card() -> None:
    xid = "NVRM: Xid (PCI:0000:17:00): 79, pid=4, name=python, GPU has fallen off the bus."
    text = f"{xid}\nRuntimeError: CUDA error: an illegal memory access was encountered"
    report = judged(read_text(text))
    assert report.findings[0].rule == "gpu-lost"
    assert all(finding.role is Role.CONSEQUENCE for finding in report.findings if finding.rule == RULE.name)


def test_found_is_a_hint_whatever_was_said() -> None:
    outcomes = judge(*(said("program-error", what=what) for what in ("shapes", "file", "nan")))
    assert len(outcomes) == 3
    assert all(isinstance(outcome, Found) and outcome.severity is Severity.INFO for outcome in outcomes)
