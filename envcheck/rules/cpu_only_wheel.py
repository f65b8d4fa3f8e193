"""cpu-only-wheel: torch is a CPU build although CUDA is wanted."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from envcheck.facts.claims import TOLD
from envcheck.facts.snapshot import Completeness, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.cards import NvidiaCard, has_no_nvidia_card, nvidia_cards
from envcheck.judging.case import Case, spoken
from envcheck.judging.cuda_wanted import asks_torch_for_cuda, signs_of_cuda
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.torch_build import BuildKind, TorchBuild, torch_build
from envcheck.knowledge.versions import is_below, is_unfinished, local_tag
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Proof, Remedy, Severity

if TYPE_CHECKING:
    from envcheck.judging.cpu_build_reason import Reason

MANUAL = Manual(
    checks="Whether the installed torch was built with CUDA, on a machine that has an NVIDIA card, for a program that asked for CUDA, or, "
    "in a report that names no card, beside a driver, a CUDA toolkit or packages that are built for CUDA.",
    why="A CPU build contains no CUDA code at all. No driver, toolkit or cuDNN makes it see a card: only another build does.",
    example="torch 2.8.0+cpu on a machine with an NVIDIA GeForce RTX 4090; Torch not compiled with CUDA enabled.",
    fix="Reinstall torch from the CUDA index that fits driver and card (on a Jetson, NVIDIA's wheel). Leave driver and toolkit alone.",
    ignore_when="The environment is meant to compute on the CPU although the machine has a card.",
    sources=(
        "https://pytorch.org/get-started/locally/",
        "PyPI metadata of torch: the Windows wheels are CPU builds, and so are those for Linux on aarch64 up to 2.10",
    ),
)

_CUDA_ON_AARCH64 = "2.11"  # the first release whose PyPI wheel for Linux on aarch64 has CUDA
_PRINTS_NONE = 'python -c "import torch; print(torch.version.cuda)" prints None'
_MANY = 5  # signs that are shown
_FACTS = ("run python -m torch.utils.collect_env and give its whole output",)


def check(case: Case) -> Iterator[Outcome]:
    """Judges the installed torch; what other packages say of their own build is passed over."""
    facts = case.facts
    build = torch_build(facts)
    asked = tuple(symptom for symptom in case.said(SymptomKind.NOT_COMPILED_WITH) if _wants_torch_cuda(symptom))
    if not asked and build is not None and build.kind is BuildKind.CPU and not facts.live:
        asked = tuple(filter(asks_torch_for_cuda, case.said(SymptomKind.DEVICE_NOT_FOUND, SymptomKind.LIBRARY_NOT_FOUND)))
    if asked and build is not None and build.kind is BuildKind.CUDA:
        build = None  # the program that spoke uses another torch than the one listed
    if build is None and not asked:
        missed = any(asks_torch_for_cuda(symptom) for symptom in case.said(SymptomKind.DEVICE_NOT_FOUND))
        yield (
            NotEvaluated("torch", "a program asked it for CUDA in vain, and which build it is is not known", _FACTS)
            if missed
            else NotApplicable("torch is not installed, or nothing is known of it")
        )
    elif known(facts.system.os, "") == "Darwin":
        yield NotApplicable("on macOS a build without CUDA is the normal one")
    elif build is not None and build.kind in (BuildKind.CUDA, BuildKind.ROCM, BuildKind.XPU) and not asked:
        yield Passed(build.subject, f"built for {build.kind.value.upper()} {build.cuda or ''}".rstrip())
    elif build is not None and not asked and _is_refuted(facts, build):
        yield Passed("torch", "reaches CUDA, whatever was installed at first")
    else:
        yield _judge_cpu(case, build, asked)


def _is_refuted(facts: Snapshot, build: TorchBuild) -> bool:
    """A command that somebody typed names a CPU build, and the torch that answered has CUDA: another one came after it."""
    said = facts.builds.get("torch")
    return said is not None and said.cuda_available is True and facts.source_of(build.fact).endswith(TOLD)


def _judge_cpu(case: Case, build: TorchBuild | None, asked: tuple[Symptom, ...]) -> Outcome:
    from envcheck.knowledge.torch import oldest_capability

    facts = case.facts
    subject = build.subject if build is not None else "torch"
    cards = tuple(card for card in nvidia_cards(facts) if card.capability is None or card.capability >= oldest_capability())
    if not asked and cards and all(card.accelerator.visible is False for card in cards):
        return NotApplicable("the NVIDIA cards of this machine are hidden from this process")
    if not asked and not cards and not (_is_jetson(facts, ()) and not nvidia_cards(facts)):
        return _without_card(case, subject, build)
    if asked and build is None and all("restated" in symptom.details for symptom in asked):
        return _found(case, build, cards, asked, Certainty.LIKELY)
    if asked or (build is not None and build.kind is BuildKind.CPU):
        return _found(case, build, cards, asked, Certainty.CERTAIN)
    if build is not None and _comes_from_pypi_without_cuda(facts, build.version):
        return _found(case, build, cards, asked, Certainty.LIKELY)
    return NotEvaluated(subject, "it is not known whether this torch was built with CUDA", _FACTS)


def _without_card(case: Case, subject: str, build: TorchBuild | None) -> Outcome:
    """Nothing names a card that torch could use: other signs that CUDA is wanted make a CPU build the likely cause."""
    facts = case.facts
    if nvidia_cards(facts):
        return NotApplicable("no build of torch supports this NVIDIA card, so that the CPU build is the right one")
    if has_no_nvidia_card(facts):
        return Passed(subject, "no NVIDIA card here, so that a CPU build is the right one")
    if build is not None and signs_of_cuda(facts):
        if build.kind is BuildKind.CPU or _comes_from_pypi_without_cuda(facts, build.version):
            return _found(case, build, (), (), Certainty.LIKELY)
        return NotEvaluated(subject, "it is not known whether this torch was built with CUDA", _FACTS)
    if build is not None and build.kind is BuildKind.CPU:
        return NotEvaluated(
            subject, "a CPU build; whether the machine has an NVIDIA card is not known", ("run nvidia-smi and give its output",)
        )
    return NotApplicable("neither a card nor the kind of build is known")


def _found(case: Case, build: TorchBuild | None, cards: tuple[NvidiaCard, ...], asked: tuple[Symptom, ...], certainty: Certainty) -> Found:
    from envcheck.judging.cpu_build_reason import because, why_cpu_torch

    subject = build.subject if build is not None else "torch"
    evidence = [spoken(symptom) for symptom in asked]
    if build is not None and (build.kind is BuildKind.CPU or build.version):
        evidence.append(case.proof(build.fact, "built without CUDA" if build.kind is BuildKind.CPU else build.version))
    evidence += [Proof(fact=f"{card.fact}.name", value=card.name, source=case.facts.source_of(card.fact)) for card in cards]
    signs = () if cards or asked else signs_of_cuda(case.facts)
    evidence += [sign.proof for sign in signs[:_MANY]]
    known_cpu = build is not None and build.kind is BuildKind.CPU
    certain = certainty is Certainty.CERTAIN
    reason = None if _is_jetson(case.facts, cards) else why_cpu_torch(case.facts, build)
    why = tuple(proof for proof in reason.evidence if proof not in evidence) if reason is not None else ()
    return Found(
        subject,
        f"{subject} {'is' if certain or known_cpu else 'looks like'} a build without CUDA, but {_wanted(case.facts, cards, asked)}."
        f"{because(reason, certain=certain or known_cpu)}",
        # Signs alone, and nobody who missed anything: many a machine computes on the CPU on purpose.
        severity=Severity.WARNING if (case.facts.live and not asked) or signs else Severity.ERROR,
        certainty=certainty,
        evidence=tuple(evidence),
        context=why,
        would_confirm=() if certain else ("nvidia-smi shows a card",) if known_cpu else (_PRINTS_NONE,),
        remedies=(_remedy(case.facts, build, cards, reason), *_lasting(reason)),
        symptoms=asked,
        about=("torch",),
    )


def _wanted(facts: Snapshot, cards: tuple[NvidiaCard, ...], asked: tuple[Symptom, ...]) -> str:
    if cards:
        return f"this machine has an NVIDIA card ({cards[0].name})"
    if asked:
        return "the program asks for CUDA"
    if _is_jetson(facts, ()):
        return "the GPU of this Jetson needs one with it"
    return f"CUDA seems to be wanted: {signs_of_cuda(facts)[0].words}"


def _remedy(facts: Snapshot, build: TorchBuild | None, cards: tuple[NvidiaCard, ...], reason: "Reason | None") -> Remedy:
    from envcheck.judging.cpu_build_reason import Source
    from envcheck.prescribing.torch_index import reinstall_torch, torch_for_jetson

    if _is_jetson(facts, cards):
        return torch_for_jetson()
    if reason is not None and reason.source is Source.NO_CUDA_BUILD:
        return by_hand("use a system for which torch is built with CUDA", reason.cure)
    return reinstall_torch(facts, "replace torch by a build with CUDA", build.version if build is not None else None)


def _lasting(reason: "Reason | None") -> tuple[Remedy, ...]:
    """What keeps the same build from coming back with the next installation."""
    from envcheck.judging.cpu_build_reason import Source

    if reason is None or reason.source is Source.NO_CUDA_BUILD:
        return ()
    return (by_hand("keep the build without CUDA from coming back", reason.cure),)


def _wants_torch_cuda(symptom: Symptom) -> bool:
    """Torch's own words; what lightgbm, xgboost or TensorFlow say of their build is another rule's."""
    package = symptom.details.get("package", "") or symptom.subject
    return symptom.details.get("feature", "cuda").lower() == "cuda" and package.lower() in ("", "torch", "pytorch")


def _comes_from_pypi_without_cuda(facts: Snapshot, version: str) -> bool:
    """Whether a plain version number means a CPU wheel: PyPI's for Windows, and for Linux on aarch64 up to 2.10."""
    package = facts.package("torch")
    if local_tag(version) or is_unfinished(version) or (package is not None and known(package.manager, "pip") == "conda"):
        return False
    if known(facts.system.os, "") == "Windows":
        return bool(version)
    on_arm = known(facts.system.machine, "").lower() in ("aarch64", "arm64") and known(facts.system.os, "Linux") == "Linux"
    if not version:
        from_pypi = package is not None and package.channel == "pypi" and not _has_cuda_wheels(facts)
        return on_arm and (from_pypi or any(build.cuda_available is False for build in facts.builds.values()))
    return on_arm and is_below(version, _CUDA_ON_AARCH64) and not _has_cuda_wheels(facts)


def _has_cuda_wheels(facts: Snapshot) -> bool:
    listed = any(package.name.startswith("nvidia-c") for package in facts.packages)
    return listed or (facts.live and facts.observed.packages is not Completeness.COMPLETE)


def _is_jetson(facts: Snapshot, cards: tuple[NvidiaCard, ...]) -> bool:
    names = " ".join(card.name for card in cards).lower()
    if isinstance(facts.nvidia.jetson, str) or isinstance(facts.nvidia.l4t_version, str):
        return True
    return "tegra" in known(facts.system.kernel, "").lower() or any(word in names for word in ("jetson", "orin", "xavier", "tegra"))


RULE = Rule(
    name="cpu-only-wheel",
    title="torch is a CPU build although CUDA is wanted",
    area=Area.FRAMEWORKS,
    layer=Layer.BUILD,
    manual=MANUAL,
    check=check,
    explains=frozenset(
        {
            "bitsandbytes-cuda-setup",
            "cuda-error",
            "cuda-toolkit-missing",
            "driver-not-found",
            "driver-too-old",
            "extension-wants-other-cuda-runtime",
            "gpu-arch-not-in-wheel",
            "no-nvidia-driver",
            "nvidia-kernel-module-not-loaded",
        }
    ),
)
