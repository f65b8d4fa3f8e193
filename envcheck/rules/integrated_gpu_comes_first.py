"""integrated-gpu-comes-first: ROCm numbers the graphics of the processor before the card, so that programs take the slower one."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.amd_cards import AmdGpu, amd_gpus, rocm_build
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.wording import listed
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Proof, Remedy, Severity, Step

MANUAL = Manual(
    checks="Whether GPU 0 of ROCm is the graphics of the processor while there is a card as well.",
    why="A program that asks for the first GPU gets number 0. Graphics built into a processor are slow, have little memory of their own, "
    "and often no code in the build, so that the program fails or crawls although the card would do.",
    example="GPU 0 is AMD Radeon Graphics (gfx1036), GPU 1 a Radeon RX 7900 XTX.",
    fix="Show programs the card only, by ROCR_VISIBLE_DEVICES, or turn the built-in graphics off in the firmware.",
    ignore_when="Programs choose their GPU by themselves, or the built-in one is the one to be used.",
    sources=(
        "https://rocm.docs.amd.com/projects/radeon/en/latest/docs/prerequisites.html",
        "https://rocm.docs.amd.com/en/latest/conceptual/gpu-isolation.html",
    ),
)

_CHOOSERS = ("ROCR_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "CUDA_VISIBLE_DEVICES", "GPU_DEVICE_ORDINAL")


def check(case: Case) -> Iterator[Outcome]:
    """A hint, where a build for ROCm is there to be misled and nobody has chosen; an error where a program was."""
    facts = case.facts
    gpus = amd_gpus(facts)
    cards = [gpu for gpu in gpus if not gpu.is_built_in]
    if len(gpus) > 1 and rocm_build(facts) is not None and not _has_chosen(facts) and any(map(_is_of_unknown_kind, gpus)):
        unplaced = listed([gpu.name for gpu in gpus if _is_of_unknown_kind(gpu)])
        yield NotEvaluated("GPU 0", f"whether {unplaced} is part of the processor is not known", ("rocminfo",))
    elif len(gpus) < 2 or not cards or len(cards) == len(gpus):
        yield NotApplicable("there is no AMD card beside graphics in an AMD processor")
    elif rocm_build(facts) is None:
        yield NotApplicable("nothing here is built for ROCm")
    elif _has_chosen(facts):
        yield Passed("GPU 0", "a variable chooses the GPUs")
    elif not gpus[0].is_built_in:
        yield Passed("GPU 0", gpus[0].name)
    else:
        yield _found(case, gpus, cards[0])


def _has_chosen(facts: Snapshot) -> bool:
    return any(facts.variables.get(name, "").strip() for name in _CHOOSERS)


def _is_of_unknown_kind(gpu: AmdGpu) -> bool:
    return gpu.target is None and not isinstance(gpu.accelerator.integrated, bool)


def _found(case: Case, gpus: tuple[AmdGpu, ...], card: AmdGpu) -> Found:
    number = gpus.index(card)
    refused = tuple(symptom for symptom in case.said(SymptomKind.ARCH_NOT_SUPPORTED) if _names(symptom, gpus[0]))
    if refused:
        return Found(
            "GPU 0",
            f"A program took {gpus[0].name}, which is part of the processor, and not {card.name}.",
            evidence=(*map(spoken, refused), *_kinds(case, gpus)),
            remedies=(_show_card_only(number),),
            symptoms=refused,
        )
    return Found(
        "GPU 0",
        f"ROCm may number {gpus[0].name}, which is part of the processor, before {card.name}.",
        severity=Severity.INFO,
        certainty=Certainty.LIKELY,
        evidence=_kinds(case, gpus),
        would_confirm=("rocminfo lists the processor's graphics before the card",),
        remedies=(_show_card_only(number),),
    )


def _names(symptom: Symptom, gpu: AmdGpu) -> bool:
    return bool(gpu.target) and symptom.details.get("capability") == gpu.target


def _kinds(case: Case, gpus: tuple[AmdGpu, ...]) -> tuple[Proof, ...]:
    return tuple(case.proof(f"{gpu.fact}.integrated", f"{gpu.name}: {'yes' if gpu.is_built_in else 'no'}") for gpu in gpus)


def _show_card_only(number: int) -> Remedy:
    return by_hand("show programs the card only", Step(run=("export", f"ROCR_VISIBLE_DEVICES={number}")))


RULE = Rule(
    name="integrated-gpu-comes-first",
    title="The processor's graphics come before the card",
    area=Area.GPU,
    layer=Layer.DEVICE,
    manual=MANUAL,
    check=check,
    explains=frozenset({"rocm-gfx-not-in-wheel", "arch-not-supported"}),
)
