"""horovod-extension-not-built: Horovod was installed without the part for a framework, or without one that connects processes."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Completeness, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.wording import listed, titled
from envcheck.knowledge.frameworks import distributions_of, installed_for
from envcheck.prescribing.install import install, uninstall
from envcheck.report import Area, Remedy, Step

MANUAL = Manual(
    checks="Whether Horovod said that its extension for a framework, or both MPI and Gloo, have not been built.",
    why="Horovod compiles its extensions while pip installs it. A framework that is not there at that time, or no compiler, CMake or MPI, "
    "makes it leave a part out without stopping. pip keeps the wheel that it built and takes it again the next time.",
    example="ImportError: Extension horovod.torch has not been built. If this is not expected, reinstall Horovod with "
    "HOROVOD_WITH_PYTORCH=1 to debug the build error.",
    fix="Install the framework first, then Horovod again with the variable that makes a failed build an error, and without pip's cache.",
    ignore_when="Another framework than the one in the message is used, and the message is only part of a longer check.",
    sources=("https://horovod.readthedocs.io/en/stable/install_include.html", "https://github.com/horovod/horovod/issues/551"),
)

_EXTENSIONS = {
    "torch": ("PyTorch", "HOROVOD_WITH_PYTORCH"),
    "tensorflow": ("TensorFlow", "HOROVOD_WITH_TENSORFLOW"),
    "keras": ("TensorFlow", "HOROVOD_WITH_TENSORFLOW"),
    "mxnet": ("MXNet", "HOROVOD_WITH_MXNET"),
}
_NETWORKS = {"mpi": "HOROVOD_WITH_MPI", "gloo": "HOROVOD_WITH_GLOO", "mpi or gloo": "HOROVOD_WITH_GLOO"}


def check(case: Case) -> Iterator[Outcome]:
    """All that Horovod misses is one finding: one installation mends it."""
    said = tuple(symptom for symptom in case.said(SymptomKind.NOT_COMPILED_WITH) if symptom.details.get("package") == "horovod")
    horovod = case.facts.package("horovod")
    imported = next((entry for entry in case.facts.imports if entry.name == "horovod"), None)
    if said:
        yield _found(case, said)
    elif imported is not None and imported.status == "imported":
        yield Passed("horovod", "imported")
    elif horovod is not None:
        yield NotEvaluated(
            titled("horovod", horovod.version), "what it was built with is not known", ("the output of horovodrun --check-build",)
        )
    else:
        yield NotApplicable("nothing shows Horovod")


def _found(case: Case, said: tuple[Symptom, ...]) -> Found:
    facts = case.facts
    features = list(dict.fromkeys(symptom.details.get("feature", "") for symptom in said))
    lacks = listed([_in_words(feature) for feature in features])
    horovod = facts.package("horovod")
    absent = [name for name in features if name in _EXTENSIONS and _is_absent(facts, name)]
    first = f" {_EXTENSIONS[absent[0]][0]} itself is not installed." if absent else ""
    return Found(
        "horovod",
        f"{titled('horovod', horovod.version) if horovod else 'Horovod'} was built without {lacks}.{first}",
        evidence=tuple(map(spoken, said)),
        remedies=(_remedy(facts, features, absent),),
        symptoms=said,
        about=("horovod",),
    )


def _in_words(feature: str) -> str:
    if feature in _EXTENSIONS:
        return f"its extension for {_EXTENSIONS[feature][0]}"
    return {"mpi or gloo": "MPI and without Gloo", "any framework": "an extension for any framework"}.get(feature, feature.upper())


def _is_absent(facts: Snapshot, name: str) -> bool:
    return facts.observed.packages is Completeness.COMPLETE and installed_for(facts, name) is None


def _remedy(facts: Snapshot, features: list[str], absent: list[str]) -> Remedy:
    """With the variables a build that fails says why; without the cache pip does not take its old wheel again."""
    wanted = {_EXTENSIONS[name][1]: "1" for name in features if name in _EXTENSIONS}
    if "any framework" in features:
        wanted |= {_EXTENSIONS[name][1]: "1" for name in ("torch", "tensorflow", "mxnet") if installed_for(facts, name) is not None}
    wanted |= {_NETWORKS[name]: "1" for name in features if name in _NETWORKS}
    wanted = wanted or {"HOROVOD_WITH_PYTORCH": "1"}
    horovod = facts.package("horovod")
    version = known(horovod.version, "") if horovod is not None else ""
    again = install(facts, f"horovod=={version}" if version else "horovod", summary="", dependencies=True)
    build = ("--no-cache-dir", "--no-build-isolation")  # in pip's isolated environment the framework would not be there
    steps = [
        Step(run=(*step.run[:-1], *build, step.run[-1]), env=wanted) if "install" in step.run and "horovod" in step.run[-1] else step
        for step in again.steps
    ]
    frameworks = [distributions_of(name)[0] for name in absent]
    mpi = ", or with HOROVOD_WITH_MPI=1 instead where Open MPI and its mpicxx are installed" if "mpi or gloo" in features else ""
    return Remedy(
        summary=f"build Horovod again with {' '.join(f'{name}={value}' for name, value in wanted.items())}{mpi}",
        manager="pip",
        safety=again.safety,
        steps=(
            Step(do="have a C++ compiler and CMake on PATH, and the framework installed in this environment before Horovod"),
            *(install(facts, *frameworks, summary="").steps if frameworks else ()),
            uninstall(facts, "horovod"),
            *steps,
            Step(run=("horovodrun", "--check-build")),
        ),
    )


RULE = Rule(
    name="horovod-extension-not-built",
    title="Horovod was built without a part that is needed",
    area=Area.FRAMEWORKS,
    layer=Layer.BUILD,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-import-fails", "import-failed", "not-compiled-with", "retired-package"}),
)
