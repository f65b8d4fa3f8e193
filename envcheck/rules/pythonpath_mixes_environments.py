"""pythonpath-mixes-environments: PYTHONPATH brings the packages of another environment."""

import re
from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.wording import full_stop
from envcheck.knowledge.frameworks import import_of
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

_PACKAGES = re.compile(r"(?:^|[/\\])(?:site|dist)-packages[/\\]?$")
_VERSION = re.compile(r"[/\\]python(\d+\.\d+)[/\\]")


def check(case: Case) -> Iterator[Outcome]:
    """A warning for a folder of another Python version, a hint for one of the same or of no version."""
    python = case.facts.python
    if not isinstance(python.python_path, tuple):
        yield NotEvaluated("PYTHONPATH", "it is not known", ("the output of python -c 'import sys; print(sys.path)'",))
        return
    if not python.python_path:
        yield NotApplicable("PYTHONPATH is not set")
        return
    foreign = [folder for folder in python.python_path if _PACKAGES.search(folder) and not _is_own(case.facts, folder)]
    for folder in foreign:
        yield _finding(case, folder)
    if not foreign:
        yield Passed("PYTHONPATH", "names no other environment's packages")


def _is_own(facts: Snapshot, folder: str) -> bool:
    own = (*facts.python.site_folders, known(facts.python.prefix, ""), known(facts.python.base_prefix, ""))
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
