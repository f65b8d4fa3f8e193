"""`envcheck smoke`, and the smoke tests that the doctor makes, as a person and as CI calls them; with real frameworks."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.cli.examined import Environment, run_envcheck


def by_device(report: dict[str, Any]) -> dict[str, str]:
    return {f"{entry['framework']} {entry['device']}": entry["status"] for entry in report["facts"]["smoke"]}


def test_named_tests_are_made_and_told_in_the_report(computing_python: str, tmp_path: Path) -> None:
    run = run_envcheck("smoke", "numpy", "scikit-learn", "--python", computing_python, "--format", "json", cwd=tmp_path)
    jsonschema.validate(run.report, json.loads(run_envcheck("schema", "report", cwd=tmp_path).out))
    assert (run.code, run.report["status"]) == (0, "healthy")
    assert by_device(run.report) == {"numpy cpu": "passed", "sklearn cpu": "passed"}
    told = {entry["framework"]: entry for entry in run.report["facts"]["smoke"]}
    assert told["numpy"]["layer"] == "compared"
    assert {"matmul float64", "inverse float64"} <= set(told["numpy"]["compared"])
    assert told["numpy"]["import_seconds"] + told["numpy"]["compute_seconds"] == pytest.approx(told["numpy"]["seconds"], abs=0.01)
    assert {entry["rule"] for entry in run.report["passed"]} >= {"smoke-result-wrong", "smoke-test-fails", "smoke-test-crashes"}


def test_the_expected_time_and_each_result_are_said_on_standard_error(computing_python: str, tmp_path: Path) -> None:
    run = run_envcheck("smoke", "numpy", "--python", computing_python, "--format", "json", cwd=tmp_path)
    first, second = run.err.splitlines()
    assert first == "Testing numpy: about 1 s."
    assert second.startswith("numpy computes correctly on cpu in ")


def test_in_the_terminal_the_row_says_that_it_computes(computing_python: str, tmp_path: Path) -> None:
    run = run_envcheck("smoke", "numpy", "--python", computing_python, cwd=tmp_path)
    assert "numpy computes correctly on cpu in " in run.out
    assert "This environment is healthy." in run.out


def test_the_doctor_shows_the_frameworks_computing(computing_python: str, tmp_path: Path) -> None:
    run = run_envcheck("doctor", "--python", computing_python, "--format", "json", cwd=tmp_path)
    default = ("jax", "numpy", "onnxruntime", "sklearn", "tensorflow", "torch", "xgboost")
    assert by_device(run.report) == {f"{name} cpu": "passed" for name in default}, run.report["findings"]
    assert (run.code, run.report["status"]) == (0, "healthy")


def test_the_doctor_makes_a_test_that_is_named(computing_python: str, tmp_path: Path) -> None:
    arguments = ("doctor", "--python", computing_python, "--smoke", "scipy", "--select", "smoke", "--format", "json")
    run = run_envcheck(*arguments, cwd=tmp_path)
    assert by_device(run.report)["scipy cpu"] == "passed"
    assert [entry["asked_for"] for entry in run.report["facts"]["smoke"] if entry["framework"] == "scipy"] == [True]


def test_quick_makes_none(computing_python: str, tmp_path: Path) -> None:
    run = run_envcheck("doctor", "--quick", "--python", computing_python, "--format", "json", cwd=tmp_path)
    assert run.report["facts"]["smoke"] == []
    both = run_envcheck("doctor", "--quick", "--smoke", "numpy", cwd=tmp_path)
    assert (both.code, both.out) == (2, "")


def test_a_build_for_the_cpu_that_is_asked_for_a_gpu_is_not_evaluated_and_no_failure(computing_python: str, tmp_path: Path) -> None:
    run = run_envcheck("smoke", "torch", "--device", "cuda", "--python", computing_python, "--format", "json", cwd=tmp_path)
    assert by_device(run.report) == {"torch cuda": "skipped"}
    assert not [finding for finding in run.report["findings"] if finding["area"] == "smoke"]
    (gap,) = [gap for gap in run.report["not_evaluated"] if gap["rule"] == "smoke-test-fails"]
    assert (gap["subject"], gap["required"], run.code) == ("torch on cuda", True, 3)
    assert gap["reason"] == "it lists no cuda device: its build or this machine has none"
    assert gap["needs"] == ["envcheck doctor: it says what keeps the framework from the device"]


def test_one_that_computes_on_the_cpu_alone_says_so(computing_python: str, tmp_path: Path) -> None:
    run = run_envcheck("smoke", "numpy", "--device", "cuda", "--python", computing_python, "--format", "json", cwd=tmp_path)
    (gap,) = [gap for gap in run.report["not_evaluated"] if gap["rule"] == "smoke-test-fails"]
    assert (gap["reason"], gap.get("needs", [])) == ("NumPy computes on cpu alone", [])


def test_the_cpu_alone_is_tested_where_that_was_asked_for(computing_python: str, tmp_path: Path) -> None:
    run = run_envcheck("smoke", "xgboost", "--device", "cpu", "--python", computing_python, "--format", "json", cwd=tmp_path)
    (told,) = run.report["facts"]["smoke"]
    assert (told["device"], told["status"]) == ("cpu", "passed")
    assert "CUDA_VISIBLE_DEVICES" in told["changed_variables"]


def test_a_framework_that_is_made_wrong_is_an_error(computing_python: str, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import numpy\nright = numpy.argsort\nnumpy.argsort = lambda values: right(values)[::-1]\n", encoding="utf-8"
    )
    run = run_envcheck("smoke", "numpy", "--python", computing_python, "--format", "json", cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert run.code == 1
    found = run.finding("smoke-result-wrong")
    assert (found["severity"], found["role"]) == ("error", "primary")
    assert "argsort: element 0" in found["message"]


def test_one_that_is_not_installed_is_a_finding_with_the_command(environment: Environment) -> None:
    run = environment.smoke("numpy")
    assert by_device(run.report) == {"numpy cpu": "absent"}
    assert run.code == 1
    found = run.finding("framework-absent")
    assert "numpy" in [word for step in found["remedies"][0]["steps"] for word in step["run"]]


def test_what_has_ended_gets_a_finding_that_names_what_took_its_place(environment: Environment) -> None:
    found = environment.smoke("pandas-profiling").finding("retired-package")
    assert "ydata-profiling" in found["remedies"][0]["summary"]


def test_without_dotnet_it_says_so(environment: Environment) -> None:
    run = environment.smoke("mlnet")
    (gap,) = [gap for gap in run.report["not_evaluated"] if gap["rule"] == "smoke-test-fails"]
    assert gap["reason"] == "there is no program dotnet in DOTNET_ROOT or on PATH"
    assert run.code == 3


def test_other_matters_are_not_told_with_a_smoke_test(environment: Environment) -> None:
    environment.add("torch", "2.13.0", "raise ImportError('odd')")
    run = environment.smoke("mlnet")
    assert not run.report["findings"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nmpy",), 'Did you mean "numpy"?'),
        (("something-else",), "Those that there are: "),
        (("numpy", "--device", "gpu"), "--device"),
        (("numpy", "--timeout", "0"), "--timeout"),
    ],
)
def test_what_is_not_there_is_wrong_use(arguments: tuple[str, ...], words: str, tmp_path: Path) -> None:
    run = run_envcheck("smoke", *arguments, cwd=tmp_path)
    assert (run.code, run.out) == (2, "")
    assert words in run.err


def test_the_tests_are_listed_and_explained(tmp_path: Path) -> None:
    listed = run_envcheck("smoke", "--list", cwd=tmp_path).out
    assert "numpy" in listed
    assert "PyTorch: on cpu, cuda, mps, xpu" in listed
    explained = run_envcheck("explain", "torch", cwd=tmp_path).out
    assert "What it means if a layer fails" in explained
    told = json.loads(run_envcheck("explain", "pytorch", "--format", "json", cwd=tmp_path).out)
    assert (told["schema"], told["name"]) == ("envcheck/smoke-test/1", "torch")
    assert "computed" in told["layers"]
