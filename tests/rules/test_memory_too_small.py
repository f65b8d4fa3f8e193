"""memory-too-small: memory against what profiles ask for."""

import msgspec
import pytest

from envcheck.facts.snapshot import Memory, Snapshot, System, Unknown, UnknownReason
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.profiles.model import Level, Operator, Requirement
from envcheck.report import Severity
from envcheck.rules.memory_too_small import RULE

NEEDED = Requirement(fact="memory.total_bytes", operator=Operator.AT_LEAST, level=Level.MUST, bound="8 GB", profile="lab")


def judge(snapshot: Snapshot, *requirements: Requirement) -> list[Outcome]:
    return list(RULE.check(Case(snapshot, requirements or (NEEDED,))))


def test_too_little_memory_is_found_with_both_numbers() -> None:
    (found,) = judge(Snapshot(memory=Memory(total_bytes=4_100_000_000, limit_bytes=None)))
    assert isinstance(found, Found)
    assert found.message == "Memory: 4.1 GB; the profile lab needs 8 GB."
    assert (found.severity, found.requirement) == (Severity.ERROR, NEEDED)
    assert [proof.value for proof in found.evidence] == ["4100000000"]


def test_the_limit_of_a_container_counts_and_is_named_as_such() -> None:
    (found,) = judge(Snapshot(memory=Memory(total_bytes=33_500_000_000, limit_bytes=4_200_000_000)))
    assert isinstance(found, Found)
    assert found.message == "Memory: 4.2 GB (limit of the container or job; the machine has 33.5 GB); the profile lab needs 8 GB."
    assert found.remedies[0].steps[0].do == "with Docker: start the container with --memory=8g"


def test_a_batch_job_is_told_to_ask_for_more() -> None:
    snapshot = Snapshot(memory=Memory(total_bytes=10**11, limit_bytes=10**9), system=System(scheduler="slurm"))
    (found,) = judge(snapshot)
    assert isinstance(found, Found)
    assert found.remedies[0].steps[0].do == "submit the job with --mem=8G"
    binary = msgspec.structs.replace(NEEDED, bound="8 GiB")
    (found,) = judge(snapshot, binary)
    assert isinstance(found, Found)
    assert found.remedies[0].steps[0].do == "submit the job with --mem=8G"


@pytest.mark.parametrize("total", [8_160_437_862, 7_760_000_000])
def test_what_firmware_takes_away_is_allowed_for(total: int) -> None:
    (passed,) = judge(Snapshot(memory=Memory(total_bytes=total)))
    assert isinstance(passed, Passed)


def test_three_per_cent_are_the_boundary() -> None:
    assert isinstance(judge(Snapshot(memory=Memory(total_bytes=7_759_999_999)))[0], Found)


def test_unknown_memory_is_not_evaluated_with_its_reason() -> None:
    unknown = Unknown(fact="memory.total_bytes", reason=UnknownReason.DENIED, detail="/proc/meminfo")
    (gap,) = judge(Snapshot(unknown=(unknown,)))
    assert isinstance(gap, NotEvaluated)
    assert "denied" in gap.reason
    assert gap.requirement == NEEDED


def test_without_a_requirement_it_does_not_apply() -> None:
    assert isinstance(next(iter(RULE.check(Case(Snapshot())))), NotApplicable)
