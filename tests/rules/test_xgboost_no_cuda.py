from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty, Severity
from envcheck.rules.xgboost_no_cuda import RULE

CARD = {"index": 0, "vendor": "nvidia", "backend": "cuda", "name": "Tesla T4"}
MESSAGE = {"kind": "not-compiled-with", "text": "not compiled", "subject": "xgboost", "details": {"feature": "cuda", "package": "xgboost"}}
NO_GPU = {"kind": "provider-fallback", "text": "No visible GPU is found", "subject": "xgboost", "details": {"provider": "cuda"}}


def package(name: str, **more: str) -> dict[str, Any]:
    return {"name": name, "version": "2.1.4", "state": "ok", **more}


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


def read(text: str) -> list[Any]:
    return list(RULE.check(Case(read_text(text))))


def test_xgboosts_own_words_are_enough():
    (found,) = judge(MESSAGE, packages=[package("xgboost-cpu")])
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.CERTAIN)
    removal, installation = (step.run for step in found.remedies[0].steps)
    assert (removal[-1], installation[-1]) == ("xgboost-cpu", "xgboost")


def test_beside_the_word_that_no_gpu_is_found_it_is_likely():
    (found,) = judge(MESSAGE, NO_GPU, packages=[package("xgboost")])
    assert found.certainty is Certainty.LIKELY


def test_condas_build_is_replaced_by_condas():
    (found,) = judge(MESSAGE, packages=[package("xgboost", manager="conda", build="cpu_py310h1_0")], builds={"xgboost": {"cuda": None}})
    assert "py-xgboost=*=cuda*" in found.remedies[0].steps[-1].run


def test_a_cpu_build_beside_a_card_is_told_and_on_a_live_machine_only_as_a_hint():
    facts: dict[str, Any] = {"packages": [package("xgboost-cpu")], "accelerators": [CARD]}
    (found,) = judge(**facts)
    assert (found.severity, found.certainty) == (Severity.WARNING, Certainty.LIKELY)
    (found,) = judge(live=True, **facts)
    assert found.severity is Severity.INFO


@pytest.mark.parametrize(
    "facts",
    [
        {"packages": [package("xgboost")], "builds": {"xgboost": {"cuda": "12.8"}}, "accelerators": [CARD]},
        {"packages": [package("xgboost-cpu")]},
    ],
)
def test_a_build_with_cuda_and_a_machine_without_a_gpu_pass(facts: dict[str, Any]):
    assert [type(outcome) for outcome in judge(**facts)] == [Passed]


def test_an_unknown_build_leaves_it_open():
    assert [type(outcome) for outcome in judge(packages=[package("xgboost")], accelerators=[CARD])] == [NotEvaluated]


@pytest.mark.parametrize("facts", [{}, {"packages": [package("xgboost")], "system": {"os": "Darwin"}}])
def test_without_xgboost_and_on_a_mac_it_is_no_question(facts: dict[str, Any]):
    assert [type(outcome) for outcome in judge(**facts)] == [NotApplicable]


TEXTS = {
    "an error": "XGBoostError: [15:03:18] C:\\w\\src\\gbm/../common/common.h:132: XGBoost version not compiled with GPU support.\n",
    "a warning": "UserWarning: [00:11:25] WARNING: /workspace/src/context.cc:196: XGBoost is not compiled with CUDA support.\n",
    "its flags": ">>> xgb.build_info()\n{'DEBUG': False, 'USE_CUDA': False, 'USE_NCCL': False, 'libxgboost': '/x'}\nGPU: RTX 3090\n",
    "what conda will install": (
        "The following NEW packages will be INSTALLED:\n\n  _py-xgboost-mutex  conda-forge/win-64::_py-xgboost-mutex-2.0-cpu_0\n"
        "  py-xgboost         conda-forge/win-64::py-xgboost-1.7.6-cpu_py310hd1aba9c_3\nGPU: GTX 1660\n"
    ),
    "what conda will remove": "The following packages will be REMOVED:\n\n  _py-xgboost-mutex-2.0-cpu_0\n  py-xgboost-1.3.3-py38_1\n",
}


@pytest.mark.parametrize("name", TEXTS)
def test_texts_as_they_are_pasted(name: str):
    assert [type(outcome) for outcome in read(TEXTS[name])] == [Found]


@pytest.mark.parametrize(
    "text",
    [
        (
            "The following packages will be REMOVED:\n\n  _py-xgboost-mutex-2.0-cpu_0\n\nThe following NEW packages will be INSTALLED:\n\n"
            "  _py-xgboost-mutex  conda-forge/linux-64::_py-xgboost-mutex-2.0-gpu_0\n"
        ),
        "{'USE_CUDA': True, 'CUDA_VERSION': [12, 8], 'USE_NCCL': True}\nGPU: RTX 3090\n",
    ],
)
def test_texts_of_a_build_with_cuda(text: str):
    assert not any(isinstance(outcome, Found) for outcome in read(text))
