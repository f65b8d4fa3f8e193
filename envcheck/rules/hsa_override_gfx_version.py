"""hsa-override-gfx-version: HSA_OVERRIDE_GFX_VERSION makes ROCm load code for another GPU than the one that is there."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.amd_cards import AmdGpu, amd_gpus, rocm_build
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.knowledge.amd_cards import find_override, find_wheel
from envcheck.knowledge.table import Confidence
from envcheck.parsers.amd.gfx_target import family_of, gfx_of_override
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Proof, Remedy, Severity, Step

MANUAL = Manual(
    checks="Whether the target that HSA_OVERRIDE_GFX_VERSION names is a relative of every AMD GPU here, and needed at all.",
    why="The variable makes ROCm take code for another target, for all GPUs at once. It helps a GPU that the build has no code for, if the "
    "other target is of the same family: gfx1030 for gfx1031. Code of another family gives wrong numbers, hangs or crashes, and so it "
    "does where the build has code for the GPU itself. AMD does not support the variable.",
    example="HSA_OVERRIDE_GFX_VERSION=10.3.0 with a Radeon RX 7900 XTX (gfx1100).",
    fix="Unset the variable, or set it to the target that is known to work for this GPU.",
    ignore_when="The program was tried with it and its results are right.",
    sources=(
        "https://github.com/ROCm/legacy-rocm-build/issues/1797",
        "https://rocm.docs.amd.com/projects/ROCR-Runtime/en/latest/reference/environment_variables.html",
    ),
)

_NAME = "HSA_OVERRIDE_GFX_VERSION"
# Of the runtime's errors, those that code for another GPU ends in.
_CODES = (98, 209, 700, 719)


def check(case: Case) -> Iterator[Outcome]:
    """The variable against every card, since it holds for all."""
    facts = case.facts
    value = facts.variables.get(_NAME, "").strip()
    if not value:
        yield NotApplicable(f"{_NAME} is not set")
        return
    target, gpus = gfx_of_override(value), amd_gpus(facts)
    told = [gpu for gpu in gpus if gpu.target is not None]
    if target is None:
        yield _malformed(case, value)
    elif not gpus:
        yield NotApplicable("no AMD GPU is known")
    elif not told:
        yield NotEvaluated(_NAME, f"the target of {gpus[0].name} is not known", ("the output of rocminfo",))
    else:
        yield _judge(case, value, target, told)


def _judge(case: Case, value: str, target: str, gpus: list[AmdGpu]) -> Outcome:
    """A discrete card comes first: for its sake nobody sets the variable who has a processor's graphics beside it."""
    cards = [gpu for gpu in gpus if not gpu.is_built_in] or gpus
    strange = next((gpu for gpu in cards if family_of(gpu.target or "") != family_of(target)), None)
    if strange is not None:
        return _of_another_family(case, value, target, strange)
    for gpu in cards:
        source = _code_for(case.facts, gpu)
        if gpu.target != target and source is not None:
            return _unneeded(case, value, target, gpu, source)
    return Passed(_NAME, f"{value} ({target}) for {cards[0].name} ({cards[0].target})")


def _of_another_family(case: Case, value: str, target: str, gpu: AmdGpu) -> Found:
    said = _said(case)
    row = find_override(gpu.target or "")
    instead = (_set(row.value, f"which users of {row.products} report to work"),) if row is not None else ()
    return Found(
        _NAME,
        f"{_NAME}={value} makes ROCm run code for {target} on {gpu.name}, which is {gpu.target} and of another family.",
        severity=Severity.ERROR if said or rocm_build(case.facts) is not None else Severity.WARNING,
        certainty=Certainty.CERTAIN if gpu.sure else Certainty.LIKELY,
        evidence=_evidence(case, value, gpu, said),
        would_confirm=() if gpu.sure else (f"rocminfo without {_NAME} names another family than {target}",),
        remedies=(_unset(), *instead),
        symptoms=said,
    )


def _unneeded(case: Case, value: str, target: str, gpu: AmdGpu, code: Proof) -> Found:
    said = _said(case)
    return Found(
        _NAME,
        f"{_NAME}={value} makes ROCm run code for {target} on {gpu.name}, although the build has code for its own {gpu.target}.",
        severity=Severity.WARNING,
        certainty=Certainty.LIKELY,
        evidence=(*_evidence(case, value, gpu, said), code),
        would_confirm=(f"the program also works without {_NAME}",),
        remedies=(_unset(),),
        symptoms=said,
    )


def _malformed(case: Case, value: str) -> Found:
    return Found(
        _NAME,
        f"{_NAME} is no version of three parts such as 10.3.0: {value[:40]}.",
        severity=Severity.WARNING,
        evidence=(case.proof(f"variables[{_NAME}]", value),),
        remedies=(_unset(),),
    )


def _code_for(facts: Snapshot, gpu: AmdGpu) -> Proof | None:
    """That the installed build has code for the card, by its own list of targets or by what its wheels are known to have."""
    build = rocm_build(facts)
    if build is None or gpu.target is None:
        return None
    own = facts.builds.get(build[0])
    if own is not None and isinstance(own.arch_list, tuple):
        fact = f"builds[{build[0]}].arch_list"
        targets = [entry.partition(":")[0] for entry in own.arch_list]
        return Proof(fact=fact, value=" ".join(own.arch_list), source=facts.source_of(fact)) if gpu.target in targets else None
    row = find_wheel(build[1]) if build[0] == "torch" else None
    if row is None or row.confidence is not Confidence.HIGH or gpu.target not in row.targets:
        return None
    return Proof(fact=f"targets of the wheels for ROCm {row.rocm}", value=" ".join(row.targets), source=row.source)


def _said(case: Case) -> tuple[Symptom, ...]:
    kinds = (SymptomKind.CUDA_ERROR, SymptomKind.ARCH_NOT_SUPPORTED)
    return tuple(symptom for symptom in case.said(*kinds) if symptom.code in _CODES or symptom.details.get("backend") == "rocm")


def _evidence(case: Case, value: str, gpu: AmdGpu, said: tuple[Symptom, ...]) -> tuple[Proof, ...]:
    fact = f"{gpu.fact}.architecture"
    card = Proof(fact=fact, value=f"{gpu.name}: {gpu.target}", source=gpu.source or case.facts.source_of(fact))
    return (case.proof(f"variables[{_NAME}]", value), card, *map(spoken, said))


def _unset() -> Remedy:
    return by_hand(
        f"unset {_NAME}, where it is set and for good", Step(run=("unset", _NAME)), "remove it from ~/.bashrc and from the service's file"
    )


def _set(value: str, why: str) -> Remedy:
    return by_hand(f"set it to {value}, {why}, for a build without code for the GPU", Step(run=("export", f"{_NAME}={value}")))


RULE = Rule(
    name="hsa-override-gfx-version",
    title="HSA_OVERRIDE_GFX_VERSION does not fit the GPU",
    area=Area.GPU,
    layer=Layer.DEVICE,
    manual=MANUAL,
    check=check,
    explains=frozenset({"arch-not-supported", "cuda-error", "framework-import-crashes"}),
)
