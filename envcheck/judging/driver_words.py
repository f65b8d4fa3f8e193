"""What programs said of NVIDIA's driver, by number, and how cards stand as evidence: for all rules on the states of a driver."""

from collections.abc import Iterable

from msgspec import UNSET

from envcheck.facts.snapshot import Accelerator, Snapshot, UnknownReason, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case
from envcheck.judging.wording import listed
from envcheck.report import Proof

# What follows from a driver that does not answer as it should: none of it is a cause of its own.
WITHOUT_DRIVER = frozenset(
    {
        "cuda-error",
        "driver-below-requirement",
        "driver-not-found",
        "driver-too-old",
        "gpu-missing",
        "no-nvidia-driver",
        "nvidia-driver-does-not-answer",
        "nvml-error",
    }
)
_NO_DEVICE = (3, 46, 100, 101, 304, 999)


def nvml_code(symptom: Symptom) -> int | None:
    """NVML's number (9: driver not loaded); None: it is no error of NVML's, or has none."""
    return _code(symptom) if symptom.kind is SymptomKind.NVML_ERROR else None


def cuda_code(symptom: Symptom) -> int | None:
    """CUDA's number (802: system not ready); None: it is no error of CUDA's, or has none."""
    return _code(symptom) if symptom.kind is SymptomKind.CUDA_ERROR else None


def xid(symptom: Symptom) -> int | None:
    """The number of an event that NVIDIA's kernel module logged (79: fallen off the bus)."""
    return _code(symptom) if symptom.kind is SymptomKind.GPU_XID else None


def _code(symptom: Symptom) -> int | None:
    digits = symptom.details.get("code", "")
    return symptom.code if symptom.code is not None else int(digits) if digits.isdecimal() and len(digits) < 10 else None


def found_no_device(case: Case) -> tuple[Symptom, ...]:
    """Programs that asked CUDA for a device and got none."""
    return tuple(symptom for symptom in case.facts.symptoms if cuda_code(symptom) in _NO_DEVICE)


def unread_cards(facts: Snapshot, field: str) -> tuple[tuple[Accelerator, ...], str]:
    """The cards that were asked for a fact in vain, and why; a card, or a system, that has no such fact was not."""
    reasons: dict[Accelerator, str] = {}
    for card in facts.accelerators:
        why = facts.why_unknown(f"accelerators[{card.index}].{field}") if getattr(card, field) is UNSET else None
        if why is not None and why.reason is not UnknownReason.UNSUPPORTED:
            reasons[card] = why.detail or why.reason.value.replace("_", " ")
    return tuple(reasons), next(iter(reasons.values()), "")


def names_of(cards: Iterable[Accelerator]) -> str:
    """`GPU 0 (NVIDIA A100) and GPU 3 (NVIDIA A100)`."""
    return listed([f"GPU {card.index} ({card.name})" if isinstance(card.name, str) else f"GPU {card.index}" for card in cards])


def card_proofs(facts: Snapshot, cards: Iterable[Accelerator], field: str) -> list[Proof]:
    """One fact of each card, as far as it is known; its name and state where the field itself is not."""
    proofs = []
    for card in cards:
        value = getattr(card, field)
        words = ", ".join(map(str, value)) if isinstance(value, tuple) else value
        path = f"accelerators[{card.index}].{field}"
        proofs.append(Proof(fact=path, value=str(known(words, "none")) if words != () else "none", source=facts.source_of(path)))
    return proofs
