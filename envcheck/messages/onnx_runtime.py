"""What ONNX Runtime says when it does without the accelerator that it was asked for."""

import re

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import Details, Pattern

_SUBJECT = "onnxruntime"


def _missing(_match: re.Match[str], details: Details) -> Details | None:
    """Of a provider that is named alone, something that it needs is missing: the file itself lies in the wheel."""
    if "library" not in details:
        details["library"] = details.pop("needed_by")
    return details


PATTERNS = (
    # UserWarning: Specified provider 'CUDAExecutionProvider' is not in available provider names.Available providers:
    # 'AzureExecutionProvider, …'
    Pattern(
        SymptomKind.PROVIDER_FALLBACK,
        "Specified provider '",
        r"Specified provider '(?P<provider>\w+)' is not in available provider names\.(?: ?Available providers: "
        r"'(?P<available>[\w,\s]{1,300})')?",
        subject=_SUBJECT,
        lines=1,
    ),
    # ValueError: ['CUDAExecutionProvider'] does not contain a subset of available providers ['CPUExecutionProvider']        (up to 1.9)
    Pattern(
        SymptomKind.PROVIDER_FALLBACK,
        "does not contain a subset of available providers",
        r"\['(?P<provider>\w+)'[^\]\n]{0,200}\] does not contain a subset of available providers \[(?P<available>['\w,\s]{1,300})\]",
        subject=_SUBJECT,
    ),
    # [W:onnxruntime:Default, …] Failed to create CUDAExecutionProvider. Please reference https://…
    # Failed to create CUDAExecutionProvider. Require cuDNN 9.* and CUDA 12.*, and the latest MSVC runtime.
    Pattern(
        SymptomKind.PROVIDER_FALLBACK,
        "Failed to create ",
        r"Failed to create (?P<provider>CUDAExecutionProvider|TensorrtExecutionProvider|ROCMExecutionProvider)\b"
        r"(?:\. Require cuDNN (?P<cudnn>\d{1,3})\.\* and CUDA (?P<cuda>\d{1,3})\.\*)?",
        subject=_SUBJECT,
        lines=1,
    ),
    # RuntimeError: CUDA_PATH is set but CUDA wasnt able to be loaded. Please install the correct version of CUDA andcuDNN as mentioned …
    Pattern(
        SymptomKind.PROVIDER_FALLBACK,
        "CUDA_PATH is set but CUDA was",
        r"CUDA_PATH is set but CUDA was(?:n'?t| not) able to be loaded",
        {"provider": "CUDAExecutionProvider", "reason": "CUDA_PATH"},
        subject=_SUBJECT,
    ),
    # Error loading "C:\…\onnxruntime_providers_cuda.dll" which depends on "cudnn64_9.dll" which is missing. (Error 126: …)
    Pattern(
        SymptomKind.DLL_LOAD_FAILED,
        "which is missing",
        r"Error loading \"(?P<needed_by>[^\"\n]{0,400}onnxruntime_providers_\w+\.dll)\" "
        r"(?:which depends on \"(?P<library>[^\"\n]{1,400})\" )?which is missing",
        refine=_missing,
        subject=_SUBJECT,
    ),
    # The same with what a console's code page made of the rest: Error loading "C:\…\onnxruntime_providers_cuda.dll" which depN0Rc…
    Pattern(
        SymptomKind.DLL_LOAD_FAILED,
        'Error loading "',
        r"\bFAIL : Error loading \"(?P<needed_by>[^\"\n]{0,400}onnxruntime_providers_\w+\.dll)\"",
        refine=_missing,
        subject=_SUBJECT,
        generic=True,
    ),
)
