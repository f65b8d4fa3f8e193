"""tf-native-windows-no-gpu: a TensorFlow after 2.10 on native Windows, for which there is no GPU build."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.judging.cards import nvidia_cards
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.tensorflow_build import TensorflowBuild, tensorflow_build
from envcheck.judging.tensorflow_words import TensorflowWords, tensorflow_words
from envcheck.judging.usable_gpus import framework_reaches_gpu, why_unusable
from envcheck.knowledge.tensorflow import LAST_WINDOWS_GPU, computes_on_windows, find_release
from envcheck.knowledge.versions import is_below, series
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Proof, Remedy, Severity, Step

MANUAL = Manual(
    checks="Whether a TensorFlow on native Windows is a release that was built for GPUs there, where a GPU is to be used.",
    why="2.10 is the last release with CUDA in its Windows wheel. From 2.11 on the wheel holds code for the CPU only: no driver, CUDA or "
    "cuDNN makes it see a card.",
    example="tensorflow 2.15.0 on Windows 11 with an RTX 3060: tf.config.list_physical_devices('GPU') answers [].",
    fix="Run TensorFlow in WSL 2, where tensorflow[and-cuda] works; or install 2.10 with CUDA 11.2 and cuDNN 8.1, or the DirectML plugin, "
    "in an environment with Python 3.10 or older.",
    ignore_when="TensorFlow is meant to compute on the CPU, and another framework uses the card.",
    sources=(
        "https://www.tensorflow.org/install/pip#windows-native",
        "https://www.tensorflow.org/install/source_windows",
        "https://github.com/microsoft/tensorflow-directml-plugin",
    ),
)

_OLD_PYTHON = "3.11"  # the first Python that 2.10 has no wheel for
_MEANT_FOR_CPU = ("tensorflow-cpu",)


def check(case: Case) -> Iterator[Outcome]:
    """The release and the system decide; whether it matters is decided by whoever wants a GPU."""
    facts = case.facts
    build, words = tensorflow_build(facts), tensorflow_words(facts)
    if known(facts.system.os, "") != "Windows" or isinstance(facts.system.wsl, int) or known(facts.system.container, ""):
        yield NotApplicable("this is not native Windows")
    elif build is None:
        yield NotApplicable("TensorFlow is not installed, or nothing is known of it")
    elif not build.version:
        yield NotEvaluated("tensorflow", "its version is not known", ('run python -c "import tensorflow as tf; print(tf.__version__)"',))
    elif computes_on_windows(build.version) or facts.package("tensorflow-directml-plugin") is not None:
        yield Passed(build.subject, f"releases up to {LAST_WINDOWS_GPU} compute on GPUs on Windows")
    elif words.reaches_gpu:
        yield Passed(build.subject, "it reaches a GPU")
    elif not words.misses_gpu and (build.distribution in _MEANT_FOR_CPU or not _wants_gpu(facts)):
        yield NotApplicable("no GPU is known that TensorFlow could be meant to use")
    else:
        yield _found(case, build, words)


def _wants_gpu(facts: Snapshot) -> bool:
    cards = nvidia_cards(facts)
    if facts.live:
        return any(why_unusable(card.accelerator) is None for card in cards)
    driver = isinstance(facts.nvidia.driver_version, str) or isinstance(facts.nvidia.cuda_version, str)
    return bool(cards) or driver or framework_reaches_gpu(facts) or any(toolkit.name in ("cuda", "cudnn") for toolkit in facts.toolkits)


def _found(case: Case, build: TensorflowBuild, words: TensorflowWords) -> Found:
    facts = case.facts
    cards = nvidia_cards(facts)
    row = find_release(build.version)
    evidence = [spoken(symptom) for symptom in words.said]
    evidence += [
        case.proof(f"packages[{build.distribution}].version", build.version),
        case.proof("system.os", known(facts.system.os, "")),
        *([case.proof("builds[tensorflow].cuda_available", "False")] if words.answered is False else []),
        *(Proof(fact=f"{card.fact}.name", value=card.name, source=facts.source_of(card.fact)) for card in cards),
        *([Proof(fact=f"the Windows wheel of {row.version}", value="built without CUDA", source=row.source)] if row is not None else []),
    ]
    return Found(
        build.subject,
        f"{build.subject} has no GPU support on native Windows; {LAST_WINDOWS_GPU} was the last release that had.",
        severity=_severity(facts, words),
        certainty=Certainty.CERTAIN,
        evidence=tuple(evidence),
        remedies=_remedies(facts),
        symptoms=words.said,
        about=("tensorflow",),
    )


def _severity(facts: Snapshot, words: TensorflowWords) -> Severity:
    """An error where TensorFlow was asked for a GPU, or nothing else in a report could be meant; a hint of it on the machine itself."""
    if words.misses_gpu:
        return Severity.ERROR
    others = facts.live or facts.package("torch") is not None or "torch" in facts.builds
    return Severity.WARNING if others else Severity.ERROR


def _remedies(facts: Snapshot) -> tuple[Remedy, ...]:
    python = known(facts.python.version, "")
    suits = bool(python) and is_below(python, _OLD_PYTHON)
    libraries = ("cudatoolkit=11.2", "cudnn=8.1.0")
    environment = Step(run=("conda", "create", "--name", "tf210", "--channel", "conda-forge", "python=3.10", *libraries))
    here = f"Python {series(python)} of this environment will do" if suits else "it needs Python 3.10 or older"
    return (
        by_hand(
            "run TensorFlow in WSL 2",
            Step(run=("wsl", "--install")),
            "in the Linux that it brings, in a virtual environment of its own:",
            Step(run=("python3", "-m", "pip", "install", "tensorflow[and-cuda]")),
            Step(run=("python3", "-c", "import tensorflow as tf; print(tf.config.list_physical_devices('GPU'))")),
        ),
        by_hand(
            f"stay on Windows with TensorFlow {LAST_WINDOWS_GPU}; {here}",
            environment,
            Step(run=("conda", "activate", "tf210")),
            Step(run=("python", "-m", "pip", "install", "tensorflow<2.11", "numpy<2")),
        ),
        by_hand(
            "compute through DirectML, on a card of any maker, with Python 3.10 or older",
            Step(run=("python", "-m", "pip", "install", "tensorflow-cpu==2.10.*", "tensorflow-directml-plugin", "numpy<2")),
        ),
    )


RULE = Rule(
    name="tf-native-windows-no-gpu",
    title="TensorFlow has no GPU support on native Windows",
    area=Area.FRAMEWORKS,
    layer=Layer.BUILD,
    manual=MANUAL,
    check=check,
    explains=frozenset(
        {
            "cuda-error",
            "cuda-runtime-lib-missing",
            "driver-not-found",
            "driver-too-old",
            "no-nvidia-driver",
            "provider-fallback",
            "tf-missing-cuda-libs",
        }
    ),
)
