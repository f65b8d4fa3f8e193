"""pythonpath-mixes-environments: PYTHONPATH brings the packages of another environment."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.environments import prefix_of
from envcheck.judging.gaps import PYTHON_PATH
from envcheck.judging.leaks import FAULTS_OF_PACKAGES, foreign_folders, hiding, names_from, packages_below, python_path, spoken_by
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.wording import full_stop, listed, titled
from envcheck.knowledge.frameworks import distributions_of
from envcheck.knowledge.versions import series
from envcheck.parsers.expression import regex
from envcheck.parsers.python.prefixes import version_of
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Severity

MANUAL = Manual(
    checks="Whether PYTHONPATH names a folder of installed packages that belongs to another environment.",
    why="Everything on PYTHONPATH comes before the environment's own packages, in every Python that is started. Compiled modules of "
    "another Python version cannot be loaded, and those of the same version were made for other releases of what they need.",
    example="PYTHONPATH=/opt/tools/lib/python3.8/site-packages, set in .bashrc, and the environment has Python 3.12: import numpy fails.",
    fix="Take that folder out of PYTHONPATH, and install what is needed from there into the environment.",
    ignore_when="The cluster's module system sets it for this very Python.",
    sources=("https://docs.python.org/3/using/cmdline.html#envvar-PYTHONPATH",),
)

_PACKAGES = regex(r"(?:^|[/\\])(?:site|dist)-packages[/\\]?$")
_VERSION = regex(r"[/\\]python(\d+\.\d+)[/\\]")


def check(case: Case) -> Iterator[Outcome]:
    """A warning for a folder of another Python version and for one that hides the environment's own packages, else a hint."""
    facts = case.facts
    entries = python_path(facts)
    foreign = foreign_folders(facts)
    strange = _strange(facts) if not facts.live else None
    if not (facts.live or _is_told(facts)) and any(_PACKAGES.search(folder) for folder in entries or ()):
        yield NotEvaluated("PYTHONPATH", "which Python it is set for is not known", PYTHON_PATH.needs)
    elif foreign:
        for folder in foreign:
            yield _finding(case, folder)
    elif strange is not None:
        yield _mixed(case, *strange)
    elif entries is None:
        yield PYTHON_PATH
    elif not entries:
        yield NotApplicable("PYTHONPATH is not set")
    else:
        yield Passed("PYTHONPATH", "names no other environment's packages")


def _is_told(facts: Snapshot) -> bool:
    """Whether anything says which Python runs: without that no folder is foreign."""
    return bool(prefix_of(facts) or known(facts.python.version, ""))


def _strange(facts: Snapshot) -> tuple[str, str] | None:
    """A folder that a traceback goes through beside the environment's own, made for another version of Python; with the own one."""
    folders = list(dict.fromkeys(known(facts.python.imported_from, {}).values()))
    versions = {folder: version for folder in folders if (version := version_of(f"{folder}/"))}
    own = next((folder for folder in versions if versions[folder] == series(known(facts.python.version, ""))), None)
    other = next((folder for folder in versions if own is not None and versions[folder] != versions[own]), None)
    return (other, own) if own is not None and other is not None else None


def _mixed(case: Case, folder: str, own: str) -> Found:
    came = [name for name, place in known(case.facts.python.imported_from, {}).items() if place == folder]
    return Found(
        subject=folder,
        message=full_stop(f"{listed(came)} came from {folder}, and the rest from {own}: one process with the packages of two Pythons"),
        severity=Severity.WARNING,
        certainty=Certainty.LIKELY,
        evidence=tuple(case.proof("python.imported_from", f"{name}: {folder}") for name in came[:3]),
        would_confirm=("echo $PYTHONPATH names that folder", "the same program works with PYTHONPATH unset"),
        remedies=(by_hand(f"take {folder} out of PYTHONPATH, or out of what the program puts before sys.path"),),
        about=(folder, *came, *(distribution for name in came for distribution in distributions_of(name))),
    )


def _finding(case: Case, folder: str) -> Found:
    """What is wrong with the packages that it brings follows from it, and the programs that failed in them."""
    own = ".".join(known(case.facts.python.version, "").split(".")[:2])
    found = _VERSION.search(folder)
    other = found[1] if found else ""
    differs = bool(own and other and own != other)
    whose = f"of Python {other}, and this is Python {own}" if differs else "of another environment"
    before = hiding(packages_below(case.facts, folder))
    hidden = [titled(package.name, package.version) for package in before]
    hides = f", and hides the environment's own {before[0].name} ({before[0].others[0]}) behind {listed(hidden)}" if before else ""
    brought = names_from(case.facts, folder)
    symptoms = spoken_by(case.facts, folder, brought)
    sure = bool(differs or before or not symptoms)
    return Found(
        subject=folder,
        message=full_stop(f"PYTHONPATH puts {folder} before the environment's own packages; it is {whose}{hides}"),
        severity=Severity.ERROR if symptoms else Severity.WARNING if differs or before else Severity.INFO,
        certainty=Certainty.CERTAIN if sure else Certainty.LIKELY,
        evidence=(
            case.proof("python.python_path", folder),
            *(case.proof(f"packages[{package.name}].location", known(package.location, folder)) for package in before[:3]),
            *(spoken(symptom) for symptom in symptoms),
        ),
        would_confirm=() if sure else ("the same program with PYTHONPATH unset",),
        remedies=(by_hand(f"take {folder} out of PYTHONPATH"),),
        symptoms=tuple(symptom for symptom in symptoms if symptom.kind is not SymptomKind.MODULE_NOT_FOUND),
        # The folder itself, so that it is no cause of everything.
        about=(folder, *brought, *(symptom.subject for symptom in symptoms if symptom.subject)),
        brings=brought,
    )


RULE = Rule(
    name="pythonpath-mixes-environments",
    title="PYTHONPATH brings another environment's packages",
    area=Area.PYTHON,
    layer=Layer.PYTHON,
    manual=MANUAL,
    check=check,
    explains=FAULTS_OF_PACKAGES,
)
