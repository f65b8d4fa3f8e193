"""framework-end-of-life: a framework of a series that has had no release for years."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.judging.case import Case
from envcheck.judging.jax_installation import jax_installation
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.tensorflow_build import tensorflow_build
from envcheck.judging.torch_build import torch_build
from envcheck.knowledge import TABLES_DATE
from envcheck.knowledge.ends_of_life import LastRelease, find_last_release, months_between, newest_release, spoken_month
from envcheck.knowledge.versions import release
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Proof, Severity

MANUAL = Manual(
    checks="Whether torch, TensorFlow or JAX is of a series whose last release is more than two years old, while newer series exist.",
    why="None of the three is repaired in old series: a hole or a bug is fixed in the next release, and whoever stays behind keeps it. "
    "After two years the drivers, Pythons and cards that came since are not known to such a release either.",
    example="torch 2.1.0 in November 2026: the last release of 2.1 was 2.1.2 in December 2023, and 2.15.0 is the newest.",
    fix="Plan the step to a current release, with the companions that belong to it.",
    ignore_when="An old result has to be reproduced, the card needs a build that old, or a vendor keeps this release up itself.",
    sources=(
        "https://github.com/pytorch/pytorch/blob/main/RELEASE.md",
        "https://github.com/tensorflow/tensorflow/blob/master/SECURITY.md",
        "https://docs.jax.dev/en/latest/changelog.html",
    ),
)

# A threshold of ours: none of the projects promises any time, and a framework that is a year old is nothing to speak of.
_MONTHS_WITHOUT_RELEASE = 24


def check(case: Case) -> Iterator[Outcome]:
    """Each framework by its own series, at the time at which the facts were taken, or where a text does not tell, at that of the tables."""
    installed = list(_installed(case.facts))
    for name, version, fact in installed:
        yield _judged(case, name, version, fact)
    if not installed:
        yield NotApplicable("neither torch nor TensorFlow nor JAX is known to be installed")


def _installed(facts: Snapshot) -> Iterator[tuple[str, str, str]]:
    """Name, version and the version's fact of each framework that is there."""
    torch, tensorflow, jax = torch_build(facts), tensorflow_build(facts), jax_installation(facts)
    if torch is not None:
        yield "torch", torch.version, _fact(facts, "torch")
    if tensorflow is not None:
        yield "tensorflow", tensorflow.version, _fact(facts, tensorflow.distribution)
    if jax is not None and facts.package("jax") is not None:
        yield "jax", jax.jax, _fact(facts, "jax")


def _fact(facts: Snapshot, name: str) -> str:
    package = facts.package(name)
    return f"packages[{name}].version" if package is not None and known(package.version, "") else f"builds[{name}].version"


def _judged(case: Case, name: str, version: str, fact: str) -> Outcome:
    row = find_last_release(name, version)
    if not release(version):
        return NotEvaluated(name, "its version is not known", ("the output of pip list",))
    if row is None:
        return NotEvaluated(f"{name} {version}", "its series is in no table")
    newest, taken = newest_release(name), case.facts.taken or TABLES_DATE
    if row is newest or months_between(row.released, taken) <= _MONTHS_WITHOUT_RELEASE:
        return Passed(f"{name} {version}", f"the last release of {row.series} was in {spoken_month(row.released)}")
    return _finding(case, f"{name} {version}", fact, row, newest)


def _finding(case: Case, subject: str, fact: str, row: LastRelease, newest: LastRelease) -> Found:
    return Found(
        subject=subject,
        message=f"{subject} is of a series without fixes: the last release of {row.series} was {row.last} in {spoken_month(row.released)}, "
        f"and the newest is {newest.last}.",
        severity=Severity.INFO,
        certainty=Certainty.CERTAIN,
        evidence=(
            case.proof(fact, subject.partition(" ")[2]),
            Proof(fact=f"last release of {row.name} {row.series}", value=f"{row.last}, {row.released}", source=row.source),
        ),
        remedies=(by_hand(f"plan the step to a current release of {row.name}: {newest.last} is the newest"),),
        about=(row.name,),
    )


RULE = Rule(
    name="framework-end-of-life",
    title="The framework's series gets no releases any more",
    area=Area.FRAMEWORKS,
    layer=Layer.BUILD,
    manual=MANUAL,
    check=check,
)
