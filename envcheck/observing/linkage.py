"""What the compiled files of installed frameworks let expect before any of them is imported, and what an import then refutes."""

import sys

from msgspec.structs import replace

from envcheck.facts.claims import Evidence
from envcheck.facts.snapshot import Snapshot, Unknown, UserSite, known
from envcheck.facts.symptoms import PREDICTED, Symptom, SymptomKind
from envcheck.observing.answer import Answer, Ending, Said
from envcheck.observing.light_probes import end_in_words, reason_of
from envcheck.observing.process import Task
from envcheck.observing.runner import Progress, run

DEADLINE_S = 10.0
NAME = "linkage"
# What the levels of x86-64 bring that is asked for by name, the part that is most often missing first.
_BROUGHT = {"2": ("sse4_2", "sse4_1", "ssse3", "popcnt"), "3": ("avx", "avx2", "fma", "bmi2", "f16c"), "4": ("avx512f", "avx512vl")}
# An import that works shows that the files of these were loaded too.
_IMPORTS_TOO = {
    "jax": ("jaxlib", "numpy", "scipy"),
    "sklearn": ("numpy", "scipy"),
    "xgboost": ("numpy", "scipy"),
    "lightgbm": ("numpy",),
    "tensorflow": ("numpy", "h5py"),
    "onnxruntime": ("numpy",),
    "keras": ("numpy", "h5py"),
    "torchvision": ("torch", "PIL"),
    "torchaudio": ("torch",),
}


def predict(executable: str, facts: Snapshot, progress: Progress | None = None) -> Evidence:
    """Reads the files of the frameworks of an environment; the symptoms are marked as predicted. Nothing is asked but on Linux."""
    if known(facts.system.os, "") != "Linux" or not facts.packages:
        return Evidence()
    answer = run([linkage_task(executable, facts)], progress=progress)[NAME]
    found = Evidence(unknown=list(answer.evidence.unknown))
    if answer.ending is not Ending.ANSWERED:
        found.unknown.append(Unknown(fact=NAME, reason=reason_of(answer), detail=f"the linkage probe {end_in_words(answer)}"))
    found.symptoms = predictions(answer, facts)
    return found


def linkage_task(executable: str, facts: Snapshot) -> Task:
    """The probe, under envcheck's own interpreter; the folders are those of the examined one, in the order in which it searches them."""
    python = facts.python
    of_user = [python.user_site.path] if isinstance(python.user_site, UserSite) and python.user_site.enabled is True else []
    folders = [*known(python.python_path, ()), *(path for path in of_user if isinstance(path, str)), *python.site_folders]
    named = {
        "python": executable,
        "prefix": known(python.prefix, ""),
        "base": known(python.base_prefix, ""),
        "tag": next(iter(python.tags), ""),
    }
    arguments = [f"{name}={value}" for name, value in named.items() if value]
    arguments += [f"site={folder}" for folder in dict.fromkeys(folders) if folder.startswith("/")]
    return Task(NAME, NAME, sys.executable, tuple(arguments), DEADLINE_S, own=True)


def predictions(answer: Answer, facts: Snapshot) -> list[Symptom]:
    """What the probe told, as symptoms; an instruction set that the processor has is no trouble."""
    found = (_symptom(said, facts) for said in answer.said)
    return [symptom for symptom in found if symptom is not None]


def _symptom(said: Said, facts: Snapshot) -> Symptom | None:
    details = dict(said.details)
    kind, source, level = SymptomKind(details.pop("kind")), details.pop("source", ""), details.pop("level", "")
    if level:
        missing = _missing_of_level(level, facts)
        if not missing:
            return None
        details["capability"] = missing
    return Symptom(kind=kind, text=said.text, subject=said.subject, details={**details, PREDICTED: "files"}, source=source)


def _missing_of_level(level: str, facts: Snapshot) -> str:
    """The first instruction set that the level has and the processor lacks; empty where it has all, or nothing is known of it."""
    features = facts.cpu.features
    if not isinstance(features, tuple) or not features:
        return ""
    asked = (name for number, names in _BROUGHT.items() if number <= level for name in names)
    return next((name for name in asked if name not in features), "")


def unrefuted(predicted: list[Symptom], tried: Evidence) -> list[Symptom]:
    """The predictions that no import has shown to be wrong, and none has said in its own words."""
    statuses = {
        claim.fact[len("imports[") : -1]: str(claim.value.get("status", ""))
        for claim in tried.claims
        if claim.fact.startswith("imports[") and claim.fact.endswith("]") and isinstance(claim.value, dict)
    }
    loaded = {name for name, status in statuses.items() if status == "imported"}
    loaded |= {other for name in loaded for other in _IMPORTS_TOO.get(name, ())}
    said = {_key(symptom) for symptom in tried.symptoms}
    left = [symptom for symptom in predicted if symptom.subject not in loaded and _key(symptom) not in said]
    return [*left, *(replace(lost, subject=name) for lost in left for name in _others_that_missed(lost, tried))]


def _others_that_missed(lost: Symptom, tried: Evidence) -> list[str]:
    """Whose import missed the very file that a package has lost: it may be another package's."""
    if lost.details.get("reason") != "absent":
        return []
    names = (each.subject for each in tried.symptoms if each.kind is SymptomKind.LIBRARY_NOT_FOUND and _file(each) == _file(lost))
    return [name for name in dict.fromkeys(names) if name != lost.subject]


def _file(symptom: Symptom) -> str:
    return symptom.details.get("library", "").rpartition("/")[2]


def _key(symptom: Symptom) -> tuple[str, str, str, str]:
    """The same trouble has one, whoever tells it: the loader names folders where it has found something, and none where it has not."""
    details = symptom.details
    return symptom.kind.value, symptom.subject, _file(symptom), details.get("version", "")
