"""vgpu-without-cuda: a virtual machine has a slice of a GPU whose series is not meant to compute."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Accelerator, Snapshot, known
from envcheck.judging.cards import nvidia_accelerators
from envcheck.judging.case import Case, spoken
from envcheck.judging.driver_words import card_proofs, found_no_device, names_of
from envcheck.judging.gpu_wishes import severity_of_trouble
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.usable_gpus import framework_reaches_gpu, usable_accelerators
from envcheck.judging.wording import listed
from envcheck.knowledge.virtual_gpus import VirtualGpu, parse_vgpu
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Severity

MANUAL = Manual(
    checks="Whether the virtual GPU of a virtual machine is of a series that computes: the letter in a name such as GRID T4-2B.",
    why="NVIDIA sells virtual GPUs in series with licences of their own: C for computing and Q for workstations run CUDA; B for desktops "
    "and A for applications are made for drawing. No driver inside the machine changes that.",
    example="GRID T4-2B; no CUDA-capable device is detected.",
    fix="Have the host give the machine a profile of the C or Q series (such as T4-4C), with the licence that belongs to it.",
    ignore_when="The machine only draws, or its programs do find a CUDA device.",
    sources=(
        "https://docs.nvidia.com/vgpu/latest/grid-licensing-user-guide/index.html",
        "https://docs.nvidia.com/vgpu/latest/grid-vgpu-user-guide/index.html",
    ),
)

_SUBJECT = "virtual GPU"


def check(case: Case) -> Iterator[Outcome]:
    """Names suggest, they do not decide: it stays likely, and is an error only where a program found no device."""
    facts = case.facts
    profiles = {card: profile for card in nvidia_accelerators(facts) if (profile := parse_vgpu(known(card.name, ""))) is not None}
    drawing = tuple(card for card, profile in profiles.items() if not profile.has_cuda)
    others = [card for card in usable_accelerators(facts) if card not in drawing]
    if not profiles and _is_nameless_guest(facts):
        reason = "this is a virtual machine, and the name of its GPU, which tells a virtual one, is not known"
        yield NotEvaluated(_SUBJECT, reason, ("nvidia-smi -L",))
    elif not profiles:
        yield NotApplicable("no GPU has the name of a virtual one")
    elif framework_reaches_gpu(facts) or not drawing:
        yield Passed(_SUBJECT, listed([known(card.name, "") for card in profiles]))
    elif others:
        yield Passed(_SUBJECT, "another GPU can compute")
    else:
        yield _found(case, drawing, profiles[drawing[0]])


def _is_nameless_guest(facts: Snapshot) -> bool:
    guest = isinstance(facts.system.virtual_machine, str) and not isinstance(facts.system.wsl, int)
    nameless = any(not isinstance(card.name, str) for card in nvidia_accelerators(facts))
    return guest and nameless and not framework_reaches_gpu(facts)


def _found(case: Case, drawing: tuple[Accelerator, ...], profile: VirtualGpu) -> Found:
    said = found_no_device(case)
    refused = bool(said) or any(build.cuda_available is False for build in case.facts.builds.values())
    return Found(
        _SUBJECT,
        f"{names_of(drawing)} is a virtual GPU of the {profile.series} series, which is not made for CUDA.",
        severity=severity_of_trouble(case) if refused else Severity.WARNING,
        certainty=Certainty.LIKELY,
        evidence=(*map(spoken, said), *card_proofs(case.facts, drawing, "name")),
        would_confirm=("a program such as deviceQuery finds no CUDA device", "the host's administrator names the profile and its licence"),
        remedies=(
            by_hand(
                f"have the host give this machine a profile of the C or Q series, such as {profile.card}-{profile.memory_gb}C",
                "the licence has to be that of the new series: NVIDIA AI Enterprise or vCS for C, RTX vWS for Q",
            ),
        ),
        symptoms=said,
    )


RULE = Rule(
    name="vgpu-without-cuda",
    title="The virtual GPU is of a series without CUDA",
    area=Area.GPU,
    layer=Layer.HARDWARE,
    manual=MANUAL,
    check=check,
    explains=frozenset({"cuda-error", "gpu-missing"}),
)
