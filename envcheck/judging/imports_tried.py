"""What rules about one way in which imports end say where none ended so, or none was tried."""

from envcheck.facts.snapshot import Completeness, Snapshot
from envcheck.judging.gaps import IMPORTS
from envcheck.judging.rule import NotApplicable, NotEvaluated, Passed
from envcheck.knowledge.frameworks import TRIED, installed_for


def none_ended_so(facts: Snapshot, words: str) -> Passed | NotApplicable | NotEvaluated:
    """`words` say of those that were tried that all is well: "none crashed"."""
    tried = [entry.name for entry in facts.imports if entry.status != "absent"]
    if tried:
        return Passed("imports", f"{len(tried)} tried, {words}")
    return NotApplicable("no framework is installed") if facts.imports else none_tried(facts)


def imported_without(facts: Snapshot, subject: str, words: str, otherwise: str) -> Passed | NotApplicable:
    """Of what ends imports and nobody spoke of: passed where frameworks were imported, else no question here, as `otherwise` says."""
    imported = any(entry.status == "imported" for entry in facts.imports)
    return Passed(subject, words) if imported else NotApplicable(otherwise)


def none_tried(facts: Snapshot) -> NotApplicable | NotEvaluated:
    """Not applicable where there is no framework that would have been imported."""
    if facts.observed.imports is Completeness.COMPLETE or _has_none(facts):
        return NotApplicable("no framework that is tried is installed")
    return IMPORTS


def _has_none(facts: Snapshot) -> bool:
    """Where the list of packages is not complete there may be some."""
    return facts.observed.packages is Completeness.COMPLETE and not any(installed_for(facts, name) for name in TRIED)
