"""pythonpath-mixes-environments: PYTHONPATH brings the packages of another environment."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom
from envcheck.judging.case import Case, spoken
from envcheck.judging.environments import prefix_of
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.wording import full_stop, listed
from envcheck.knowledge.frameworks import distributions_of, import_of
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

_ASK = "the output of python -c 'import sys; print(sys.path)'"
_PACKAGES = regex(r"(?:^|[/\\])(?:site|dist)-packages[/\\]?$")
_VERSION = regex(r"[/\\]python(\d+\.\d+)[/\\]")


def check(case: Case) -> Iterator[Outcome]:
    """A warning for a folder of another Python version, a hint for one of the same or of no version."""
    facts = case.facts
    entries = _entries(facts)
    foreign = [folder for folder in entries or () if _PACKAGES.search(folder) and not _is_own(facts, folder)]
    strange = _strange(facts) if not facts.live else None
    if foreign and not (facts.live or _is_told(facts)):
        yield NotEvaluated("PYTHONPATH", "which Python it is set for is not known", (_ASK,))
    elif foreign:
        for folder in foreign:
            yield _finding(case, folder)
    elif strange is not None:
        yield _mixed(case, *strange)
    elif entries is None:
        yield NotEvaluated("PYTHONPATH", "it is not known", (_ASK,))
    elif not entries:
        yield NotApplicable("PYTHONPATH is not set")
    else:
        yield Passed("PYTHONPATH", "names no other environment's packages")


def _entries(facts: Snapshot) -> tuple[str, ...] | None:
    """As Python sees them, else as a text shows the variable; None: nothing tells."""
    if isinstance(facts.python.python_path, tuple):
        return facts.python.python_path
    value = facts.variables.get("PYTHONPATH")
    if value is None:
        return None
    return tuple(part for part in value.split(";" if ";" in value or value[1:3] == ":\\" else ":") if part)


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


def _is_own(facts: Snapshot, folder: str) -> bool:
    own = (*facts.python.site_folders, prefix_of(facts), known(facts.python.base_prefix, ""))
    return any(root and _below(folder, root) for root in own)


def _below(folder: str, root: str) -> bool:
    path, start = (text.replace("\\", "/").rstrip("/") for text in (folder, root))
    return path == start or path.startswith(f"{start}/")


def _finding(case: Case, folder: str) -> Found:
    own = ".".join(known(case.facts.python.version, "").split(".")[:2])
    found = _VERSION.search(folder)
    other = found[1] if found else ""
    differs = bool(own and other and own != other)
    whose = f"of Python {other}, and this is Python {own}" if differs else "of another environment"
    symptoms = tuple(symptom for symptom in case.facts.symptoms if _mentions(symptom, folder))
    return Found(
        subject=folder,
        message=full_stop(f"PYTHONPATH puts {folder} before the environment's own packages; it is {whose}"),
        severity=Severity.ERROR if symptoms else Severity.WARNING if differs else Severity.INFO,
        certainty=Certainty.LIKELY if symptoms and not differs else Certainty.CERTAIN,
        evidence=(case.proof("python.python_path", folder), *(spoken(symptom) for symptom in symptoms)),
        would_confirm=("the same program with PYTHONPATH unset",) if symptoms and not differs else (),
        remedies=(by_hand(f"take {folder} out of PYTHONPATH"),),
        symptoms=symptoms,
        about=_concerned(case.facts, folder, symptoms),
    )


def _mentions(symptom: Symptom, folder: str) -> bool:
    """A program that failed in a file of that folder."""
    return any(folder.rstrip("/\\") in text for text in (symptom.text, *symptom.details.values()))


def _concerned(facts: Snapshot, folder: str, symptoms: tuple[Symptom, ...]) -> tuple[str, ...]:
    """The folder itself, so that it is no cause of everything; the packages that come from it, and the programs that failed in it."""
    packages = [package.name for package in facts.packages if _below(known(package.location, ""), folder)]
    subjects = [symptom.subject for symptom in symptoms if symptom.subject]
    return (folder, *packages, *map(import_of, packages), *subjects)


RULE = Rule(
    name="pythonpath-mixes-environments",
    title="PYTHONPATH brings another environment's packages",
    area=Area.PYTHON,
    layer=Layer.PYTHON,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-import-fails", "framework-import-crashes"}),
)
