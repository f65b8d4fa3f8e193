"""What an installed package asks of another one, from its own metadata before a table, and whether what is installed is that."""

import msgspec

from envcheck.facts.snapshot import Package, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.knowledge.package_pairs import find_pair
from envcheck.knowledge.specifiers import accepts, pinned_version, split_requirement
from envcheck.knowledge.table import Confidence
from envcheck.report import Proof


class Need(msgspec.Struct, frozen=True):
    """The range of another package that one asks for; `sure` False: it stands in a row of a table that is no more than likely."""

    package: str
    of: str
    specifier: str
    source: str
    sure: bool

    def accepts(self, version: str) -> bool:
        """Whether it takes that version."""
        return accepts(self.specifier, version)

    @property
    def named(self) -> str:
        """The release in `==3.7.1`, and in `~=3.8.0`, with which its series begins; empty where it leaves more of a choice."""
        return pinned_version(self.specifier.replace("~=", "=="))

    @property
    def proof(self) -> Proof:
        """As evidence."""
        return Proof(fact=f"what {self.package} asks for", value=f"{self.of}{self.specifier}", source=self.source)


def need_of(package: Package | None, *others: str) -> Need | None:
    """What it asks of the first of the others that it names; None where that is not known, or where it asks for any version."""
    if package is None or not isinstance(package.version, str):
        return None
    told = list(map(split_requirement, known(package.requires, ())))
    for other in others:
        ranges = {specifier for name, specifier in told if name == other and specifier}
        if len(ranges) == 1:  # several stand behind markers of platforms, so that none is known to hold here
            return Need(package.name, other, ranges.pop(), f"METADATA of {package.name} {package.version}", sure=True)
    return None if isinstance(package.requires, tuple) else need_of_release(package.name, package.version, *others)


def need_of_release(package: str, version: str, *others: str) -> Need | None:
    """The same by the table alone, of a release that is known and no more."""
    rows = (find_pair(package, version, other) for other in others)
    row = next((row for row in rows if row is not None), None)
    return Need(package, row.needs, row.specifier, row.source, row.confidence is Confidence.HIGH) if row is not None else None


def conflicts_said(facts: Snapshot, package: str, *others: str) -> tuple[Symptom, ...]:
    """Where pip or the package itself said that one of the others, as installed, is not what it asks for."""
    return tuple(
        symptom
        for symptom in facts.symptoms
        if symptom.kind is SymptomKind.VERSION_CONFLICT
        and symptom.details.get("package", "").lower().replace("_", "-") in others
        and symptom.details.get("by", "").partition(" ")[0].lower().replace("_", "-") == package
    )
