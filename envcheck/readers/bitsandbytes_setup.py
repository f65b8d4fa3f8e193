"""Facts in what bitsandbytes prints while it looks for a binary: torch's CUDA, the CUDA runtime it found, the system it runs on."""

from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence
from envcheck.parsers.expression import regex
from envcheck.readers.interface import Text

_LONGEST = 2000
# CUDA SETUP: PyTorch settings found: CUDA_VERSION=118, Highest Compute Capability: 8.6.        (from 0.40 on)
_TORCH = regex(r"PyTorch settings found: CUDA_VERSION=(\d{2,3})\b")
# Detected PyTorch CUDA version:   13.2
_TORCH_NOW = regex(r"^\W{0,8}Detected PyTorch CUDA version:\s{0,9}(\d{1,2}\.\d{1,2})\s*$")
# CUDA SETUP: CUDA runtime path found: /usr/local/cuda-12.1/lib64/libcudart.so
_RUNTIME = regex(r"CUDA SETUP: CUDA runtime path found: (/[^\s'\"]{1,400})")
# CUDA SETUP: Detected CUDA version 102        (of that runtime; before 0.40)
_DETECTED = regex(r"CUDA SETUP: Detected CUDA version (\d{2,3})\b")
_REACHED = regex(r"CUDA S(?:etup|ETUP):? failed despite (?:GPU|CUDA) being available")
_WINDOWS = regex(r"\bWindowsPath\('")
_MARKS = ("cuda setup", "pytorch", "windowspath(")


class BitsandbytesSetupReader:
    """Reads its setup report; the verdicts in it are messages and are left in place."""

    name = "bitsandbytes CUDA setup"

    def recognises(self, text: Text) -> bool:
        """By a line that tells a fact."""
        return any(True for _ in _claims(text))

    def read(self, text: Text) -> Evidence:
        """Takes no line: each may hold a message too."""
        return Evidence(claims=list(_claims(text)))


def _claims(text: Text) -> Iterator[Claim]:
    runtime = ""
    for index in text.with_words(*_MARKS):
        line = text.lines[index]
        if len(line) > _LONGEST:
            continue
        if found := _TORCH.search(line) or _TORCH_NOW.match(line):
            yield text.claim("builds[torch].cuda", dotted(found[1]), index)
        elif found := _RUNTIME.search(line):
            runtime = found[1].replace("[", "(").replace("]", ")")
            yield text.claim(f"toolkits[cudart@{runtime}].path", found[1], index)
        elif runtime and (found := _DETECTED.search(line)):
            yield text.claim(f"toolkits[cudart@{runtime}].version", dotted(found[1]), index)
        elif _REACHED.search(line):
            yield text.claim("builds[torch].cuda_available", True, index)  # noqa: FBT003 - a value, not an option
        if _WINDOWS.search(line):
            yield text.claim("system.os", "Windows", index)


def dotted(number: str) -> str:
    """`118` → "11.8", `92` → "9.2"; a version that has its dot stays as it is."""
    return number if "." in number else f"{number[:-1]}.{number[-1]}"
