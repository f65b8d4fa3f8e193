"""TensorFlow's start-up log: what counts, and what only looks as if it did."""

import pytest

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages import parse_message


@pytest.mark.parametrize(
    ("line", "kind", "details"),
    [
        (
            (
                "E0000 00:00:1777215672.471936  450463 cuda_executor.cc:1737] INTERNAL: CUDA Runtime error: Failed call to "
                "cudaGetRuntimeVersion: Error loading CUDA libraries. GPU will not be used.: Error loading CUDA libraries."
            ),
            SymptomKind.PROVIDER_FALLBACK,
            {"provider": "gpu", "reason": "runtime"},
        ),
        (
            "ImportError: Could not find 'cudnn64_7.dll'. TensorFlow requires that this DLL be installed in a directory that is named",
            SymptomKind.DLL_LOAD_FAILED,
            {"library": "cudnn64_7.dll"},
        ),
        (
            "WARNING:tensorflow:Your environment has TF_USE_LEGACY_KERAS set to True, but you do not have the tf_keras package installed.",
            SymptomKind.MODULE_NOT_FOUND,
            {"module": "tf_keras"},
        ),
    ],
)
def test_a_line_of_tensorflow_is_understood(line: str, kind: SymptomKind, details: dict[str, str]) -> None:
    (said,) = parse_message(line)
    assert (said.kind, said.subject, said.details) == (kind, "tensorflow", details)


@pytest.mark.parametrize(
    "line",
    [
        "W tensorflow/compiler/tf2tensorrt/utils/py_utils.cc:38] TF-TRT Warning: Could not find TensorRT",
        (
            "E cuda_dnn.cc:8454] Unable to register cuDNN factory: Attempting to register factory for plugin cuDNN when one has "
            "already been registered"
        ),
        "I tensorflow/stream_executor/cuda/cudart_stub.cc:29] Ignore above cudart dlerror if you do not have a GPU set up on your machine.",
    ],
)
def test_a_harmless_line_says_nothing(line: str) -> None:
    assert parse_message(line) == []
