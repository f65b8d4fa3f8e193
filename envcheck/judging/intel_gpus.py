"""What a snapshot says of Intel's GPUs, and whether anything here wants to compute on them."""

from envcheck.facts.snapshot import Accelerator, Completeness, Snapshot
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.torch_build import BuildKind, torch_build

# Distributions that are of use on Intel's GPUs only, or mostly.
_FOR_XPU = ("intel-extension-for-pytorch", "intel-extension-for-tensorflow", "triton-xpu", "pytorch-triton-xpu", "dpctl")


def intel_gpus(facts: Snapshot) -> tuple[Accelerator, ...]:
    """Every one that is known of, usable or not."""
    return tuple(card for card in facts.accelerators if card.vendor == "intel")


def counted_intel_gpus(facts: Snapshot) -> int | None:
    """How many there are; None where not all were looked for."""
    return len(intel_gpus(facts)) if facts.observed.accelerators is Completeness.COMPLETE else None


def spoken_of_xpu(facts: Snapshot) -> tuple[Symptom, ...]:
    """What programs said when they asked for an Intel GPU."""
    return tuple(symptom for symptom in facts.symptoms if _is_of_xpu(symptom))


def wants_xpu(facts: Snapshot) -> str:
    """What here is made for Intel's GPUs, such as "torch 2.8.0+xpu"; empty where nothing is."""
    build = torch_build(facts)
    if build is not None and build.kind is BuildKind.XPU:
        return build.subject
    package = next((package for package in map(facts.package, _FOR_XPU) if package is not None), None)
    return package.name if package is not None else ""


def _is_of_xpu(symptom: Symptom) -> bool:
    if symptom.kind is SymptomKind.XPU_ERROR:
        return True
    return symptom.kind is SymptomKind.DEVICE_NOT_FOUND and symptom.details.get("backend") == "xpu"
