"""Smoke tests in words."""

import pytest

from envcheck.facts.snapshot import Smoke, Snapshot
from envcheck.observing.frameworks import Room
from envcheck.observing.smoke import SmokeRequest
from envcheck.rendering.smoke_words import announcement, result, results


def smoke(framework: str, device: str = "cpu", status: str = "passed", seconds: float = 1.4, **more: object) -> Smoke:
    return Smoke(framework=framework, device=device, status=status, seconds=seconds, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("test", "words"),
    [
        (
            smoke("torch", import_seconds=1.3, compute_seconds=0.05),
            "torch computes correctly on cpu in 1.4 s (import 1.3 s, compute 50 ms)",
        ),
        (smoke("keras", variant="jax", seconds=31.0, slow=True), "keras (jax) computes correctly on cpu in 31.0 s, slow"),
        (smoke("torch", "cuda:0", "failed", layer="compared"), "torch FAILED on cuda:0, in the layer 'compared'"),
        (smoke("torch", "cuda:0", "crashed", layer="computed"), "torch CRASHED on cuda:0, in the layer 'computed'"),
        (smoke("ray", status="timed_out", layer="computed"), "ray did not come back on cpu, in the layer 'computed'"),
        (smoke("numpy", status="failed", layer="imported"), "numpy FAILED on cpu: it could not be imported"),
        (smoke("numpy", status="absent"), "numpy is not installed"),
        (smoke("torch", "cuda:0", "skipped", reason="busy: the card is full"), "torch was not tested on cuda:0: busy: the card is full"),
    ],
)
def test_a_result_is_one_line(test: Smoke, words: str) -> None:
    assert result(test) == words


def test_of_several_devices_each_has_its_time() -> None:
    facts = Snapshot(smoke=(smoke("torch", seconds=0.9, import_seconds=0.8), smoke("torch", "cuda:0")))
    assert list(results(facts)) == ["torch computes correctly on cpu in 0.9 s, on cuda:0 in 1.4 s (import 0.8 s)"]


def test_what_went_wrong_comes_first_and_what_is_well_stands_together() -> None:
    facts = Snapshot(smoke=(smoke("numpy", seconds=0.2), smoke("torch", status="failed", layer="computed"), smoke("sklearn")))
    assert list(results(facts)) == [
        "torch FAILED on cpu, in the layer 'computed'",
        "numpy (0.2 s), sklearn (1.4 s) compute correctly on cpu",
    ]


def test_of_many_that_are_well_some_are_named() -> None:
    (words,) = results(Snapshot(smoke=tuple(smoke(f"framework{number}") for number in range(11))))
    assert words.endswith("framework7 (1.4 s), 3 more compute correctly on cpu")


def test_the_expected_time_is_that_of_the_slowest_or_of_all_on_these_cores() -> None:
    tests = [SmokeRequest(name=name, import_name=name, expected_s=seconds) for name, seconds in (("a", 9.0), ("b", 3.0), ("c", 3.0))]
    assert announcement(tests, Room(cores=4, memory_bytes=None)) == "Testing a, b and c: about 9 s."
    assert announcement(tests, Room(cores=1, memory_bytes=None)) == "Testing a, b and c: about 15 s."
    assert announcement(tests[:1], Room(cores=1, memory_bytes=None)) == "Testing a: about 9 s."


def test_the_time_is_split_into_import_and_compute() -> None:
    tests = [smoke(name, import_seconds=1.0, compute_seconds=0.4) for name in ("numpy", "sklearn")]
    each = "(import 1.0 s, compute 0.4 s)"
    assert list(results(Snapshot(smoke=tuple(tests)))) == [f"numpy {each}, sklearn {each} compute correctly on cpu"]
    assert list(results(Snapshot(smoke=tuple(tests[:1])))) == [f"numpy computes correctly on cpu in 1.4 s {each}"]
