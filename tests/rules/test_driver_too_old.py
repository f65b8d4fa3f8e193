from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty
from envcheck.rules.driver_too_old import RULE


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


CARD = {"index": 0, "vendor": "nvidia", "name": "Tesla T4"}


def said(found: str, **more: Any) -> dict[str, Any]:
    return {"kind": "driver-too-old", "text": f"too old (found version {found})", "subject": "torch", "details": {"found": found}, **more}


@pytest.mark.parametrize(
    ("cuda", "driver", "system", "is_found"),
    [
        ("12.8", "525.60.13", {"os": "Linux"}, False),
        ("12.8", "525.60.12", {"os": "Linux"}, True),
        ("12.1", "528.33", {"os": "Windows"}, False),
        ("12.1", "528.24", {"os": "Windows"}, True),
        ("12.1", "528.24", {"os": "Linux", "wsl": 2}, True),
        ("11.8", "450.80.02", {"os": "Linux"}, False),
        ("11.8", "450.80.01", {"os": "Linux"}, True),
        ("11.8", "452.39", {"os": "Windows"}, False),
        ("11.3", "451.82", {"os": "Windows"}, True),
        ("13.0", "580.65.06", {"os": "Linux"}, False),
        ("13.2", "580.65.06", {"os": "Linux"}, False),
        ("13.0", "575.57.08", {"os": "Linux"}, True),
        ("10.2", "440.33", {"os": "Linux"}, False),
        ("10.2", "440.32", {"os": "Linux"}, True),
        ("10.1", "418.39", {"os": "Linux"}, False),
        ("10.0", "411.31", {"os": "Windows"}, False),
        ("10.0", "411.30", {"os": "Windows"}, True),
    ],
)
def test_the_driver_is_measured_by_the_minimum_of_cudas_major_version(cuda: str, driver: str, system: dict[str, Any], is_found: bool):
    (outcome,) = judge(builds={"torch": {"version": "2.0", "cuda": cuda}}, nvidia={"driver_version": driver}, system=system)
    assert isinstance(outcome, Found if is_found else Passed)


@pytest.mark.parametrize(
    ("supported", "cuda", "is_found"), [("12.2", "12.8", False), ("13.0", "12.6", False), ("12.8", "13.0", True), ("11.4", "12.1", True)]
)
def test_what_the_driver_reports_itself_goes_before_its_number(supported: str, cuda: str, is_found: bool):
    (outcome,) = judge(builds={"torch": {"version": "2.8.0", "cuda": cuda}}, nvidia={"cuda_version": supported})
    assert isinstance(outcome, Found if is_found else Passed)


def test_a_device_that_answers_is_worth_more_than_any_table():
    """The libraries for forward compatibility let a data-centre card run a newer major version."""
    builds = {"torch": {"version": "2.11.0", "cuda": "13.0", "cuda_available": True}}
    assert isinstance(judge(builds=builds, nvidia={"driver_version": "535.54.03", "cuda_version": "12.2"})[0], Passed)


@pytest.mark.parametrize(("number", "shown"), [("11040", "11.4"), ("9010", "9.1"), ("12080", "12.8"), ("11080", "11.8"), ("10020", "10.2")])
def test_the_drivers_number_is_shown_as_a_version(number: str, shown: str):
    (found,) = judge(said(number))
    assert isinstance(found, Found)
    assert f"CUDA up to {shown}" in found.message
    assert found.certainty is Certainty.CERTAIN
    assert found.symptoms


def test_the_remedy_is_another_build_or_another_driver_and_never_a_toolkit():
    (found,) = judge(
        said("12080"),
        accelerators=[CARD],
        builds={"torch": {"version": "2.11.0", "cuda": "13.0"}},
        nvidia={"driver_version": "570.86.10", "cuda_version": "12.8"},
        python={"version": "3.11.7"},
        system={"os": "Linux", "machine": "x86_64"},
    )
    build, driver = found.remedies
    assert "https://download.pytorch.org/whl/cu128" in build.steps[-1].run
    assert "torch==2.11.0" in build.steps[-1].run
    assert "580" in driver.summary
    assert "toolkit" not in " ".join(step.do for remedy in found.remedies for step in remedy.steps)


def test_without_a_known_card_the_other_build_is_left_to_the_reader():
    (found,) = judge(said("12080"), builds={"torch": {"version": "2.11.0", "cuda": "13.0"}}, nvidia={"cuda_version": "12.8"})
    assert "whl/cu126" in found.remedies[1].steps[0].do


@pytest.mark.parametrize(("code", "is_found"), [(35, True), (222, True), (100, False), (209, False), (803, False)])
def test_of_cudas_own_errors_those_about_the_drivers_age_count(code: int, is_found: bool):
    error = {"kind": "cuda-error", "text": f"CUDA error {code}", "code": code, "details": {"code": str(code)}}
    assert isinstance(judge(error)[0], Found if is_found else NotApplicable)


def test_ptx_of_a_newer_toolkit_is_named():
    error = {"kind": "cuda-error", "text": "PTX", "details": {"name": "cudaErrorUnsupportedPtxVersion"}}
    assert "PTX" in judge(error, nvidia={"cuda_version": "12.2"})[0].message


def test_the_same_error_without_any_driver_is_not_the_drivers_age():
    error = {"kind": "cuda-error", "text": "insufficient", "code": 35}
    assert isinstance(judge(error, nvidia={"driver_version": None})[0], NotApplicable)
    assert isinstance(judge(said("11040"), nvidia={"driver_version": None})[0], Found)


def test_a_container_image_that_asks_for_more_is_named():
    refused = {
        "kind": "driver-too-old",
        "text": "unsatisfied condition",
        "subject": "nvidia-container-cli",
        "details": {"need": "cuda>=12.1"},
    }
    (found,) = judge(refused, nvidia={"cuda_version": "11.4"})
    assert found.message == "The NVIDIA driver runs CUDA up to 11.4, but the container image is built for CUDA 12.1."
    assert found.about == ()


def test_each_framework_is_judged_on_its_own():
    builds = {
        "torch": {"version": "2.11.0", "cuda": "13.0"},
        "tensorflow": {"version": "2.18.0", "cuda": "12.5"},
        "numpy": {"version": "2.0"},
    }
    first, second = judge(builds=builds, nvidia={"cuda_version": "12.4", "driver_version": "550.54.14"}, system={"os": "Linux"})
    assert isinstance(first, Found)
    assert first.about == ("torch",)
    assert isinstance(second, Passed)


def test_an_unknown_driver_cannot_be_judged():
    assert isinstance(judge(builds={"torch": {"version": "2.8.0", "cuda": "12.8"}})[0], NotEvaluated)
    assert isinstance(judge(builds={"torch": {"version": "0.1", "cuda": "6.5"}}, nvidia={"driver_version": "340.29"})[0], NotEvaluated)


@pytest.mark.parametrize(
    "facts",
    [
        {"builds": {"torch": {"version": "2.8.0+cpu", "cuda": None}}},
        {"builds": {"torch": {"version": "2.8.0", "cuda": "12.8"}}, "nvidia": {"driver_version": None}},
        {"builds": {"torch": {"version": "2.8.0", "cuda": "12.8"}}, "observed": {"accelerators": "complete"}},
    ],
)
def test_without_a_cuda_build_or_a_card_there_is_no_question(facts: dict[str, Any]):
    assert isinstance(judge(**facts)[0], NotApplicable)


def test_the_companions_of_torch_are_not_judged_beside_it():
    builds = {"torch": {"version": "2.11.0+cu130", "cuda": "13.0"}, "torchvision": {"cuda": "13.0"}}
    (found,) = judge(builds=builds, nvidia={"driver_version": "570.133.07"}, system={"os": "Linux"})
    assert found.subject == "torch 2.11.0+cu130"


def test_a_build_number_behind_the_cuda_version_changes_nothing():
    builds = {"torch": {"version": "1.2.0", "cuda": "10.0.130"}}
    (found,) = judge(builds=builds, nvidia={"driver_version": "390.116"}, system={"os": "Linux"})
    assert isinstance(found, Found)
    assert "410.48 or newer" in found.message


def test_ptx_of_a_newer_toolkit_is_compiled_again_by_an_older_one():
    newer = {"kind": "cuda-error", "text": "unsupported toolchain", "code": 222, "details": {"code": "222"}}
    (found,) = judge(newer, nvidia={"driver_version": "535.183.01", "cuda_version": "12.2"})
    assert found.message.startswith("The NVIDIA driver runs CUDA up to 12.2, but ")
    assert "CUDA 12.2 or older" in found.remedies[1].steps[0].do


@pytest.mark.parametrize(("driver", "outcome"), [("375.26", Found), ("384.81", Passed)])
def test_every_cuda_before_ten_has_its_own_driver_too(driver: str, outcome: type[Any]):
    facts = {"builds": {"torch": {"version": "1.0.0", "cuda": "9.0.176", "cuda_available": False}}, "nvidia": {"driver_version": driver}}
    assert isinstance(judge(**facts, system={"os": "Linux"})[0], outcome)


OF_CONDA = {"kind": "driver-not-found", "text": "__cuda >=12 , which is missing", "subject": "conda", "details": {"need": "cuda>=12"}}


def test_conda_compares_a_package_with_the_driver():
    conflict = {"need": "cuda>=12", "found": "11080", "by": "cuda-version 12.0"}
    (found,) = judge(said("11080", subject="conda", details=conflict))
    assert isinstance(found, Found)
    assert (found.certainty, found.message) == (
        Certainty.CERTAIN,
        "The NVIDIA driver runs CUDA up to 11.8, but cuda-version 12.0 is built for CUDA 12.",
    )
    assert ("export", "CONDA_OVERRIDE_CUDA=12") in [step.run for step in found.remedies[-1].steps]


@pytest.mark.parametrize(("driver", "is_found"), [("11.8", True), ("12.0", False), (None, False)])
def test_condas_solver_sees_no_driver_because_it_is_too_old(driver: str | None, is_found: bool):
    outcomes = judge(OF_CONDA, nvidia={"cuda_version": driver})
    assert any(isinstance(outcome, Found) for outcome in outcomes) is is_found
