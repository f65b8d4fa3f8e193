"""What JAX says of a plugin that it could not use, or of a jaxlib that has no CUDA in it."""

import re

from envcheck.facts.symptoms import LOADED_IN_VAIN, SymptomKind
from envcheck.messages.pattern import SENTENCE, Details, Pattern
from envcheck.parsers.expression import regex

_PLUGIN_OF_MODULE = regex(r"xla_(cuda|rocm)(\d+)")


def _of_module(_match: re.Match[str], details: Details) -> Details | None:
    """`xla_cuda12` is the module of the distribution jax-cuda12-plugin."""
    found = _PLUGIN_OF_MODULE.fullmatch(details.pop("module"))
    return {**details, "provider": f"{found[1]}{found[2]}"} if found else None


def _of_cuda(_match: re.Match[str], details: Details) -> Details | None:
    """JAX names the library, not its file."""
    return {**details, "library": f"lib{details['library'].lower()}.so"}


PATTERNS = (
    # ERROR:…:jax._src.xla_bridge:444: Jax plugin configuration error: Exception when calling jax_plugins.xla_cuda12.initialize()
    Pattern(
        SymptomKind.PROVIDER_FALLBACK,
        "plugin configuration error: Exception when ",
        r"[Jj][Aa][Xx] plugin configuration error: Exception when calling jax_plugins\.(?P<module>\w+)\.initialize\(\)",
        {"reason": "the plugin failed"},
        refine=_of_module,
        subject="jax",
    ),
    # RuntimeError: Unable to initialize backend 'METAL': INVALID_ARGUMENT: …
    Pattern(
        SymptomKind.PROVIDER_FALLBACK,
        "Unable to initialize backend 'METAL': ",
        r"Unable to initialize backend 'METAL': (?P<reason>[^\n]{1,300})",
        {"provider": "metal"},
        subject="jax",
    ),
    # CUDA backend failed to initialize: Found cuDNN version 8700, but JAX was built against version 8800, which is newer.
    Pattern(
        SymptomKind.LOADED_OLDER_THAN_BUILT,
        ", but JAX was built against version ",
        r"Found (?P<library>cuDNN|CUDA|cuBLAS|cuFFT|cuSPARSE|cuSOLVER|CUPTI|NCCL)(?: \w{1,20})? version (?P<loaded>\d[\d.]{2,12}), but JAX "
        r"was built against version (?P<built>\d[\d.]{2,12}\d)",
        refine=lambda _match, details: {**details, "library": details["library"].lower()},
        subject="jax",
    ),
    # RuntimeError: Unable to load cuSPARSE. Is it installed?   CUDA backend failed to initialize: Unable to load cuSOLVER. (Set TF_CPP_…
    Pattern(
        SymptomKind.LIBRARY_NOT_FOUND,
        "Unable to load ",
        r"Unable to load (?P<library>cuDNN|cuBLAS|cuFFT|cuSPARSE|cuSOLVER|CUPTI|NCCL)\.(?= Is it installed\?| ?\(Set TF_CPP_MIN_LOG_LEVEL)",
        {"reason": LOADED_IN_VAIN},
        refine=_of_cuda,
        subject="jax",
    ),
    # jax_plugins/xla_cuda12/__init__.py … TypeError: register_custom_call_target(): incompatible function arguments.
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        "register_custom_call_target(): incompatible function arguments",
        rf"{SENTENCE}register_custom_call_target\(\): incompatible function arguments",
        {"package": "jax-plugin"},
        subject="jax",
    ),
    # Of a plugin that starts and finds nothing: CUDA backend failed to initialize: FAILED_PRECONDITION: No visible GPU devices.
    Pattern(
        SymptomKind.PROVIDER_FALLBACK,
        "CUDA backend failed to initialize: ",
        r"CUDA backend failed to initialize: (?P<reason>[^\n]{1,300})",
        {"provider": "cuda"},
        subject="jax",
    ),
    # Of a jaxlib for the CPU: Unable to initialize backend 'cuda': module 'jaxlib.xla_extension' has no attribute 'GpuAllocatorConfig'
    Pattern(
        SymptomKind.PROVIDER_FALLBACK,
        "has no attribute 'GpuAllocatorConfig'",
        r"Unable to initialize backend '(?P<provider>cuda|gpu)': module 'jaxlib\.[\w.]{1,40}' has no attribute 'GpuAllocatorConfig'",
        {"reason": "built without CUDA"},
        subject="jax",
    ),
    # INVALID_ARGUMENT: Unexpected PJRT_Client_Create_Args size: expected 88, got 72. The plugin is likely built with a later version than …
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        "The plugin is likely built with a",
        r"Unexpected PJRT_\w{1,60} size: expected \d+, got \d+\. The plugin is likely built with an? (?:later|earlier) version than the "
        r"framework",
        {"package": "jax-plugin"},
        subject="jax",
    ),
)
