"""What TensorFlow says when it starts and looks for CUDA.

Two of its lines look like errors and are none, so that they stand in no pattern: "TF-TRT Warning: Could not find TensorRT", and "Unable to
register cuDNN factory: Attempting to register factory for plugin cuDNN when one has already been registered".
"""

import re

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import Details, Pattern


def _between(_match: re.Match[str], details: Details) -> Details | None:
    lowest, first_without = details.pop("from"), details.pop("below")
    return {**details, "need": f">={lowest},<{first_without}"}


def _one_of(_match: re.Match[str], details: Details) -> Details | None:
    """The newest of the versions that it lists."""
    versions, release = details.pop("versions").split(","), details.pop("release")
    newest = versions[-1].strip(" '\"")
    return {**details, "by": f"tensorflow-decision-forests {release}", "need": f"=={newest}"}


PATTERNS = (
    # INTERNAL: CUDA Runtime error: Failed call to cudaGetRuntimeVersion: Error loading CUDA libraries. GPU will not be used.
    Pattern(
        SymptomKind.PROVIDER_FALLBACK,
        "Error loading CUDA libraries. GPU will not",
        r"Error loading CUDA libraries\. GPU will not be used",
        {"provider": "gpu", "reason": "runtime"},
        subject="tensorflow",
    ),
    # Your environment has TF_USE_LEGACY_KERAS set to True, but you do not have the tf_keras package installed.
    Pattern(
        SymptomKind.MODULE_NOT_FOUND,
        "TF_USE_LEGACY_KERAS set to True, but you do",
        r"TF_USE_LEGACY_KERAS set to True, but you do not have the tf_keras package installed",
        {"module": "tf_keras"},
        subject="tensorflow",
    ),
    # tensorflow….NotFoundError: dlopen(/…/tensorflow-plugins/libmetal_plugin.dylib, 0x0006): symbol not found in flat namespace '_TF_Allo…'
    Pattern(
        SymptomKind.UNDEFINED_SYMBOL,
        "symbol not found in flat namespace",
        r"dlopen\((?P<needed_by>[^,\n]{1,400}), (?:0x)?\d{1,6}\): symbol not found in flat namespace \(?'?(?P<symbol>[^\s')]{1,300})",
    ),
    # ImportError: This version of TensorFlow Probability requires TensorFlow version >= 2.16; Detected an installation of version 2.15.0.
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        "This version of TensorFlow Probability requires",
        r"This version of TensorFlow Probability requires TensorFlow version >= (?P<need>[\w.]{1,40}); Detected an installation of version "
        r"(?P<have>[\w.+-]{1,60}?)(?=\.?\s|\.?$)",
        {"package": "tensorflow", "by": "tensorflow-probability"},
        refine=lambda _match, details: {**details, "need": f">={details['need']}"},
        subject="tensorflow_probability",
    ),
    # UserWarning: Tensorflow Addons supports using Python ops for all Tensorflow versions above or equal to 2.12.0 and strictly below
    # 2.15.0
    # (nightly versions are not supported).↵ The versions of TensorFlow you are currently using is 2.15.0 and is not supported.
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        "flow Addons supports using Python ops",
        r"Tensor[Ff]low Addons supports using Python ops for all Tensor[Ff]low versions above or equal to (?P<from>[\w.]{1,40}) and "
        r"strictly "
        r"below (?P<below>[\w.]{1,40}) \(nightly versions are not supported\)\.(?: The versions of TensorFlow you are currently using is "
        r"(?P<have>[\w.+-]{1,60}) and is not supported)?",
        {"package": "tensorflow", "by": "tensorflow-addons"},
        refine=_between,
        subject="tensorflow_addons",
        lines=2,
    ),
    # WARNING:root:TensorFlow Decision Forests 1.5.0 is compatible with the following TensorFlow Versions: ['2.13.0']. However, TensorFlow
    # 2.15.0
    # was detected.
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        "is compatible with the following TensorFlow Versions",
        r"TensorFlow Decision Forests (?P<release>[\w.]{1,40}) is compatible with the following TensorFlow Versions: "
        r"\[(?P<versions>[^\]\n]{1,400})\]\. However, TensorFlow (?P<have>[\w.+-]{1,60}) was detected",
        {"package": "tensorflow"},
        refine=_one_of,
        subject="tensorflow_decision_forests",
    ),
)
