"""gpu-capability-too-low: compute capability against what profiles ask for."""

from envcheck.facts.snapshot import Accelerator, Completeness, Observed, Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.profiles.model import Level, Operator, Requirement
from envcheck.rules.gpu_capability_too_low import RULE

NEEDED = Requirement(fact="accelerators.compute_capability", operator=Operator.AT_LEAST, level=Level.MUST, bound="7.5", profile="gpu")


def card(index: int, capability: str | None, name: str = "NVIDIA Test Card") -> Accelerator:
    if capability is None:
        return Accelerator(index=index, vendor="nvidia", backend="cuda", name=name)
    return Accelerator(index=index, vendor="nvidia", backend="cuda", name=name, compute_capability=capability)


def judge(*cards: Accelerator) -> Outcome:
    (outcome,) = RULE.check(Case(Snapshot(accelerators=cards, observed=Observed(accelerators=Completeness.COMPLETE)), (NEEDED,)))
    return outcome


def test_an_old_card_is_found_with_its_number() -> None:
    found = judge(card(0, "6.1"))
    assert isinstance(found, Found)
    assert found.message == "GPU: compute capability 6.1 (NVIDIA Test Card); the profile gpu needs compute capability 7.5 or newer."


def test_the_generation_of_a_gtx_1660_is_the_boundary() -> None:
    assert isinstance(judge(card(0, "7.5")), Passed)
    assert isinstance(judge(card(0, "7.2")), Found)
    assert isinstance(judge(card(0, "10.0")), Passed)


def test_the_best_of_several_cards_decides() -> None:
    assert isinstance(judge(card(0, "5.2"), card(1, "8.9")), Passed)


def test_a_known_name_is_as_good_as_the_number() -> None:
    found = judge(card(0, None, "NVIDIA GeForce GTX 1080 Ti"))
    assert isinstance(found, Found)
    assert "6.1" in found.message


def test_an_unknown_card_is_not_evaluated() -> None:
    assert isinstance(judge(card(0, "6.1"), card(1, None)), NotEvaluated)


def test_other_makers_have_no_compute_capability() -> None:
    assert isinstance(judge(Accelerator(index=0, vendor="amd", backend="rocm")), NotApplicable)
    assert isinstance(judge(), NotApplicable)
