"""The verdict in one sentence."""

import pytest

from envcheck.facts.snapshot import Completeness, Observed, Python, Snapshot
from envcheck.judging.engine import diagnose
from envcheck.rendering.verdict import verdict


@pytest.mark.parametrize(
    "facts", [Snapshot(), Snapshot(taken="2026-01-05T10:00:00Z"), Snapshot(observed=Observed(disks=Completeness.PARTIAL))]
)
def test_of_a_text_that_says_nothing_nothing_was_recognised(facts: Snapshot) -> None:
    assert "was recognised" in verdict(diagnose(facts, ())).message


@pytest.mark.parametrize(
    "facts", [Snapshot(python=Python(version="3.12.1")), Snapshot(variables={"OMP_NUM_THREADS": "1"}), Snapshot(modules=("nvidia",))]
)
def test_a_saved_snapshot_was_read_though_it_has_no_sources(facts: Snapshot) -> None:
    assert verdict(diagnose(facts, ())).message.startswith("Nothing wrong was found in what was given")
