"""gpu-in-exclusive-mode: the compute mode of a GPU forbids programs, or allows only one and that one has it."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Accelerator
from envcheck.facts.symptoms import Symptom
from envcheck.judging.cards import nvidia_accelerators
from envcheck.judging.case import Case, spoken
from envcheck.judging.driver_words import WITHOUT_DRIVER, card_proofs, cuda_code, names_of
from envcheck.judging.gpu_wishes import wants_cuda
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.usable_gpus import usable_accelerators
from envcheck.judging.wording import listed
from envcheck.prescribing.install import by_hand
from envcheck.prescribing.system import as_root
from envcheck.report import Area, Certainty, Remedy, Severity, Step

MANUAL = Manual(
    checks="Whether the compute mode of a GPU lets another program use it.",
    why="In the mode Exclusive_Process one program at a time may use a GPU, in Prohibited none. The next one ends with error 46, all "
    "CUDA-capable devices are busy or unavailable, although memory and load look free.",
    example="CUDA error: CUDA-capable device(s) is/are busy or unavailable; Compute Mode: Exclusive_Process, process 4242 is on the GPU.",
    fix="End the program that holds the GPU, share it through MPS, or set the compute mode to Default.",
    ignore_when="A cluster's scheduler sets the mode so that every job has a GPU to itself.",
    sources=("https://docs.nvidia.com/deploy/nvidia-smi/index.html", "https://docs.nvidia.com/deploy/mps/index.html"),
)

_BUSY = 46  # cudaErrorDevicesUnavailable
_EXCLUSIVE = ("exclusive-process", "exclusive-thread")
_SUBJECT = "compute mode"


def check(case: Case) -> Iterator[Outcome]:
    """An exclusive GPU alone is a setting; it is a fault where a program was turned away."""
    facts = case.facts
    cards = tuple(card for card in nvidia_accelerators(facts) if isinstance(card.compute_mode, str))
    said = tuple(symptom for symptom in facts.symptoms if cuda_code(symptom) == _BUSY)
    prohibited = tuple(card for card in cards if card.compute_mode == "prohibited")
    exclusive = tuple(card for card in cards if card.compute_mode in _EXCLUSIVE)
    if prohibited and not usable_accelerators(facts):
        severity = Severity.ERROR if wants_cuda(facts) else Severity.WARNING
        yield _found(case, prohibited, said, f"{names_of(prohibited)}: the compute mode forbids programs.", severity, Certainty.CERTAIN)
    elif said and exclusive:
        busy = tuple(card for card in exclusive if card.processes) or exclusive
        message = f"{names_of(busy)} {'is' if len(busy) == 1 else 'are'} for one program at a time, and {_holder(busy)}."
        yield _found(case, busy, said, message, Severity.ERROR, Certainty.CERTAIN if _is_held(busy) else Certainty.LIKELY)
    elif said and not cards:
        message = "A program was turned away by every GPU, as where their compute mode allows one program at a time."
        yield _found(case, (), said, message, Severity.ERROR, Certainty.LIKELY)
    elif said:
        reason = "a program was turned away by every GPU, and their compute mode is not the reason"
        yield NotEvaluated(_SUBJECT, reason, ("run nvidia-smi -q -d COMPUTE,PIDS while the program fails",))
    elif prohibited:
        yield _found(case, prohibited, (), f"{names_of(prohibited)}: programs are kept to the others.", Severity.INFO, Certainty.CERTAIN)
    elif cards:
        yield Passed(_SUBJECT, listed(tuple(dict.fromkeys(str(card.compute_mode) for card in cards))))
    else:
        yield NotApplicable("no compute mode is known")


def _is_held(cards: tuple[Accelerator, ...]) -> bool:
    return all(isinstance(card.processes, tuple) and card.processes for card in cards)


def _holder(cards: tuple[Accelerator, ...]) -> str:
    held = [process for card in cards if isinstance(card.processes, tuple) for process in card.processes]
    if not held:
        return "another program has it"
    names = [f"{process.name} ({process.pid})" if isinstance(process.name, str) else str(process.pid) for process in held]
    return f"process {listed(names, limit=3)} {'has' if len(held) == 1 else 'have'} it"


def _found(
    case: Case, cards: tuple[Accelerator, ...], said: tuple[Symptom, ...], message: str, severity: Severity, certainty: Certainty
) -> Found:
    return Found(
        _SUBJECT,
        message,
        severity=severity,
        certainty=certainty,
        evidence=(*map(spoken, said), *card_proofs(case.facts, cards, "compute_mode")),
        would_confirm=() if certainty is Certainty.CERTAIN else ("nvidia-smi -q -d COMPUTE,PIDS shows the mode and the program",),
        remedies=_remedies(cards),
        symptoms=said,
    )


def _remedies(cards: tuple[Accelerator, ...]) -> tuple[Remedy, ...]:
    numbers = ("-i", ",".join(str(card.index) for card in cards)) if cards else ()
    default = by_hand(
        "let every program use the GPU",
        Step(run=("nvidia-smi", "-q", "-d", "COMPUTE,PIDS")),
        as_root("nvidia-smi", *numbers, "--compute-mode", "DEFAULT"),
    )
    if cards and all(card.compute_mode == "prohibited" for card in cards):
        return (default,)
    return (by_hand("end the program that holds the GPU", "nvidia-smi lists it; on a shared machine, ask its owner"), default)


RULE = Rule(
    name="gpu-in-exclusive-mode",
    title="The compute mode keeps programs from a GPU",
    area=Area.GPU,
    layer=Layer.DRIVER,
    manual=MANUAL,
    check=check,
    explains=WITHOUT_DRIVER | {"gpu-memory-too-small"},
)
