from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty, Severity
from envcheck.rules.jax_native_windows_no_gpu import RULE

WINDOWS = {"os": "Windows"}
JAX = [{"name": "jax", "version": "0.7.2", "state": "ok"}]
CARD = {"index": 0, "vendor": "nvidia", "backend": "cuda", "name": "NVIDIA GeForce RTX 4080"}
FALLBACK = {"kind": "provider-fallback", "text": "No GPU/TPU found", "subject": "jax", "details": {"provider": "gpu"}}
NO_WHEEL = {"kind": "no-matching-distribution", "text": "none", "details": {"requirement": "jax-cuda12-plugin", "versions": "none"}}


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


@pytest.mark.parametrize(
    ("symptoms", "facts"),
    [((FALLBACK,), {}), ((NO_WHEEL,), {}), ((), {"packages": JAX, "accelerators": [CARD]}), ((FALLBACK,), {"packages": JAX})],
)
def test_jax_on_windows_with_a_wish_for_a_gpu_is_found(symptoms: tuple[dict[str, Any], ...], facts: dict[str, Any]):
    (found,) = judge(*symptoms, system=WINDOWS, **facts)
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.CERTAIN)
    assert ("wsl", "--install") in [step.run for step in found.remedies[0].steps]


@pytest.mark.parametrize("channel", ["jax_cuda_releases", "jax[cuda12]"])
def test_jax_that_was_asked_for_with_cuda_on_windows_is_found(channel: str):
    (found,) = judge(system=WINDOWS, packages=[{**JAX[0], "channel": channel}])
    assert isinstance(found, Found)
    assert [proof.value for proof in found.evidence if proof.fact == "packages[jax].channel"] == [channel]


def test_a_live_machine_whose_gpu_serves_another_framework_gets_a_hint():
    (found,) = judge(live=True, packages=JAX, accelerators=[CARD], system=WINDOWS, builds={"torch": {"cuda": "12.8"}})
    assert found.severity is Severity.INFO


def test_without_a_card_the_cpu_is_right():
    outcomes = judge(packages=JAX, system=WINDOWS, observed={"accelerators": "complete"})
    assert [type(outcome) for outcome in outcomes] == [Passed]


@pytest.mark.parametrize("facts", [{"packages": JAX, "system": WINDOWS}, {"packages": JAX}])
def test_an_unknown_card_or_system_leaves_it_open(facts: dict[str, Any]):
    assert [type(outcome) for outcome in judge(**facts)] == [NotEvaluated]


@pytest.mark.parametrize(
    "facts",
    [{}, {"system": WINDOWS, "accelerators": [CARD]}, {"packages": JAX, "system": {"os": "Linux", "wsl": 2}, "accelerators": [CARD]}],
)
def test_elsewhere_and_without_jax_it_is_no_question(facts: dict[str, Any]):
    assert [type(outcome) for outcome in judge(**facts)] == [NotApplicable]


def test_jax_that_computes_on_a_gpu_has_what_it_wants():
    outcomes = judge(packages=JAX, system=WINDOWS, accelerators=[CARD], builds={"jax": {"cuda_available": True}})
    assert [type(outcome) for outcome in outcomes] == [Passed]
