"""Who said something: the import package or the distribution that a symptom's subject and path belong to."""

import re

from envcheck.facts.snapshot import Snapshot
from envcheck.facts.symptoms import Symptom
from envcheck.parsers.expression import regex

_OTHER_FRAMEWORKS = ("jaxlib", "jax", "tensorflow", "tensorflow-gpu", "onnxruntime-gpu", "mxnet", "paddlepaddle-gpu")
_IN_SITE = regex(r"(?:site|dist)-packages[/\\](?:[^/\\]{1,120}\.egg[/\\])?([A-Za-z0-9_]+)")

# Mangled names begin with the lengths and names of their namespaces: c10, at, torch, caffe2; or they are C functions of torch.
_SYMBOL_OF_TORCH = regex(r"_Z\w*?(?:3c10|2at\d|5torch|6caffe2)|(?:aoti_)?torch_\w|THP\w")

# Windows' "The specified procedure could not be found": a library lacks a symbol, which it does not name.
NO_PROCEDURE = 127


def speaker_of(symptom: Symptom) -> str:
    """The import package that a symptom is about: the folder of the file that needed something, else who said it.

    Empty where neither is known. The modules of the standard library are nobody's.
    """
    needed_by = symptom.details.get("needed_by", "")
    if "_torch_sox." in needed_by:  # until 0.8 a part of torchaudio lay beside it
        return "torchaudio"
    inside = _IN_SITE.search(needed_by)
    if inside:
        return inside[1]
    parts = [part for part in re.split(r"[/\\]", needed_by) if part]
    if len(parts) == 1 and "." in parts[0] and not parts[0].startswith("lib"):
        return symptom.subject or parts[0].partition(".")[0]
    return symptom.subject or symptom.details.get("module", "").partition(".")[0]


def is_of_another_framework(symptom: Symptom, facts: Snapshot) -> bool:
    """Whether nobody is named, torch is not known to be there, and another framework with CUDA libraries of its own is."""
    torch = facts.package("torch") is not None or "torch" in facts.builds
    return not speaker_of(symptom) and not torch and any(facts.package(name) is not None for name in _OTHER_FRAMEWORKS)


def is_only_framework(facts: Snapshot, distribution: str) -> bool:
    """Whether this one is there, and no other framework that has CUDA libraries of its own is known to be."""
    there = {name for name in ("torch", *_OTHER_FRAMEWORKS) if facts.package(name) is not None or name in facts.builds}
    return there == {distribution}


def is_symbol_of_torch(symbol: str) -> bool:
    """Whether a symbol is one that torch's libraries define."""
    return _SYMBOL_OF_TORCH.match(symbol) is not None


def is_spoken_by(symptom: Symptom, *packages: str) -> bool:
    """Whether it is about one of these import packages."""
    return speaker_of(symptom).lower().replace("-", "_").startswith(packages)
