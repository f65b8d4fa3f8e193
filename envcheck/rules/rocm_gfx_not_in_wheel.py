"""rocm-gfx-not-in-wheel: the ROCm build has no code for this GPU's target."""

from collections.abc import Iterator

import msgspec

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.amd_cards import AmdGpu, amd_gpus, rocm_build
from envcheck.judging.cards import nvidia_cards
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.wording import listed
from envcheck.knowledge.amd_cards import find_override, find_wheel, newest_wheel_with, oldest_target, order_of
from envcheck.knowledge.table import Confidence
from envcheck.knowledge.torch import WHEEL_INDEX
from envcheck.parsers.amd.gfx_target import family_of, gfx_of_override, override_of
from envcheck.prescribing.install import by_hand, install
from envcheck.report import Area, Certainty, Proof, Remedy, Severity, Step

MANUAL = Manual(
    checks="Whether the ROCm build of torch, or ROCm's own libraries, have code for the target of every AMD GPU (gfx1031, gfx90c …).",
    why="AMD's compilers make machine code for one target at a time, and there is nothing like PTX that runs on the next one. Builds "
    "contain the targets of data centres and of the larger cards of each generation; smaller cards and graphics of processors are left "
    "out. Programs end with hipErrorNoBinaryForGpu, invalid device function, or a missing TensileLibrary.",
    example="Radeon 680M (gfx1035) with torch 2.4.1+rocm6.1; rocBLAS error: Cannot read TensileLibrary.dat for GPU arch : gfx1035.",
    fix="Install a build that has the target; where there is none, HSA_OVERRIDE_GFX_VERSION makes ROCm on Linux take the code of a close "
    "relative, without AMD's support; else compile torch with PYTORCH_ROCM_ARCH, or compute on the CPU.",
    ignore_when="The GPU is the one inside the processor, and another one computes: hide it with HIP_VISIBLE_DEVICES.",
    sources=(
        "https://rocm.docs.amd.com/projects/install-on-linux/en/latest/reference/system-requirements.html",
        "https://github.com/pytorch/pytorch/blob/main/.ci/manywheel/build_rocm.sh",
        "https://llvm.org/docs/AMDGPUUsage.html#processors",
        "https://github.com/ROCm/rocBLAS/issues/1339",
    ),
)

_OVERRIDE = "HSA_OVERRIDE_GFX_VERSION"
# What a program ends in for want of code: an invalid device function, or no kernel image.
_NO_CODE = (98, 209)
_ROCMINFO = "rocminfo | grep gfx"


class _Code(msgspec.Struct, frozen=True):
    """The targets that the build has code for, and how that is known."""

    targets: tuple[str, ...]
    proof: Proof
    sure: bool


def check(case: Case) -> Iterator[Outcome]:
    """What programs said, else every card against the build."""
    facts = case.facts
    said = tuple(symptom for symptom in facts.symptoms if _says_no_code(symptom, facts))
    gpus = [gpu for gpu in amd_gpus(facts) if gpu.accelerator.state != "hidden" and gpu.accelerator.visible is not False]
    build = rocm_build(facts)
    if said:
        yield _spoken_of(case, gpus, said)
    elif build is None:
        yield NotApplicable("no build for ROCm is known")
    elif not gpus:
        yield NotApplicable("no AMD GPU is known here, or none is given to this process")
    else:
        yield _judge(case, gpus, f"{build[0]} for ROCm {build[1]}")


def _says_no_code(symptom: Symptom, facts: Snapshot) -> bool:
    details = symptom.details
    if symptom.kind is SymptomKind.ARCH_NOT_SUPPORTED:
        return details.get("backend") == "rocm" and symptom.subject != "amdgpu"
    if symptom.kind is not SymptomKind.CUDA_ERROR or symptom.code not in _NO_CODE:
        return False
    return details.get("backend") == "rocm" or (rocm_build(facts) is not None and not nvidia_cards(facts))


def _is_old(target: str) -> bool:
    order = order_of(target)
    return order is not None and order < oldest_target()


def _effective(facts: Snapshot, target: str) -> str:
    """What ROCm takes the card for."""
    return gfx_of_override(facts.variables.get(_OVERRIDE, "")) or target


def _spoken_of(case: Case, gpus: list[AmdGpu], said: tuple[Symptom, ...]) -> Outcome:
    """The words name the target, or the card does; where the build has the target, it is not the build that lacks it."""
    facts = case.facts
    named = next((symptom.details["capability"] for symptom in said if order_of(symptom.details.get("capability", ""))), "")
    card = next((gpu for gpu in gpus if gpu.target and not gpu.is_built_in), next((gpu for gpu in gpus if gpu.target), None))
    target = named or (card.target or "" if card is not None else "")
    if target and _is_old(target):
        return NotApplicable("no build has code for this GPU any more")
    code = _code_of(facts)
    has_it = code is not None and bool(target) and _effective(facts, target) in code.targets
    if has_it and not named:
        return NotEvaluated(
            target, "the build has code for the GPU, and something else has none", ("the traceback, which names what was started",)
        )
    lacks_it = code is not None and code.sure and bool(target) and not has_it
    decided = lacks_it or any(map(_is_decisive, said))
    sure = bool(named) or (card is not None and card.sure and decided)
    evidence = [spoken(symptom) for symptom in said]
    if card is not None:
        evidence.append(_proof_of(facts, card))
    if code is not None:
        evidence.append(code.proof)
    who = "ROCm's rocBLAS" if named else _subject(facts)
    what = f"{card.name} ({target})" if card is not None and target and card.target == target else target or "this GPU"
    return Found(
        target or "AMD GPU",
        f"{_begun(who)} has no code for {what}.",
        certainty=Certainty.CERTAIN if sure else Certainty.LIKELY,
        evidence=tuple(evidence),
        would_confirm=() if sure else (f"{_ROCMINFO} names a target that torch.cuda.get_arch_list() has not",),
        remedies=_remedies(facts, target, code),
        symptoms=said,
    )


def _is_decisive(symptom: Symptom) -> bool:
    """HIP's own word for it; an invalid device function has other reasons too."""
    return symptom.kind is SymptomKind.ARCH_NOT_SUPPORTED or symptom.code == _NO_CODE[1]


def _judge(case: Case, gpus: list[AmdGpu], subject: str) -> Outcome:
    facts = case.facts
    code = _code_of(facts)
    if code is None:
        return NotEvaluated(
            subject, "which targets this build has code for is not known", ('python -c "import torch; print(torch.cuda.get_arch_list())"',)
        )
    told = [gpu for gpu in gpus if gpu.target is not None]
    if not told:
        return NotEvaluated(subject, f"the target of {gpus[0].name} is not known", (_ROCMINFO,))
    current = [gpu for gpu in told if not _is_old(gpu.target or "")]
    if not current:
        return NotApplicable("no build has code for this GPU any more")
    without = [gpu for gpu in current if _effective(facts, gpu.target or "") not in code.targets]
    cards = [gpu for gpu in current if not gpu.is_built_in]
    # Graphics of a processor beside a card that computes are left alone.
    alone = not [gpu for gpu in (cards or current) if gpu not in without]
    if not without or not alone:
        return Passed(subject, f"it has code for {listed([gpu.name for gpu in current if gpu not in without])}")
    return _computed(facts, without[0] if without[0] in (cards or current) else cards[0], code)


def _computed(facts: Snapshot, gpu: AmdGpu, code: _Code) -> Found:
    sure = gpu.sure and code.sure
    return Found(
        gpu.target or "",
        f"{_begun(_subject(facts))} has no code for {gpu.name} ({gpu.target}); it has code for {listed(code.targets, limit=15)}.",
        severity=Severity.WARNING if facts.live and gpu.is_built_in else Severity.ERROR,
        certainty=Certainty.CERTAIN if sure else Certainty.LIKELY,
        evidence=(_proof_of(facts, gpu), code.proof),
        would_confirm=() if sure else (f"{_ROCMINFO} names a target that torch.cuda.get_arch_list() has not",),
        remedies=_remedies(facts, gpu.target or "", code),
    )


def _subject(facts: Snapshot) -> str:
    build = rocm_build(facts)
    return f"{build[0]} for ROCm {build[1]}" if build is not None else "the ROCm build"


def _begun(who: str) -> str:
    """At the beginning of a sentence; a package keeps its name."""
    return who if who.startswith("torch") else who[0].upper() + who[1:]


def _proof_of(facts: Snapshot, gpu: AmdGpu) -> Proof:
    fact = f"{gpu.fact}.architecture"
    return Proof(fact=fact, value=f"{gpu.name}: {gpu.target or 'unknown'}", source=gpu.source or facts.source_of(fact))


def _code_of(facts: Snapshot) -> _Code | None:
    """The build's own list of targets, else the table's for the wheels of that ROCm."""
    build = rocm_build(facts)
    if build is None:
        return None
    own = facts.builds.get(build[0])
    if own is not None and isinstance(own.arch_list, tuple) and any(entry.startswith("gfx") for entry in own.arch_list):
        fact = f"builds[{build[0]}].arch_list"
        targets = tuple(entry.partition(":")[0] for entry in own.arch_list)
        return _Code(targets, Proof(fact=fact, value=" ".join(own.arch_list), source=facts.source_of(fact)), sure=True)
    row = find_wheel(build[1]) if build[0] == "torch" else None
    if row is None:
        return None
    proof = Proof(fact=f"targets of the wheels for ROCm {row.rocm}", value=" ".join(row.targets), source=row.source)
    return _Code(row.targets, proof, sure=row.confidence is Confidence.HIGH)


def _remedies(facts: Snapshot, target: str, code: _Code | None) -> tuple[Remedy, ...]:
    """A build with the target, a relative's code, or neither."""
    remedies = []
    wheel = newest_wheel_with(target, sure=True) if target else None
    if wheel is not None and known(facts.system.os, "Linux") == "Linux":
        index = f"{WHEEL_INDEX}rocm{wheel.rocm}"
        remedies.append(
            install(facts, "torch", summary=f"install a build of torch that has code for {target}", index=index, reinstall=True)
        )
    override = _relative(target, code)
    if override and known(facts.system.os, "Linux") == "Linux" and facts.variables.get(_OVERRIDE, "") != override:
        summary = "let ROCm take the code of a close relative, which AMD does not support"
        remedies.append(by_hand(summary, Step(run=("export", f"{_OVERRIDE}={override}"))))
    if not remedies:
        compile_it = f"or compile torch yourself with PYTORCH_ROCM_ARCH={target}" if target else f"find the GPU's target with: {_ROCMINFO}"
        remedies.append(by_hand("compute on the CPU, or with a build of your own", "install the build of torch for the CPU", compile_it))
    return tuple(remedies)


def _relative(target: str, code: _Code | None) -> str | None:
    """What users report to work, else a target of the same family that the build has code for."""
    row = find_override(target) if target else None
    if row is not None:
        return row.value
    near = next((entry for entry in code.targets if family_of(entry) == family_of(target)), None) if code is not None and target else None
    return override_of(near) if near is not None and near[3:5] in ("10", "11", "12") else None


RULE = Rule(
    name="rocm-gfx-not-in-wheel",
    title="The ROCm build has no code for this GPU",
    area=Area.GPU,
    layer=Layer.BUILD,
    manual=MANUAL,
    check=check,
    explains=frozenset({"arch-not-supported", "cuda-error"}),
)
