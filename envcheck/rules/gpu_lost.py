"""gpu-lost: a GPU fell off the bus or no longer answers its driver."""

from collections.abc import Iterator

from msgspec import UNSET

from envcheck.facts.snapshot import Accelerator, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.cards import nvidia_accelerators
from envcheck.judging.case import Case, spoken
from envcheck.judging.driver_words import WITHOUT_DRIVER, card_proofs, found_no_device, names_of, nvml_code, xid
from envcheck.judging.module_refusal import refuses_card
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.usable_gpus import framework_reaches_gpu
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Remedy

MANUAL = Manual(
    checks="Whether every GPU that the machine has still answers its driver.",
    why="A GPU that loses its link or its power is gone until the machine starts again: the driver says GPU is lost, Unknown Error for "
    "one card, or Xid 79 in the kernel's log. The others may go on working, but what ran on this one has ended.",
    example="Unable to determine the device handle for GPU0: 0000:01:00.0: GPU is lost. Reboot the system to recover this GPU.",
    fix="Switch the machine off and on again. If it comes back: look at power supply, cables, risers and seating, and at the temperature.",
    ignore_when="The GPU was taken out of the machine on purpose while it was running.",
    sources=(
        "https://docs.nvidia.com/deploy/xid-errors/index.html",
        "https://docs.nvidia.com/deploy/nvml-api/group__nvmlDeviceEnumvs.html",
    ),
)

# NVML's numbers (GPU is lost, reset required, insufficient power, not found, unknown error), and the Xid of a card off the bus.
_LOST, _RESET_REQUIRED, _NO_POWER, _NOT_FOUND, _UNKNOWN, _FELL_OFF = 15, 16, 8, 6, 999, 79
_SUBJECT = "GPU"


def check(case: Case) -> Iterator[Outcome]:
    """Takes the driver's word for it, then the state of every card, then a driver that finds none of the cards that it has."""
    facts = case.facts
    said = tuple(symptom for symptom in facts.symptoms if _says_lost(symptom))
    lost = tuple(card for card in facts.accelerators if card.state == "lost")
    silent = tuple(symptom for symptom in facts.symptoms if nvml_code(symptom) == _NOT_FOUND)
    failed = tuple(case.said(SymptomKind.GPU_START_FAILED))
    if said or lost:
        yield _found(case, said, lost)
    elif refuses_card(facts):
        yield NotApplicable("the driver's kernel module refuses the card, which is another rule's matter")
    elif failed and not framework_reaches_gpu(facts):
        yield _without_devices(case, (*failed, *silent))
    elif (silent or facts.nvidia.state == "no-devices") and _should_have_devices(facts):
        yield _without_devices(case, silent)
    elif silent_cards := _of_unknown_state(case):
        reason = f"whether the driver still reaches {names_of(silent_cards)} is not known"
        yield NotEvaluated(_SUBJECT, reason, ("nvidia-smi", "sudo dmesg"))
    elif facts.accelerators:
        yield Passed(_SUBJECT, "every GPU answers" if facts.live else "no GPU is said to be lost")
    else:
        yield NotApplicable("no GPU is known")


def _says_lost(symptom: Symptom) -> bool:
    """NVML's unknown error means this only where it speaks of one device."""
    code = nvml_code(symptom)
    return code in (_LOST, _RESET_REQUIRED, _NO_POWER) or (code == _UNKNOWN and "device" in symptom.details) or xid(symptom) == _FELL_OFF


def _of_unknown_state(case: Case) -> tuple[Accelerator, ...]:
    """Cards that a program did not get, of which nothing but their names and numbers is told."""
    facts = case.facts
    if not found_no_device(case) or not _should_have_devices(facts) or isinstance(facts.nvidia.driver_version, str):
        return ()
    return tuple(card for card in nvidia_accelerators(facts) if card.state is UNSET and card.driver is UNSET)


def _should_have_devices(facts: Snapshot) -> bool:
    """A driver without devices is normal in a container and in a job that was given none, and where no card can be reached."""
    given_none = any(isinstance(place, str) for place in (facts.system.container, facts.system.job)) or isinstance(facts.system.wsl, int)
    cards = nvidia_accelerators(facts)
    hidden = bool(cards) and all(card.visible is False or card.state in ("hidden", "denied", "other-driver", "no-driver") for card in cards)
    absent = facts.live and not cards
    return not (given_none or hidden or absent or framework_reaches_gpu(facts))


def _found(case: Case, said: tuple[Symptom, ...], lost: tuple[Accelerator, ...]) -> Found:
    from envcheck.judging.gpu_wishes import severity_of_trouble

    facts = case.facts
    places = tuple(dict.fromkeys(symptom.details["device"] for symptom in said if symptom.details.get("device")))
    which = names_of(lost) if lost else f"The GPU at {places[0]}" if places else "A GPU"
    others = [card for card in facts.accelerators if card.state == "ok"]
    rest = f" {len(others)} of {len(facts.accelerators)} GPUs still answer." if others else ""
    message = f"{which} {'has' if len(lost) < 2 else 'have'} {_what_happened(said)}."
    return Found(
        _SUBJECT,
        message + rest,
        severity=severity_of_trouble(case),
        evidence=(*map(spoken, said), *card_proofs(facts, lost, "state")),
        remedies=(_start_again(facts), _look_after_hardware()),
        symptoms=said,
    )


def _what_happened(said: tuple[Symptom, ...]) -> str:
    codes = {nvml_code(symptom) for symptom in said}
    if any(xid(symptom) == _FELL_OFF for symptom in said):
        return "fallen off the bus"
    if _NO_POWER in codes:
        return "too little power from its plugs"
    return "stopped, and has to be reset" if _RESET_REQUIRED in codes else "been lost: the driver gets no answer"


def _without_devices(case: Case, said: tuple[Symptom, ...]) -> Found:
    """`No devices were found`: the driver runs, and none of the cards has come up."""
    from envcheck.judging.gpu_wishes import severity_of_trouble

    facts = case.facts
    cards = tuple(card for card in nvidia_accelerators(facts) if card.driver == "nvidia")
    evidence = [spoken(symptom) for symptom in said]
    evidence += card_proofs(facts, cards, "driver")
    if facts.nvidia.state == "no-devices":
        evidence.append(case.proof("nvidia.state", "no-devices"))
    which = names_of(cards) if cards else "a GPU"
    return Found(
        _SUBJECT,
        f"The NVIDIA driver runs, but could not start {which}.",
        severity=severity_of_trouble(case),
        certainty=Certainty.CERTAIN if (cards and facts.live) or _says_failed(said) else Certainty.LIKELY,
        evidence=tuple(evidence),
        would_confirm=() if _says_failed(said) else ("sudo dmesg shows NVRM: RmInitAdapter failed, or Xid 79", "lspci lists the card"),
        remedies=(_start_again(facts), _look_after_hardware()),
        symptoms=said,
    )


def _says_failed(said: tuple[Symptom, ...]) -> bool:
    return any(symptom.kind is SymptomKind.GPU_START_FAILED for symptom in said)


def _start_again(facts: Snapshot) -> Remedy:
    from envcheck.prescribing.system import REBOOT, as_root

    if isinstance(known(facts.system.virtual_machine, None), str):
        return by_hand("stop the virtual machine and start it again", "a reboot from within may leave the GPU as it is; stop and start")
    return by_hand("bring the GPU back", as_root("nvidia-smi", "--gpu-reset"), "if that is refused, reboot:", REBOOT)


def _look_after_hardware() -> Remedy:
    from envcheck.prescribing.system import as_root

    return by_hand(
        "find out why it was lost, if it happens again",
        "read what the kernel said before it:",
        as_root("dmesg", "--ctime"),
        "look at power supply and cables, the riser and the seating of the card, and its temperature under load",
        "switch off the saving of power on the PCIe link in the firmware (ASPM)",
        "try the card in another machine: if it is lost there too, it is to be replaced",
    )


RULE = Rule(
    name="gpu-lost",
    title="A GPU no longer answers its driver",
    area=Area.GPU,
    layer=Layer.HARDWARE,
    manual=MANUAL,
    check=check,
    explains=WITHOUT_DRIVER
    | {"driver-state-after-suspend", "gpu-in-exclusive-mode", "gpu-memory-failing", "nvidia-kernel-module-not-loaded"},
)
