"""A container whose device nodes were closed while it ran."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty
from envcheck.rules.container_lost_gpu_devices import RULE
from tests.rules.rule_words import said, words


def judge(*symptoms: dict[str, Any], **facts: Any) -> Any:
    (outcome,) = RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot)))
    return outcome


DOCKER = {"os": "Linux", "container": "docker"}
UNKNOWN = said("nvml-error", "nvidia-smi", 999, name="UNKNOWN")


def node(error: str | None = None) -> dict[str, Any]:
    return {"path": "/dev/nvidia0", "mode": "crw-rw-rw-", "accessible": error is None, **({"error": error} if error else {})}


@pytest.mark.parametrize(
    ("symptoms", "facts", "certainty"),
    [
        ([UNKNOWN], {"system": DOCKER}, "certain"),
        ([UNKNOWN], {}, "likely"),
        ([], {"system": DOCKER, "devices": [node("EPERM")]}, "certain"),
    ],
)
def test_it_fires(symptoms: list[Any], facts: dict[str, Any], certainty: str) -> None:
    found = judge(*symptoms, **facts)
    assert isinstance(found, Found)
    assert found.certainty is Certainty(certainty)
    assert "docker restart" in words(found)
    assert "cgroupfs" in words(found)


@pytest.mark.parametrize(
    ("symptoms", "facts"),
    [
        ([UNKNOWN], {"system": {"container": None}}),
        ([said("nvml-error", "nvidia-smi", 999, device="0000:01:00.0")], {"system": DOCKER}),
        ([{**UNKNOWN, "scope": "host"}], {"system": DOCKER}),
        ([], {"system": {**DOCKER, "job": "4711"}, "devices": [node("EPERM")]}),
        ([], {"system": DOCKER, "devices": [node("EACCES")]}),
        ([], {"system": DOCKER}),
        ([], {}),
    ],
)
def test_it_does_not_fire(symptoms: list[Any], facts: dict[str, Any]) -> None:
    assert isinstance(judge(*symptoms, **facts), NotApplicable)


def test_open_nodes_pass() -> None:
    assert isinstance(judge(system=DOCKER, devices=[node()]), Passed)


def test_a_pod_is_deleted() -> None:
    assert "delete the pod" in words(judge(UNKNOWN, system={"container": "kubernetes"}))


NO_DEVICE = said("cuda-error", "torch", 100)


def test_a_program_that_found_no_gpu_makes_the_nodes_a_question() -> None:
    outcome = judge(NO_DEVICE, system=DOCKER)
    assert isinstance(outcome, NotEvaluated)
    assert "nvidia-smi" in outcome.needs[0]


@pytest.mark.parametrize(
    "facts",
    [
        {"nvidia": {"state": "ok"}},
        {"live": True},
        {"devices": [{"path": "/dev/nvidia*", "error": "ENOENT"}]},
    ],
)
def test_what_is_told_of_the_nodes_leaves_no_question(facts: dict[str, Any]) -> None:
    assert isinstance(judge(NO_DEVICE, system=DOCKER, **facts), NotApplicable)
