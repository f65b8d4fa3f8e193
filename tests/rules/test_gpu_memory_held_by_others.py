"""gpu-memory-held-by-others."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty
from envcheck.rules.gpu_memory_held_by_others import RULE
from tests.rules.rule_words import said, words

GIB = 2**30


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


def ran_out(total: int = 0, free: int = 0, own: int = -1, requested: int = 1) -> dict[str, Any]:
    numbers = {"total": total, "free": free, "own": own, "requested": requested} if total else {}
    return said("out-of-memory", "torch", device="cuda", **{name: str(value * GIB) for name, value in numbers.items() if value >= 0})


def card(free: int, *processes: tuple[int, str, int], index: int = 0) -> dict[str, Any]:
    listed = [{"pid": pid, "name": name, "memory_bytes": size * GIB} for pid, name, size in processes]
    return {
        "vendor": "nvidia",
        "backend": "cuda",
        "index": index,
        "memory_bytes": 24 * GIB,
        "memory_free_bytes": free * GIB,
        "processes": listed,
    }


def test_a_program_that_had_little_of_the_card_was_not_the_one_that_filled_it() -> None:
    (found,) = judge(ran_out(total=24, free=1, own=2, requested=3))
    assert isinstance(found, Found)
    assert found.certainty is Certainty.CERTAIN
    assert found.message == "Of 24.0 GiB of the card, the program had 2.0 GiB when memory ran out; other processes had 21.0 GiB."
    assert "nvidia-smi" in words(found)


def test_who_it_was_is_told_where_a_list_shows_it() -> None:
    (found,) = judge(ran_out(total=24, free=0, own=2), accelerators=[card(0, (77, "ollama", 21)), card(23, index=1)])
    assert "ollama (77) had 22.0 GiB" in found.message
    assert "CUDA_VISIBLE_DEVICES=1" in words(found)


def test_without_numbers_a_full_list_of_processes_makes_it_likely() -> None:
    (found,) = judge(ran_out(), accelerators=[card(0, (77, "python", 23))])
    assert (found.certainty, bool(found.would_confirm)) == (Certainty.LIKELY, True)


@pytest.mark.parametrize(
    ("total", "free", "own", "requested"),
    [(24, 1, 22, 2), (8, 0, 6, 1), (24, 1, 2, 40)],
    ids=["its own", "a desktop beside it", "it would never have fitted"],
)
def test_a_program_that_is_too_large_itself_passes(total: int, free: int, own: int, requested: int) -> None:
    assert [type(outcome) for outcome in judge(ran_out(total, free, own, requested))] == [Passed]


def test_without_numbers_and_without_a_list_it_is_not_evaluated() -> None:
    (outcome,) = judge(ran_out())
    assert isinstance(outcome, NotEvaluated)
    assert outcome.needs


@pytest.mark.parametrize(
    "symptom", [said("out-of-memory", device="cpu"), said("out-of-memory", device="mps"), said("cuda-error", code=700)]
)
def test_other_memory_is_no_matter_of_it(symptom: dict[str, Any]) -> None:
    assert [type(outcome) for outcome in judge(symptom, accelerators=[card(0, (77, "python", 23))])] == [NotApplicable]
