"""What an engine answers to a request for GPUs that it cannot fulfil."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, Passed
from envcheck.report import Certainty
from envcheck.rules.nvidia_container_toolkit_missing import RULE
from tests.rules.rule_words import said, words


def judge(*symptoms: dict[str, Any], **facts: Any) -> Any:
    (outcome,) = RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot)))
    return outcome


@pytest.mark.parametrize(
    ("by", "reason", "certainty", "message", "remedy"),
    [
        ("docker", "gpu", "certain", "container toolkit is not installed", "sudo apt-get install --yes nvidia-container-toolkit"),
        ("docker", "unknown or invalid runtime name: nvidia", "certain", "not configured", "nvidia-ctk runtime configure --runtime=docker"),
        ("podman", "no CDI specification for nvidia.com/gpu=all", "certain", "CDI", "nvidia-ctk cdi generate"),
        ("docker", "no such GPU", "certain", "does not have", "nvidia-smi -L"),
        ("docker", "unknown flag: --gpus", "certain", "--gpus", "--runtime=nvidia"),
        ("docker", "ldcache error: open failed: /sbin/ldconfig.real: no such file", "likely", "fails on this host", "ldconfig"),
        ("kubernetes", "no node with a free GPU", "likely", "Kubernetes", "kubectl describe nodes"),
    ],
)
def test_it_fires(by: str, reason: str, certainty: str, message: str, remedy: str) -> None:
    found = judge(said("device-request-refused", by, by=by, reason=reason), system={"distribution_id": "ubuntu"})
    assert isinstance(found, Found)
    assert found.certainty is Certainty(certainty)
    assert message in found.message
    assert remedy in words(found)


def test_it_does_not_fire() -> None:
    assert isinstance(judge(said("nvml-error", "nvidia-container-cli", 9, side="host")), NotApplicable)


def test_nothing_known_is_no_question() -> None:
    assert isinstance(judge(), NotApplicable)


@pytest.mark.parametrize(
    ("system", "remedy"),
    [
        ({"distribution_id": "fedora"}, "sudo dnf install --assumeyes nvidia-container-toolkit"),
        ({"distribution_id": "rocky", "distribution_like": ["rhel"]}, "sudo dnf install"),
        ({"distribution_id": "opensuse-leap", "distribution_like": ["suse", "opensuse"]}, "sudo zypper"),
        ({"distribution_id": "arch"}, "sudo pacman --sync --needed nvidia-container-toolkit"),
        ({"distribution_id": "nixos"}, "hardware.nvidia-container-toolkit.enable"),
        ({"wsl": 2}, "Docker Desktop"),
        ({}, "package manager of the host"),
    ],
)
def test_the_package_is_that_of_the_distribution(system: dict[str, Any], remedy: str) -> None:
    assert remedy in words(judge(said("device-request-refused", "docker", by="docker", reason="gpu"), system=system))


@pytest.mark.parametrize(
    ("reason", "word"),
    [
        ("nvidia-container-cli error: ldcache", "ldconfig = "),
        ("nvidia-container-cli error: device filters", "no-cgroups = true"),
        ("nvidia-container-cli error: cgroup v2", "no-cgroups = true"),
    ],
)
def test_a_toolkit_that_fails_is_mended_where_it_failed(reason: str, word: str) -> None:
    found = judge(said("device-request-refused", "docker", by="docker", reason=reason))
    assert word in words(found)
    assert found.certainty is Certainty.LIKELY


def test_a_toolkit_that_fails_otherwise_is_brought_up_to_date() -> None:
    found = judge(said("device-request-refused", "docker", by="docker", reason="nvidia-container-cli error: initialization"))
    assert "no-cgroups" not in words(found)
    assert "newest version" in words(found)


def test_a_container_with_its_gpus_was_served() -> None:
    works = {"torch": {"cuda_available": True}}
    assert isinstance(judge(system={"container": "docker"}, builds=works), Passed)
    assert isinstance(judge(system={"container": None}, builds=works), NotApplicable)
    assert isinstance(judge(system={"container": "docker"}), NotApplicable)
