"""What is said where no import ended in the way that a rule is about."""

import pytest

from envcheck.facts.snapshot import Completeness, Import, Observed, Package, PackageState, Snapshot
from envcheck.judging.imports_tried import imported_without, none_ended_so, none_tried
from envcheck.judging.rule import NotApplicable, NotEvaluated, Passed

TORCH = Package(name="torch", state=PackageState.OK)
ALL = Observed(packages=Completeness.COMPLETE)


def tried(*statuses: str) -> Snapshot:
    return Snapshot(imports=tuple(Import(name=f"module{number}", status=status) for number, status in enumerate(statuses)))


@pytest.mark.parametrize(
    ("snapshot", "outcome"),
    [
        (tried("imported"), Passed),
        (tried("failed", "imported"), Passed),
        (tried("failed", "absent"), NotApplicable),
        (Snapshot(), NotApplicable),
    ],
)
def test_only_what_was_imported_shows_that_nothing_was_missed(snapshot: Snapshot, outcome: type) -> None:
    assert isinstance(imported_without(snapshot, "glibc", "none missed it", "nobody missed it"), outcome)


@pytest.mark.parametrize(
    ("snapshot", "outcome"), [(tried("imported", "crashed"), Passed), (tried("absent"), NotApplicable), (Snapshot(), NotEvaluated)]
)
def test_of_imports_that_were_tried_their_number_is_told(snapshot: Snapshot, outcome: type) -> None:
    told = none_ended_so(snapshot, "none hung")
    assert isinstance(told, outcome)
    assert not isinstance(told, Passed) or told.message == "2 tried, none hung"


@pytest.mark.parametrize(
    ("snapshot", "outcome"),
    [
        (Snapshot(packages=(TORCH,), observed=ALL), NotEvaluated),
        (Snapshot(observed=ALL), NotApplicable),
        (Snapshot(observed=Observed(imports=Completeness.COMPLETE)), NotApplicable),
    ],
)
def test_where_a_framework_would_have_been_imported_it_is_missed(snapshot: Snapshot, outcome: type) -> None:
    assert isinstance(none_tried(snapshot), outcome)
