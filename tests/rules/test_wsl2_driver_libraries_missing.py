"""WSL 2 and the driver of Windows."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty, Severity
from envcheck.rules.wsl2_driver_libraries_missing import RULE
from tests.rules.rule_words import said, words


def judge(*symptoms: dict[str, Any], **facts: Any) -> Any:
    (outcome,) = RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot)))
    return outcome


WSL2 = {"os": "Linux", "wsl": 2}
DXG = [{"path": "/dev/dxg", "accessible": True}]
ALL = {"devices": "complete"}
NO_DRIVER = said("driver-not-found", "torch", vendor="nvidia")
BLOCKED = said("nvml-error", "nvidia-smi", 17, name="OPERATING_SYSTEM")
NOT_LOADED = said("nvml-error", "nvidia-smi", 9, name="DRIVER_NOT_LOADED")


@pytest.mark.parametrize(
    ("symptoms", "facts", "certainty", "remedy"),
    [
        ([BLOCKED], {"system": WSL2}, "certain", "wsl --update"),
        ([BLOCKED], {}, "likely", "wsl --update"),
        ([BLOCKED], {"system": {**WSL2, "container": "docker"}}, "likely", "--gpus all"),
        ([NO_DRIVER], {"system": WSL2, "observed": ALL}, "certain", "wsl --update"),
        ([NO_DRIVER], {"system": WSL2, "devices": DXG, "nvidia": {"libcuda_path": None}}, "likely", "on Windows"),
        ([NOT_LOADED], {"system": WSL2}, "likely", "apt-get purge"),
        ([NOT_LOADED], {"system": {**WSL2, "distribution_id": "fedora"}}, "likely", "dnf remove"),
        ([], {"system": WSL2, "nvidia": {"package_version": "550.120", "driver_version": None}}, "certain", "apt-get purge"),
    ],
)
def test_it_fires(symptoms: list[Any], facts: dict[str, Any], certainty: str, remedy: str) -> None:
    found = judge(*symptoms, **facts)
    assert isinstance(found, Found)
    assert found.certainty is Certainty(certainty)
    assert remedy in words(found)


@pytest.mark.parametrize(
    ("symptoms", "facts"),
    [
        ([NO_DRIVER], {"system": {"wsl": None}, "observed": ALL}),
        ([NO_DRIVER], {"system": {"wsl": 1}, "observed": ALL}),
        ([], {"system": WSL2, "observed": ALL, "nvidia": {"libcuda_path": None}}),
        ([], {"system": WSL2}),
        ([], {}),
    ],
)
def test_it_does_not_fire(symptoms: list[Any], facts: dict[str, Any]) -> None:
    assert isinstance(judge(*symptoms, **facts), NotApplicable)


def test_a_build_for_cuda_by_itself_is_only_told() -> None:
    facts = {"system": WSL2, "observed": ALL, "live": True, "builds": {"torch": {"version": "2.9.0", "cuda": "12.8"}}}
    assert judge(**facts).severity is Severity.INFO


@pytest.mark.parametrize(
    ("facts", "needs"),
    [
        ({}, ("ls -l /dev/dxg", "ldconfig -p | grep libcuda")),
        ({"devices": DXG}, ("ldconfig -p | grep libcuda",)),
        ({"nvidia": {"libcuda_path": "/usr/lib/wsl/lib/libcuda.so.1"}}, ("ls -l /dev/dxg",)),
    ],
)
def test_what_windows_put_there_has_to_be_known_where_a_gpu_is_missed(facts: dict[str, Any], needs: tuple[str, ...]) -> None:
    outcome = judge(NO_DRIVER, system=WSL2, **facts)
    assert isinstance(outcome, NotEvaluated)
    assert outcome.needs == needs


def test_device_and_library_are_all_that_windows_puts_there() -> None:
    nvidia = {"libcuda_path": "/usr/lib/wsl/lib/libcuda.so.1"}
    assert isinstance(judge(NO_DRIVER, system=WSL2, devices=DXG, nvidia=nvidia), Passed)


def test_a_working_one_passes() -> None:
    nvidia = {"driver_version": "581.57", "state": "ok", "libcuda_path": "/usr/lib/wsl/lib/libcuda.so.1"}
    assert isinstance(
        judge(system=WSL2, nvidia=nvidia, devices=DXG, accelerators=[{"index": 0, "vendor": "nvidia", "state": "ok"}]), Passed
    )
