from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty, Severity
from envcheck.rules.shm_too_small import RULE


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


BUS_ERROR = {"kind": "shared-memory-exhausted", "text": "DataLoader worker (pid 47) is killed by signal: Bus error.", "subject": "torch"}
MIB = 1024 * 1024
TORCH = [{"name": "torch", "version": "2.8.0", "state": "ok"}]
DOCKER = {"os": "Linux", "container": "docker"}


def test_a_worker_that_died_of_it_is_found():
    (found,) = judge(BUS_ERROR, memory={"shm_bytes": 64 * MIB}, system=DOCKER)
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.CERTAIN)
    assert "67 MB" in found.message
    assert "--shm-size" in found.remedies[0].steps[0].do


@pytest.mark.parametrize(("path", "expected"), [("/dev/shm/torch_1", Found), ("/tmp/x", NotApplicable)])
def test_a_full_disk_counts_only_there(path: str, expected: type):
    assert isinstance(judge({"kind": "no-space", "text": "[Errno 28]", "details": {"path": path}})[0], expected)


@pytest.mark.parametrize(
    ("size", "certainty"), [(64 * MIB, "certain"), (1023 * MIB, "certain"), (1024 * MIB, "likely"), (16_000 * MIB, "likely")]
)
def test_much_shared_memory_makes_it_less_sure(size: int, certainty: str):
    assert judge(BUS_ERROR, memory={"shm_bytes": size})[0].certainty is Certainty(certainty)


@pytest.mark.parametrize(
    ("size", "system", "packages", "expected"),
    [
        (64 * MIB, DOCKER, TORCH, Found),
        (64 * MIB + 1, DOCKER, TORCH, Passed),
        (64 * MIB, DOCKER, [], Passed),
        (64 * MIB, {"os": "Linux", "container": None}, TORCH, Passed),
    ],
)
def test_a_containers_default_beside_torch_is_a_hint(size: int, system: dict[str, Any], packages: list[Any], expected: type):
    (outcome,) = judge(memory={"shm_bytes": size}, system=system, packages=packages)
    assert isinstance(outcome, expected)
    if expected is Found:
        assert outcome.severity is Severity.INFO


def test_a_pod_mounts_its_shared_memory():
    assert "emptyDir" in judge(BUS_ERROR, system={"container": "kubernetes"})[0].remedies[0].steps[0].do


def test_a_container_of_unknown_size_cannot_be_judged():
    assert isinstance(judge(system=DOCKER)[0], NotEvaluated)


@pytest.mark.parametrize("facts", [{"system": {"os": "Windows"}}, {"system": {"os": "Darwin"}}, {"memory": {"shm_bytes": None}}, {}])
def test_without_shared_memory_or_a_symptom_there_is_no_question(facts: dict[str, Any]):
    assert isinstance(judge(**facts)[0], NotApplicable)
