"""tensorflow-metal-mismatch: Apple's plugin tensorflow-metal is made for another series of TensorFlow."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.tensorflow_build import tensorflow_build
from envcheck.judging.wording import titled
from envcheck.knowledge.table import Confidence
from envcheck.knowledge.tensorflow import Metal, find_metal, metal_releases
from envcheck.knowledge.versions import is_below, is_same, is_unfinished, release, series
from envcheck.prescribing.install import by_hand, install, manager_for, uninstall
from envcheck.report import Area, Certainty, Proof, Remedy, Severity

MANUAL = Manual(
    checks="Whether tensorflow-metal, the plugin for the GPUs of Macs, is the release that belongs to the installed series of TensorFlow.",
    why="The plugin is compiled against TensorFlow's own library and names no TensorFlow in its metadata: pip installs any two together, "
    "and import tensorflow ends where the plugin finds no function of the name that it knows.",
    example="tensorflow 2.18.0 with tensorflow-metal 1.1.0: Symbol not found … Referenced from libmetal_plugin.dylib.",
    fix="Install the pair that the plugin's description names, or take the plugin away: TensorFlow then computes on the CPU.",
    ignore_when="Never where the import fails; where it does not, the GPU is used and the results are right, the table is behind.",
    sources=("https://pypi.org/project/tensorflow-metal/", "https://github.com/tensorflow/tensorflow/issues/84167"),
)

_PLUGIN = "libmetal_plugin.dylib"
_LIBRARIES = (SymptomKind.UNDEFINED_SYMBOL, SymptomKind.LIBRARY_NOT_FOUND)


def check(case: Case) -> Iterator[Outcome]:
    """The loader's word on the plugin, else the versions compared."""
    facts = case.facts
    said = tuple(symptom for symptom in case.said(*_LIBRARIES) if _PLUGIN in symptom.details.get("needed_by", ""))
    package, build = facts.package("tensorflow-metal"), tensorflow_build(facts)
    plugin = known(package.version, "") if package is not None else ""
    tensorflow = build.version if build is not None else ""
    if package is None and not said:
        yield NotApplicable("tensorflow-metal is not known to be installed")
        return
    row = find_metal(tensorflow) if tensorflow else None
    subject = titled("tensorflow-metal", plugin)
    if said:
        yield _found(case, subject, plugin, row, said)
    elif not release(plugin) or not release(tensorflow):
        yield NotEvaluated(subject, "the versions of TensorFlow and of the plugin are not both known", ("the output of pip list",))
    elif row is None:
        yield _without_row(case, subject, plugin, tensorflow)
    elif is_unfinished(tensorflow) or is_same(series(plugin), series(row.plugin)):
        yield Passed(subject, f"belongs to TensorFlow {row.tensorflow}")
    else:
        yield _found(case, subject, plugin, row, ())


def _without_row(case: Case, subject: str, plugin: str, tensorflow: str) -> Outcome:
    newest = metal_releases()[0]
    if is_below(newest.tensorflow, series(tensorflow)) and not is_below(newest.plugin, plugin):
        return _found(case, subject, plugin, None, ())
    return NotEvaluated(subject, f"which plugin belongs to TensorFlow {tensorflow} is in no table")


def _found(case: Case, subject: str, plugin: str, row: Metal | None, said: tuple[Symptom, ...]) -> Found:
    build = tensorflow_build(case.facts)
    beside = build.subject if build is not None else "the installed TensorFlow"
    wanted = f": {row.plugin} is the release for TensorFlow {row.tensorflow}" if row is not None else ""
    certain = bool(said) or (row is not None and row.confidence is Confidence.HIGH)
    if row is None and not said:
        wanted = f": its own table ends at TensorFlow {metal_releases()[0].tensorflow}"
    evidence = [spoken(symptom) for symptom in said]
    if plugin:
        evidence.append(case.proof("packages[tensorflow-metal].version", plugin))
    if build is not None and build.version:
        evidence.append(case.proof(build.fact, build.version))
    if row is not None:
        evidence.append(Proof(fact=f"the plugin for TensorFlow {row.tensorflow}", value=row.plugin, source=row.source))
    return Found(
        subject,
        f"{subject} does not belong to {beside}{wanted}.",
        severity=Severity.ERROR if said else Severity.WARNING,
        certainty=Certainty.CERTAIN if certain else Certainty.LIKELY,
        evidence=tuple(evidence),
        would_confirm=() if certain else ('python -c "import tensorflow" fails and names libmetal_plugin.dylib',),
        remedies=tuple(_remedies(case.facts, plugin, row)),
        symptoms=said,
        about=("tensorflow", "tensorflow-metal"),
    )


def _remedies(facts: Snapshot, plugin: str, row: Metal | None) -> Iterator[Remedy]:
    newest = metal_releases()[0]
    manager = manager_for(facts, "tensorflow-metal")
    if row is not None and not is_same(row.plugin, plugin or "0"):
        yield install(
            facts, f"tensorflow-metal=={row.plugin}", summary=f"install the plugin for TensorFlow {row.tensorflow}", manager=manager
        )
    else:
        yield install(
            facts,
            f"tensorflow=={newest.tensorflow}.*",
            f"tensorflow-metal=={newest.plugin}",
            summary="install the newest pair that the plugin's description names",
            manager=manager,
        )
    yield by_hand("compute on the CPU, without the plugin", uninstall(facts, "tensorflow-metal", manager=manager))


RULE = Rule(
    name="tensorflow-metal-mismatch",
    title="tensorflow-metal does not belong to TensorFlow",
    area=Area.FRAMEWORKS,
    layer=Layer.COMPANIONS,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-import-fails", "framework-import-crashes", "import-failed"}),
)
