"""tensorflow-cpu-build: TensorFlow has no CUDA code although a GPU is wanted."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.judging.cards import NvidiaCard, has_no_nvidia_card, nvidia_cards
from envcheck.judging.case import Case, spoken
from envcheck.judging.cpu_build_reason import Source, because, why_cpu_tensorflow
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.tensorflow_build import FOR_CPU, TensorflowBuild, tensorflow_build
from envcheck.judging.tensorflow_words import TensorflowWords, tensorflow_words
from envcheck.judging.usable_gpus import framework_reaches_gpu, why_unusable
from envcheck.knowledge.tensorflow import computes_on_windows
from envcheck.knowledge.versions import local_tag
from envcheck.prescribing.install import by_hand, uninstall
from envcheck.prescribing.tensorflow_cuda import bring_cuda
from envcheck.report import Area, Certainty, Proof, Remedy, Severity

MANUAL = Manual(
    checks="Whether the installed TensorFlow has code for CUDA, on a machine with an NVIDIA card, or for a program that asked for a GPU.",
    why="tensorflow-cpu, conda's builds for the CPU and the wheels for Linux on aarch64 contain no CUDA code at all. No driver, toolkit or "
    "cuDNN makes them see a card: only another build does.",
    example="tensorflow 2.15.0 of conda-forge, build cpu_py311h6ac8430_2, with an RTX 3060: tf.config.list_physical_devices('GPU') is [].",
    fix="Replace the build for the CPU by tensorflow[and-cuda]; in conda choose the build *cuda*; on aarch64 take NVIDIA's container.",
    ignore_when="TensorFlow is meant to compute on the CPU, and another framework uses the card.",
    sources=(
        "https://www.tensorflow.org/install/pip",
        "https://pypi.org/project/tensorflow-cpu/",
        "https://conda-forge.org/docs/user/tipsandtricks/#installing-cuda-enabled-packages-like-tensorflow-and-pytorch",
        "https://docs.nvidia.com/deeplearning/frameworks/tensorflow-release-notes/",
    ),
)


def check(case: Case) -> Iterator[Outcome]:
    """What the build is decides; how much it matters, whoever wants a GPU."""
    facts = case.facts
    build, words = tensorflow_build(facts), tensorflow_words(facts)
    if build is None:
        yield NotApplicable("TensorFlow is not installed, or nothing is known of it")
    elif known(facts.system.os, "") == "Darwin":
        yield NotApplicable("on macOS TensorFlow does not use CUDA")
    elif known(facts.system.os, "") == "Windows" and not (build.version and computes_on_windows(build.version)):
        yield NotApplicable("this release has no GPU support on Windows, whatever is installed")
    elif words.reaches_gpu:
        yield Passed(build.subject, "it reaches a GPU")
    elif words.answered is False and not words.said and not build.version and not _is_told(facts, build):
        yield NotEvaluated(
            "tensorflow", "which build it is that sees no GPU is not known", ("run pip list or conda list, and give its rows",)
        )
    elif words.missing or words.skipped or not _is_without_cuda(facts, build):
        yield NotApplicable("nothing says that this TensorFlow is built for the CPU")
    elif has_no_nvidia_card(facts):
        yield Passed(build.subject, "no NVIDIA card here, so that a CPU build is the right one")
    else:
        yield _judge(case, build, words)


def _is_without_cuda(facts: Snapshot, build: TensorflowBuild) -> bool:
    if _is_told(facts, build):
        return True
    said = facts.builds.get("tensorflow")
    if said is not None and (isinstance(said.cuda, str) or isinstance(said.rocm, str)):
        return False
    return not build.for_cuda or _is_plain_on_arm(facts, build)


def _is_told(facts: Snapshot, build: TensorflowBuild) -> bool:
    """Whether the build itself says so, or its name."""
    said = facts.builds.get("tensorflow")
    of_rocm = said is not None and isinstance(said.rocm, str)
    return not of_rocm and ((said is not None and said.cuda is None) or build.distribution in FOR_CPU or _has_cpu_wheel(facts))


def _has_cpu_wheel(facts: Snapshot) -> bool:
    """On aarch64 `tensorflow` installs this one, which holds the code."""
    return facts.package("tensorflow-cpu-aws") is not None


def _is_plain_on_arm(facts: Snapshot, build: TensorflowBuild) -> bool:
    """NVIDIA's own builds have a local tag, and conda has some with CUDA."""
    package = facts.package(build.distribution)
    by_pip = package is not None and known(package.manager, "pip") == "pip"
    return by_pip and known(facts.system.machine, "").lower() in ("aarch64", "arm64") and not local_tag(build.version)


def _judge(case: Case, build: TensorflowBuild, words: TensorflowWords) -> Outcome:
    facts = case.facts
    cards = tuple(card for card in nvidia_cards(facts) if why_unusable(card.accelerator) is None)
    asked = words.answered is False and not facts.live
    if not asked and (not cards or build.distribution == "tensorflow-cpu"):
        return NotApplicable("built for the CPU, and nobody is known to have asked it for a GPU")
    return _found(case, build, words, cards, asked=asked)


def _found(case: Case, build: TensorflowBuild, words: TensorflowWords, cards: tuple[NvidiaCard, ...], *, asked: bool) -> Found:
    facts = case.facts
    told = _is_told(facts, build)
    certain = told and bool(cards)
    reason = why_cpu_tensorflow(facts, build)
    evidence = [spoken(symptom) for symptom in words.said]
    evidence.append(case.proof(f"packages[{build.distribution}].version", build.version) if build.version else _built_without(case))
    if build.version and "tensorflow" in facts.builds and facts.builds["tensorflow"].cuda is None:
        evidence.append(_built_without(case))
    evidence += [case.proof("builds[tensorflow].cuda_available", "False")] if words.answered is False else []
    evidence += [Proof(fact=f"{card.fact}.name", value=card.name, source=facts.source_of(card.fact)) for card in cards]
    but = f"this machine has an NVIDIA card ({cards[0].name})" if cards else "the program looks for a GPU"
    confirm = () if told else ('python -c "import tensorflow as tf; print(tf.test.is_built_with_cuda())" prints False',)
    return Found(
        build.subject,
        f"{build.subject} {'is' if told else 'looks like'} a build without CUDA, but {but}.{because(reason, certain=told)}",
        severity=_severity(facts, asked=asked),
        certainty=Certainty.CERTAIN if certain else Certainty.LIKELY,
        evidence=tuple(evidence),
        context=tuple(proof for proof in reason.evidence if proof not in evidence) if reason is not None else (),
        would_confirm=() if certain else (*confirm, *(() if cards else ("nvidia-smi shows a card",))),
        remedies=_remedies(facts, build),
        symptoms=words.said,
        about=("tensorflow",),
    )


def _built_without(case: Case) -> Proof:
    return case.proof("builds[tensorflow].cuda", "built without CUDA")


def _severity(facts: Snapshot, *, asked: bool) -> Severity:
    """Many install TensorFlow for something else's sake: where nobody missed the GPU, or another framework has it, nothing is broken."""
    if asked:
        return Severity.ERROR
    return Severity.WARNING if facts.live and not framework_reaches_gpu(facts) else Severity.INFO


def _remedies(facts: Snapshot, build: TensorflowBuild) -> tuple[Remedy, ...]:
    """Both distributions write the same files: the one for the CPU goes first."""
    reason = why_cpu_tensorflow(facts, build)
    if reason is None or reason.source is not Source.NAMED_FOR_CPU or build.distribution != "tensorflow-cpu":
        return bring_cuda(facts, build)
    first = by_hand("remove the build for the CPU first", uninstall(facts, build.distribution), reason.cure)
    return (first, *bring_cuda(facts, build))


RULE = Rule(
    name="tensorflow-cpu-build",
    title="TensorFlow is a CPU build although a GPU is wanted",
    area=Area.FRAMEWORKS,
    layer=Layer.BUILD,
    manual=MANUAL,
    check=check,
    explains=frozenset({"provider-fallback", "tf-missing-cuda-libs"}),
)
