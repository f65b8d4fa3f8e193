"""The frameworks that envcheck knows by name: what is imported, what is installed for it, and which distributions exclude each other.

An import package (`import sklearn`) and a distribution (`scikit-learn`) are two things, and several distributions may bring the same
import package. Sources: the METADATA and RECORD files of the distributions themselves, read on 2026-11-21.
"""

from collections.abc import Iterator

import msgspec

from envcheck.facts.snapshot import Package, PackageState, Snapshot

# Import package → the distributions that bring it, the usual one first. Only what may be imported without side effects outside its
# own caches stands here: importing Airflow, for one, creates a folder and a database in the user's home.
FRAMEWORKS: dict[str, tuple[str, ...]] = {
    "numpy": ("numpy",),
    "scipy": ("scipy",),
    "pandas": ("pandas",),
    "matplotlib": ("matplotlib",),
    "sklearn": ("scikit-learn",),
    "xgboost": ("xgboost", "xgboost-cpu", "xgboost-cu12"),
    "lightgbm": ("lightgbm",),
    "catboost": ("catboost",),
    "torch": ("torch",),
    "torchvision": ("torchvision",),
    "torchaudio": ("torchaudio",),
    "tensorflow": (
        "tensorflow",
        "tensorflow-cpu",
        "tensorflow-intel",
        "tensorflow-macos",
        "tensorflow-gpu",
        "tf-nightly",
        "tensorflow-rocm",
        "tensorflow-cpu-aws",
    ),
    "tf_keras": ("tf-keras",),
    "keras": ("keras", "keras-nightly"),
    "jax": ("jax",),
    "transformers": ("transformers",),
    "onnx": ("onnx",),
    "onnxruntime": (
        "onnxruntime",
        "onnxruntime-gpu",
        "onnxruntime-directml",
        "onnxruntime-openvino",
        "onnxruntime-rocm",
        "onnxruntime-migraphx",
        "onnxruntime-qnn",
        "onnxruntime-silicon",
        "onnxruntime-training",
    ),
    "openvino": ("openvino",),
    "ai_edge_litert": ("ai-edge-litert",),
    "cv2": ("opencv-python", "opencv-python-headless", "opencv-contrib-python", "opencv-contrib-python-headless"),
    "spacy": ("spacy",),
    "nltk": ("nltk",),
    "pyspark": ("pyspark", "pyspark-client", "pyspark-connect"),
    "h2o": ("h2o",),
    "ray": ("ray",),
    "mlflow": ("mlflow", "mlflow-skinny"),
    "horovod": ("horovod",),
    "mxnet": ("mxnet", "mxnet-mkl", "mxnet-cu112"),
}

# Those that the doctor imports where they are installed; others only where a profile names them.
TRIED: tuple[str, ...] = ("torch", "tensorflow", "jax", "sklearn", "xgboost", "keras", "transformers", "onnxruntime")

# Those that compute on tensors and on accelerators: the first thing that an environment is asked for.
TENSOR_FRAMEWORKS: tuple[str, ...] = ("torch", "tensorflow", "jax")


class ExclusiveGroup(msgspec.Struct, frozen=True):
    """Distributions that write the same files: at most one may be installed, or each overwrites and uninstalls the other's.

    Distributions that one of them depends on by design are left out: `tensorflow` needs `tensorflow-intel` on Windows,
    `tensorflow-macos` on old Apple silicon releases and `tensorflow-cpu-aws` on ARM.
    """

    module: str
    distributions: tuple[str, ...]


EXCLUSIVE_GROUPS: tuple[ExclusiveGroup, ...] = (
    ExclusiveGroup("cv2", FRAMEWORKS["cv2"]),
    ExclusiveGroup("tensorflow", ("tensorflow", "tensorflow-cpu", "tensorflow-gpu", "tf-nightly", "tensorflow-rocm")),
    ExclusiveGroup("onnxruntime", FRAMEWORKS["onnxruntime"]),
    ExclusiveGroup("xgboost", FRAMEWORKS["xgboost"]),
    ExclusiveGroup("mxnet", FRAMEWORKS["mxnet"]),
    ExclusiveGroup("keras", FRAMEWORKS["keras"]),
    ExclusiveGroup("pyspark", ("pyspark", "pyspark-client")),
    ExclusiveGroup("triton", ("triton", "pytorch-triton", "pytorch-triton-rocm", "triton-windows")),
    ExclusiveGroup("PIL", ("pillow", "pillow-simd")),
    ExclusiveGroup("faiss", ("faiss-cpu", "faiss-gpu", "faiss-gpu-cu11", "faiss-gpu-cu12")),
    ExclusiveGroup("cupy", ("cupy", "cupy-cuda102", "cupy-cuda110", "cupy-cuda11x", "cupy-cuda12x", "cupy-cuda13x")),
    ExclusiveGroup("tensorboard", ("tensorboard", "tb-nightly")),
)

_IMPORTS: dict[str, str] = {distribution: name for name, distributions in FRAMEWORKS.items() for distribution in distributions}


def distributions_of(import_name: str) -> tuple[str, ...]:
    """What may be installed for `import X`, the usual distribution first; of a package not known here the same name, normalised."""
    return FRAMEWORKS.get(import_name, (import_name.replace("_", "-").lower(),))


def import_of(distribution: str) -> str:
    """What is imported of a distribution (normalised name); of one not known here the same name as an identifier."""
    return _IMPORTS.get(distribution, distribution.replace("-", "_"))


def is_framework(distribution: str) -> bool:
    """Whether a distribution (normalised name) brings one of the frameworks."""
    return distribution in _IMPORTS


def exclusive_group(distribution: str) -> ExclusiveGroup | None:
    """The group that a distribution (normalised name) belongs to."""
    return next((group for group in EXCLUSIVE_GROUPS if distribution in group.distributions), None)


def installed_for(facts: Snapshot, import_name: str) -> Package | None:
    """The installed distribution that brings an import package; None is evidence only where `observed.packages` is complete."""
    return next(installed_among(facts, distributions_of(import_name)), None)


def installed_among(facts: Snapshot, distributions: tuple[str, ...]) -> Iterator[Package]:
    """Those of the distributions that are installed, in the given order; what a removal left behind has no version and is not installed."""
    found = (package for name in distributions if (package := facts.package(name)) is not None)
    return (package for package in found if not (package.state is PackageState.TORN and not isinstance(package.version, str)))
