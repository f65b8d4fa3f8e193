"""Importing a framework in a child of its own, and what the child's end says: imported, or the symptom why not."""

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.observing.answer import Answer, Ending, Said
from envcheck.observing.endings import ending_symptom, naming_module, printed, spoken, status_of
from envcheck.observing.process import Task

DEADLINE_S = 60.0
# What one framework needs at the most while it is imported: TensorFlow's peak was measured at 0.6 GB.
_EXPECTED_BYTES = 10**9
SOURCE = "import in a child process"
_OF_LOST_FILE = ("library", "reason", "path", "distribution", "lost")


def import_task(executable: str, name: str, deadline_s: float | None, variables: dict[str, str | None]) -> Task:
    """The child that imports this package."""
    return Task(
        name=f"import {name}",
        probe="import_framework",
        python=executable,
        arguments=(name,),
        deadline_s=deadline_s or DEADLINE_S,
        expected_bytes=_EXPECTED_BYTES,
        heavy=True,
        variables=variables,
    )


def import_evidence(name: str, answer: Answer, changed_variables: tuple[str, ...]) -> Evidence:
    """What one import child found; where it died, the facts that its ending tells."""
    answer.confine(f"imports[{name}]")
    evidence = answer.evidence
    add_import(evidence, name, answer, changed_variables)
    worked = answer.ending is Ending.ANSWERED and not answer.said
    evidence.symptoms += [each for each in printed(name, answer, SOURCE, worked=worked) if each not in evidence.symptoms]
    return evidence


def add_import(evidence: Evidence, name: str, answer: Answer, changed_variables: tuple[str, ...]) -> None:
    """Completes what a child told of an import that it made: why it failed, or where it stood when the child died."""
    fact = f"imports[{name}]"
    for words in answer.said:
        evidence.symptoms += import_symptoms(name, words)
    if not any(claim.fact == fact for claim in evidence.claims):
        entry = {"status": status_of(answer.ending), "stage": answer.stage, "seconds": round(answer.seconds, 3)}
        evidence.claims.append(Claim(fact, entry, SOURCE, Trust.MEASURED))
        evidence.symptoms.append(ending_symptom(name, f"import {name}", answer, SOURCE))
    evidence.claims.append(Claim(f"{fact}.changed_variables", list(changed_variables), SOURCE, Trust.MEASURED))


def import_symptoms(name: str, words: Said) -> list[Symptom]:
    """What an exception says, by its finest kind; one that says nothing known is an import that failed. Lost files the child saw itself."""
    if words.details.get("kind") == SymptomKind.FILE_DAMAGED.value:
        details = {key: value for key, value in words.details.items() if key in _OF_LOST_FILE}
        return [Symptom(kind=SymptomKind.FILE_DAMAGED, text=words.text, subject=name, details=details, source=SOURCE)]
    found = naming_module(spoken(name, words.text, SOURCE), [words.details.get("frame", "").rpartition(":")[0]])
    if found:
        return found
    exception, _, message = words.text.partition(": ")
    details = {"exception": exception, "message": message, **words.details}
    return [Symptom(kind=SymptomKind.IMPORT_FAILED, text=words.text, subject=name, details=details, source=SOURCE)]
