"""Checks of profiles in words: which are about to be run, and how each came out."""

import pytest

from envcheck.facts.snapshot import Smoke, Snapshot
from envcheck.observing.own_check import CheckRequest
from envcheck.rendering.fact_names import fact_in_words
from envcheck.rendering.smoke_words import announcement_of_checks, result, results


def check(status: str, reason: str = "", name: str = "loader") -> Smoke:
    return Smoke(framework=name, variant="lab", device="", status=status, reason=reason, command=("true",), seconds=1.24)


def request(name: str, seconds: float) -> CheckRequest:
    return CheckRequest(name=name, profile="lab", key=f"{name}:lab@", command=("true",), folder="/", timeout_s=seconds)


def test_what_is_about_to_be_run_is_named_with_the_longest_time() -> None:
    assert announcement_of_checks([request("loader", 20.0)]) == "Running the check loader: at most 20 s."
    assert (
        announcement_of_checks([request("loader", 1.5), request("disk", 300.0)])
        == "Running the checks loader and disk: at most 300 s each."
    )


@pytest.mark.parametrize(
    ("status", "reason", "words"),
    [
        ("passed", "", "the check loader passed in 1.2 s"),
        ("failed", "it ended with exit code 3, not 0", "the check loader FAILED: it ended with exit code 3, not 0"),
        ("crashed", "it was ended by SIGSEGV", "the check loader CRASHED: it was ended by SIGSEGV"),
        ("timed_out", "it did not come back within 20 s", "the check loader FAILED: it did not come back within 20 s"),
        ("absent", 'there is no program "x"', 'the check loader was not run: there is no program "x"'),
        ("skipped", "", "the check loader was not run"),
    ],
)
def test_a_result_is_told_as_it_comes(status: str, reason: str, words: str) -> None:
    assert result(check(status, reason)) == words


def test_what_failed_comes_first_and_its_reason_is_left_to_its_finding() -> None:
    smoke = (check("passed"), Smoke(framework="torch", device="cpu", status="passed"), check("failed", "no data", "disk"))
    assert list(results(Snapshot(smoke=smoke))) == [
        "the check disk FAILED",
        "the check loader passed in 1.2 s",
        "torch computes correctly on cpu",
    ]


def test_its_facts_are_named_as_those_of_a_check() -> None:
    assert fact_in_words("smoke[loader:lab@].status") == "status of the check loader of lab"
    assert fact_in_words("smoke[keras:jax@cpu].status") == "smoke test of keras:jax@cpu status"
