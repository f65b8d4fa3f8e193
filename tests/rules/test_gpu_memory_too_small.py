"""gpu-memory-too-small: the memory of GPUs against what profiles ask for."""

from envcheck.facts.snapshot import Accelerator, Completeness, Observed, Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.profiles.model import Level, Operator, Requirement
from envcheck.rules.gpu_memory_too_small import RULE

NEEDED = Requirement(fact="accelerators.memory_bytes", operator=Operator.AT_LEAST, level=Level.MUST, bound="6 GB", profile="gpu")


def judge(*sizes: int | None) -> Outcome:
    cards = tuple(
        Accelerator(index=index, name=f"Card {index}")
        if size is None
        else Accelerator(index=index, name=f"Card {index}", memory_bytes=size)
        for index, size in enumerate(sizes)
    )
    (outcome,) = RULE.check(Case(Snapshot(accelerators=cards, observed=Observed(accelerators=Completeness.COMPLETE)), (NEEDED,)))
    return outcome


def test_too_little_memory_is_found_with_the_name_of_the_largest_card() -> None:
    found = judge(2 * 2**30, 4 * 2**30)
    assert isinstance(found, Found)
    assert found.message == "GPU memory: 4.2 GB (Card 1); the profile gpu needs 6 GB."
    assert found.evidence[0].fact == "accelerators[1].memory_bytes"


def test_one_large_card_is_enough() -> None:
    assert isinstance(judge(2 * 2**30, 24 * 2**30), Passed)


def test_a_card_of_six_gigabytes_passes_with_what_error_correction_leaves_of_it() -> None:
    assert isinstance(judge(5_820_000_000), Passed)
    assert isinstance(judge(5_819_999_999), Found)


def test_a_card_whose_memory_is_unknown_may_be_the_large_one() -> None:
    assert isinstance(judge(2 * 2**30, None), NotEvaluated)


def test_without_a_gpu_another_rule_speaks() -> None:
    assert isinstance(judge(), NotApplicable)
