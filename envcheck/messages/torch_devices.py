"""What programs say that asked torch for a CUDA device and were told that there is none: the words are theirs, the reason is another's."""

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import SENTENCE, Pattern


def _asked(anchor: str, expression: str, subject: str = "", lines: int = 0, **details: str) -> Pattern:
    return Pattern(SymptomKind.DEVICE_NOT_FOUND, anchor, expression, {"backend": "cuda", **details}, None, subject, lines)


PATTERNS = (
    # ValueError: Invalid CUDA 'device=0' requested. Use 'device=cpu' or pass valid CUDA device(s) if available
    # AssertionError: Invalid CUDA '--device 0' requested, use '--device cpu' or pass valid CUDA device(s)
    _asked("Invalid CUDA '", r"(?<!\")Invalid CUDA '(?:device=|--device )[\w,:]{1,20}' requested[.,]", "ultralytics"),
    # AssertionError: CUDA unavailable, invalid device 0 requested
    _asked("CUDA unavailable, invalid device ", rf"{SENTENCE}CUDA unavailable, invalid device [\w,:]{{1,20}} requested", "ultralytics"),
    # AssertionError: Torch is not able to use GPU; add --skip-torch-cuda-test to COMMANDLINE_ARGS variable to disable this check
    _asked(
        "Torch is not able to use GPU; add ",
        rf"{SENTENCE}Torch is not able to use GPU; add --skip-torch-cuda-test",
        "stable-diffusion-webui",
    ),
    # MisconfigurationException: You requested GPUs: [0]↵ But your machine only has: []    (gpu: before 1.7)
    _asked(
        "But your machine only has: []",
        r"You requested (?:GPUs|gpu): \[[\d, ]{1,60}\] But your machine only has: \[\]",
        "lightning",
    ),
    # MisconfigurationException: No supported gpu backend found!
    _asked("No supported gpu backend found!", r"MisconfigurationException: No supported gpu backend found!", "lightning"),
    # MisconfigurationException: CUDAAccelerator can not run on your system since the accelerator is not available.
    _asked("CUDAAccelerator", r"`?CUDAAccelerator`? can not run on your system since the accelerator is not available", "lightning"),
    # RuntimeError: No GPU found. A GPU is needed for quantization.
    _asked("A GPU is needed for quantization", rf"{SENTENCE}No GPU found\. A GPU is needed for quantization", "transformers"),
    # ValueError: fp16 mixed precision requires a GPU (not 'cpu').
    _asked("mixed precision requires a GPU", rf"{SENTENCE}fp16 mixed precision requires a GPU", "accelerate"),
    # ValueError: FP16 Mixed precision training with AMP or APEX (`--fp16`) … can only be used on CUDA devices
    _asked(
        "can only be used on CUDA",
        rf"{SENTENCE}FP16 Mixed precision training with AMP[^\n]{{0,200}} can only be used on CUDA",
        "transformers",
    ),
    # NotImplementedError: Unsloth cannot find any torch accelerator? You need a GPU.
    _asked("Unsloth cannot find any torch", rf"{SENTENCE}Unsloth cannot find any torch accelerator", "unsloth"),
    # RuntimeError: Attempting to deserialize object on a CUDA device but torch.cuda.is_available() is False. If you are running on a
    # CPU-only machine, … (weaker: who only has a CPU loads it otherwise)
    _asked(
        "deserialize object on a CUDA device but",
        rf"{SENTENCE}Attempting to deserialize object on a CUDA device but torch\.cuda\.is_available\(\) is False",
        "torch",
        reason="checkpoint",
    ),
)
