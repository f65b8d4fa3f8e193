from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, Passed
from envcheck.report import Certainty
from envcheck.rules.extension_wants_other_cuda_runtime import RULE


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


def missing(library: str, subject: str = "vllm", **details: str) -> dict[str, Any]:
    return {
        "kind": "library-not-found",
        "text": f"{library}: cannot open shared object file",
        "subject": subject,
        "details": {"library": library, **details},
    }


def torch(version: str, cuda: str | None) -> dict[str, Any]:
    return {"torch": {"version": version, "cuda": cuda}}


@pytest.mark.parametrize(
    ("library", "cuda", "expected"),
    [
        ("libcudart.so.12", "11.8", Found),
        ("libcudart.so.12", "12.1", Passed),
        ("libcudart.so.11.0", "12.1", Found),
        ("libcudart.so.11.0", "11.3", Passed),
        ("libcudart.so.10.1", "10.2", Passed),
        ("libcudart.so.13", "12.8", Found),
        ("libcublas.so.11", "12.1", Found),
        ("libcublasLt.so.12", "13.0", Found),
        ("libnvJitLink.so.12", "13.0", Found),
        ("cudart64_110.dll", "12.1", Found),
        ("cudart64_12.dll", "12.4", Passed),
        ("libcusolver.so.11", "12.4", Passed),  # CUDA 11 and 12 both have this number
        ("libcusolver.so.11", "13.0", Found),
        ("libcufft.so.11", "12.4", Passed),
    ],
)
def test_the_librarys_cuda_is_compared_with_torchs(library: str, cuda: str, expected: type):
    assert isinstance(judge(missing(library), builds=torch("2.5.0", cuda))[0], expected)


def test_what_the_number_of_a_library_says_for_certain_makes_it_certain():
    assert judge(missing("libcudart.so.12"), builds=torch("2.0.1", "11.8"))[0].certainty is Certainty.CERTAIN
    assert judge(missing("libcufft.so.10"), builds=torch("2.5.0", "12.4"))[0].certainty is Certainty.LIKELY


def test_torch_without_cuda_has_no_library_at_all():
    (found,) = judge(missing("libcudart.so.12"), builds=torch("2.5.0+cpu", None))
    assert "has no CUDA" in found.message


def test_a_plain_version_number_is_looked_up_and_only_likely():
    packages = [{"name": "torch", "version": "2.1.0", "state": "ok"}]
    (found,) = judge(missing("libcudart.so.11.0"), packages=packages)
    assert found.certainty is Certainty.LIKELY
    assert "CUDA 12.1" in found.message
    assert isinstance(judge(missing("libcudart.so.12"), packages=packages)[0], Passed)


def test_nothing_known_of_torch_makes_it_likely():
    (found,) = judge(missing("libcudart.so.12", subject=""))
    assert found.certainty is Certainty.LIKELY


@pytest.mark.parametrize(
    "symptom",
    [
        missing("libcudnn.so.8"),
        missing("libcuda.so.1"),
        missing("libGL.so.1"),
        missing("libcudart.so.11.0", subject="tensorflow"),
        missing("libcudart.so.12", subject="onnxruntime"),
        missing("libcusparse.so.11", subject="bitsandbytes"),
        missing("libcudart.so.12", reason="linker"),
        missing("libnvrtc.so"),
    ],
)
def test_other_libraries_and_other_frameworks_have_rules_of_their_own(symptom: dict[str, Any]):
    assert isinstance(judge(symptom, builds=torch("2.0.1", "11.7"))[0], NotApplicable)


def test_what_torch_itself_misses_is_no_extensions_fault():
    assert isinstance(judge(missing("libcudart.so.12", subject="torch"), builds=torch("2.5.0", "12.4"))[0], NotApplicable)


def test_a_package_whose_name_tells_another_cuda_is_not_built_for_what_it_missed() -> None:
    (outcome,) = judge(missing("libnvJitLink.so.12", "cupy"), packages=[{"name": "cupy-cuda11x", "version": "12.0.0", "state": "ok"}])
    assert isinstance(outcome, NotApplicable)
    (outcome,) = judge(missing("libcudart.so.11.0", "cupy"), packages=[{"name": "cupy-cuda11x", "version": "12.0.0", "state": "ok"}])
    assert isinstance(outcome, Found)


def test_no_torch_is_spoken_of_where_none_is_known():
    assert "the installed torch" not in judge(missing("libcudart.so.12", subject=""))[0].message
