"""Distributions that have ended or were renamed: since when, what takes their place, and who says so."""

import enum

import msgspec


class End(enum.Enum):
    """What became of a distribution."""

    ENDED = "ended"  # nobody repairs it any more, security included
    RENAMED = "renamed"  # it goes on under another name
    PLACEHOLDER = "placeholder"  # an empty distribution that only points elsewhere


class Retired(msgspec.Struct, frozen=True):
    """One distribution.

    `successors` are distributions to install instead; `advice` is for where there is none of that kind. `sure` False: the state is what
    its trackers show, nobody has declared it.
    """

    end: End
    says: str
    source: str
    successors: tuple[str, ...] = ()
    advice: str = ""
    sure: bool = True


_MXNET = Retired(
    End.ENDED,
    "the project moved to the Apache Attic in 2023, and its last release fails to import with NumPy 1.26",
    "https://attic.apache.org/projects/mxnet.html",
    advice="move the model to PyTorch, TensorFlow or JAX",
)
_THEANO = Retired(
    End.ENDED,
    "its development ended; it was carried on as Aesara and is now PyTensor",
    "https://github.com/Theano/Theano",
    successors=("pytensor",),
)
_TORCHSERVE = Retired(
    End.ENDED,
    "its repository was archived on 2025-08-07, and security holes are not repaired any more",
    "https://github.com/pytorch/serve",
    advice="serve the model with vLLM, Ray Serve, Triton or LitServe",
)

RETIRED: dict[str, Retired] = {
    "mxnet": _MXNET,
    "mxnet-mkl": _MXNET,
    "mxnet-cu112": _MXNET,
    "theano": _THEANO,
    "theano-pymc": _THEANO,
    "aesara": Retired(
        End.RENAMED, "its development goes on as PyTensor", "https://github.com/pymc-devs/pytensor", successors=("pytensor",)
    ),
    "torchserve": _TORCHSERVE,
    "torch-model-archiver": _TORCHSERVE,
    "tensorflow-addons": Retired(
        End.ENDED,
        "its end of life was May 2024, and its last release was built for TensorFlow 2.12",
        "https://github.com/tensorflow/addons",
        advice="use what Keras, KerasCV and KerasHub have instead",
    ),
    "tflite-runtime": Retired(
        End.RENAMED,
        "TensorFlow Lite goes on as LiteRT",
        "https://ai.google.dev/edge/litert",
        successors=("ai-edge-litert",),
    ),
    "pandas-profiling": Retired(
        End.RENAMED,
        "it goes on as ydata-profiling",
        "https://github.com/ydataai/ydata-profiling",
        successors=("ydata-profiling",),
    ),
    "openvino-dev": Retired(
        End.ENDED,
        "its tools were moved into openvino itself",
        "https://docs.openvino.ai/",
        successors=("openvino",),
    ),
    "pynvml": Retired(
        End.RENAMED,
        "NVIDIA's own bindings, with the same `import pynvml`, are nvidia-ml-py",
        "https://github.com/gpuopenanalytics/pynvml",
        successors=("nvidia-ml-py",),
    ),
    "sklearn": Retired(
        End.PLACEHOLDER,
        "it is an empty distribution; what `import sklearn` needs is scikit-learn",
        "https://github.com/scikit-learn/sklearn-pypi-package",
        successors=("scikit-learn",),
    ),
    "horovod": Retired(
        End.ENDED,
        "it has no active development, and its last release was built for frameworks of 2023",
        "https://github.com/horovod/horovod",
        advice="use torch.distributed, Ray Train or Accelerate",
        sure=False,
    ),
    "oneflow": Retired(
        End.ENDED,
        "its last release of 2023 stops at Python 3.10",
        "https://github.com/Oneflow-Inc/oneflow",
        advice="move the model to PyTorch",
        sure=False,
    ),
}
