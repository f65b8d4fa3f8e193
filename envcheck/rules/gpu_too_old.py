"""gpu-too-old: no current build of any framework has code for this GPU, and none will: neither a reinstallation nor an override helps."""

from collections.abc import Iterator

import msgspec

from envcheck.facts.snapshot import Snapshot
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.amd_cards import AmdGpu, amd_gpus, rocm_build
from envcheck.judging.cards import NvidiaCard, nvidia_cards
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.torch_build import BuildKind, torch_build
from envcheck.judging.wording import listed
from envcheck.knowledge.amd_cards import find_chip, find_device, oldest_target, order_of
from envcheck.knowledge.capability import Capability, parse_capability, shown
from envcheck.knowledge.drivers import find_older_branch
from envcheck.knowledge.torch import oldest_capability
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Proof, Remedy, Severity

MANUAL = Manual(
    checks="Whether the GPU is older than everything that frameworks are compiled for.",
    why="Builds contain code for some generations of GPUs, and newer releases drop the oldest. Below a certain one no build is left: Fermi "
    "and the first Kepler of NVIDIA, Polaris (gfx803) and all before Vega of AMD. A reinstallation, an older toolkit or "
    "HSA_OVERRIDE_GFX_VERSION does not help, since there is no code to be run.",
    example="Radeon RX 580 with torch for ROCm: hipErrorNoBinaryForGpu; the kernel says POLARIS10 not supported in kfd.",
    fix="Compute on the CPU, with a build for the CPU, or use another GPU.",
    ignore_when="A build of your own has code for the GPU, or it only drives a screen.",
    sources=(
        "https://developer.nvidia.com/cuda-legacy-gpus",
        "https://rocm.docs.amd.com/projects/install-on-linux/en/latest/reference/system-requirements.html",
        "https://github.com/pytorch/pytorch/blob/main/.ci/manywheel/build_rocm.sh",
    ),
)

_ASK_NVIDIA = "nvidia-smi --query-gpu=name,compute_cap --format=csv"
_NO_KERNEL_IMAGE = 209
_NO_KERNEL_NAMES = ("cudaErrorNoKernelImageForDevice", "CUDA_ERROR_NO_BINARY_FOR_GPU")
# What ROCm ends in where the kernel offers no GPU for computing: the card tells whether that is for its age.
_NO_SUPPORTED_GPU = (
    "HSA_STATUS_ERROR_OUT_OF_RESOURCES",
    "no supported GPU",
    "Cannot allocate memory",
    "Bad address",
    "PCI rejects atomics",
)


class _Old(msgspec.Struct, frozen=True):
    """A GPU that is too old: `what` is its capability or target, `sure` whether that is known and not only by a name that may be wrong."""

    name: str
    what: str
    sure: bool
    proof: Proof


def check(case: Case) -> Iterator[Outcome]:
    """NVIDIA's cards and AMD's, each by what programs said and else by card and build compared."""
    outcomes = [outcome for outcome in (_nvidia(case), _amd(case)) if outcome is not None]
    if outcomes:
        yield from outcomes
    else:
        yield NotApplicable("nothing here is known to compute on a GPU")


def _nvidia(case: Case) -> Outcome | None:
    facts = case.facts
    ignored = tuple(symptom for symptom in case.said(SymptomKind.KERNEL_MODULE_FAILED) if _is_for_its_card(symptom))
    said = tuple(symptom for symptom in (*case.said(SymptomKind.ARCH_NOT_SUPPORTED), *ignored) if _is_below_all(symptom))
    cards = nvidia_cards(facts)
    old = [_old_nvidia(case, card) for card in cards if card.capability is not None and card.capability < oldest_capability()]
    if said:
        return _found(old or [_named(said[0])], said, alone=True)
    no_kernel = tuple(symptom for symptom in case.said(SymptomKind.CUDA_ERROR) if _says_no_kernel(symptom))
    build = torch_build(facts)
    for_cuda = (build is not None and build.kind is BuildKind.CUDA) or any(isinstance(entry.cuda, str) for entry in facts.builds.values())
    alone = bool(old) and len(old) == len(cards)
    told = (*no_kernel, *ignored)
    if old and (for_cuda or (told and alone)):
        return _found(old, told if alone else (), alone=alone)
    unplaced = [card.name for card in cards if card.capability is None]
    if (for_cuda and unplaced) or (no_kernel and (unplaced or not cards)):
        which = listed(unplaced) if unplaced else "the GPU that a program has no code for"
        return NotEvaluated("NVIDIA GPU", f"the compute capability of {which} is not known", (_ASK_NVIDIA,))
    return Passed("NVIDIA GPU", "not too old for current builds") if cards and for_cuda and not old else None


def _is_below_all(symptom: Symptom) -> bool:
    capability = _said_capability(symptom)
    return capability is not None and capability < oldest_capability()


def _said_capability(symptom: Symptom) -> Capability | None:
    """The card's own, or the highest of those that the older branch of the driver is for which the kernel names."""
    branch = symptom.details.get("branch", "")
    row = find_older_branch(int(branch)) if branch.isdecimal() else None
    return parse_capability(symptom.details.get("capability", row.up_to if row is not None else ""))


def _is_for_its_card(symptom: Symptom) -> bool:
    """NVIDIA's module passes over a card that only an older branch of the driver supports."""
    return symptom.details.get("module") == "nvidia" and "branch" in symptom.details


def _says_no_kernel(symptom: Symptom) -> bool:
    return symptom.code == _NO_KERNEL_IMAGE or symptom.details.get("name") in _NO_KERNEL_NAMES


def _old_nvidia(case: Case, card: NvidiaCard) -> _Old:
    number = shown(card.capability) if card.capability is not None else ""
    fact = f"{card.fact}.compute_capability"
    proof = Proof(fact=fact, value=f"{card.name}: {number}", source=card.source or case.facts.source_of(fact))
    return _Old(card.name, f"compute capability {number}", card.sure, proof)


def _named(symptom: Symptom) -> _Old:
    """The card as a program has named it."""
    details = symptom.details
    capability = _said_capability(symptom)
    what = f"compute capability {shown(capability)}" if capability is not None else details.get("capability", "")
    what = f"at most {what}" if "branch" in details else what
    return _Old(details.get("device") or details.get("card") or "the GPU", what, sure=True, proof=spoken(symptom))


def _amd(case: Case) -> Outcome | None:
    facts = case.facts
    gpus = [gpu for gpu in amd_gpus(facts) if gpu.order is not None]
    old = [_old_amd(case, gpu) for gpu in gpus if _is_old(gpu.order)]
    said = tuple(symptom for symptom in facts.symptoms if _says_too_old_amd(symptom))
    if said:
        return _found(old or [_named_amd(said[0])], said, alone=True)
    alone = bool(old) and len(old) == len(amd_gpus(facts))
    failed = tuple(symptom for symptom in facts.symptoms if _says_no_code(symptom)) if not _is_for_permission(facts) else ()
    asked = rocm_build(facts) is not None
    if old and (asked or (failed and alone)):
        vague = all(symptom.kind is SymptomKind.DRIVER_NOT_FOUND for symptom in failed) and bool(failed) and not asked
        return _found(old, failed if alone else (), alone=alone, vague=vague)
    unplaced = [gpu.name for gpu in amd_gpus(facts) if gpu.order is None]
    without_code = any(symptom.kind is SymptomKind.ARCH_NOT_SUPPORTED and "device" not in symptom.details for symptom in failed)
    if (asked and unplaced) or (without_code and (unplaced or not gpus)):
        which = listed(unplaced) if unplaced else "the GPU that a program has no code for"
        return NotEvaluated("AMD GPU", f"the generation (gfx…) of {which} is not known", ("rocminfo",))
    return Passed("AMD GPU", "not too old for current builds") if gpus and asked and not old else None


def _is_old(order: tuple[int, int, int] | None) -> bool:
    return order is not None and order < oldest_target()


def _says_too_old_amd(symptom: Symptom) -> bool:
    """A program, or the kernel, names a target or a chip that is older than all."""
    details = symptom.details
    if symptom.kind is SymptomKind.KERNEL_MODULE_FAILED:
        device = find_device(details.get("device", ""))
        return details.get("module") == "amdgpu" and device is not None and _is_old(order_of(device.target))
    if symptom.kind is not SymptomKind.ARCH_NOT_SUPPORTED or details.get("backend") != "rocm":
        return False
    return _is_old(order_of(details.get("capability", "") or _target_of_chip(details.get("device", ""))))


def _is_for_permission(facts: Snapshot) -> bool:
    """Whether this user gets no GPU because of the device node: the card is not to blame."""
    return any(
        symptom.kind is SymptomKind.PERMISSION_DENIED and symptom.details.get("path", "").startswith("/dev/kfd")
        for symptom in facts.symptoms
    )


def _target_of_chip(name: str) -> str:
    row = find_chip(name) if name else None
    return row.target if row is not None and row.is_sure else ""


def _says_no_code(symptom: Symptom) -> bool:
    """No code for the GPU, or no GPU that ROCm supports; why, only the card tells."""
    details = symptom.details
    if symptom.kind is SymptomKind.ARCH_NOT_SUPPORTED:
        return details.get("backend") == "rocm" and "capability" not in details
    return symptom.kind in (SymptomKind.DRIVER_NOT_FOUND, SymptomKind.KERNEL_MODULE_FAILED) and details.get("reason") in _NO_SUPPORTED_GPU


def _old_amd(case: Case, gpu: AmdGpu) -> _Old:
    fact = f"{gpu.fact}.architecture"
    proof = Proof(fact=fact, value=f"{gpu.name}: {gpu.target}", source=gpu.source or case.facts.source_of(fact))
    return _Old(gpu.name, gpu.target or "", gpu.sure, proof)


def _named_amd(symptom: Symptom) -> _Old:
    details = symptom.details
    chip = find_chip(details.get("device", "")) or find_device(details.get("device", ""))
    what = details.get("capability") or (chip.target if chip is not None else "")
    name = details.get("device", "the GPU")
    return _Old(f"the GPU {name}" if chip is not None else name, what, sure=True, proof=spoken(symptom))


def _found(old: list[_Old], said: tuple[Symptom, ...], *, alone: bool, vague: bool = False) -> Found:
    """`vague`: what was said has other reasons too, and nothing shows that a current build is there."""
    sure = all(card.sure for card in old) and not vague
    names = listed([f"{card.name} ({card.what})" for card in old], limit=3)
    spoken_proofs = [spoken(symptom) for symptom in said]
    proofs = [*spoken_proofs, *(card.proof for card in old if card.proof not in spoken_proofs)]
    message = f"No current build has code for {names}: {'it is' if len(old) == 1 else 'they are'} too old."
    return Found(
        old[0].name,
        message,
        severity=Severity.ERROR if alone else Severity.WARNING,
        certainty=Certainty.CERTAIN if sure else Certainty.LIKELY,
        evidence=tuple(proofs),
        would_confirm=() if sure else ("rocminfo or nvidia-smi --query-gpu=name,compute_cap --format=csv names the generation",),
        remedies=(_instead(),),
        symptoms=said,
    )


def _instead() -> Remedy:
    return by_hand(
        "compute on the CPU, or on another GPU",
        "choose the CPU in the program, by its device option or with CUDA_VISIBLE_DEVICES=-1",
        "or use a GPU of a generation that current builds have code for",
    )


RULE = Rule(
    name="gpu-too-old",
    title="The GPU is too old for every current build",
    area=Area.GPU,
    layer=Layer.HARDWARE,
    manual=MANUAL,
    check=check,
    explains=frozenset(
        {
            *("amdgpu-not-loaded", "arch-not-supported", "cuda-error", "driver-not-found", "driver-too-old", "gpu-arch-not-in-wheel"),
            *("hsa-override-gfx-version", "kernel-module-failed", "nvidia-kernel-module-not-loaded", "rocm-gfx-not-in-wheel"),
            "rocm-visible-devices",
        }
    ),
)
