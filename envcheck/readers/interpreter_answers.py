"""What an answer of Python's says, by the question that it answers: versions, builds, devices, the interpreter itself."""

import ast
import re
from collections.abc import Callable

from envcheck.parsers.expression import regex
from envcheck.parsers.text.torch_config import cudnn_number
from envcheck.readers import reported_values as values
from envcheck.readers.builds import said_by_version

Facts = list[tuple[str, object]]

_VERSION = regex(r"\d+\.\d+[\w.]*(?:\+[\w.]+)?")
_TARGET = regex(r"(?:sm|compute)_\d+[af]?|gfx\w+")
_MACHINE = regex(r"x86_64|AMD64|arm64|ARM64|aarch64|ppc64le|i[36]86")
_MODULES = {
    "torch": "torch", "torchvision": "torchvision", "torchaudio": "torchaudio", "tf": "tensorflow", "tensorflow": "tensorflow",
    "np": "numpy", "numpy": "numpy", "jax": "jax", "jaxlib": "jaxlib", "transformers": "transformers", "flash_attn": "flash-attn",
    "xformers": "xformers", "bitsandbytes": "bitsandbytes", "vllm": "vllm", "keras": "keras", "triton": "triton", "pandas": "pandas",
    "scipy": "scipy", "sklearn": "scikit-learn", "xgboost": "xgboost", "accelerate": "accelerate", "cv2": "opencv-python",
}  # fmt: skip
_TRUTHS = {
    "torch.cuda.is_available()": "builds[torch].cuda_available",
    "torch.xpu.is_available()": "builds[torch].xpu_available",
    "torch.backends.mps.is_available()": "builds[torch].mps_available",
    "torch.backends.mps.is_built()": "builds[torch].mps_built",
    "torch.has_mps": "builds[torch].mps_built",
}
_REACHED = ("builds[torch].cuda_available", True)  # whoever can name a card has reached it
_SPOKEN: dict[str, Callable[[str], object]] = {
    "sys.version": values.python,
    "sys.executable": values.executable,
    "platform.python_version()": values.python,
    "platform.platform()": values.platform,
    "platform.system()": values.os_name,
    "sys.platform": values.os_name,
}
# Every question begins with the name of a module.
MODULES = (*_MODULES, "platform", "sys", "onnxruntime", "ort", "rt")
# One of these stands in every question.
WORDS = (
    *(".__version__", "torch.version.", ".is_available()", ".is_built()", "torch.has_mps", "platform.", "torch.cuda.get_", "sys."),
    *("cudnn.version()", "device_count()", "get_available_providers()", "list_physical_devices(", "is_built_with_cuda()"),
)
QUESTION = (
    r"(?:(?:" + "|".join(_MODULES) + r")\.__version__|torch\.version\.(?:cuda|hip|xpu)|torch\.(?:cuda|xpu|backends\.mps)\.is_available\(\)"
    r"|torch\.backends\.mps\.is_built\(\)|torch\.has_mps|platform\.(?:machine|platform|system|python_version)\(\)|sys\.(?:version|executable|platform)"
    r"|torch\.cuda\.get_arch_list\(\)|torch\.cuda\.get_device_name\((?:\d|)\)|torch\.cuda\.get_device_capability\((?:\d|)\)"
    r"|torch\.backends\.cudnn\.version\(\)|torch\.cuda\.device_count\(\)|(?:onnxruntime|ort|rt)\.get_available_providers\(\)"
    r"|(?:tf|tensorflow)\.config\.(?:experimental\.)?list_(?:physical|logical)_devices\((?:device_type ?= ?)?[\"']GPU[\"']\)"
    r"|(?:tf|tensorflow)\.test\.is_built_with_cuda\(\))"
)


def value_of(words: str) -> object:
    """`'2.3.1+cpu'`, `True`, `None`, `['sm_50']`, `(8, 9)`; what is no literal of Python stands for itself."""
    if re.fullmatch(r"\d+\.\d+[\w.+-]*", words):
        return words
    try:
        return ast.literal_eval(words)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return words


def facts_of(question: str, answer: object) -> Facts | None:
    """None: it is of no shape that an answer to that question can have."""
    if question.endswith(".__version__"):
        name = _MODULES[question.partition(".")[0]]
        if not isinstance(answer, str) or not _VERSION.fullmatch(answer):
            return None
        tagged = [(f"builds[{name}].{fact}", value) for fact, value in said_by_version(name, answer).items()]
        return [(f"packages[{name}].version", answer), *tagged, *([("builds[torch].version", answer)] if name == "torch" else [])]
    if question.startswith("torch.version."):
        fact = "builds[torch]." + question.rpartition(".")[2].replace("hip", "rocm")
        return [(fact, answer)] if answer is None or (isinstance(answer, str) and _VERSION.match(answer)) else None
    if question in _TRUTHS:
        return [(_TRUTHS[question], answer)] if isinstance(answer, bool) else None
    if question == "platform.machine()":
        return [("system.machine", answer), ("python.machine", answer)] if isinstance(answer, str) and _MACHINE.fullmatch(answer) else None
    if "_devices(" in question:
        return _listed_devices(answer)
    if "is_built_with_cuda" in question:
        return None if not isinstance(answer, bool) else [] if answer else [("builds[tensorflow].cuda", None)]
    if "arch_list" in question:
        whole = isinstance(answer, list) and all(isinstance(target, str) and _TARGET.fullmatch(target) for target in answer)
        return [("builds[torch].arch_list", answer)] if whole and answer else None
    return _of_more(question, answer)


def _listed_devices(answer: object) -> Facts | None:
    """TensorFlow's list of GPUs; each is no literal of Python."""
    if answer == []:
        return [("builds[tensorflow].cuda_available", False)]
    named = isinstance(answer, str) and answer.startswith("[") and "device:GPU:" in answer
    return [("builds[tensorflow].cuda_available", True)] if named else None


def _of_more(question: str, answer: object) -> Facts | None:
    if question in _SPOKEN:
        spoken = list(_SPOKEN[question](answer)) if isinstance(answer, str) else []  # type: ignore[call-overload]  # all are readings
        return spoken or None
    if question.endswith("cudnn.version()"):
        number = int(answer) if isinstance(answer, int) and not isinstance(answer, bool) else 0
        return (
            [("builds[torch].cudnn", cudnn_number(number))]
            if number > 1000
            else [("builds[torch].cudnn", None)]
            if answer is None
            else None
        )
    if question.endswith("device_count()"):  # which asks the driver's library first: cards that are counted may not be reached
        counted = isinstance(answer, int) and not isinstance(answer, bool)
        return (
            None if not counted else [("builds[torch].cuda_available", False)] if answer == 0 else [("builds[torch].device_count", answer)]
        )
    if question.endswith("get_available_providers()"):
        return _providers(answer)
    return _device_facts(question, answer)


def _providers(answer: object) -> Facts | None:
    """What the installed build of ONNX Runtime brings, whether it can be loaded or not."""
    named = isinstance(answer, list) and all(isinstance(word, str) and word.endswith("ExecutionProvider") for word in answer)
    if not named or not isinstance(answer, list) or not answer:
        return None
    without = not {"CUDAExecutionProvider", "TensorrtExecutionProvider", "ROCMExecutionProvider"} & set(answer)
    return [("builds[onnxruntime].cuda", None)] if without else []


def _device_facts(question: str, answer: object) -> Facts | None:
    number = re.search(r"\((\d?)\)", question)
    card = f"accelerators[{number[1] or 0 if number else 0}]"
    if "capability" in question:
        pair = isinstance(answer, tuple) and len(answer) == 2 and all(isinstance(part, int) for part in answer)
        said = (f"{card}.compute_capability", f"{answer[0]}.{answer[1]}") if pair and isinstance(answer, tuple) else None
        return [said, _REACHED] if said else None
    named = isinstance(answer, str) and re.fullmatch(r"[A-Z][\w .()/-]{2,60}", answer) is not None
    amd = named and str(answer).startswith(("AMD", "Radeon"))
    entry = {"vendor": "amd" if amd else "nvidia", "backend": "rocm" if amd else "cuda", "name": answer}
    return [(card, entry), _REACHED] if named else None
