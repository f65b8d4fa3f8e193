"""What a child wrote is believed as far as it has the shape of an answer, and about what it was asked."""

import math

import pytest

from envcheck.facts.claims import Claim, Evidence, Trust, resolve_what_fits
from envcheck.observing.answer import Answer, Ending, Heard, read_channel

MARK = "3fa9"


def answer_of(*lines: str) -> Answer:
    answer = Answer("host", Ending.ANSWERED)
    read_channel(answer, "".join(f"{MARK} {line}\n" for line in lines), MARK)
    return answer


@pytest.mark.parametrize(
    "line",
    [
        *("fact", "fact {}", "fact []", "fact [1, 2, 3]", 'fact ["a"', 'fact ["a", 1]', 'fact ["a", NaN, "b"]', 'fact ["a", Infinity, ""]'),
        *("fact " + "[" * 100_000, 'fact ["a", ' + "9" * 5000 + ', ""]', 'unknown ["a", "no reason", ""]', 'unknown ["a", "denied", 1]'),
        *(
            'observed ["packages", "wholly"]',
            "observed [[], {}]",
            'said ["a", "b", 5]',
            'said ["a", "b", {"c": 1}]',
            "too-old {}",
            "odd [1]",
        ),
    ],
)
def test_a_line_that_no_probe_writes_is_passed_over(line: str) -> None:
    answer = answer_of(line, 'fact ["memory.total_bytes", 5, "x"]')
    assert [claim.fact for claim in answer.evidence.claims] == ["memory.total_bytes"]
    assert not answer.evidence.unknown
    assert not answer.evidence.observed
    assert not answer.said
    assert answer.ending is Ending.ANSWERED


def test_what_is_listed_stands_behind_what_is_measured() -> None:
    answer = answer_of('listed ["accelerators[0].name", "GA102", "pci.ids"]', 'fact ["accelerators[0].name", "RTX 3090", "NVML"]')
    facts = resolve_what_fits(answer.evidence, taken="", live=True)
    assert facts.accelerators[0].name == "RTX 3090"
    assert answer.evidence.claims[0].trust is Trust.PRINTED


def test_stages_and_words_are_kept_within_bounds() -> None:
    answer = answer_of(*["stage " + "x" * 10_000] * 5000, *['said ["torch", "' + "y" * 100_000 + '", {}]'] * 100)
    assert len(answer.stages) == 1000
    assert len(answer.said) == 20
    assert max(map(len, answer.stages)) <= 300
    assert len(answer.said[0].text) == 20_000


def test_an_answer_is_confined_to_what_was_asked() -> None:
    answer = answer_of(
        'fact ["imports[torch]", {"status": "imported"}, ""]',
        'fact ["imports[torch].version", "1", ""]',
        'fact ["imports[jax]", {"status": "imported"}, ""]',
        'fact ["memory.total_bytes", 1, ""]',
        'unknown ["imports[torch].path", "denied", ""]',
        'unknown ["packages", "denied", ""]',
        'observed ["packages", "complete"]',
    )
    answer.confine("imports[torch]")
    assert [claim.fact for claim in answer.evidence.claims] == ["imports[torch]", "imports[torch].version"]
    assert [unknown.fact for unknown in answer.evidence.unknown] == ["imports[torch].path"]
    assert not answer.evidence.observed


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        *(("memory.total_bytes", "8"), ("memory", 5), ("packages[x]", 5), ("packages", [1]), ("packages[x].state", "odd"), ("", 1)),
        *(
            ("accelerators[0].memory_bytes", "much"),
            ("python.tags", "py3"),
            ("imports[torch]", {}),
            ("cpu.usable_cores", {"a": math.pi}),
            ("builds[torch]", []),
        ),
    ],
)
def test_a_fact_of_another_type_becomes_unknown_and_the_rest_stands(fact: str, value: object) -> None:
    claims = [
        Claim("system.os", "Linux", "", Trust.MEASURED),
        Claim(fact, value, "", Trust.MEASURED),
        Claim("memory.swap_bytes", 7, "", Trust.MEASURED),
    ]
    snapshot = resolve_what_fits(Evidence(claims=claims, observed={"packages": "complete"}), taken="", live=True)
    assert (snapshot.system.os, snapshot.memory.swap_bytes) == ("Linux", 7)
    assert [(unknown.fact, unknown.reason.value) for unknown in snapshot.unknown] == [(fact, "unparsable")]
    assert snapshot.observed.packages.value == ("none" if fact.startswith("packages") else "complete")


def test_a_child_that_still_runs_is_heard_of_line_by_line() -> None:
    heard = Heard("mark")
    heard.take(b"mark stage started\nmark stage importing torch\nmark dead")
    assert (heard.told(), heard.told(), heard.deadline_s) == ("importing torch", "", None)
    heard.take(b"line 20.0\nother stage forged\nmark stage tested torch on cpu\n")
    assert (heard.told(), heard.deadline_s) == ("tested torch on cpu", 20.0)
    assert heard.last_result is not None
    heard.take(b"mark deadline nan\nmark deadline -1\nmark deadline 1e300\nmark deadline soon\n")
    assert heard.deadline_s is None


def test_results_without_end_are_no_reason_to_wait_without_end() -> None:
    heard = Heard("mark")
    heard.take(b"mark stage tested it on cpu\n" * 64)
    last = heard.last_result
    heard.take(b"mark stage tested it on cpu\n" * 1000)
    assert heard.last_result == last
