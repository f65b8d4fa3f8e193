"""tf-missing-cuda-libs: TensorFlow finds no CUDA or cuDNN of the version that it was built for."""

import re
from collections.abc import Iterator

from envcheck.facts.snapshot import Completeness, Snapshot, Toolkit, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.cards import nvidia_cards
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.tensorflow_build import TensorflowBuild, as_gpu_build, fits_cuda, tensorflow_build
from envcheck.judging.tensorflow_words import TensorflowWords, tensorflow_words
from envcheck.judging.usable_gpus import framework_reaches_gpu, why_unusable
from envcheck.judging.wording import listed
from envcheck.knowledge.cuda_libraries import find_library
from envcheck.knowledge.tensorflow import computes_on_windows, releases_for
from envcheck.knowledge.versions import major, series
from envcheck.report import Area, Certainty, Proof, Severity

MANUAL = Manual(
    checks="Whether TensorFlow finds the CUDA and cuDNN libraries that its release was built for, where a card and its driver are there.",
    why="TensorFlow's wheel brings no CUDA. It opens libraries by names that carry a version, such as libcudnn.so.8: those of another "
    "version do not count, and it goes on without the card.",
    example="TensorFlow 2.13 needs CUDA 11.8 with cuDNN 8.6; CUDA 12.0 is installed: Could not find cuda drivers on your machine, GPU will "
    "not be used.",
    fix="From 2.14 on install tensorflow[and-cuda], on Linux. For an older release install the very CUDA and cuDNN of its table row.",
    ignore_when="TensorFlow is meant to compute on the CPU. Without a card it says the same at every start, and nothing is wrong.",
    sources=(
        "https://www.tensorflow.org/install/pip",
        "https://www.tensorflow.org/install/source#gpu",
        "https://www.tensorflow.org/install/source_windows#gpu",
    ),
)

_NAMES = {"cuda": "CUDA", "cudnn": "cuDNN"}
_ASK = "run python -c \"import tensorflow as tf; print(tf.config.list_physical_devices('GPU'))\" and give its whole output"
_SMI = "run nvidia-smi and give its whole output"


def check(case: Case) -> Iterator[Outcome]:
    """The loader's words first; then what is installed against what the release needs."""
    facts = case.facts
    build, words = tensorflow_build(facts), tensorflow_words(facts)
    build = as_gpu_build(build) if build is not None and words.missing else build
    replaced = tuple(symptom for symptom in case.said(SymptomKind.LOADED_OLDER_THAN_BUILT) if _is_of_another_major(symptom))
    subject = build.subject if build is not None else "tensorflow"
    if build is None and not words.said:
        yield NotApplicable("TensorFlow is not installed, or nothing is known of it")
    elif known(facts.system.os, "") == "Darwin":
        yield NotApplicable("on macOS TensorFlow does not use CUDA")
    elif known(facts.system.os, "") == "Windows" and build is not None and build.version and not computes_on_windows(build.version):
        yield NotApplicable("this release has no GPU support on Windows, whatever is installed")
    elif words.reaches_gpu:
        yield Passed(subject, "it reaches a GPU")
    elif build is not None and not build.for_cuda and not words.misses_gpu:
        yield NotApplicable("this TensorFlow is built for the CPU")
    elif facts.nvidia.driver_version is None and not words.beyond_runtime:
        yield NotApplicable("no NVIDIA driver is installed, without which libraries are of no use")
    elif _is_of_other_majors(words, build):
        yield NotApplicable("a library was found whose own libraries are of another CUDA")
    else:
        yield _judge(case, build, words, replaced)


def _judge(case: Case, build: TensorflowBuild | None, words: TensorflowWords, replaced: tuple[Symptom, ...]) -> Outcome:
    """In the order of what proves most."""
    facts = case.facts
    subject = build.subject if build is not None else "tensorflow"
    answers = _driver_answers(facts)
    other = _other_versions(facts, build)
    if words.beyond_runtime or words.skipped or words.fatal or replaced:
        return _found(case, build, words, other, Certainty.CERTAIN, replaced)
    if (words.missing or words.hints) and (answers or not _driver_was_missed(facts)):
        return _by_hints(case, build, words, other)
    if build is not None and words.answered is False and other and _is_told_of_card(facts) and not _driver_was_missed(facts):
        return _found(case, build, words, other, Certainty.LIKELY)
    if not answers or build is None or not build.cuda:
        return NotApplicable("TensorFlow missed nothing that is known of")
    if other and (words.answered is False or not _may_bring_its_own(build)):
        return _found(case, build, words, other, Certainty.LIKELY)
    if words.answered is False and not _driver_was_missed(facts) and not facts.toolkits and not _has_wheels(facts, build):
        return _found(case, build, words, other, Certainty.LIKELY)
    if _has_wheels(facts, build):
        return Passed(subject, f"the libraries of CUDA {major(build.cuda)} are installed beside it")
    return NotEvaluated(subject, "whether it finds its CUDA libraries is not known", (_ASK,))


def _by_hints(case: Case, build: TensorflowBuild | None, words: TensorflowWords, other: tuple[Toolkit, ...]) -> Outcome:
    """It found no CUDA runtime, which it also says at every start where there is no card and nobody wants one."""
    facts = case.facts
    if _driver_answers(facts):
        return _found(case, build, words, other, Certainty.CERTAIN)
    if not facts.live and (other or words.answered is False or _was_given_cuda(facts) or _is_told_of_card(facts)):
        return _found(case, build, words, other, Certainty.LIKELY)
    if not facts.live and not nvidia_cards(facts):
        return _found(case, build, words, other, Certainty.LIKELY, severity=Severity.INFO)
    subject = build.subject if build is not None else "tensorflow"
    return NotEvaluated(subject, "it found no CUDA, and whether there is a card with its driver is not known", (_SMI,))


def _is_told_of_card(facts: Snapshot) -> bool:
    """Whether somebody named a card, of which nothing bad is known."""
    return not facts.live and any(known(card.accelerator.state, "ok") == "ok" for card in nvidia_cards(facts))


def _driver_was_missed(facts: Snapshot) -> bool:
    """Whether a program got as far as asking the driver, and had no answer: then the libraries are not what is wrong."""
    for symptom in facts.symptoms:
        asked = symptom.kind is SymptomKind.CUDA_ERROR and symptom.subject in ("", "tensorflow")
        if asked or symptom.details.get("library", "").rpartition("/")[2] in ("libcuda.so.1", "nvcuda.dll"):
            return True
    return False


def _was_given_cuda(facts: Snapshot) -> bool:
    """Whether somebody brought CUDA for it: on the disk, as wheels or by conda, or in the variables that lead there."""
    packages = any(
        package.name in ("cudatoolkit", "cudnn") or re.fullmatch(r"nvidia-\w+-cu\d\d", package.name) for package in facts.packages
    )
    paths = (facts.variables.get(name, "") for name in ("LD_LIBRARY_PATH", "CUDNN_PATH", "CUDA_HOME", "XLA_FLAGS"))
    return (
        packages
        or any(toolkit.name in (*_NAMES, "cudart") for toolkit in facts.toolkits)
        or any(re.search("cud", path, re.IGNORECASE) for path in paths)
    )


def _driver_answers(facts: Snapshot) -> bool:
    """Whether a card can be reached, as far as is known: the driver, or a framework that uses it, says so."""
    if facts.live:
        return any(card.accelerator.state == "ok" and why_unusable(card.accelerator) is None for card in nvidia_cards(facts))
    nvidia = facts.nvidia
    told = isinstance(nvidia.driver_version, str) or isinstance(nvidia.cuda_version, str) or nvidia.state == "ok"
    shown = any(card.accelerator.state == "ok" for card in nvidia_cards(facts))
    return told or shown or framework_reaches_gpu(facts)


def _may_bring_its_own(build: TensorflowBuild) -> bool:
    """From 2.14 on CUDA may have come as wheels, and what else is on the disk does not matter."""
    return build.release is None or build.release.extra


def _has_wheels(facts: Snapshot, build: TensorflowBuild) -> bool:
    return facts.package(f"nvidia-cudnn-cu{major(build.cuda)}") is not None


def _other_versions(facts: Snapshot, build: TensorflowBuild | None) -> tuple[Toolkit, ...]:
    """CUDA and cuDNN that are installed, where none of that sort fits the release; conda's and the wheels' own are seen by other means."""
    if build is None or not build.cuda or not build.sure or _has_wheels(facts, build):
        return ()
    if facts.live and facts.observed.toolkits is not Completeness.COMPLETE:
        return ()
    unfit: list[Toolkit] = []
    for name in ("cuda", "cudnn"):
        there = [toolkit for toolkit in facts.toolkits if toolkit.name == name and isinstance(toolkit.version, str)]
        if there and not any(_fits(toolkit, build) for toolkit in there):
            unfit += there
    return tuple(unfit)


def _fits(toolkit: Toolkit, build: TensorflowBuild) -> bool:
    version = known(toolkit.version, "")
    if toolkit.name == "cuda":
        return fits_cuda(build.cuda, version)
    return not build.cudnn or major(version) == major(build.cudnn)


def _is_of_another_major(symptom: Symptom) -> bool:
    """A cuDNN of another major version under the name of the one that was looked for: a link that somebody made."""
    loaded, built = symptom.details.get("loaded", ""), symptom.details.get("built", "")
    return symptom.subject == "tensorflow" and 0 < major(built) < major(loaded)


def _is_of_other_majors(words: TensorflowWords, build: TensorflowBuild | None) -> bool:
    """Whether all that was missed was missed by a library that was itself found: then two versions of CUDA are mixed."""
    if build is None or not build.cuda or not words.beyond_runtime:
        return False
    asked = [find_library(symptom.details["library"]) for symptom in words.beyond_runtime if "needed_by" in symptom.details]
    foreign = [found for found in asked if found is not None and found[1] and major(build.cuda) not in found[1]]
    return len(foreign) == len(words.beyond_runtime)


def _found(
    case: Case,
    build: TensorflowBuild | None,
    words: TensorflowWords,
    other: tuple[Toolkit, ...],
    certainty: Certainty,
    replaced: tuple[Symptom, ...] = (),
    severity: Severity | None = None,
) -> Found:
    from envcheck.prescribing.tensorflow_cuda import bring_cuda

    facts = case.facts
    said = (*words.said, *replaced)
    evidence = [spoken(symptom) for symptom in said]
    if build is not None and build.version:
        named = build.distribution if facts.package(build.distribution) is not None else "tensorflow"
        evidence.append(case.proof(f"packages[{named}].version", build.version))
    rows = releases_for(words.cuda) if build is None and words.cuda else ()
    if rows:
        span = f"{series(rows[-1].version)} to {series(rows[0].version)}"
        evidence.append(Proof(fact=f"TensorFlow releases that look for CUDA {words.cuda}", value=span, source=rows[0].source))
    if build is not None and build.release is not None and not build.fact.endswith(".cuda"):
        row = build.release
        built = f"CUDA {row.cuda}, cuDNN {row.cudnn}"
        evidence.append(Proof(fact=f"TensorFlow {row.version} was built for", value=built, source=row.source))
    if words.answered is False:
        evidence.append(case.proof("builds[tensorflow].cuda_available", "False"))
    evidence += [case.proof("toolkits", f"{toolkit.name} {toolkit.version}") for toolkit in other]
    if isinstance(facts.nvidia.driver_version, str):
        evidence.append(case.proof("nvidia.driver_version", facts.nvidia.driver_version))
    return Found(
        build.subject if build is not None else "tensorflow",
        _message(build, words, other, replaced),
        severity=severity or (Severity.WARNING if facts.live and not words.misses_gpu else Severity.ERROR),
        certainty=certainty,
        evidence=tuple(evidence),
        would_confirm=() if certainty is Certainty.CERTAIN else (_ASK, "nvidia-smi shows the card and its driver"),
        remedies=bring_cuda(facts, build, words.cuda),
        symptoms=said,
        about=("tensorflow",),
    )


def _message(build: TensorflowBuild | None, words: TensorflowWords, other: tuple[Toolkit, ...], replaced: tuple[Symptom, ...]) -> str:
    subject = build.subject if build is not None else "TensorFlow"
    needs = ""
    if build is not None and build.cuda:
        needs = f" needs CUDA {build.cuda}{f' with cuDNN {build.cudnn}' if build.cudnn else ''} and"
    elif words.cuda:
        needs = f" looks for CUDA {words.cuda} and"
    names = list(dict.fromkeys(symptom.details["library"] for symptom in words.missing))
    missing = listed(names[:5]) if names else "its CUDA libraries"
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    there = f"; {listed([f'{_NAMES[toolkit.name]} {toolkit.version}' for toolkit in other])} is what is installed" if other else ""
    if replaced and not names:
        details = replaced[0].details
        return f"{subject}{needs} was built with cuDNN {details['built']}, but cuDNN {details['loaded']} is loaded under its name{there}."
    return f"{subject}{needs} does not find {missing}{more}{there}."


RULE = Rule(
    name="tf-missing-cuda-libs",
    title="TensorFlow does not find its CUDA libraries",
    area=Area.FRAMEWORKS,
    layer=Layer.LOADING,
    manual=MANUAL,
    check=check,
    explains=frozenset(
        {
            "cuda-runtime-lib-missing",
            "cudnn-version-mismatch",
            "driver-not-found",
            "extension-wants-other-cuda-runtime",
            "framework-import-fails",
            "no-nvidia-driver",
            "provider-fallback",
        }
    ),
)
