# ruff: noqa: E501 - what programs print stands as they print it
"""What packages say of each other, of NCCL, and of names that they took away."""

import pytest

from envcheck.messages.parse import parse_message


def details(text: str) -> list[tuple[str, str, dict[str, str]]]:
    return [(symptom.kind.value, symptom.subject, symptom.details) for symptom in parse_message(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "WARNING[XFORMERS]: xFormers can't load C++/CUDA extensions. xFormers was built for:\n    PyTorch 2.0.1 with CUDA 1106 (you have 2.0.1)\n    Python  3.9.16 (you have 3.9.16)\n",
            (
                "version-conflict",
                "xformers",
                {"package": "torch", "by": "xformers", "need": "==2.0.1", "have": "2.0.1", "cuda": "1106"},
            ),
        ),
        (
            "xFormers can't load C++/CUDA extensions. xFormers was built for:\n    PyTorch 2.0.1+cu118 with CUDA 1108 (you have 2.0.1+cpu)\n",
            (
                "not-compiled-with",
                "xformers",
                {"package": "torch", "feature": "cuda", "need": "2.0.1+cu118", "have": "2.0.1+cpu", "cuda": "1108"},
            ),
        ),
        (
            "    `cutlassF` is not supported because:\n        xFormers wasn't build with CUDA support\n",
            ("not-compiled-with", "xformers", {"package": "xformers", "feature": "cuda"}),
        ),
        (
            "RuntimeError: Cannot find a working triton installation. More information on installing Triton can be found at\n",
            ("module-not-found", "torch", {"module": "triton"}),
        ),
        (
            "!!! Exception during processing !!! cannot import name 'AttrsDescriptor' from 'triton.compiler.compiler' (C:\\e\\compiler.py)\n",
            (
                "import-failed",
                "torch",
                {
                    "module": "triton.compiler.compiler",
                    "exception": "ImportError",
                    "message": "cannot import name 'AttrsDescriptor' from 'triton.compiler.compiler'",
                },
            ),
        ),
        (
            "init.cc:812 NCCL WARN Mismatched NCCL version detected : rank 0 version 22105 rank 4 version 22703\n",
            ("version-conflict", "nccl", {"package": "nccl", "what": "ranks", "have": "2.21.5", "need": "2.27.3"}),
        ),
        (
            "AttributeError: jax.core.Shape was removed in JAX v0.4.36\n",
            ("unsupported-call", "jax", {"package": "jax", "name": "jax.core.Shape", "removed": "0.4.36"}),
        ),
        (
            "AttributeError: `np.cumproduct` was removed in the NumPy 2.0 release. Use `np.cumprod` instead.\n",
            ("unsupported-call", "numpy", {"package": "numpy", "name": "numpy.cumproduct", "removed": "2.0", "instead": "np.cumprod"}),
        ),
        (
            "NotFoundError: dlopen(/e/site-packages/tensorflow-plugins/libmetal_plugin.dylib, 0x0006): symbol not found in flat namespace (__ZN3tsl)\n",
            (
                "undefined-symbol",
                "",
                {"needed_by": "/e/site-packages/tensorflow-plugins/libmetal_plugin.dylib", "symbol": "__ZN3tsl"},
            ),
        ),
        (
            "ImportError: This version of TensorFlow Probability requires TensorFlow version >= 2.18; Detected an installation of version 2.17.1. Please upgrade TensorFlow to proceed.\n",
            (
                "version-conflict",
                "tensorflow_probability",
                {"package": "tensorflow", "by": "tensorflow-probability", "need": ">=2.18", "have": "2.17.1"},
            ),
        ),
        (
            "TensorFlow Decision Forests 1.1.0 is compatible with the following TensorFlow Versions: ['2.11.0', '2.11.1']. However, TensorFlow 2.12.0 was detected.\n",
            (
                "version-conflict",
                "tensorflow_decision_forests",
                {"package": "tensorflow", "by": "tensorflow-decision-forests 1.1.0", "need": "==2.11.1", "have": "2.12.0"},
            ),
        ),
    ],
)
def test_what_is_said_and_of_whom(text: str, expected: tuple[str, str, dict[str, str]]):
    assert expected in details(text)


def test_addons_name_a_range():
    text = (
        "UserWarning: Tensorflow Addons supports using Python ops for all Tensorflow versions above or equal to 2.12.0 and strictly below 2.15.0 (nightly versions are not supported). \n"
        " The versions of TensorFlow you are currently using is 2.16.1 and is not supported. \n"
    )
    ((kind, _, found),) = details(text)
    assert kind == "version-conflict"
    assert (found["need"], found["have"]) == (">=2.12.0,<2.15.0", "2.16.1")


@pytest.mark.parametrize(
    "text",
    [
        "A matching Triton is not available, some optimizations will not be enabled.\n",
        "TensorFlow Addons (TFA) has ended development and introduction of new features.\n",
        "DeprecationWarning: jax.tree_map is deprecated: use jax.tree.map (jax v0.4.25 or newer)\n",
        "NCCL version 2.27.3+cuda12.9\n",
    ],
)
def test_what_is_no_complaint(text: str):
    assert details(text) == []
