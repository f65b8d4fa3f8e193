"""The device nodes and libraries that a container was given."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty, Severity
from envcheck.rules.container_without_gpu_device import RULE
from tests.rules.rule_words import said, words


def judge(*symptoms: dict[str, Any], **facts: Any) -> Any:
    (outcome,) = RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot)))
    return outcome


DOCKER = {"os": "Linux", "container": "docker"}
CARD = {"index": 0, "vendor": "nvidia", "name": "NVIDIA L4"}
ROCM = {"index": 0, "vendor": "amd", "backend": "rocm"}
NO_DRIVER = said("driver-not-found", "torch", vendor="nvidia")
TORCH = {"torch": {"version": "2.9.0+cu128", "cuda": "12.8"}}
ALL = {"devices": "complete", "accelerators": "complete"}
NODES = [{"path": "/dev/nvidia0", "accessible": True}, {"path": "/dev/nvidiactl", "accessible": True}]


@pytest.mark.parametrize(
    ("symptoms", "facts", "certainty"),
    [
        ([NO_DRIVER], {"system": DOCKER}, "likely"),
        ([NO_DRIVER], {"system": {**DOCKER, "container_gpus": None}}, "certain"),
        ([NO_DRIVER], {"system": DOCKER, "nvidia": {"driver_version": "550.54.15"}}, "certain"),
        ([NO_DRIVER], {"system": DOCKER, "variables": {"NVIDIA_VISIBLE_DEVICES": "void"}}, "certain"),
        ([NO_DRIVER], {"system": DOCKER, "devices": [{"path": "/dev/nvidia*", "error": "ENOENT"}]}, "certain"),
        ([], {"system": DOCKER, "accelerators": [CARD], "observed": ALL, "builds": TORCH}, "certain"),
        ([], {"system": DOCKER, "nvidia": {"kernel_module_version": "580.95.05"}, "observed": ALL, "builds": TORCH}, "certain"),
        ([said("device-not-found", "rocm", path="/dev/kfd")], {"system": DOCKER}, "certain"),
        ([said("cuda-error", "torch", 100, name="hipErrorNoDevice")], {"system": DOCKER}, "likely"),
        ([said("nvml-error", "nvidia-smi", 12)], {"system": DOCKER}, "likely"),
    ],
)
def test_it_fires(symptoms: list[Any], facts: dict[str, Any], certainty: str) -> None:
    found = judge(*symptoms, **facts)
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty(certainty))


@pytest.mark.parametrize(
    ("symptoms", "facts"),
    [
        ([NO_DRIVER], {}),
        ([NO_DRIVER], {"system": {"os": "Linux", "container": None}}),
        ([], {"system": DOCKER, "observed": ALL, "builds": TORCH}),
        ([], {"system": DOCKER, "accelerators": [CARD], "devices": NODES, "observed": ALL, "nvidia": {"driver_version": "580.95.05"}}),
        ([NO_DRIVER], {"system": {**DOCKER, "container_gpus": "--gpus all"}}),
        ([{**NO_DRIVER, "scope": "host"}], {"system": DOCKER}),
        ([{**NO_DRIVER, "subject": "tensorflow"}], {"system": {**DOCKER, "container_gpus": None}}),
        ([said("nvml-error", "nvidia-smi", 999)], {"system": DOCKER}),
        ([], {"system": {**DOCKER, "wsl": 2}, "devices": [{"path": "/dev/dxg"}], "observed": ALL, "builds": TORCH}),
    ],
)
def test_it_does_not_fire(symptoms: list[Any], facts: dict[str, Any]) -> None:
    assert isinstance(judge(*symptoms, **facts), NotApplicable)


def test_a_build_for_cuda_asks_what_the_container_was_given() -> None:
    outcome = judge(system=DOCKER, builds=TORCH)
    assert isinstance(outcome, NotEvaluated)
    assert "ls -l /dev/nvidia*" in outcome.needs[0]
    assert isinstance(judge(system=DOCKER, builds=TORCH, devices=NODES), NotApplicable)


def test_a_container_at_work_passes() -> None:
    assert isinstance(judge(system=DOCKER, builds={"torch": {"version": "2.9.0", "cuda_available": True}}), Passed)


def test_without_anybody_who_asks_it_is_only_told() -> None:
    found = judge(system=DOCKER, accelerators=[CARD], observed=ALL, live=True)
    assert found.severity is Severity.INFO


def test_libraries_for_computing_may_be_left_out() -> None:
    found = judge(
        system=DOCKER, devices=NODES, nvidia={"libcuda_path": None}, builds=TORCH, variables={"NVIDIA_DRIVER_CAPABILITIES": "utility"}
    )
    assert "NVIDIA_DRIVER_CAPABILITIES is 'utility'" in found.message
    assert "NVIDIA_DRIVER_CAPABILITIES=compute,utility" in words(found)


@pytest.mark.parametrize(
    ("engine", "card", "remedy"),
    [
        ("docker", CARD, "docker run --rm -it --gpus all"),
        ("docker", ROCM, "--device=/dev/kfd --device=/dev/dri"),
        ("podman", CARD, "--device nvidia.com/gpu=all"),
        ("kubernetes", CARD, "nvidia.com/gpu: 1"),
        ("kubernetes", ROCM, "amd.com/gpu: 1"),
        ("apptainer", CARD, "apptainer exec --nv"),
        ("apptainer", ROCM, "apptainer exec --rocm"),
        ("lxc", CARD, "lxc config device add"),
        ("other", CARD, "--gpus all"),
        ("enroot", CARD, "enroot"),
    ],
)
def test_the_remedy_is_for_the_engine_at_hand(engine: str, card: dict[str, Any], remedy: str) -> None:
    found = judge(
        system={"os": "Linux", "container": engine},
        accelerators=[card],
        observed=ALL,
        builds={"torch": {"rocm": "6.4"} if card is ROCM else TORCH["torch"]},
    )
    assert remedy in words(found)


ANSWERS = {"driver_version": "580.95.05", "state": "ok", "libcuda_path": None, "nvml_path": "/usr/lib/libnvidia-ml.so.1"}


def test_a_driver_that_answers_without_libcuda_computes_nothing() -> None:
    given = {"live": True, "system": DOCKER, "devices": NODES, "nvidia": ANSWERS, "accelerators": [{**CARD, "state": "ok"}]}
    found = judge(**given, variables={"NVIDIA_DRIVER_CAPABILITIES": "utility"}, builds=TORCH)
    assert isinstance(found, Found)
    assert found.severity is Severity.ERROR
    assert "'utility'" in found.message
    assert isinstance(judge(**{**given, "builds": {"torch": {"cuda_available": True}}}), Passed)


def test_who_asks_decides_how_bad_a_container_without_gpus_is() -> None:
    facts = {"live": True, "accelerators": [CARD], "observed": ALL}
    told = said("nvml-error", "NVML", 12, asked_by="envcheck")
    by_image = {**DOCKER, "container_gpus": "NVIDIA_VISIBLE_DEVICES=all"}
    assert judge(told, **facts, system=DOCKER).severity is Severity.INFO
    assert judge(told, **facts, system=by_image).severity is Severity.WARNING
    assert judge(told, **facts, system={**DOCKER, "container_gpus": "--gpus all"}).severity is Severity.ERROR
    assert judge(told, **facts, system=DOCKER, builds=TORCH).severity is Severity.ERROR


@pytest.mark.parametrize(("first", "second"), [(None, "--gpus all"), ("--gpus all", "None")])
def test_a_run_with_the_gpu_beside_one_without_confirms_the_cause(first: str | None, second: str) -> None:
    other = {"fact": "system.container_gpus", "value": second, "source": "report line 3", "scope": "container"}
    tool = said("driver-not-found", "engine", vendor="nvidia", reason="nvidia-smi is not installed", side="container")
    works = {"nvidia": {"driver_version": "550.54.15", "state": "ok"}, "accelerators": [{**CARD, "state": "ok"}]}
    system = {**DOCKER, "container_gpus": first}
    found = judge(tool, system=system, contradictions=[other], **works)
    assert (type(found), found.certainty) == (Found, Certainty.CERTAIN)
    assert isinstance(judge(tool, system=system, **works), Passed)
