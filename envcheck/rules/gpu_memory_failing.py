"""gpu-memory-failing: the memory of a GPU has faults that error correction could not mend."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Accelerator
from envcheck.facts.symptoms import Symptom
from envcheck.judging.case import Case, spoken
from envcheck.judging.driver_words import card_proofs, cuda_code, names_of, unread_cards, xid
from envcheck.judging.gpu_wishes import severity_of_trouble
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.prescribing.install import by_hand
from envcheck.prescribing.system import REBOOT, as_root
from envcheck.report import Area, Remedy, Severity, Step

MANUAL = Manual(
    checks="Whether a GPU with error correction (ECC) has had errors that could not be corrected, has memory waiting to be taken out of "
    "use, or has no spare memory left to take its place.",
    why="A program that meets such an error ends with CUDA error 214. The driver marks the place and puts spare memory there at the next "
    "reset (row remapping; page retirement before Ampere). Where that has failed, the errors will come back.",
    example="Remapping Failure Occurred: Yes, on an NVIDIA A100-SXM4-80GB.",
    fix="Reset the GPU or reboot, so that the marked memory is taken out of use; have a GPU replaced whose remapping has failed.",
    ignore_when="The GPU is already reported and waits to be replaced.",
    sources=(
        "https://docs.nvidia.com/deploy/a100-gpu-mem-error-mgmt/index.html",
        "https://docs.nvidia.com/deploy/xid-errors/index.html",
    ),
)

_UNCORRECTABLE = 214  # cudaErrorECCUncorrectable
# Xid numbers: double-bit error; the recording of a remapping failed; uncontained and unrecovered errors.
_FATAL = (48, 64, 95, 140)
# A row was marked for remapping; an error that was contained to its program.
_MENDED = (63, 94)
_SUBJECT = "GPU memory"


def check(case: Case) -> Iterator[Outcome]:
    """What cannot be mended is an error, an error that is over a warning; what the next reset mends does no harm until then."""
    facts = case.facts
    said = tuple(symptom for symptom in facts.symptoms if cuda_code(symptom) == _UNCORRECTABLE or xid(symptom) in _FATAL)
    hinted = tuple(symptom for symptom in facts.symptoms if xid(symptom) in _MENDED)
    failed = tuple(card for card in facts.accelerators if card.remapping_failed is True)
    pending = tuple(card for card in facts.accelerators if card.retirement_pending is True)
    erring = tuple(card for card in facts.accelerators if isinstance(card.ecc_errors, int) and card.ecc_errors > 0)
    if failed:
        message = f"{names_of(failed)} {_has(failed)} memory that can no longer be replaced by spare memory."
        yield _found(case, failed, "remapping_failed", message, severity_of_trouble(case), said, (_replace(),))
    elif said:
        message = "A GPU met an error in its memory that could not be corrected."
        yield _found(
            case,
            erring or pending,
            "ecc_errors" if erring else "retirement_pending",
            message,
            severity_of_trouble(case),
            said,
            (_reset(),),
        )
    elif pending:
        message = f"{names_of(pending)} {_has(pending)} faulty memory that is taken out of use at the next reset."
        yield _found(case, pending, "retirement_pending", message, Severity.INFO, hinted, (_reset(),))
    elif erring:
        message = f"{names_of(erring)} {_has(erring)} had errors in memory that could not be corrected, since the driver was loaded."
        yield _found(case, erring, "ecc_errors", message, Severity.WARNING, hinted, (_reset(),))
    elif hinted:
        yield _found(case, (), "", "A GPU met an error in its memory, and marked the place.", Severity.WARNING, hinted, (_reset(),))
    elif any(isinstance(card.ecc_errors, int) or isinstance(card.remapping_failed, bool) for card in facts.accelerators):
        yield Passed(_SUBJECT, "no errors that could not be corrected")
    else:
        unread, why = unread_cards(facts, "ecc_errors")
        yield (
            NotEvaluated(_SUBJECT, f"{names_of(unread)} did not tell of errors in memory: {why}", ("nvidia-smi -q",))
            if unread
            else NotApplicable("no GPU tells of errors in its memory")
        )


def _has(cards: tuple[Accelerator, ...]) -> str:
    return "has" if len(cards) == 1 else "have"


def _found(
    case: Case,
    cards: tuple[Accelerator, ...],
    field: str,
    message: str,
    severity: Severity,
    said: tuple[Symptom, ...],
    remedies: tuple[Remedy, ...],
) -> Found:
    evidence = (*map(spoken, said), *card_proofs(case.facts, cards, field))
    return Found(_SUBJECT, message, severity=severity, evidence=evidence, remedies=remedies, symptoms=said)


def _reset() -> Remedy:
    return by_hand(
        "reset the GPU, so that the faulty memory is taken out of use",
        "end the programs that use it; nvidia-smi lists them",
        as_root("nvidia-smi", "--gpu-reset"),
        "if that is refused, reboot:",
        REBOOT,
        "if the errors come back, test the GPU with NVIDIA's field diagnostic (dcgmi diag --run 3) and have it replaced",
    )


def _replace() -> Remedy:
    return by_hand(
        "have the GPU replaced", "give its maker or cloud the output of:", Step(run=("nvidia-smi", "-q", "-d", "ECC,ROW_REMAPPER"))
    )


RULE = Rule(
    name="gpu-memory-failing",
    title="The memory of a GPU has faults",
    area=Area.GPU,
    layer=Layer.HARDWARE,
    manual=MANUAL,
    check=check,
)
