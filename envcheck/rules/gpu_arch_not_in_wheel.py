"""gpu-arch-not-in-wheel: the installed build has no kernels for this card's compute capability, and another build of the framework has."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from envcheck.facts.snapshot import Build
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.cards import NvidiaCard, nvidia_cards
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.torch_build import BuildKind, TorchBuild, torch_build
from envcheck.judging.wording import listed
from envcheck.knowledge.capability import Capability, covers, is_cuda_list, is_tegra, parse_capability, runs_on, shown
from envcheck.knowledge.drivers import find_first_compiler, is_compilable
from envcheck.knowledge.table import Confidence
from envcheck.knowledge.torch import find_kernels, oldest_capability
from envcheck.report import Area, Certainty, Proof, Remedy, Severity

MANUAL = Manual(
    checks="Whether the installed torch has machine code for every NVIDIA card of the machine.",
    why="A build contains code for some compute capabilities. Code for 8.6 also runs on 8.9, the same major number and a higher minor "
    "one; it never runs on another major number. So a card can be too new for a build, or too old for it.",
    example="NVIDIA GeForce RTX 5090 with CUDA capability sm_120 is not compatible: torch 2.0.1 for CUDA 11.8 has code up to sm_90.",
    fix="Install the build whose arch list has the card: CUDA 11 and newer for 8.x, the cu128 index and newer for the RTX 50 series.",
    ignore_when="The card that is not supported only drives a screen.",
    sources=(
        "https://docs.nvidia.com/cuda/cuda-c-programming-guide/index.html#application-compatibility",
        "https://github.com/pytorch/pytorch/blob/main/RELEASE.md",
    ),
)

_NO_KERNEL_IMAGE = 209
_NO_KERNEL_NAMES = ("cudaErrorNoKernelImageForDevice", "CUDA_ERROR_NO_BINARY_FOR_GPU")
_NO_KERNEL = "a computation on the card ends with: no kernel image is available for execution on the device"
_ARCH_LIST = 'python -c "import torch; print(torch.cuda.get_arch_list())"'


class _Code(msgspec.Struct, frozen=True):
    """What the build has code for, and how that is known."""

    arch_list: tuple[str, ...]
    fact: str
    source: str
    sure: bool


def check(case: Case) -> Iterator[Outcome]:
    """Torch's own words, then the runtime's error, then card and build compared."""
    build = torch_build(case.facts)
    said = [symptom for symptom in case.said(SymptomKind.ARCH_NOT_SUPPORTED) if _says_no_code(symptom)]
    if said:
        yield _spoken_of(case, build, tuple(said))
        return
    no_kernel = tuple(symptom for symptom in case.said(SymptomKind.CUDA_ERROR) if _says_no_kernel(symptom))
    cards = tuple(card for card in nvidia_cards(case.facts) if card.accelerator.state != "hidden")
    if no_kernel:
        yield _no_kernel_image(case, build, cards, no_kernel)
    elif build is None or build.kind is not BuildKind.CUDA:
        yield NotApplicable("no CUDA build of torch is known")
    elif not cards:
        yield NotApplicable("no NVIDIA card is known here, or none is given to this process")
    else:
        yield from _judge(case, build, cards)


def _spoken_of(case: Case, build: TorchBuild | None, said: tuple[Symptom, ...]) -> Outcome:
    details = next((symptom for symptom in said if symptom.details.get("arch_list")), said[0]).details
    capability = parse_capability(details["capability"])
    if capability is None or capability < oldest_capability():
        return NotApplicable("no build of torch supports this card")
    subject = build.subject if build is not None else "torch"
    device = details.get("device") or "the card"
    arch_list = _arch_list(details)
    has = f"; it has code for {listed(arch_list, limit=12)}" if arch_list else ""
    by_driver = [target for target in arch_list if runs_on(target, capability)]
    if by_driver:
        has += f", of which at most {listed(by_driver)} runs there, after the driver has compiled it"
    return Found(
        subject,
        f"{subject} has no {'machine ' if by_driver else ''}code for {device} (compute capability {shown(capability)}){has}.",
        certainty=Certainty.LIKELY if by_driver else Certainty.CERTAIN,
        evidence=tuple(spoken(symptom) for symptom in said),
        would_confirm=(_NO_KERNEL,) if by_driver else (),
        remedies=(_remedy(case, build),),
        symptoms=said,
        about=("torch",),
    )


def _says_no_code(symptom: Symptom) -> bool:
    """Torch also warns of a card that its code runs on: one with the major number of the newest that it names, and a higher minor one.

    What the driver would have to compile first (`compute_37`) is no code for a newer card, to torch as to whoever met the warning.
    """
    details = symptom.details
    capability, newest = parse_capability(details.get("capability", "")), parse_capability(details.get("maximum", ""))
    if capability is None or covers((target for target in _arch_list(details) if target.startswith("sm_")), capability):
        return False
    return newest is None or not runs_on(f"sm_{newest[0]}{newest[1]}", capability)


def _arch_list(details: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(details.get("arch_list", "").replace(",", " ").split())


def _no_kernel_image(case: Case, build: TorchBuild | None, cards: Iterable[NvidiaCard], said: tuple[Symptom, ...]) -> Outcome:
    """The runtime found no code for the card; torch's own arch list tells whether it is torch's or an extension's."""
    subject = build.subject if build is not None else "torch"
    code = _code_of(case, build) if build is not None else None
    capabilities = [card.capability for card in cards if card.capability is not None]
    if capabilities and all(capability < oldest_capability() for capability in capabilities):
        return NotApplicable("no build of torch supports this card")
    if code is not None and capabilities and all(covers(code.arch_list, capability) for capability in capabilities):
        return Found(
            "compiled extension",
            "A compiled extension has no code for this card, although torch has.",
            certainty=Certainty.LIKELY,
            evidence=tuple(spoken(symptom) for symptom in said),
            would_confirm=("the traceback names the extension whose kernel was started",),
            symptoms=said,
        )
    return Found(
        subject,
        f"{subject} has no code for this card's compute capability{_capabilities(capabilities)}.",
        certainty=Certainty.LIKELY,
        evidence=tuple(spoken(symptom) for symptom in said),
        would_confirm=(f"{_ARCH_LIST} lists no code for the card",),
        remedies=(_remedy(case, build),),
        symptoms=said,
        about=("torch",) if build is not None else (),
    )


def _judge(case: Case, build: TorchBuild, cards: tuple[NvidiaCard, ...]) -> Iterator[Outcome]:
    unknown = [card for card in cards if card.capability is None]
    known_cards = [(card, card.capability) for card in cards if card.capability is not None]
    code = _code_of(case, build)
    if unknown:
        yield NotEvaluated(
            build.subject,
            f"the compute capability of {unknown[0].name} is not known",
            ("run nvidia-smi --query-gpu=name,compute_cap --format=csv",),
        )
    uncovered = []
    for card, capability in known_cards:
        compilable = is_compilable(build.cuda, capability[0]) if build.cuda else None
        verdict = covers(code.arch_list, capability) if code is not None else compilable
        if verdict is False and capability >= oldest_capability():
            uncovered.append((card, capability))
    if uncovered:
        yield _computed(case, build, code, uncovered, alone=len(uncovered) == len(cards))
    elif code is None and known_cards:
        yield _unknown_code(build, [capability for _, capability in known_cards])
    elif known_cards:
        yield Passed(build.subject, f"it has code for {listed([card.name for card, _ in known_cards])}")


def _unknown_code(build: TorchBuild, capabilities: list[Capability]) -> Outcome:
    """The newest CUDA can make code for the card, but it is not known whether this build has it."""
    if build.cuda is not None and all(is_compilable(build.cuda, capability[0]) for capability in capabilities):
        return NotEvaluated(build.subject, "which cards this build has code for is in no table", (_ARCH_LIST,))
    return NotEvaluated(build.subject, "neither the build's arch list nor its CUDA version says which cards it has code for", (_ARCH_LIST,))


def _computed(case: Case, build: TorchBuild, code: _Code | None, uncovered: list[tuple[NvidiaCard, Capability]], *, alone: bool) -> Found:
    facts = case.facts
    card, capability = uncovered[0]
    evidence = [_proof_of(card, capability, facts.source_of(card.fact)) for card, capability in uncovered]
    partly = code is not None and all(_runs_in_part(code.arch_list, capability) for _, capability in uncovered)
    sure = card.sure and code is not None and code.sure and not partly
    if code is not None:
        has = f"; it has code for {listed(code.arch_list, limit=12)}" + (", and NVIDIA promises for a Jetson none of it" if partly else "")
        evidence.append(Proof(fact=code.fact, value=" ".join(code.arch_list), source=code.source))
    else:
        row = find_first_compiler(capability[0])
        has = f": CUDA {build.cuda} makes none, CUDA {row.cuda if row else ''} is the first that does"
        evidence.append(Proof(fact=build.fact, value=build.cuda or "", source=facts.source_of(build.fact)))
        if row is not None:
            evidence.append(Proof(fact="the first CUDA that makes code for it", value=row.cuda, source=row.source))
    return Found(
        build.subject,
        f"{build.subject} has no code for {card.name} (compute capability {shown(capability)}){has}.",
        severity=Severity.ERROR if alone and not partly else Severity.WARNING,
        certainty=Certainty.CERTAIN if sure else Certainty.LIKELY,
        evidence=tuple(evidence),
        would_confirm=() if sure else (_NO_KERNEL if partly else f"{_ARCH_LIST} lists no code for the card",),
        remedies=(_remedy(case, build),),
        about=("torch",),
    )


def _runs_in_part(arch_list: Iterable[str], capability: Capability) -> bool:
    """Code for a desktop's cards of the same generation, on a Jetson: much of it runs there, and what does not is found on the way."""
    targets = [parse_capability(target) for target in arch_list if target.startswith("sm_")]
    return is_tegra(capability) and any(target[0] == capability[0] and target < capability for target in targets if target is not None)


def _code_of(case: Case, build: TorchBuild) -> _Code | None:
    """The build's own arch list, else the table's for a wheel whose tag says where it is from."""
    from envcheck.knowledge.python_wheels import wheel_platform

    own: Build | None = case.facts.builds.get("torch")
    if own is not None and isinstance(own.arch_list, tuple) and is_cuda_list(own.arch_list):
        return _Code(own.arch_list, "builds[torch].arch_list", case.facts.source_of("builds[torch].arch_list"), sure=True)
    row = find_kernels(build.tag, build.version, wheel_platform(case.facts)) if build.tag else None
    if row is None:
        return None
    return _Code(row.arch_list, build.fact, row.source, sure=row.confidence is Confidence.HIGH)


def _proof_of(card: NvidiaCard, capability: Capability, source: str) -> Proof:
    return Proof(fact=f"{card.fact}.compute_capability", value=f"{card.name}: {shown(capability)}", source=card.source or source)


def _remedy(case: Case, build: TorchBuild | None) -> Remedy:
    from envcheck.prescribing.torch_index import reinstall_torch, torch_for_jetson

    if any(card.capability is not None and is_tegra(card.capability) for card in nvidia_cards(case.facts)):
        return torch_for_jetson()
    return reinstall_torch(case.facts, "install a build of torch that has code for this card", build.version if build is not None else None)


def _says_no_kernel(symptom: Symptom) -> bool:
    if symptom.details.get("backend") == "rocm":
        return False
    return symptom.code == _NO_KERNEL_IMAGE or any(word in symptom.details.get("name", "") for word in _NO_KERNEL_NAMES)


def _capabilities(capabilities: list[Capability]) -> str:
    return f" ({listed(sorted({shown(capability) for capability in capabilities}))})" if capabilities else ""


RULE = Rule(
    name="gpu-arch-not-in-wheel",
    title="The build has no kernels for this card",
    area=Area.GPU,
    layer=Layer.BUILD,
    manual=MANUAL,
    check=check,
    # A build for this card is an older one, which asks for no newer driver either.
    explains=frozenset({"cuda-error", "driver-too-old"}),
)
