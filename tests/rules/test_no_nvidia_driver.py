from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty, Severity
from envcheck.rules.no_nvidia_driver import RULE


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


CARD = {"index": 0, "vendor": "nvidia", "name": "NVIDIA GeForce RTX 3060"}
CUDA = {"torch": {"version": "2.5.1+cu121", "cuda": "12.1"}}
ASKED = {
    "kind": "driver-not-found",
    "text": "RuntimeError: Found no NVIDIA driver on your system.",
    "subject": "torch",
    "details": {"vendor": "nvidia"},
}


@pytest.mark.parametrize(
    "symptom",
    [
        ASKED,
        {
            "kind": "cuda-error",
            "text": "CUDA driver is a stub library",
            "code": 34,
            "details": {"code": "34", "name": "cudaErrorStubLibrary"},
        },
        {"kind": "nvml-error", "text": "NVIDIA-SMI couldn't find libnvidia-ml.so", "code": 12, "details": {"name": "LIBRARY_NOT_FOUND"}},
        {"kind": "library-not-found", "text": "libcuda.so.1: cannot open", "details": {"library": "libcuda.so.1"}},
    ],
)
def test_a_program_that_found_none_decides(symptom: dict[str, Any]):
    (found,) = judge(symptom, builds=CUDA)
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.CERTAIN)


def test_a_card_without_a_driver_is_certain():
    (found,) = judge(live=True, accelerators=[CARD], nvidia={"driver_version": None}, builds=CUDA)
    assert isinstance(found, Found)
    assert "RTX 3060" in found.message


def test_a_report_of_a_cuda_build_that_found_nothing_is_likely():
    asked = {"torch": {"version": "1.10.2", "cuda": "11.3", "cuda_available": False}}
    (found,) = judge(builds=asked, nvidia={"driver_version": None})
    assert (found.severity, found.certainty) == (Severity.WARNING, Certainty.LIKELY)
    assert found.would_confirm
    (found,) = judge(builds=asked, nvidia={"driver_version": None}, toolkits=[{"name": "cuda", "version": "11.3.109"}])
    assert found.severity is Severity.ERROR


def test_a_plain_installation_on_a_machine_without_a_card_is_left_in_peace():
    plain = {"torch": {"version": "2.13.0", "cuda": "13.0", "cuda_available": False}}
    facts = {"builds": plain, "nvidia": {"driver_version": None}, "observed": {"accelerators": "complete"}}
    assert isinstance(judge(live=True, **facts)[0], NotApplicable)


def test_tensorflows_greeting_is_no_complaint_but_beside_a_card_it_is():
    greeting = {"kind": "driver-not-found", "text": "Could not find cuda drivers", "subject": "tensorflow", "details": {"vendor": "nvidia"}}
    assert isinstance(judge(greeting, live=True)[0], NotApplicable)
    assert isinstance(judge(greeting, accelerators=[CARD])[0], Found)


@pytest.mark.parametrize(
    "facts",
    [
        {"nvidia": {"driver_version": "535.54.03"}, "builds": CUDA},
        {"nvidia": {"cuda_version": "12.2"}, "builds": CUDA},
        {"builds": {"torch": {"version": "2.5.1", "cuda": "12.1", "cuda_available": True}}},
    ],
)
def test_a_driver_that_answers_passes(facts: dict[str, Any]):
    assert isinstance(judge(ASKED, **facts)[0], Passed)


def test_a_driver_that_is_too_old_is_there():
    too_old = {"kind": "driver-too-old", "text": "found version 11040", "subject": "torch", "details": {"found": "11040"}}
    assert isinstance(judge(too_old, builds=CUDA, nvidia={"driver_version": None})[0], Passed)


def test_an_unasked_driver_cannot_be_judged():
    (gap,) = judge(builds=CUDA)
    assert isinstance(gap, NotEvaluated)
    assert "nvidia-smi" in gap.needs[0]


def test_macos_and_cpu_builds_raise_no_question():
    assert isinstance(judge(ASKED, system={"os": "Darwin"})[0], NotApplicable)
    assert isinstance(judge(builds={"torch": {"version": "2.8.0+cpu", "cuda": None}}, nvidia={"driver_version": None})[0], NotApplicable)


@pytest.mark.parametrize(
    ("system", "word"),
    [
        ({"os": "Linux", "wsl": 2}, "on Windows"),
        ({"os": "Linux", "container": "docker"}, "container"),
        ({"os": "Linux", "distribution_id": "ubuntu"}, "525.60.13"),
        ({"os": "Windows"}, "528.33"),
    ],
)
def test_the_remedy_knows_where_a_driver_is_installed(system: dict[str, Any], word: str):
    assert word in judge(ASKED, builds=CUDA, system=system)[0].remedies[0].summary


def test_a_shell_without_nvidia_smi_says_little_alone_and_something_beside_a_card():
    missed = {"kind": "driver-not-found", "text": "nvidia-smi: command not found", "subject": "shell"}
    missed["details"] = {"vendor": "nvidia", "reason": "nvidia-smi is not installed"}
    assert not any(isinstance(outcome, Found) for outcome in judge(missed, builds=CUDA))
    (found,) = judge(missed, builds=CUDA, accelerators=[CARD])
    assert found.certainty is Certainty.LIKELY


@pytest.mark.parametrize(("builds", "severity"), [({}, Severity.WARNING), (CUDA, Severity.ERROR)])
def test_a_card_without_a_driver_is_a_fault_only_where_something_needs_it(builds: dict[str, Any], severity: Severity):
    (found,) = judge(live=True, nvidia={"driver_version": None}, accelerators=[CARD], builds=builds)
    assert found.severity is severity


@pytest.mark.parametrize("card", [{"driver": None}, {"state": "no-driver"}, {"driver": "nouveau", "state": "other-driver"}])
def test_a_card_on_the_bus_that_no_driver_has_is_enough(card: dict[str, Any]):
    (found,) = judge(live=True, accelerators=[{**CARD, **card}], builds=CUDA)
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.CERTAIN)


@pytest.mark.parametrize(
    "nvidia",
    [{"kernel_module_version": "580.95.05"}, {"library_version": "580.95.05"}, {"package_version": "580"}, {"module_kernels": ["6.8"]}],
)
def test_where_a_part_of_the_driver_lies_on_disk_its_absence_is_not_claimed(nvidia: dict[str, Any]):
    (outcome,) = judge(live=True, accelerators=[{**CARD, "driver": None}], nvidia={"driver_version": None, **nvidia})
    assert not isinstance(outcome, Found)


def test_libraries_that_are_missing_beside_a_running_module_are_told_apart():
    (found,) = judge(
        {"kind": "nvml-error", "text": "NVML Shared Library Not Found", "code": 12, "details": {"code": "12", "name": "LIBRARY_NOT_FOUND"}},
        live=True,
        accelerators=[{**CARD, "driver": "nvidia"}],
        nvidia={"driver_version": None, "kernel_module_version": "580.95.05", "library_version": None},
    )
    assert "libraries are missing; its kernel module 580.95.05 is loaded" in found.message


def test_a_card_that_is_kept_for_a_guest_lacks_no_driver():
    assert isinstance(judge(ASKED, accelerators=[{**CARD, "driver": "vfio-pci"}])[0], NotApplicable)


@pytest.mark.parametrize(
    ("system", "cards", "word"),
    [
        ({"os": "Linux", "login_node": True, "scheduler": "slurm"}, [], "on a node that has GPUs"),
        ({"os": "Linux", "scheduler": "pbs"}, [], "on a node that has GPUs"),
        ({"os": "Linux"}, [], "go to a machine that has an NVIDIA card"),
    ],
)
def test_where_there_is_no_card_no_driver_is_prescribed(system: dict[str, Any], cards: list[Any], word: str):
    (found,) = judge(ASKED, live=True, system=system, accelerators=cards, observed={"accelerators": "complete"}, builds=CUDA)
    assert word in found.remedies[0].summary
    assert "has no NVIDIA card" in found.message


OWN_QUESTION = {"kind": "nvml-error", "text": "NVML Shared Library Not Found", "code": 12, "details": {"asked_by": "envcheck"}}


def test_a_card_alone_is_a_warning_although_envcheck_itself_asked_its_driver():
    bare = {"live": True, "accelerators": [{**CARD, "driver": None}]}
    (found,) = judge(OWN_QUESTION, **bare)
    assert (found.severity, len(found.evidence)) == (Severity.WARNING, 3)
    (found,) = judge(OWN_QUESTION, **bare, builds=CUDA)
    assert found.severity is Severity.ERROR


def test_what_envcheck_was_told_is_no_missing_driver_where_parts_of_one_are_there():
    there = {"live": True, "nvidia": {"libcuda_path": "/usr/lib/wsl/lib/libcuda.so.1"}, "system": {"wsl": 2}, "builds": CUDA}
    assert not any(isinstance(outcome, Found) for outcome in judge(OWN_QUESTION, **there))


def test_on_a_machine_without_a_card_a_cuda_build_leaves_nothing_open():
    (outcome,) = judge(live=True, observed={"accelerators": "complete"}, builds=CUDA)
    assert isinstance(outcome, NotApplicable)


def test_what_tensorflow_says_at_every_start_is_no_error_where_nobody_speaks_of_a_card() -> None:
    """Its releases 2.4 to 2.10 print these lines on every machine without a driver, whether one is wanted or not."""
    text = (
        "2022-03-01 10:00:00.000000: W tensorflow/stream_executor/platform/default/dso_loader.cc:64] Could not load dynamic library "
        "'libcuda.so.1'; dlerror: libcuda.so.1: cannot open shared object file: No such file or directory\n"
        "2022-03-01 10:00:00.000001: W tensorflow/stream_executor/cuda/cuda_driver.cc:269] failed call to cuInit: UNKNOWN ERROR (303)\n"
    )
    (found,) = RULE.check(Case(read_text(text)))
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.WARNING, Certainty.LIKELY)
    (beside_a_card,) = RULE.check(
        Case(read_text(text + "01:00.0 VGA compatible controller: NVIDIA Corporation GA106 [GeForce RTX 3060]\n"))
    )
    assert isinstance(beside_a_card, Found)
    assert beside_a_card.severity is Severity.ERROR


def test_condas_solver_makes_it_likely_and_says_how_to_solve_for_another_machine():
    (found,) = list(RULE.check(Case(read_text("└─ pytorch-gpu 2.5 requires\n   └─ __cuda >=12.6 , which is missing on the system.\n"))))
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.LIKELY)
    assert any("conda info" in words for words in found.would_confirm)
    assert ("export", "CONDA_OVERRIDE_CUDA=12.6") in [step.run for step in found.remedies[0].steps]


def test_condas_solver_without_a_bound_names_none():
    (found,) = list(RULE.check(Case(read_text("  - nothing provides __cuda needed by tensorflow-2.11.0-cuda112py310he87a039_0\n"))))
    assert isinstance(found, Found)
    assert not any(step.run for step in found.remedies[0].steps)
