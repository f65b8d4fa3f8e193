from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.engine import diagnose
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty, Severity
from envcheck.rules import all_rules
from envcheck.rules.mps_unavailable import RULE
from tests.rules.rule_words import told


def judge(*symptoms: dict[str, Any], **facts: Any) -> Any:
    (outcome,) = RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot)))
    return outcome


def asks_for(release: str) -> dict[str, Any]:
    return {
        "kind": "version-conflict",
        "text": f"The MPS backend is supported on MacOS {release}+",
        "subject": "torch",
        "details": {"package": "macos", "need": f">={release}"},
    }


NOT_LINKED = {"kind": "not-compiled-with", "text": "not linked", "subject": "torch", "details": {"feature": "mps", "package": "torch"}}


def mac(version: str, **more: Any) -> dict[str, Any]:
    return {"system": {"os": "Darwin", "distribution_version": version, "machine": "arm64"}, "cpu": {"model": "Apple M1"}, **more}


TORCH = {"torch": {"version": "2.1.0"}}


@pytest.mark.parametrize(("version", "release"), [("12.2.1", "12.3"), ("13.6", "14"), ("11.0", "12.3")])
def test_a_macos_that_is_too_old(version: str, release: str) -> None:
    found = judge(asks_for(release), **mac(version))
    assert isinstance(found, Found)
    assert (found.certainty, found.severity) == (Certainty.CERTAIN, Severity.ERROR)
    assert f"macOS {release} or newer" in found.message


def test_of_two_releases_that_are_asked_for_the_newer_counts() -> None:
    assert "macOS 14 or newer" in judge(asks_for("12.3"), asks_for("14"), **mac("12.2")).message


@pytest.mark.parametrize(
    ("facts", "word", "certainty"),
    [
        (mac("14.5", builds={"torch": {"version": "2.1.0", "mps_built": False}}), "no MPS in it", Certainty.CERTAIN),
        (mac("12.3", builds={"torch": {"version": "2.1.0", "mps_built": True}}), "new enough", Certainty.LIKELY),
        (mac("12.2.9", builds={"torch": {"version": "2.1.0", "mps_built": True}}), "too old", Certainty.CERTAIN),
        (mac("13.6", builds={"torch": {"version": "2.12.0", "mps_built": True}}), "macOS 14.0", Certainty.CERTAIN),
    ],
)
def test_torch_answers_that_there_is_none(facts: dict[str, Any], word: str, certainty: Certainty) -> None:
    facts["builds"]["torch"]["mps_available"] = False
    found = judge(**facts)
    assert word in found.message
    assert (found.certainty, found.severity) == (certainty, Severity.ERROR)


def test_a_build_without_it() -> None:
    assert "no MPS in it" in judge(NOT_LINKED, **mac("14.5")).message


def test_an_intel_mac_without_a_gpu_that_metal_computes_on() -> None:
    intel = {"system": {"os": "Darwin", "distribution_version": "13.6"}, "cpu": {"model": "Intel(R) Core(TM) i5"}}
    build = {"torch": {"version": "2.2.2", "mps_available": False}}
    assert "Intel processor" in judge(**intel, builds=build).message
    amd = [{"index": 0, "vendor": "amd", "name": "Radeon Pro 5500M"}]
    assert "AMD GPU" in judge(**intel, builds=build, accelerators=amd).message


def test_only_macos_has_it() -> None:
    assert "on macOS only" in judge(NOT_LINKED, system={"os": "Linux"}).message
    assert isinstance(judge(system={"os": "Linux"}, builds=TORCH), NotApplicable)


def test_a_mac_that_nobody_asks_is_only_warned() -> None:
    assert judge(**mac("12.1", builds=TORCH)).severity is Severity.WARNING


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        (mac("12.3", builds=TORCH), Passed),
        (mac("15.3", builds={"torch": {"version": "2.6.0", "mps_available": True}}), Passed),
        (mac("11.6", builds={"torch": {"version": "1.10.0"}}), NotApplicable),
        (mac("12.1"), NotApplicable),
        ({"system": {"os": "Darwin", "machine": "arm64"}, "builds": TORCH}, NotEvaluated),
        (
            {
                "system": {"os": "Darwin", "distribution_version": "11.7", "machine": "x86_64"},
                "cpu": {"vendor": "GenuineIntel"},
                "builds": {"torch": {"version": "2.2.2"}},
            },
            NotApplicable,
        ),
    ],
)
def test_a_healthy_mac(facts: dict[str, Any], kind: type) -> None:
    assert isinstance(judge(**facts), kind)


def test_the_compatibility_number_of_an_intel_python_is_no_version() -> None:
    assert isinstance(judge(**mac("10.16", builds=TORCH)), NotEvaluated)


HEALTHY = """PyTorch version: {torch}
Is debug build: False
CUDA used to build PyTorch: None
OS: macOS 15.3 ({machine})
Python platform: {platform}
Is CUDA available: False
GPU models and configuration: No CUDA
Nvidia driver version: No CUDA

CPU:
{cpu}
"""


@pytest.mark.parametrize(
    ("torch", "machine", "platform", "cpu"),
    [
        ("2.6.0", "arm64", "macOS-15.3-arm64-arm-64bit", "Apple M2 Pro"),
        ("2.2.2", "x86_64", "macOS-10.16-x86_64-i386-64bit", "Intel(R) Core(TM) i7-9750H CPU @ 2.60GHz"),
    ],
)
def test_reports_of_healthy_macs_have_no_problem(torch: str, machine: str, platform: str, cpu: str) -> None:
    report = diagnose(read_text(HEALTHY.format(torch=torch, machine=machine, platform=platform, cpu=cpu)), all_rules())
    assert told(report) == []


def test_memory_that_ran_out_is_another_matter() -> None:
    words = "ProductVersion: 12.6\nRuntimeError: MPS backend out of memory (MPS allocated: 17.00 GB, other allocations: 1.00 GB)\n"
    assert "mps-unavailable" not in [finding.rule for finding in diagnose(read_text(words), all_rules()).findings]


def test_words_about_another_device_are_another_matter() -> None:
    other = {"kind": "device-not-found", "text": "x", "details": {"backend": "xpu"}}
    assert isinstance(judge(other, **mac("14.5", builds=TORCH)), Passed)
    assert isinstance(judge({**other, "details": {"backend": "mps"}}, **mac("14.5", builds=TORCH)), Found)


def test_where_nothing_is_said_of_the_system_the_program_is_believed() -> None:
    assert isinstance(judge(NOT_LINKED), Found)
    assert isinstance(judge(builds=TORCH), NotApplicable)


@pytest.mark.parametrize(("torch", "version", "needs"), [("2.5.1", "12.7.6", "13.0"), ("2.10.0.dev20251008", "13.7.4", "14.0")])
def test_the_code_of_a_release_asks_for_more_than_its_words(torch: str, version: str, needs: str) -> None:
    found = judge(asks_for("12.3"), **mac(version, builds={"torch": {"version": torch}}))
    assert found.certainty is Certainty.CERTAIN
    assert f"macOS {needs} or newer" in found.message
    assert judge(asks_for("12.3"), **mac("12.7.6")).certainty is Certainty.LIKELY
