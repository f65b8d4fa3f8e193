"""Libraries of a container against the kernel module of its host."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty
from envcheck.rules.nvml_container_library_mismatch import RULE
from tests.rules.rule_words import said, words


def judge(*symptoms: dict[str, Any], **facts: Any) -> Any:
    (outcome,) = RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot)))
    return outcome


DOCKER = {"os": "Linux", "container": "docker"}
MISMATCH = said("nvml-error", "nvidia-smi", 18, name="LIB_RM_VERSION_MISMATCH")


@pytest.mark.parametrize(
    ("symptoms", "nvidia", "certainty"),
    [
        ([MISMATCH], {}, "likely"),
        ([MISMATCH], {"driver_version": "550.54.15"}, "certain"),
        ([said("cuda-error", "torch", 803)], {"driver_version": "550.54.15"}, "certain"),
        ([], {"library_version": "575.57.08", "kernel_module_version": "580.95.05"}, "certain"),
        ([{**MISMATCH, "details": {"library_version": "580.173"}}], {"kernel_module_version": "575.57.08"}, "certain"),
    ],
)
def test_it_fires(symptoms: list[Any], nvidia: dict[str, Any], certainty: str) -> None:
    found = judge(*symptoms, system=DOCKER, nvidia=nvidia)
    assert isinstance(found, Found)
    assert found.certainty is Certainty(certainty)
    assert "apt-get purge" in words(found)


def test_two_equal_versions_pass_however_long_they_are_printed() -> None:
    assert isinstance(judge(system=DOCKER, nvidia={"library_version": "580.95", "kernel_module_version": "580.95.05"}), Passed)


@pytest.mark.parametrize("system", [{"container": None}, {}])
def test_on_a_host_it_is_another_rules_matter(system: dict[str, Any]) -> None:
    assert isinstance(judge(MISMATCH, system=system), NotApplicable)


def test_what_the_host_said_is_the_hosts() -> None:
    assert isinstance(judge({**MISMATCH, "scope": "host"}, system=DOCKER), NotApplicable)


def test_one_version_alone_cannot_be_compared() -> None:
    assert isinstance(judge(system=DOCKER, nvidia={"kernel_module_version": "580.95.05"}), NotApplicable)


def test_the_package_manager_is_that_of_the_image() -> None:
    assert "dnf remove" in words(judge(MISMATCH, system={**DOCKER, "distribution_id": "rocky"}))


def test_a_program_that_found_no_gpu_makes_the_versions_a_question() -> None:
    no_device = said("cuda-error", "torch", 100)
    outcome = judge(no_device, system=DOCKER)
    assert isinstance(outcome, NotEvaluated)
    assert "cat /proc/driver/nvidia/version" in outcome.needs
    assert isinstance(judge(no_device, system=DOCKER, nvidia={"driver_version": "550.54.15"}), NotApplicable)
