"""gpu-memory-too-small: the memory of GPUs against what profiles ask for."""

from envcheck.facts.snapshot import Accelerator, Completeness, Memory, Observed, Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.profiles.model import Level, Operator, Requirement
from envcheck.report import Certainty
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
    assert found.message == "GPU memory: 4.2 GB (4 GiB, Card 1); the profile gpu needs 6 GB."
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


def named(name: str, **facts: object) -> Outcome:
    card = Accelerator(index=0, vendor="nvidia", backend="cuda", name=name)
    (outcome,) = RULE.check(Case(Snapshot(accelerators=(card,), **facts), (NEEDED,)))  # type: ignore[arg-type]
    return outcome


def test_a_card_is_judged_by_its_name_where_no_number_is_known() -> None:
    assert isinstance(named("NVIDIA GeForce GTX 1660"), Passed)
    small = named("NVIDIA GeForce GTX 1650")
    assert isinstance(small, Found)
    assert small.certainty is Certainty.LIKELY
    assert small.would_confirm


def test_a_name_of_several_variants_decides_only_where_all_of_them_agree() -> None:
    open_question = named("NVIDIA GeForce GTX 1060")
    assert isinstance(open_question, NotEvaluated)
    assert "between 3 GB and 6.4 GB" in open_question.reason


def test_shared_memory_is_judged_by_the_machines() -> None:
    def shared(gigabytes: int) -> Outcome:
        return named("NVIDIA GB10", memory=Memory(total_bytes=gigabytes * 10**9))

    assert isinstance(shared(128), Passed)
    assert isinstance(shared(8), NotEvaluated)
    assert "it shares the memory of the machine" in shared(8).reason  # type: ignore[union-attr]
    found = shared(4)
    assert isinstance(found, Found)
    assert found.certainty is Certainty.CERTAIN
