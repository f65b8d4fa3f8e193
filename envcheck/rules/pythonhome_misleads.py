"""pythonhome-misleads: PYTHONHOME sends a Python to the standard library of another one."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Completeness, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Remedy, Severity, Step

MANUAL = Manual(
    checks="Whether PYTHONHOME is set, and whether a Python did not find its own standard library.",
    why="PYTHONHOME tells every Python that is started where its standard library lies. Set for one of them, by another program's "
    "installer or by a module of a cluster, it breaks all others: they load parts of a library that was made for another version, or none.",
    example="Fatal Python error: init_fs_encoding: failed to get the Python codec of the filesystem encoding … "
    "ModuleNotFoundError: No module named 'encodings', with PYTHONHOME = '/opt/tools/python3.8'.",
    fix="Unset PYTHONHOME; a Python finds its library by itself.",
    ignore_when="A program that has Python inside it sets the variable for itself alone.",
    sources=(
        "https://docs.python.org/3/using/cmdline.html#envvar-PYTHONHOME",
        "https://docs.python.org/3/c-api/init_config.html#init-path-config",
    ),
)

_NAME = "PYTHONHOME"
_LIBRARY = "encodings"  # the first module that a starting Python looks for


def check(case: Case) -> Iterator[Outcome]:
    """An error where a Python did not start for it, a hint where the variable is merely set for another."""
    facts = case.facts
    said = tuple(symptom for symptom in case.said(SymptomKind.MODULE_NOT_FOUND) if symptom.details.get("module") == _LIBRARY)
    home = facts.variables.get(_NAME) or next((symptom.details["home"] for symptom in said if symptom.details.get("home")), "")
    if said and home:
        yield _found(case, home, said, Severity.ERROR, Certainty.CERTAIN)
    elif said and facts.observed.variables is not Completeness.COMPLETE:
        yield _found(case, "", said, Severity.ERROR, Certainty.LIKELY)
    elif home and not _is_own(facts, home):
        yield _found(case, home, said, Severity.INFO, Certainty.CERTAIN)
    elif home:
        yield Passed(_NAME, f"{home} is this Python's own folder")
    elif facts.observed.variables is Completeness.NONE and facts.live:
        yield NotEvaluated(_NAME, "the environment variables are not known", ("a run of envcheck doctor",))
    else:
        yield NotApplicable("PYTHONHOME is not set, as far as is known")


def _is_own(facts: Snapshot, home: str) -> bool:
    """Whether it names this very Python; from a text nobody can tell, and then nothing is said."""
    own = [known(facts.python.base_prefix, ""), known(facts.python.prefix, "")]
    return not facts.live or not any(own) or home.rstrip("/\\") in [prefix.rstrip("/\\") for prefix in own if prefix]


def _found(case: Case, home: str, said: tuple[Symptom, ...], severity: Severity, certainty: Certainty) -> Found:
    if home and said:
        message = f"Python looks for its standard library in {home}, which {_NAME} names, and does not find it there."
    elif home:
        message = f"{_NAME} names {home}, which is not this Python's folder: other Pythons may not start with it."
    else:
        message = f"Python does not find its own standard library; most often {_NAME} sends it elsewhere."
    named = _NAME in case.facts.variables
    return Found(
        _NAME,
        message,
        severity=severity,
        certainty=certainty,
        evidence=(*map(spoken, said), *((case.proof(f"variables[{_NAME}]", home),) if named else ())),
        would_confirm=() if certainty is Certainty.CERTAIN else (f"echo ${_NAME} prints a folder",),
        remedies=(_remedy(case.facts),),
        symptoms=said,
    )


def _remedy(facts: Snapshot) -> Remedy:
    where = "and take it out of what sets it: a start-up file of the shell, a module of the cluster, the system's variables on Windows"
    if facts.system.os == "Windows":
        return by_hand(f"unset {_NAME}", f"Remove-Item Env:{_NAME}", where)
    return by_hand(f"unset {_NAME}", Step(run=("unset", _NAME)), where)


RULE = Rule(
    name="pythonhome-misleads",
    title="PYTHONHOME belongs to another Python",
    area=Area.PYTHON,
    layer=Layer.PYTHON,
    manual=MANUAL,
    check=check,
    explains=frozenset({"module-not-found", "framework-import-fails"}),
)
