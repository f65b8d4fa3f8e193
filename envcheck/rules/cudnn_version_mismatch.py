"""cudnn-version-mismatch: a cuDNN older than the one that a framework was compiled with is loaded."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.cuda_wheels import Built, built_with, of_unknown_variant
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.speakers import speaker_of
from envcheck.judging.wording import listed, titled
from envcheck.knowledge.versions import is_below, major, release, series
from envcheck.prescribing.install import by_hand, install, manager_for
from envcheck.report import Area, Certainty, Remedy, Severity

MANUAL = Manual(
    checks="Whether the cuDNN that was loaded, or else the one that is installed as a wheel, is at least the one that the framework was "
    "compiled with.",
    why="A process has one cuDNN: the first that is found. Another framework's, or an old one on LD_LIBRARY_PATH, wins over the right one.",
    example="Loaded runtime CuDNN library: 8.3.2 but source was compiled with: 8.8.0.",
    fix="Make the newer cuDNN the one that is loaded: upgrade it in the environment, clear LD_LIBRARY_PATH, or separate the frameworks.",
    ignore_when="Never: computations with cuDNN fail.",
    sources=("https://docs.nvidia.com/deeplearning/cudnn/latest/", "https://docs.jax.dev/en/latest/installation.html"),
)

_WITH_MINOR_HUNDREDS = 90000  # from cuDNN 9 on the number is major·10000 + minor·100 + patch, before it major·1000 + minor·100 + patch


def check(case: Case) -> Iterator[Outcome]:
    """One outcome for each comparison that a program made."""
    asked = [
        symptom for symptom in case.said(SymptomKind.LOADED_OLDER_THAN_BUILT) if "cudnn" in symptom.details.get("library", "cudnn").lower()
    ]
    built = [] if asked else list(built_with(case.facts, "cudnn"))
    unknown = None if asked or built else of_unknown_variant(case.facts, "cudnn")
    if unknown is not None:
        yield NotEvaluated(
            titled(unknown.name, unknown.version), "which cuDNN this build of torch asks for is in no table", ("pip show torch",)
        )
    elif not asked and not built:
        yield NotApplicable("no program compared the cuDNN it loaded with its own, and no wheel of it can be compared")
    for symptom in asked:
        yield _judge(case, symptom)
    for each in built:
        yield _compared(case, each)


def _compared(case: Case, built: Built) -> Outcome:
    """The installed wheel: one of another major has files of other names, an older one of the same is refused at the first use."""
    subject = titled(built.wheel.name, built.have)
    lowest = next((bound.lstrip(">=~ ") for bound in built.need.specifier.split(",") if bound.startswith((">=", "==", "~="))), "")
    if not release(built.have) or not release(lowest):
        return NotEvaluated(subject, "its version, or the one that was compiled with, is not known", ("the output of pip list",))
    if major(built.have) == major(lowest) and not is_below(built.have, lowest):
        return Passed(subject, f"{built.framework} asks for {built.need.specifier}")
    other_major = major(built.have) != major(lowest)
    return Found(
        subject,
        f"{built.framework} was compiled with cuDNN {series(lowest)}, and {built.have} is installed.",
        severity=Severity.WARNING,
        certainty=Certainty.CERTAIN if built.need.sure else Certainty.LIKELY,
        evidence=(case.proof(f"packages[{built.wheel.name}].version", built.have), built.need.proof),
        would_confirm=() if built.need.sure else ("the first convolution on the GPU fails and names both versions",),
        remedies=(
            install(
                case.facts,
                f"{built.wheel.name}{built.need.specifier}",
                summary=f"install the cuDNN {major(lowest)} that {built.framework} asks for"
                if other_major
                else f"install cuDNN {series(lowest)}",
                manager=manager_for(case.facts, built.wheel.name),
            ),
        ),
        about=tuple(dict.fromkeys((built.need.package, "jax" if built.need.package.startswith("jax") else built.need.package))),
    )


def _judge(case: Case, symptom: Symptom) -> Outcome:
    loaded, built = cudnn_version(symptom.details.get("loaded", "")), cudnn_version(symptom.details.get("built", ""))
    if not loaded or not built:
        return NotEvaluated("cuDNN", "the two versions are not known", ("give the whole line of the error",))
    if series(loaded) == series(built) and not is_below(loaded, built):
        return Passed("cuDNN", f"{loaded} is loaded, {built} was compiled with")
    who = speaker_of(symptom) or "The framework"
    path = case.facts.variables.get("LD_LIBRARY_PATH", "")
    return Found(
        f"cuDNN {loaded}",
        f"{who} was compiled with cuDNN {built}, but {loaded} is loaded.",
        certainty=Certainty.CERTAIN if case.facts.live else Certainty.LIKELY,
        evidence=(spoken(symptom), *((case.proof("variables[LD_LIBRARY_PATH]", path),) if path else ())),
        would_confirm=() if case.facts.live else ("LD_DEBUG=libs shows which file named libcudnn the process loads",),
        remedies=(_remedy(case.facts, who, loaded, built),),
        symptoms=(symptom,),
        about=(speaker_of(symptom),) if speaker_of(symptom) else (),
    )


def cudnn_version(text: str) -> str:
    """A version as people write it, also from cuDNN's own number: `8302` → 8.3.2, `90100` → 9.1.0; empty where there is none."""
    text = text.strip(" .")
    if not text.isdecimal() or len(text) < 4:
        return text if text[:1].isdigit() else ""
    number = int(text)
    thousands = 10_000 if number >= _WITH_MINOR_HUNDREDS else 1_000
    return f"{number // thousands}.{number % thousands // 100}.{number % 100}"


def _remedy(facts: Snapshot, who: str, loaded: str, built: str) -> Remedy:
    wheels = sorted(package.name for package in facts.packages if package.name.startswith("nvidia-cudnn-cu"))
    newer = major(loaded) == major(built) and not is_below(loaded, built)
    upgrade = f"upgrade cuDNN in this environment to {built} or newer, below {major(built) + 1}"
    if newer:  # TensorFlow's old builds refuse another minor version, whichever is the newer
        upgrade = f"install cuDNN {series(built)} in this environment"
    if wheels:
        upgrade += f": it is in {listed(wheels)}"
    steps = [upgrade]
    if known(facts.system.os, "Linux") != "Windows":
        steps.append("start the program without LD_LIBRARY_PATH, so that no other folder's cuDNN is found first")
    steps.append(
        f"or keep {who if who != 'The framework' else 'the framework'} and the one that brings the older cuDNN in separate environments"
    )
    return by_hand(f"let cuDNN {series(built)} be loaded" if newer else f"let cuDNN {built} or newer be loaded", *steps)


RULE = Rule(
    name="cudnn-version-mismatch",
    title="The cuDNN that is loaded is too old",
    area=Area.FRAMEWORKS,
    layer=Layer.LOADING,
    manual=MANUAL,
    check=check,
    explains=frozenset({"cuda-error", "framework-import-fails"}),
)
