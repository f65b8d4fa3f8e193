"""cuda-visible-devices: CUDA_VISIBLE_DEVICES hides GPUs that a program wants."""

from collections.abc import Iterator

import msgspec

from envcheck.facts.snapshot import Accelerator, Completeness, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.gpu_wishes import is_required, severity_of_trouble, wants_cuda
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.usable_gpus import framework_reaches_gpu
from envcheck.judging.wording import listed
from envcheck.parsers.nvidia.visible_devices import VisibleDevices, parse_visible_devices
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Proof, Remedy, Severity, Step

MANUAL = Manual(
    checks="Whether the entries of CUDA_VISIBLE_DEVICES name GPUs that the machine has.",
    why="CUDA shows a program the GPUs of that list only, and stops at the first entry that it cannot take: all behind it is passed over. "
    "A number that no card has, quote marks, or the 'cuda:' of torch hide every card, without a word of warning.",
    example="CUDA_VISIBLE_DEVICES=1 on a machine with one card, whose number is 0: no CUDA-capable device is detected.",
    fix="Unset the variable, or set it to numbers that nvidia-smi -L shows, such as 0 or 0,1, before the program starts.",
    ignore_when="The GPUs are hidden on purpose, so that a program computes on the CPU.",
    sources=(
        "https://docs.nvidia.com/cuda/cuda-programming-guide/05-appendices/environment-variables.html",
        "https://docs.nvidia.com/deploy/topics/topic_5_2_1.html",
        "https://github.com/pytorch/pytorch/blob/main/torch/cuda/__init__.py",
    ),
)

_NAME = "CUDA_VISIBLE_DEVICES"
_FACT = f"variables[{_NAME}]"
_NO_DEVICE, _BAD_ORDINAL = 100, 101
_NOT_FOR_PROGRAMS = ("hidden", "no-driver", "other-driver", "lost")


class _Seen(msgspec.Struct, frozen=True):
    """How many of the listed cards a program sees, and the entry at which CUDA stops; `sure`: the machine's cards are all known."""

    count: int
    wrong: str = ""
    fault: str = ""
    sure: bool = True


def check(case: Case) -> Iterator[Outcome]:
    """The value against the cards; without a value, a card that works everywhere but in one program."""
    facts = case.facts
    value = facts.variables.get(_NAME)
    cards = tuple(card for card in facts.accelerators if card.vendor == "nvidia" and card.state not in _NOT_FOR_PROGRAMS)
    missed = tuple(symptom for symptom in case.said(SymptomKind.CUDA_ERROR) if _misses(symptom))
    if value is None:
        yield _unset(case, cards, missed)
        return
    if not cards and facts.observed.accelerators is Completeness.COMPLETE:
        yield NotApplicable("there is no NVIDIA GPU that it could hide")
        return
    wanted = parse_visible_devices(value)
    filled_in = value.startswith("$")  # by the shell, with what nobody shows
    if missed and (filled_in or (not cards and _passes_over_the_first(wanted))):
        yield _suspected(case, value, missed)
        return
    if filled_in:
        yield NotEvaluated(_NAME, f"what {value} stood for is not known", (f"echo ${_NAME} in the program's shell",))
        return
    if wanted.hides_all_on_purpose:
        yield _hidden(case, value, cards, missed)
        return
    seen = _against(wanted, cards, facts)
    if seen is None and cards and any(symptom.code == _NO_DEVICE for symptom in missed):
        yield _wrong(case, value, _Seen(0, str(wanted.entries[0]), "no GPU and no part of one has this name"), cards, missed)
    elif seen is None:
        yield NotEvaluated(_NAME, "which GPUs the machine has is not known", ("run nvidia-smi -L",))
    elif not seen.wrong and any(symptom.code == _BAD_ORDINAL for symptom in missed) and seen.count < len(cards):
        yield _renumbered(case, value, seen, cards, missed)
    elif not seen.wrong:
        yield Passed(_NAME, f"{value}: {seen.count} of {len(cards)} GPUs" if cards else value)
    else:
        yield _wrong(case, value, seen, cards, missed)


def _misses(symptom: Symptom) -> bool:
    return (
        symptom.code in (_NO_DEVICE, _BAD_ORDINAL)
        and not symptom.details.get("name", "").startswith("hip")
        and not symptom.details.get("side")
    )


def _unset(case: Case, cards: tuple[Accelerator, ...], missed: tuple[Symptom, ...]) -> Outcome:
    """A driver that answers, a card at work, and a program beside it that sees none: somebody hides it from that program."""
    facts = case.facts
    said = tuple(symptom for symptom in missed if symptom.code == _NO_DEVICE)
    if not said and missed and not isinstance(facts.system.container, str):
        return _numbered_wrongly(cards, missed)
    available = framework_reaches_gpu(facts)
    works = available or (bool(cards) and isinstance(facts.nvidia.driver_version, str))
    split = any(card.mig == "enabled" for card in cards)
    if not said or not works or split or isinstance(facts.system.container, str) or facts.observed.variables is Completeness.COMPLETE:
        return NotApplicable(f"{_NAME} is not set, or nothing is known of it")
    evidence = [*map(spoken, said)]
    if isinstance(facts.nvidia.driver_version, str):
        evidence.append(case.proof("nvidia.driver_version", facts.nvidia.driver_version))
    evidence += [
        case.proof(f"builds[{name}].cuda_available", "True") for name, build in facts.builds.items() if build.cuda_available is True
    ]
    return Found(
        _NAME,
        "The driver and the GPU work, but one program sees none: as a rule CUDA_VISIBLE_DEVICES hides them from it.",
        certainty=Certainty.LIKELY,
        evidence=tuple(evidence),
        would_confirm=(f"print(os.environ.get('{_NAME}')) in the program, before its first CUDA call, shows a number that no card has",),
        remedies=(_remedy(facts, cards),),
        symptoms=said,
    )


def _numbered_wrongly(cards: tuple[Accelerator, ...], missed: tuple[Symptom, ...]) -> Found:
    """`invalid device ordinal`: of the GPUs that it sees, whether hidden or not, none has the number that a program asks for."""
    has = f"; {_no_such(0, len(cards))}" if cards else ""
    return Found(
        _NAME,
        f"A program asks for a GPU by a number that none has among those it sees{has}.",
        severity=Severity.ERROR,
        certainty=Certainty.LIKELY,
        evidence=tuple(map(spoken, missed)),
        would_confirm=("torch.cuda.device_count() is not greater than the number that the program asks for", f"echo ${_NAME}"),
        remedies=(
            by_hand(
                "ask for a GPU that is there",
                "give the program another number, such as cuda:0: with CUDA_VISIBLE_DEVICES set, numbers begin at 0 again",
                Step(run=("nvidia-smi", "-L")),
            ),
        ),
        symptoms=missed,
    )


def _passes_over_the_first(wanted: VisibleDevices) -> bool:
    """Most machines have one card, whose number is 0."""
    return bool(wanted.entries) and isinstance(wanted.entries[0], int) and wanted.entries[0] > 0


def _suspected(case: Case, value: str, missed: tuple[Symptom, ...]) -> Found:
    """How many cards there are is not known, or what the shell put in the place of a variable; a program saw none."""
    name = "$0 is the name of the shell or the script" if value == "$0" else f"{value} is empty or names a GPU that is not there"
    why = name if value.startswith("$") else "there is none of that number"
    return Found(
        _NAME,
        f"{_NAME} is {value}, and CUDA finds no GPU: as a rule {why}.",
        certainty=Certainty.LIKELY,
        evidence=(case.proof(_FACT, value), *map(spoken, missed)),
        would_confirm=("nvidia-smi -L lists no GPU of that number", f"echo ${_NAME} shows what the program was given"),
        remedies=(_remedy(case.facts, ()),),
        symptoms=missed,
    )


def _hidden(case: Case, value: str, cards: tuple[Accelerator, ...], missed: tuple[Symptom, ...]) -> Outcome:
    """Nobody misses them: that is how one computes on the CPU."""
    if not cards and not missed:
        return NotApplicable(f"{_NAME} hides every GPU, and none is known here")
    many = f"all {len(cards)} NVIDIA GPUs" if len(cards) > 1 else "the NVIDIA GPU"
    return Found(
        _NAME,
        f"{_NAME} is {value.strip() or 'empty'}, which hides {many} from every CUDA program.",
        severity=_severity_of_none(case, missed),
        evidence=(case.proof(_FACT, value or '""'), *map(spoken, missed)),
        remedies=(_remedy(case.facts, cards),),
        symptoms=missed,
    )


def _severity_of_none(case: Case, missed: tuple[Symptom, ...]) -> Severity:
    """Somebody who computes on the CPU hides the cards on purpose; beside a build for CUDA it may have been forgotten."""
    if any(not symptom.was_asked_for for symptom in missed):
        return Severity.ERROR
    return Severity.WARNING if is_required(case) or (wants_cuda(case.facts) and missed) else Severity.INFO


def _against(wanted: VisibleDevices, cards: tuple[Accelerator, ...], facts: Snapshot) -> _Seen | None:
    """None: the cards are not known, and the value by itself is in order."""
    complete = facts.observed.accelerators is Completeness.COMPLETE
    split = any(card.mig == "enabled" for card in cards)
    count = 0
    for entry in wanted.entries:
        fits = _fits(entry, cards)
        if fits is None or (split and isinstance(entry, int) and not fits):
            return _Seen(count, wanted.stopped_at, wanted.fault, sure=complete) if wanted.fault else None
        if not fits:
            return _Seen(count, str(entry), _no_such(entry, len(cards)), sure=complete)
        count += 1
    if wanted.fault and not wanted.entries:
        return _Seen(0, wanted.stopped_at or '""', wanted.fault)
    return _Seen(count, (wanted.stopped_at or '""') if wanted.fault else "", wanted.fault)


def _fits(entry: int | str, cards: tuple[Accelerator, ...]) -> bool | None:
    """Whether there is such a card; None where that cannot be told."""
    if isinstance(entry, int):
        return entry < len(cards) if cards else None
    if entry.startswith("MIG-"):
        return _fits_part(entry, cards)
    uuids = [card.uuid for card in cards if isinstance(card.uuid, str)]
    if len(uuids) < len(cards) or not cards:
        return True if any(uuid.startswith(entry) for uuid in uuids) else None
    return len([uuid for uuid in uuids if uuid.startswith(entry)]) == 1


def _fits_part(entry: str, cards: tuple[Accelerator, ...]) -> bool | None:
    """`MIG-<uuid>` since driver 470, `MIG-GPU-<uuid of the card>/3/0` before."""
    parts = [part.uuid for card in cards for part in known(card.mig_devices, ()) if isinstance(part.uuid, str)]
    if any(part.startswith(entry) for part in parts):
        return True
    if not parts or entry.startswith("MIG-GPU-"):
        return None
    return False


def _renumbered(case: Case, value: str, seen: _Seen, cards: tuple[Accelerator, ...], missed: tuple[Symptom, ...]) -> Found:
    """What is visible is counted from 0 again, whatever numbers the list has."""
    last = f"0 to {seen.count - 1}" if seen.count > 1 else "0"
    return Found(
        _NAME,
        f"{_NAME} is {value}, so that the program sees {seen.count} of {len(cards)} GPUs, under the number {last}; it asked for another.",
        certainty=Certainty.LIKELY,
        evidence=(case.proof(_FACT, value), *map(spoken, missed)),
        would_confirm=(f"with {_NAME} unset the program finds its GPU",),
        remedies=(_remedy(case.facts, cards),),
        symptoms=missed,
    )


def _no_such(entry: int | str, count: int) -> str:
    if isinstance(entry, int):
        return "the only GPU is number 0" if count == 1 else f"the GPUs are numbered 0 to {count - 1}"
    return "no GPU, or more than one, has a UUID that begins so" if entry.startswith("GPU-") else "no MIG device has this UUID"


def _wrong(case: Case, value: str, seen: _Seen, cards: tuple[Accelerator, ...], missed: tuple[Symptom, ...]) -> Found:
    facts = case.facts
    certain = seen.sure or bool(missed)
    remains = (
        "hides every GPU"
        if not seen.count
        else f"leaves only the first {seen.count} of its entries"
        if seen.count > 1
        else "leaves only its first entry"
    )
    evidence: list[Proof] = [case.proof(_FACT, value), *map(spoken, missed)]
    if cards:
        evidence.append(
            Proof(
                fact="accelerators",
                value=listed([known(card.name, "NVIDIA GPU") for card in cards]),
                source=facts.source_of("accelerators"),
            )
        )
    return Found(
        _NAME,
        f"{_NAME} is {value}, and CUDA stops at {seen.wrong}: {seen.fault}; that {remains}.",
        severity=severity_of_trouble(case) if missed or not seen.count else Severity.WARNING,
        certainty=Certainty.CERTAIN if certain else Certainty.LIKELY,
        evidence=tuple(evidence),
        would_confirm=() if certain else ("nvidia-smi -L shows no card of that number",),
        remedies=(_remedy(facts, cards),),
        symptoms=missed,
    )


def _remedy(facts: Snapshot, cards: tuple[Accelerator, ...]) -> Remedy:
    numbers = ",".join(str(number) for number in range(min(len(cards), 8))) or "0"
    windows = facts.system.os == "Windows"
    unset = Step(run=("set", f"{_NAME}=")) if windows else Step(run=("unset", _NAME))
    choose = Step(run=("set", f"{_NAME}={numbers}")) if windows else Step(run=("export", f"{_NAME}={numbers}"))
    return by_hand(
        f"unset {_NAME}, or name GPUs that are there",
        "in the shell, in a start script, and in the program itself (os.environ), before its first CUDA call:",
        unset,
        "or, with the numbers of nvidia-smi -L:",
        choose,
    )


RULE = Rule(
    name="cuda-visible-devices",
    title="CUDA_VISIBLE_DEVICES hides GPUs",
    area=Area.GPU,
    layer=Layer.DEVICE,
    manual=MANUAL,
    check=check,
    explains=frozenset({"cuda-error", "gpu-missing", "provider-fallback"}),
)
