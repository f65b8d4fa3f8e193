"""What a rule is shown: the facts, and what is required of them."""

from collections.abc import Iterator

import msgspec

from envcheck.facts.snapshot import Snapshot
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.profiles.model import Requirement
from envcheck.report import Proof


class Case(msgspec.Struct, frozen=True):
    """One snapshot to be judged against the requirements of the chosen profiles."""

    facts: Snapshot
    requirements: tuple[Requirement, ...] = ()

    def required(self, *prefixes: str) -> Iterator[Requirement]:
        """The requirements on facts that begin with one of the prefixes."""
        return (requirement for requirement in self.requirements if requirement.fact.startswith(prefixes))

    def said(self, *kinds: SymptomKind) -> Iterator[Symptom]:
        """The symptoms of those kinds."""
        return (symptom for symptom in self.facts.symptoms if symptom.kind in kinds)

    def proof(self, fact: str, value: object) -> Proof:
        """A fact as evidence, with where it is from."""
        return proof(self.facts, fact, value)


def proof(facts: Snapshot, fact: str, value: object) -> Proof:
    """The same, where there are facts and no case."""
    return Proof(fact=fact, value=str(value), source=facts.source_of(fact))


def spoken(symptom: Symptom) -> Proof:
    """What a program said, or its files let expect, as evidence."""
    told = ".predicted" if symptom.was_predicted else ""
    return Proof(fact=f"symptoms[{symptom.kind.value}]{told}", value=symptom.text, source=symptom.source)
