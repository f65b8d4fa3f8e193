"""What TensorFlow says when it starts and looks for CUDA.

Two of its lines look like errors and are none, so that they stand in no pattern: "TF-TRT Warning: Could not find TensorRT", and "Unable to
register cuDNN factory: Attempting to register factory for plugin cuDNN when one has already been registered".
"""

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import Pattern

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
)
