"""module-shadowed: a file of the user's that is imported in place of a framework or a standard module."""

from collections.abc import Iterator

from envcheck.facts.snapshot import ShadowingFile, Snapshot, known
from envcheck.judging.case import Case, spoken
from envcheck.judging.gaps import SHADOWING
from envcheck.judging.rule import Found, Layer, Manual, Outcome, Passed, Rule
from envcheck.judging.wording import full_stop
from envcheck.knowledge.frameworks import FRAMEWORKS
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Severity

MANUAL = Manual(
    checks="Whether a file or folder in the working folder or on PYTHONPATH has the name of a framework or of a module of the standard "
    "library, and is found first.",
    why="Python searches the folder of the program and PYTHONPATH before the installed packages. A program of one's own called torch.py, "
    "or a random.py beside it, is then imported by every library that asks for that module.",
    example="random.py in the working folder: import numpy ends with AttributeError: module 'random' has no attribute …",
    fix="Rename the file or folder, and delete the compiled copy in __pycache__ beside it.",
    ignore_when="The file stands in for the module on purpose, for instance in a checkout of the framework itself.",
    sources=("https://docs.python.org/3/library/sys_path_init.html",),
)

# Modules of the standard library that no library imports: a folder called `test` is what most projects have.
_HARMLESS = frozenset({"test", "tests", "this", "antigravity", "idlelib", "turtledemo", "__main__", "__hello__", "__phello__"})


def check(case: Case) -> Iterator[Outcome]:
    """One finding per file; an error where a program has already stumbled over it."""
    shadowing = case.facts.python.shadowing
    if not isinstance(shadowing, tuple):
        yield SHADOWING
        return
    files = [file for file in shadowing if _hides_a_module(case.facts, file) and not _is_the_installation(case.facts, file)]
    for file in files:
        yield _finding(case, file)
    if not files:
        yield Passed("working folder and PYTHONPATH", "no file stands before a framework or a standard module")


def _hides_a_module(facts: Snapshot, file: ShadowingFile) -> bool:
    """A text tells the name of a file, not whether anything else has it."""
    is_known = facts.live or file.standard_library or file.module in FRAMEWORKS or facts.package(file.module.replace("_", "-")) is not None
    return is_known and file.module not in _HARMLESS


def _is_the_installation(facts: Snapshot, file: ShadowingFile) -> bool:
    """An editable installation is imported from the folder that it was made of."""
    package = facts.package(file.module.replace("_", "-").lower())
    location = known(package.location, "") if package is not None else ""
    return bool(location) and file.path.replace("\\", "/").startswith(location.replace("\\", "/").rstrip("/") + "/")


def _finding(case: Case, file: ShadowingFile) -> Found:
    symptoms = tuple(
        symptom for symptom in case.facts.symptoms if file.path in (*symptom.details.values(), symptom.text) or _names(symptom.text, file)
    )
    what = f"the standard module {file.module}" if file.standard_library else f"the installed {file.module}"
    failed = any(entry.name == file.module and entry.status in ("failed", "crashed") for entry in case.facts.imports)
    return Found(
        subject=file.path,
        message=full_stop(f"{file.path} is imported in place of {what} by programs that run from there"),
        severity=Severity.ERROR if symptoms or failed else Severity.WARNING,
        evidence=(case.proof("python.shadowing", file.path), *(spoken(symptom) for symptom in symptoms)),
        remedies=(by_hand("give it another name", f"rename {file.path}", "delete the folder __pycache__ beside it"),),
        symptoms=symptoms,
        about=(file.module, *(symptom.subject for symptom in symptoms if symptom.subject)),
    )


def _names(text: str, file: ShadowingFile) -> bool:
    """Python names the file in a traceback and, from 3.13 on, in the message itself."""
    return f'"{file.path}' in text or f"'{file.path}" in text or f"({file.path})" in text


RULE = Rule(
    name="module-shadowed",
    title="A file of one's own hides a module",
    area=Area.PYTHON,
    layer=Layer.PYTHON,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-import-fails", "framework-import-crashes", "import-failed"}),
)
