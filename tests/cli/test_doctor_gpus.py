"""doctor on machines whose driver libraries answer, hang and crash: the rest of the report stands in any case."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.examined import ROOT, Environment
from tests.fake_driver import FakeDriver, recorded, written
from tests.probes.fake_machine import FakeMachine, run_on

pytest.importorskip("pynvml", reason="nvidia-ml-py is not installed")
Report = dict[str, Any]
Doctor = Callable[..., Report]


@pytest.fixture
def doctor(target: Environment, fake_driver: FakeDriver, tmp_path: Path) -> Doctor:
    """The report of `doctor` on a machine with an H200 that a kernel module drives, whose libraries tell of the machine in a text."""
    machine = FakeMachine(tmp_path / "machine")
    machine.nvidia_module("590.48.01")
    machine.pci("0000:83:00.0", "10de:2335", "030200", driver="nvidia")
    machine.nvidia_card("0000:83:00.0", 0, name="NVIDIA H200", GPU_UUID="GPU-1bf1c2d3-1111-2222-3333-444455556666")

    def doctor(text: str, *arguments: str, **variables: str) -> Report:
        environment = {**fake_driver.variables(written(tmp_path, text), "nvml", "cuda"), "PYTHONPATH": str(ROOT), **variables}
        command = [sys.executable, "-m", "envcheck", "doctor", "--python", target.python, "--format", "json", *arguments]
        done = run_on(machine, command, environment)
        assert "Traceback" not in done.stdout + done.stderr, done.stderr
        assert done.stdout, done.stderr
        report: Report = json.loads(done.stdout)
        return report

    return doctor


def cards(report: Report) -> list[Report]:
    return [card for card in report["facts"]["accelerators"] if card["vendor"] == "nvidia"]


def unknown(report: Report) -> dict[str, Report]:
    return {entry["fact"]: entry for entry in report["facts"]["unknown"]}


def about_gpus(report: Report) -> list[str]:
    return [finding["rule"] for finding in report["findings"] if finding["area"] == "gpu" and finding["severity"] != "info"]


def assert_the_rest_is_there(report: Report) -> None:
    assert [package["name"] for package in report["facts"]["packages"]] == ["pandas"]
    (card,) = cards(report)
    assert (card["pci_address"], card["driver"], card["name"]) == ("0000:83:00.0", "nvidia", "NVIDIA H200")


def test_a_card_that_answers_is_a_fact_and_no_problem(doctor: Doctor) -> None:
    report = doctor(recorded("h200"))
    (card,) = cards(report)
    assert (card["memory_bytes"], card["compute_capability"], card["state"]) == (150754820096, "9.0", "ok")
    assert card["visible"] is True
    assert report["facts"]["nvidia"]["cuda_version"] == "13.1"
    assert report["facts"]["sources"]["nvidia.driver_version"] == "NVML"
    assert [entry for entry in report["facts"]["contradictions"] if entry["fact"].startswith(("accelerators", "nvidia"))] == []
    assert about_gpus(report) == []


def test_a_driver_that_hangs_costs_its_deadline_once(doctor: Doctor) -> None:
    report = doctor(f"error nvmlInit hang\nerror cuInit hang\n{recorded('h200')}", "--quick")
    entry = unknown(report)["nvidia.cuda_version"]
    assert (entry["reason"], entry["detail"]) == ("timed_out", "the nvml probe did not answer within 10 s (at: starting NVML)")
    assert [(symptom["kind"], symptom["subject"]) for symptom in report["facts"]["symptoms"]] == [("timed-out", "NVML")]
    assert about_gpus(report) == ["nvidia-driver-does-not-answer"]
    assert_the_rest_is_there(report)


def test_a_library_that_crashes_is_told_and_the_rest_stands(doctor: Doctor) -> None:
    report = doctor(f"error nvmlInit crash\nerror cuInit crash\n{recorded('h200')}", "--quick")
    entry = unknown(report)["nvidia.state"]
    assert (entry["reason"], entry["detail"]) == ("crashed", "the nvml probe was ended by SIGSEGV")
    assert about_gpus(report) == ["nvidia-driver-does-not-answer"]
    assert_the_rest_is_there(report)


def test_half_an_upgrade_has_one_primary_cause(doctor: Doctor) -> None:
    report = doctor(f"error nvmlInit 18\nerror cuInit 803\n{recorded('h200').replace('13.590.48.01', '13.595.71.05')}", "--quick")
    assert report["facts"]["nvidia"]["state"] == "driver-library-mismatch"
    assert [finding["rule"] for finding in report["findings"] if finding["role"] == "primary" and finding["area"] == "gpu"] == [
        "nvml-driver-library-mismatch"
    ]


def test_a_missing_fabric_manager_has_one_primary_cause(doctor: Doctor) -> None:
    report = doctor(f"error cuInit 802\n{recorded('h200').replace('fabric 3', 'fabric 2')}")
    assert report["facts"]["nvidia"]["state"] == "system-not-ready"
    assert about_gpus(report)[0] == "fabricmanager-not-running"


def test_a_lost_card_has_one_primary_cause(doctor: Doctor) -> None:
    report = doctor(recorded("h200").replace("gpu\n", "gpu\nerror nvmlDeviceGetHandleByIndex 15\n"), "--quick")
    (card,) = cards(report)
    assert (card["state"], card["pci_address"]) == ("lost", "0000:83:00.0")
    assert about_gpus(report) == ["gpu-lost"]


def test_a_card_that_the_variable_hides_is_not_visible(doctor: Doctor) -> None:
    (card,) = cards(doctor(recorded("h200"), CUDA_VISIBLE_DEVICES="7"))
    assert (card["visible"], card["state"]) == (False, "ok")


def test_a_saved_report_is_judged_the_same_on_a_machine_without_a_gpu(doctor: Doctor, tmp_path: Path) -> None:
    """To the byte: JSON's keys keep their order, so that equal text of both means equal bytes."""
    report = doctor(f"error nvmlInit 18\nerror cuInit 803\n{recorded('h200').replace('13.590.48.01', '13.595.71.05')}", "--quick")
    saved = tmp_path / "facts.json"
    saved.write_text(json.dumps(report["facts"]))
    command = [sys.executable, "-m", "envcheck", "diagnose", str(saved), "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert json.dumps(json.loads(done.stdout)) == json.dumps(report)
    assert about_gpus(report)
