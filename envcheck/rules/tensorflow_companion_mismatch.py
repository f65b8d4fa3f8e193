"""tensorflow-companion-mismatch: a package that is compiled for one TensorFlow lies beside another one."""

from collections.abc import Iterator

import msgspec

from envcheck.facts.snapshot import Package, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.pairs import Need, conflicts_said, need_of
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.speakers import speaker_of
from envcheck.judging.tensorflow_build import TensorflowBuild, tensorflow_build
from envcheck.judging.wording import titled
from envcheck.knowledge.frameworks import FRAMEWORKS
from envcheck.knowledge.versions import is_same, is_unfinished, release, series
from envcheck.prescribing.install import by_hand, install, manager_for
from envcheck.report import Area, Certainty, Proof, Remedy, Severity

MANUAL = Manual(
    checks="Whether tensorflow-text, -decision-forests, -probability, -addons, -io and tf-keras are made for the installed TensorFlow, "
    "and whether the package that tensorflow is only the name of (tensorflow-intel, tensorflow-macos) is of its version.",
    why="They have compiled operators, or code, for one series of TensorFlow, whose C++ interface changes with every one. Not all of them "
    "say so in their metadata, and pip replaces TensorFlow all the same.",
    example="tensorflow-text 2.13.0 with tensorflow 2.15.0: undefined symbol: _ZN10tensorflow8OpKernel11TraceStringE….",
    fix="Install the companion in the series of TensorFlow.",
    ignore_when="A warning of tensorflow-addons or tensorflow-io is all that is seen, and what is used of them works.",
    sources=(
        "https://github.com/tensorflow/text#a-note-about-different-operating-system-packages",
        "https://github.com/tensorflow/decision-forests/blob/main/documentation/known_issues.md",
        "https://github.com/tensorflow/addons#python-op-compatibility-matrix",
        "https://github.com/tensorflow/io#tensorflow-version-compatibility",
    ),
)

# What is released with every TensorFlow, under its number.
_SAME_SERIES = ("tensorflow-text", "tf-keras")
_COMPANIONS = (
    *_SAME_SERIES,
    "tensorflow-decision-forests",
    "tensorflow-probability",
    "tensorflow-addons",
    "tensorflow-io",
    "tensorflow-recommenders-addons",
)
# `tensorflow` was an empty package in front of these, or they in front of it: either way both carry one version.
_WRAPPED = ("tensorflow-intel", "tensorflow-macos", "tensorflow-cpu-aws")
# They warn at every import and work on, mostly: no more than good to know.
_ONLY_WARN = ("tensorflow-addons", "tensorflow-io")
_TENSORFLOWS = FRAMEWORKS["tensorflow"]


class _Heard(msgspec.Struct):
    """What was said of one companion."""

    symptoms: list[Symptom] = msgspec.field(default_factory=list)

    @property
    def wanted(self) -> str:
        """The range of TensorFlow that was named."""
        return next((symptom.details["need"] for symptom in self.symptoms if "need" in symptom.details), "")


def check(case: Case) -> Iterator[Outcome]:
    """One outcome for each companion that is installed or was spoken of."""
    facts = case.facts
    build = tensorflow_build(facts)
    heard = _heard(case)
    known_names = dict.fromkeys((*(name for name in _COMPANIONS if facts.package(name) is not None), *heard))
    for name in known_names:
        yield _judge(case, build, name, heard.get(name, _Heard()))
    wrapped = list(_wrapped(case))
    yield from wrapped
    if not known_names and not wrapped:
        yield NotApplicable("no package that is compiled for TensorFlow is known to be installed")


def _heard(case: Case) -> dict[str, _Heard]:
    heard: dict[str, _Heard] = {}
    for symptom in case.said(SymptomKind.UNDEFINED_SYMBOL):
        speaker = speaker_of(symptom).replace("_", "-")
        if speaker.startswith("tensorflow-") and speaker not in (*_TENSORFLOWS, "tensorflow-core", "tensorflow-plugins"):
            heard.setdefault(speaker, _Heard()).symptoms.append(symptom)
    for name in _COMPANIONS:
        for symptom in conflicts_said(case.facts, name, *_TENSORFLOWS):
            heard.setdefault(name, _Heard()).symptoms.append(symptom)
    return heard


def _judge(case: Case, build: TensorflowBuild | None, name: str, heard: _Heard) -> Outcome:
    package = case.facts.package(name)
    version = known(package.version, "") if package is not None else ""
    subject, tensorflow = titled(name, version), build.version if build is not None else ""
    need = need_of(package, *_TENSORFLOWS)
    if heard.symptoms:
        return _found(case, build, name, need, heard)
    if not release(version) or not release(tensorflow):
        return NotEvaluated(subject, "its version and TensorFlow's are not both known", ("the output of pip list",))
    fits = _fits(name, version, tensorflow, need)
    if fits is None:
        return NotEvaluated(subject, "which TensorFlow it is made for is in no table")
    return Passed(subject, f"made for TensorFlow {series(tensorflow)}") if fits else _found(case, build, name, need, heard)


def _fits(name: str, version: str, tensorflow: str, need: Need | None) -> bool | None:
    """Whether they are of one series; the last number of a release decides nothing. None: it cannot be told."""
    if is_unfinished(version) or is_unfinished(tensorflow):
        return None
    if name in _SAME_SERIES:
        return series(version) == series(tensorflow)
    if need is None:
        return None
    return need.accepts(tensorflow) or need.specifier.startswith((f"=={series(tensorflow)}.", f"~={series(tensorflow)}."))


def _found(case: Case, build: TensorflowBuild | None, name: str, need: Need | None, heard: _Heard) -> Found:
    facts = case.facts
    package = facts.package(name)
    version = known(package.version, "") if package is not None else ""
    subject = titled(name, version)
    beside = build.subject if build is not None and build.version else "the installed TensorFlow"
    wanted = heard.wanted or (need.specifier if need is not None else "")
    asked = f", it asks for TensorFlow {wanted}" if wanted else ""
    evidence = [spoken(symptom) for symptom in heard.symptoms]
    if version:
        evidence.append(case.proof(f"packages[{name}].version", version))
    if build is not None and build.version:
        evidence.append(case.proof(f"packages[{build.distribution}].version", build.version))
    if need is not None:
        evidence.append(need.proof)
    return Found(
        subject,
        f"{subject} is made for another TensorFlow than {beside}{asked}.",
        severity=_severity(name, heard),
        certainty=Certainty.CERTAIN,
        evidence=tuple(evidence),
        remedies=(_remedy(facts, build, name),),
        symptoms=tuple(heard.symptoms),
        about=(name, name.replace("-", "_"), "tensorflow"),
    )


def _severity(name: str, heard: _Heard) -> Severity:
    if name in _ONLY_WARN:
        return Severity.INFO
    ended = any(symptom.subject != "pip" for symptom in heard.symptoms)
    return Severity.ERROR if ended else Severity.WARNING


def _remedy(facts: Snapshot, build: TensorflowBuild | None, name: str) -> Remedy:
    version = build.version if build is not None else ""
    if name in _SAME_SERIES and release(version):
        summary = f"install {name} in the series of TensorFlow"
        return install(facts, f"{name}=={series(version)}.*", summary=summary, manager=manager_for(facts, name))
    return by_hand(
        f"bring {name} and TensorFlow together",
        f"look up in the table of {name}'s own documentation which release is made for TensorFlow {series(version) or 'of this version'}",
        f"install that {name}, or the TensorFlow that the installed one is made for, in an environment of its own",
    )


def _wrapped(case: Case) -> Iterator[Outcome]:
    facts = case.facts
    whole = facts.package("tensorflow")
    for name in _WRAPPED:
        part = facts.package(name)
        if whole is None or part is None or not (isinstance(whole.version, str) and isinstance(part.version, str)):
            continue
        if is_same(whole.version, part.version):
            yield Passed(titled(name, part.version), "tensorflow is of the same version")
        else:
            yield _two_of_one(case, whole, part)


def _two_of_one(case: Case, whole: Package, part: Package) -> Found:
    names = (titled("tensorflow", whole.version), titled(part.name, part.version))
    evidence: list[Proof] = [case.proof(f"packages[{package.name}].version", known(package.version, "")) for package in (whole, part)]
    return Found(
        part.name,
        f"{names[1]} and {names[0]} write the same module: the files of two versions lie in one folder.",
        severity=Severity.WARNING,
        evidence=tuple(evidence),
        remedies=(
            by_hand(
                "install TensorFlow anew",
                f"remove both: {known(case.facts.python.executable, 'python')} -m pip uninstall tensorflow {part.name}",
                f"install tensorflow=={whole.version}, which brings {part.name} where it needs it",
            ),
        ),
        about=("tensorflow", part.name),
    )


RULE = Rule(
    name="tensorflow-companion-mismatch",
    title="A companion of TensorFlow is made for another one",
    area=Area.FRAMEWORKS,
    layer=Layer.COMPANIONS,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-import-fails", "import-failed", "requirement-of-package-unmet"}),
)
