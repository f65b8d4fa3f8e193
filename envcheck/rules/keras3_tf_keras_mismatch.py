"""keras3-tf-keras-mismatch: code for Keras 2, such as the TensorFlow part of transformers, meets Keras 3."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, Outcome, Passed, Rule
from envcheck.judging.speakers import speaker_of
from envcheck.judging.tensorflow_build import tensorflow_build
from envcheck.knowledge.tensorflow import FIRST_KERAS_3, find_release
from envcheck.knowledge.versions import is_below, major, series
from envcheck.prescribing.install import by_hand, install, manager_for
from envcheck.report import Area, Certainty, Remedy, Step

MANUAL = Manual(
    checks="Whether a program refused Keras 3, or looked for the package tf-keras and did not find it.",
    why="TensorFlow 2.16 and later come with Keras 3. The TensorFlow models of transformers and other older code need Keras 2, which lives "
    "on in the package tf-keras: one release for each of TensorFlow's.",
    example="ValueError: Your currently installed version of Keras is Keras 3, but this is not yet supported in Transformers.",
    fix="Install tf-keras of the same minor version as TensorFlow. A program that only needs torch can be told to leave TensorFlow alone "
    "with USE_TF=0.",
    ignore_when="Never: the import ended there.",
    sources=(
        "https://keras.io/getting_started/#tensorflow--keras-2-backwards-compatibility",
        "https://github.com/huggingface/transformers/pull/28588",
        "PyPI metadata of tf-keras==2.16.0, 2.18.0 and 2.21.0",
    ),
)

_MODULE = "tf_keras"


def check(case: Case) -> Iterator[Outcome]:
    """Only what was refused or missed counts: most programs run with Keras 3, or need none."""
    said = tuple(symptom for symptom in case.said(SymptomKind.VERSION_CONFLICT) if _refuses_keras_3(symptom))
    missed = tuple(symptom for symptom in case.said(SymptomKind.MODULE_NOT_FOUND) if _misses_tf_keras(symptom))
    keras, legacy = case.facts.package("keras"), case.facts.package("tf-keras")
    if said or missed:
        yield _found(case, (*said, *missed))
    elif legacy is not None:
        yield Passed(f"tf-keras {known(legacy.version, '')}".strip(), "Keras 2 is there for those that need it")
    elif keras is not None:
        yield Passed(f"keras {known(keras.version, '')}".strip(), "no program refused it")
    else:
        yield NotApplicable("no program refused the installed Keras")


def _refuses_keras_3(symptom: Symptom) -> bool:
    """In a program's own words; what pip says of pins is another rule's."""
    details = symptom.details
    return details.get("package") == "keras" and symptom.subject != "pip" and major(details.get("have", "")) >= 3 and "by" not in details


def _misses_tf_keras(symptom: Symptom) -> bool:
    return symptom.details.get("module", "").partition(".")[0] == _MODULE


def _found(case: Case, said: tuple[Symptom, ...]) -> Found:
    facts = case.facts
    installed = facts.package("tf-keras")
    contradicted = installed is not None and isinstance(installed.version, str)
    build = tensorflow_build(facts)
    who = next((name for name in map(speaker_of, said) if name not in ("", "keras", _MODULE)), "") or "A program"
    evidence = [spoken(symptom) for symptom in said]
    for name in ("keras", "tf-keras", build.distribution if build is not None else "tensorflow"):
        package = facts.package(name)
        if package is not None and isinstance(package.version, str):
            evidence.append(case.proof(f"packages[{name}].version", package.version))
    lacks = "tf-keras of another environment is listed" if contradicted else "tf-keras, which has Keras 2, is not installed"
    return Found(
        "tf-keras",
        f"{who} needs Keras 2, but Keras 3 is what TensorFlow comes with; {lacks}.",
        certainty=Certainty.LIKELY if contradicted else Certainty.CERTAIN,
        evidence=tuple(evidence),
        would_confirm=("pip show tf-keras, in the environment of the program, finds none",) if contradicted else (),
        remedies=_remedies(facts, who),
        symptoms=said,
        about=tuple(filter(None, ("keras", _MODULE, "tf-keras", "tensorflow", who if who != "A program" else ""))),
    )


def _remedies(facts: Snapshot, who: str) -> tuple[Remedy, ...]:
    build = tensorflow_build(facts)
    version = build.version if build is not None else ""
    wanted = f"tf-keras=={series(version)}.*" if version and not is_below(version, FIRST_KERAS_3) else "tf-keras"
    row = find_release(version) if version and is_below(version, FIRST_KERAS_3) else None
    manager = manager_for(facts, "tensorflow")
    if row is not None and row.keras:
        pinned = f"keras{','.join(row.keras)}"
        first = install(facts, pinned, summary=f"install the Keras 2 that belongs to TensorFlow {series(version)}", manager=manager)
    else:
        summary = "install Keras 2 as tf-keras" if version else "install tf-keras of the same minor version as TensorFlow"
        first = install(facts, wanted, summary=summary, manager=manager)
    if who != "transformers":
        return (first,)
    windows = known(facts.system.os, "") == "Windows"
    variable = Step(run=("set", "USE_TF=0")) if windows else Step(run=("export", "USE_TF=0"))
    return (first, by_hand("keep transformers from importing TensorFlow, where only torch is used", variable))


RULE = Rule(
    name="keras3-tf-keras-mismatch",
    title="Code for Keras 2 meets Keras 3",
    area=Area.PACKAGES,
    layer=Layer.COMPANIONS,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-absent", "framework-import-fails", "import-failed", "module-not-found", "requirement-of-package-unmet"}),
)
