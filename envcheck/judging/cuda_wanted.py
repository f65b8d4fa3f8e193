"""What shows that somebody wants CUDA, in a report that names no NVIDIA card: a program's demand, or what lies about for no other reason.

Only of reports: on a machine that can be asked, the cards themselves are the answer.
"""

from collections.abc import Iterator

import msgspec

from envcheck.facts.snapshot import Package, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.knowledge.versions import local_tag
from envcheck.parsers.expression import regex
from envcheck.report import Proof

# Conda's packages that nobody installs but for CUDA.
_CUDA_PACKAGES = ("pytorch-cuda", "cudatoolkit", "cuda-toolkit", "cuda-cudart", "cuda-runtime", "cuda", "cudnn")
_OF_TORCH = ("torchvision", "torchaudio", "torchtext", "xformers", "torch-scatter", "torch-sparse", "torch-cluster", "flash-attn")
_CUDA_OF_TORCH = regex(r"lib(?:c10|torch)_cuda(?:_cu|_cpp)?\.so$")
_FOLDERS = ("CUDA_HOME", "CUDA_PATH")


def asks_torch_for_cuda(symptom: Symptom) -> bool:
    """Whether a program asked torch for a CUDA device, or for its CUDA library, and found none; a checkpoint is no more than a sign."""
    details = symptom.details
    if symptom.kind is SymptomKind.LIBRARY_NOT_FOUND:
        return _CUDA_OF_TORCH.search(details.get("library", "")) is not None
    return symptom.kind is SymptomKind.DEVICE_NOT_FOUND and details.get("backend") == "cuda" and details.get("reason") != "checkpoint"


class Sign(msgspec.Struct, frozen=True):
    """One sign: what it comes to, to end a sentence, and where it stands."""

    words: str
    proof: Proof


def signs_of_cuda(facts: Snapshot) -> tuple[Sign, ...]:
    """What speaks for it, each by itself no proof that there is a card."""
    return () if facts.live else tuple(_signs(facts))


def _signs(facts: Snapshot) -> Iterator[Sign]:
    yield from _said(facts)
    yield from _of_machine(facts)
    for package in facts.packages:
        if _is_for_cuda(package):
            version = known(package.version, "")
            words = f"{package.name} {version}".rstrip() + " is for CUDA"
            yield _sign(facts, words, f"packages[{package.name}].version", version or "installed")


def _said(facts: Snapshot) -> Iterator[Sign]:
    for symptom in facts.symptoms:
        if symptom.kind is SymptomKind.DEVICE_NOT_FOUND and symptom.details.get("backend") == "cuda":
            yield Sign(
                "something asks torch for CUDA", Proof(fact=f"symptoms[{symptom.kind.value}]", value=symptom.text, source=symptom.source)
            )


def _of_machine(facts: Snapshot) -> Iterator[Sign]:
    if isinstance(facts.nvidia.driver_version, str):
        yield _sign(facts, "an NVIDIA driver is there", "nvidia.driver_version", facts.nvidia.driver_version)
    if isinstance(facts.nvidia.cuda_sign, str):
        yield _sign(facts, facts.nvidia.cuda_sign, "nvidia.cuda_sign", facts.nvidia.cuda_sign)
    for toolkit in facts.toolkits:
        if toolkit.name == "cuda":
            path, version = known(toolkit.path, ""), known(toolkit.version, "")
            fact = f"toolkits[cuda@{path}]" if path else "toolkits[cuda]"
            yield _sign(facts, f"a CUDA toolkit {version}".rstrip() + " is installed", fact, version or path or "installed")
    for name in _FOLDERS:
        if facts.variables.get(name):
            yield _sign(facts, f"{name} is set", f"variables[{name}]", facts.variables[name])


def _is_for_cuda(package: Package) -> bool:
    if package.name in _CUDA_PACKAGES:
        return True
    return package.name in _OF_TORCH and "cu1" in local_tag(known(package.version, ""))


def _sign(facts: Snapshot, words: str, fact: str, value: str) -> Sign:
    return Sign(words, Proof(fact=fact, value=value, source=facts.source_of(fact)))
