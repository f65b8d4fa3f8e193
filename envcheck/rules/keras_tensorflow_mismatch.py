"""keras-tensorflow-mismatch: the installed Keras is of another series than the one that TensorFlow works with."""

from collections.abc import Iterator

from envcheck.facts.snapshot import known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.pairs import conflicts_said
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.tensorflow_build import TensorflowBuild, tensorflow_build
from envcheck.judging.wording import titled
from envcheck.knowledge.frameworks import FRAMEWORKS
from envcheck.knowledge.specifiers import accepts
from envcheck.knowledge.table import Confidence
from envcheck.knowledge.versions import is_below, is_unfinished, major, release, series
from envcheck.prescribing.install import by_hand, install, manager_for
from envcheck.report import Area, Certainty, Proof, Remedy, Severity

MANUAL = Manual(
    checks="Whether the installed keras is one that the installed TensorFlow works with: up to TensorFlow 2.15 the Keras 2 of the same "
    "number, from 2.16 on Keras 3.",
    why="Keras 2 is written against internal functions of the TensorFlow that it is released with. Where one of the two is replaced "
    "alone, import keras, or tf.keras, meets functions that are not there.",
    example="keras 2.6.0 beside tensorflow 2.4.1: module 'tensorflow.compat.v2.__internal__' has no attribute 'tf2'.",
    fix="Install the Keras of TensorFlow's own number; with TensorFlow before 2.6 use tf.keras, and no package keras from 2.5 on.",
    ignore_when="Keras 3 runs on torch or JAX, and nothing uses it together with TensorFlow.",
    sources=(
        "https://keras.io/getting_started/",
        "https://github.com/tensorflow/tensorflow/issues/48799",
        "PyPI metadata of tensorflow==2.15.1",
    ),
)

# What Keras 2 uses of TensorFlow and no program of anybody else's does; of TensorFlow 1.15 and 2.0 the package has other names.
_INTERNALS = tuple(f"{package}compat.v2" for package in ("tensorflow.", "tensorflow._api.v1.", "tensorflow._api.v2.", "tensorflow_core."))
_OF_KERAS = ("keras.api.", "keras.src.")
# With this one alone Keras 3 may lie beside: its tf.keras stays Keras 2.
_TAKES_BOTH = "2.15"
_NEEDS = ("the output of pip list",)


def check(case: Case) -> Iterator[Outcome]:
    """What the one missed of the other, or pip said; else the versions compared."""
    facts = case.facts
    keras, tensorflow = facts.package("keras"), tensorflow_build(facts)
    kinds = (SymptomKind.UNSUPPORTED_CALL, SymptomKind.IMPORT_FAILED, SymptomKind.MODULE_NOT_FOUND)
    said = (
        *filter(_is_between, case.said(*kinds)),
        *(each for name in FRAMEWORKS["tensorflow"] for each in conflicts_said(facts, name, "keras")),
    )
    if said:
        yield _found(case, tensorflow, said)
    elif keras is None or tensorflow is None:
        yield NotApplicable("Keras and TensorFlow are not both known to be installed")
    elif not release(known(keras.version, "")) or tensorflow.release is None or not tensorflow.release.keras:
        yield NotEvaluated(titled("keras", keras.version), f"which Keras belongs to {tensorflow.subject} is not known", _NEEDS)
    elif _fits(tensorflow, known(keras.version, "")):
        yield Passed(titled("keras", keras.version), f"{tensorflow.subject} works with it")
    else:
        yield _found(case, tensorflow, ())


def _is_between(symptom: Symptom) -> bool:
    details = symptom.details
    if symptom.kind is SymptomKind.UNSUPPORTED_CALL:
        return details.get("name", "").startswith(_INTERNALS)
    module = details.get("module", "")
    if symptom.kind is SymptomKind.MODULE_NOT_FOUND:
        return module.startswith(_OF_KERAS)
    return module.startswith(_INTERNALS) and "cannot import name" in details.get("message", "")


def _fits(tensorflow: TensorflowBuild, keras: str) -> bool:
    row = tensorflow.release
    if row is None or not row.keras or is_unfinished(keras) or is_unfinished(tensorflow.version):
        return True
    if series(tensorflow.version) == _TAKES_BOTH and major(keras) >= major("3"):
        return True
    # Of 2.13.0 and 2.13.1 one may ask for a patch of Keras that the other does not: a series fits as a whole.
    return accepts(",".join(row.keras), keras) or series(keras) == series(tensorflow.version)


def _found(case: Case, tensorflow: TensorflowBuild | None, said: tuple[Symptom, ...]) -> Found:
    package = case.facts.package("keras")
    keras = known(package.version, "") if package is not None else ""
    row = tensorflow.release if tensorflow is not None else None
    contradict = bool(release(keras)) and tensorflow is not None and row is not None and bool(row.keras) and not _fits(tensorflow, keras)
    certain = contradict and row is not None and row.confidence is Confidence.HIGH
    evidence = [spoken(symptom) for symptom in said]
    if keras:
        evidence.append(case.proof("packages[keras].version", keras))
    if tensorflow is not None and tensorflow.version:
        evidence.append(case.proof(f"packages[{tensorflow.distribution}].version", tensorflow.version))
    if row is not None and row.keras:
        evidence.append(Proof(fact=f"the Keras of TensorFlow {series(row.version)}", value=",".join(row.keras), source=row.source))
    beside = tensorflow.subject if tensorflow is not None and tensorflow.version else "the installed TensorFlow"
    return Found(
        titled("keras", keras),
        f"{titled('keras', keras)} does not belong to {beside}.",
        severity=Severity.ERROR if said else Severity.WARNING,
        certainty=Certainty.CERTAIN if certain else Certainty.LIKELY,
        evidence=tuple(evidence),
        would_confirm=() if certain else ("pip list shows the versions of keras and tensorflow",),
        remedies=(_remedy(case, tensorflow),),
        symptoms=said,
        about=("keras", "tensorflow"),
    )


def _remedy(case: Case, tensorflow: TensorflowBuild | None) -> Remedy:
    row = tensorflow.release if tensorflow is not None else None
    if row is not None and row.keras:
        summary = f"install the Keras that belongs to TensorFlow {series(row.version)}"
        return install(case.facts, f"keras{','.join(row.keras)}", summary=summary, manager=manager_for(case.facts, "keras"))
    old = tensorflow is not None and bool(tensorflow.version) and is_below(tensorflow.version, "2.6")
    return by_hand(
        "bring Keras and TensorFlow to one number",
        "import from tensorflow.keras in place of keras, and remove the package keras"
        if old
        else "install keras in the number of TensorFlow (2.12 with 2.12), or both anew: TensorFlow brings the Keras that it needs",
    )


RULE = Rule(
    name="keras-tensorflow-mismatch",
    title="Keras does not belong to TensorFlow",
    area=Area.PACKAGES,
    layer=Layer.COMPANIONS,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-import-fails", "import-failed", "unsupported-call", "requirement-of-package-unmet"}),
)
