from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Severity
from envcheck.rules.cuda_wheels_left_over import RULE
from tests.rules.rule_words import words

CU11 = {"nvidia_cublas_cu11": "11.10.3.66", "nvidia_cuda_runtime_cu11": "11.7.99"}
CU12 = {"nvidia_cublas_cu12": "12.8.4.1", "nvidia_nccl_cu12": "2.27.5"}
CU13 = {"nvidia_cublas": "13.1.0.3", "nvidia_cudnn_cu13": "9.19.0.56"}


def judge(**versions: str) -> list[Any]:
    packages = [{"name": name.replace("_", "-"), "version": version, "state": "ok"} for name, version in versions.items()]
    return list(RULE.check(Case(msgspec.convert({"packages": packages}, Snapshot))))


@pytest.mark.parametrize(
    ("wheels", "torch", "spare"),
    [
        ({**CU11, **CU12}, "2.10.0", "nvidia-cublas-cu11"),
        ({**CU12, **CU13}, "2.12.0+cu130", "nvidia-cublas-cu12"),
        ({**CU12, **CU13}, "2.9.0+cu126", "nvidia-cublas"),
    ],
)
def test_wheels_of_a_cuda_that_nothing_uses_are_a_hint(wheels: dict[str, str], torch: str, spare: str):
    (found,) = judge(torch=torch, **wheels)
    assert isinstance(found, Found)
    assert found.severity is Severity.INFO
    assert spare in words(found).split()


@pytest.mark.parametrize(
    "others",
    [
        {"jax_cuda12_plugin": "0.7.2"},
        {"tensorflow": "2.20.0"},
        {"cupy_cuda12x": "13.4.0"},
    ],
)
def test_two_frameworks_for_two_cudas_are_normal(others: dict[str, str]):
    assert [type(outcome) for outcome in judge(torch="2.12.0+cu130", **CU12, **CU13, **others)] == [Passed]


@pytest.mark.parametrize("others", [{}, {"torch": "2.99.0"}, {"torch": "2.12.0+cu130", "onnxruntime_gpu": "1.22.0"}])
def test_where_a_framework_does_not_tell_its_cuda_it_is_not_evaluated(others: dict[str, str]):
    assert [type(outcome) for outcome in judge(**CU12, **CU13, **others)] == [NotEvaluated]


@pytest.mark.parametrize("wheels", [{}, CU12, {"nvidia_ml_py": "13.580.0", "nvidia_cublas": "0.0.1.dev5"}])
def test_with_one_cuda_it_is_no_question(wheels: dict[str, str]):
    assert [type(outcome) for outcome in judge(torch="2.10.0", **wheels)] == [NotApplicable]
