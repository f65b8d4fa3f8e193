"""The paths of facts in words: what evidence lines call them."""

import re

from envcheck.parsers.expression import regex
from envcheck.rendering.quantities import size

_GROUPS = {
    "system": "",
    "nvidia": "NVIDIA",
    "amd": "AMD",
    "apple": "Apple",
    "intel": "Intel",
    "cpu": "CPU",
    "python": "Python",
    "accelerators": "GPU",
    "disks": "disk",
    "packages": "",
    "builds": "",
    "imports": "import of",
    "tools": "",
    "toolkits": "toolkit",
    "variables": "",
    "smoke": "smoke test of",
    "symptoms": "it said",
    "devices": "",
}
_WORDS = {
    "os": "operating system",
    "libc": "C library",
    "cuda": "CUDA",
    "cudnn": "cuDNN",
    "rocm": "ROCm",
    "xpu": "XPU",
    "pci": "PCI",
    "shm": "shared memory",
}
_STEP = regex(r"\[([^\]]*)\]|([^.\[\]]+)")


def fact_in_words(path: str) -> str:
    """`nvidia.driver_version` → "NVIDIA driver version", `packages[torch].version` → "torch version", `symptoms[signal]` → "it said"."""
    if " " in path and "[" not in path:  # a line of a table: words already
        return path
    if path.startswith("symptoms["):
        return "its files show" if path.endswith("].predicted") else _GROUPS["symptoms"]
    if check := re.fullmatch(r"smoke\[([^\]:]*):([^\]@]*)@\]\.(.+)", path):  # of a profile, and on no device
        return f"{check[3]} of the check {check[1]} of {check[2]}"
    if build := re.fullmatch(r"builds\[([^\]]*)\]\.(.+)", path):
        return f"{fact_in_words(build[2])} of the {build[1]} build"
    words: list[str] = []
    for key, name in _STEP.findall(path):
        if key:
            words.append(key)
        elif not words and name in _GROUPS:
            words.append(_GROUPS[name])
        else:
            words += [_WORDS.get(word, word) for word in name.removesuffix("_bytes").split("_")]
    return " ".join(word for word in words if word) or path


def value_in_words(path: str, value: str) -> str:
    """The value as it was given; a bare count of bytes as a size."""
    return size(int(value)) if path.endswith("_bytes") and re.fullmatch(r"\d{1,20}", value) else value
