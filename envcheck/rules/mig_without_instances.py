"""mig-without-instances: a GPU is in MIG mode and has no instance, so that CUDA sees no device on it."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Accelerator
from envcheck.judging.cards import nvidia_accelerators
from envcheck.judging.case import Case, spoken
from envcheck.judging.driver_words import WITHOUT_DRIVER, card_proofs, found_no_device, names_of
from envcheck.judging.gpu_wishes import wants_cuda
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.usable_gpus import framework_reaches_gpu, is_divided_into_nothing, usable_accelerators
from envcheck.prescribing.install import by_hand
from envcheck.prescribing.system import as_root
from envcheck.report import Area, Certainty, Remedy, Severity, Step

MANUAL = Manual(
    checks="Whether every GPU in MIG mode has been divided into instances.",
    why="In MIG mode (Multi-Instance GPU) programs get instances, never the whole GPU. The mode outlasts a reboot on A100 and A30, the "
    "instances do not: after one nvidia-smi shows the GPU, and CUDA finds no device.",
    example="MIG mode Enabled, No MIG devices found; no CUDA-capable device is detected.",
    fix="Create instances with nvidia-smi mig -cgi PROFILE -C, at every start of the machine; or switch the mode off.",
    ignore_when="The instances are made when a job asks for them.",
    sources=("https://docs.nvidia.com/datacenter/tesla/mig-user-guide/getting-started-with-mig.html",),
)

_SUBJECT = "MIG"


def check(case: Case) -> Iterator[Outcome]:
    """It is an error where it leaves no GPU at all; beside another one that programs can use it is only told."""
    cards = tuple(card for card in nvidia_accelerators(case.facts) if card.mig == "enabled")
    empty = tuple(card for card in cards if is_divided_into_nothing(card))
    usable_elsewhere = any(card.mig != "enabled" for card in usable_accelerators(case.facts))
    if not cards:
        yield NotApplicable("no GPU is known to be in MIG mode")
    elif empty:
        yield _found(case, empty)
    elif any(card.mig_devices for card in cards):
        yield Passed(_SUBJECT, "every GPU in MIG mode has instances")
    elif framework_reaches_gpu(case.facts):
        yield Passed(_SUBJECT, "a framework reaches an instance")
    elif found_no_device(case) and not usable_elsewhere and "CUDA_VISIBLE_DEVICES" not in case.facts.variables:
        yield _found(case, cards, Certainty.LIKELY)
    else:
        yield NotEvaluated(_SUBJECT, "whether the GPUs in MIG mode have instances is not known", ("run nvidia-smi -L",))


def _found(case: Case, empty: tuple[Accelerator, ...], certainty: Certainty = Certainty.CERTAIN) -> Found:
    others = [card for card in usable_accelerators(case.facts) if card not in empty]
    said = () if others else found_no_device(case)
    severity = Severity.INFO if others else Severity.ERROR if wants_cuda(case.facts) else Severity.WARNING
    return Found(
        _SUBJECT,
        f"{names_of(empty)} {'is' if len(empty) == 1 else 'are'} in MIG mode without any instance, which CUDA sees as no device.",
        severity=severity,
        certainty=certainty,
        would_confirm=() if certainty is Certainty.CERTAIN else ("nvidia-smi -L lists no MIG device below the GPU",),
        evidence=(*map(spoken, said), *card_proofs(case.facts, empty, "mig"), *card_proofs(case.facts, empty, "mig_devices")),
        remedies=(_divide(empty[0]), _switch_off(empty)),
        symptoms=said,
    )


def _divide(card: Accelerator) -> Remedy:
    number = str(card.index)
    return by_hand(
        "divide the GPU into instances",
        as_root("nvidia-smi", "mig", "-i", number, "-lgip"),
        "choose a profile from that list; 0 is as a rule the whole GPU as one instance:",
        as_root("nvidia-smi", "mig", "-i", number, "-cgi", "0", "-C"),
        Step(run=("nvidia-smi", "-L")),
    )


def _switch_off(empty: tuple[Accelerator, ...]) -> Remedy:
    numbers = ",".join(str(card.index) for card in empty)
    return by_hand("switch MIG mode off, to use the whole GPU", as_root("nvidia-smi", "-i", numbers, "-mig", "0"))


RULE = Rule(
    name="mig-without-instances",
    title="A GPU in MIG mode has no instance",
    area=Area.GPU,
    layer=Layer.DRIVER,
    manual=MANUAL,
    check=check,
    explains=WITHOUT_DRIVER | {"gpu-memory-too-small"},
)
