"""numpy2-abi: a module compiled for NumPy 1 runs with NumPy 2."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Package, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.numpy_words import is_about_numpy_2, numpy_mismatches
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.speakers import speaker_of
from envcheck.judging.wording import listed
from envcheck.knowledge.frameworks import distributions_of, import_of
from envcheck.knowledge.numpy import find_first_for_numpy_2, modules_with_a_first
from envcheck.knowledge.table import Confidence
from envcheck.knowledge.versions import is_below, major, release, series
from envcheck.prescribing.install import by_hand, install, manager_for
from envcheck.prescribing.shared import in_words, install_numpy_1, refuses_numpy_1
from envcheck.report import Area, Certainty, Proof, Remedy, Severity

MANUAL = Manual(
    checks="Whether modules that were compiled for NumPy 1 run beside NumPy 2.",
    why="NumPy 2 changed its binary interface. A module compiled for NumPy 1 crashes with it, or switches its NumPy support off.",
    example="A module that was compiled using NumPy 1.x cannot be run in NumPy 2.0.0; torch 2.2.2: Numpy is not available.",
    fix="Install numpy<2, or a release of the module that was compiled for NumPy 2.",
    ignore_when="The module never touches an array.",
    sources=("https://numpy.org/doc/stable/numpy_2_0_migration_guide.html", "https://github.com/pytorch/pytorch"),
)

_NOT_ALONE = frozenset(("torch", "torchvision", "torchaudio", "tensorflow"))  # their releases hang together with the GPU's libraries
_FIRST_WITHOUT_NUMPY_1 = "3.13"  # 1.26 is the last NumPy 1, and has wheels up to 3.12


def check(case: Case) -> Iterator[Outcome]:
    """What a module said of NumPy 2, else the versions that are installed."""
    facts = case.facts
    said = tuple(symptom for symptom in numpy_mismatches(case) if is_about_numpy_2(symptom))
    numpy = facts.package("numpy")
    bridge = tuple(symptom for symptom in case.said(SymptomKind.IMPORT_FAILED) if _says_bridge_is_off(symptom))
    if bridge and not said and numpy is not None and major(known(numpy.version, "")) >= 2:
        said = bridge  # torch says no more than that NumPy is not available
    if said:
        yield _spoken_of(case, said)
        return
    if numpy is None:
        yield NotApplicable("numpy is not known to be installed")
    elif not isinstance(numpy.version, str):
        yield NotEvaluated("numpy", "its version is not known", ("run pip list and give its whole output",))
    elif major(numpy.version) < 2:
        yield Passed(f"numpy {numpy.version}", "older than NumPy 2")
    else:
        yield from _compare(case, numpy.version)


def _says_bridge_is_off(symptom: Symptom) -> bool:
    return symptom.subject == "torch" and symptom.details.get("module") == "numpy"


def _compare(case: Case, numpy: str) -> Iterator[Outcome]:
    fitting = True
    for name in modules_with_a_first():
        package, row = case.facts.package(name), find_first_for_numpy_2(name)
        if package is None or row is None or not isinstance(package.version, str) or _was_imported(case.facts, name):
            continue
        if _says_another_size(case, name):
            fitting = False  # what was said is nearer than the table: numpy-abi-mismatch speaks of it
            continue
        if is_below(package.version, row.version) and package.manager != "conda":
            fitting = False
            yield _computed(case, package, numpy, row.version, row.confidence, row.source)
    if fitting:
        yield Passed(f"numpy {numpy}", "no module of NumPy 1 is known beside it")


def _was_imported(facts: Snapshot, name: str) -> bool:
    """An import that worked is worth more than a table; torch imports in spite of it, and only its NumPy bridge is off."""
    return name != "torch" and any(entry.name == name and entry.status == "imported" for entry in facts.imports)


def _says_another_size(case: Case, name: str) -> bool:
    """Whether its import ended with `numpy.dtype size changed`."""
    return any(
        symptom.subject == import_of(name) and symptom.details.get("what") == "size" for symptom in case.said(SymptomKind.ABI_MISMATCH)
    )


def _computed(case: Case, package: Package, numpy: str, first: str, confidence: Confidence, source: str) -> Found:
    sure = confidence is Confidence.HIGH
    subject = f"{package.name} {known(package.version, '')}"
    return Found(
        subject,
        f"{subject} is compiled for NumPy 1, but numpy {numpy} is installed; {package.name} {first} is the first for NumPy 2.",
        severity=Severity.ERROR if sure else Severity.WARNING,
        certainty=Certainty.CERTAIN if sure else Certainty.LIKELY,
        evidence=(
            case.proof(f"packages[{package.name}].version", known(package.version, "")),
            Proof(fact=f"first {package.name} for NumPy 2", value=first, source=source),
            case.proof("packages[numpy].version", numpy),
            *_against_numpy_1(case),
        ),
        would_confirm=() if sure else (f'python -c "import {import_of(package.name)}" speaks of NumPy 1.x',),
        remedies=_remedies(case.facts, import_of(package.name)),
        about=(package.name, "numpy"),
    )


def _spoken_of(case: Case, said: tuple[Symptom, ...]) -> Found:
    numpy = case.facts.package("numpy")
    have = next((symptom.details["have"] for symptom in said if symptom.details.get("have")), "")
    if not have and numpy is not None:
        have = known(numpy.version, "")
    named = list(dict.fromkeys(filter(None, (symptom.details.get("module") or speaker_of(symptom) for symptom in said))))
    modules = _guilty(case.facts, [module for module in named if module.partition(".")[0] != "numpy"])
    who = listed(modules) if modules else "A module"
    were = "were" if len(modules) > 1 else "was"
    return Found(
        f"numpy {have}".strip(),
        f"{who} {were} compiled for NumPy 1 and cannot run with NumPy {have or '2'}.",
        evidence=(*(spoken(symptom) for symptom in said), *_against_numpy_1(case)),
        remedies=_remedies(case.facts, *modules),
        symptoms=said,
        about=tuple(dict.fromkeys(("numpy", *(module.partition(".")[0] for module in modules)))),
    )


def _guilty(facts: Snapshot, modules: list[str]) -> list[str]:
    """Without those that are made for NumPy 2: they only import the one that is not, which then is one that is known to be older."""
    guilty = [module for module in modules if not _is_for_numpy_2(facts, module.partition(".")[0])]
    if guilty or not modules:
        return guilty
    older = (name for name in modules_with_a_first() if (package := facts.package(name)) is not None and _is_older(package))
    return [import_of(name) for name in older]


def _is_for_numpy_2(facts: Snapshot, module: str) -> bool:
    """By the release that is installed, or as its own metadata ask for NumPy 2."""
    package = next((found for name in distributions_of(module) if (found := facts.package(name)) is not None), None)
    if package is None or not isinstance(package.version, str):
        return False
    row = find_first_for_numpy_2(package.name)
    return (row is not None and not is_below(package.version, row.version)) or package.name in {each.by for each in refuses_numpy_1(facts)}


def _is_older(package: Package) -> bool:
    row = find_first_for_numpy_2(package.name)
    return row is not None and is_below(known(package.version, row.version), row.version)


def _against_numpy_1(case: Case) -> Iterator[Proof]:
    """What is installed and does without NumPy 1: why going back to it is no way out."""
    return (case.proof(f"packages[{each.by}].requires", f"numpy{each.versions}") for each in refuses_numpy_1(case.facts))


def _remedies(facts: Snapshot, *modules: str) -> tuple[Remedy, ...]:
    """NumPy 1 again, where this Python and all that is installed can have it; and newer releases of the modules that are named."""
    python = known(facts.python.version, "")
    every = dict.fromkeys(distributions_of(module.partition(".")[0])[0] for module in modules)
    names = tuple(name for name in every if name not in _NOT_ALONE)
    newer = (
        (install(facts, "--upgrade", *names, summary=f"upgrade {listed(names)} to a release for NumPy 2"),)
        if names and manager_for(facts, "numpy") != "conda"
        else ()
    )
    back = install_numpy_1(facts, "install NumPy 1 until every module is compiled for NumPy 2")
    has_wheel = not release(python) or is_below(python, _FIRST_WITHOUT_NUMPY_1)
    if has_wheel and back is not None:
        return (back, *newer)
    reason = f"NumPy 1 has no wheel for Python {series(python)}"
    if has_wheel:
        reason = f"NumPy 1 is no way back: {in_words(refuses_numpy_1(facts), 'numpy')}"
    what = listed(tuple(every)) or "the module that was compiled for NumPy 1"
    where = "" if every else "; the traceback below the message names the module"
    return newer or (by_hand(f"upgrade {what}", f"{reason}{where}"),)


RULE = Rule(
    name="numpy2-abi",
    title="A module compiled for NumPy 1 runs with NumPy 2",
    area=Area.PACKAGES,
    layer=Layer.COMPANIONS,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-import-fails", "import-failed", "numpy-abi-mismatch", "requirement-of-package-unmet"}),
)
