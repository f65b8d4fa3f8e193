from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty
from envcheck.rules.cuda_runtime_lib_missing import RULE
from tests.rules.rule_words import judged, told


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


def missing(library: str, subject: str = "torch", **details: str) -> dict[str, Any]:
    return {
        "kind": "library-not-found",
        "text": f"{library}: cannot open shared object file",
        "subject": subject,
        "details": {"library": library, **details},
    }


TORCH = {"torch": {"version": "2.5.1", "cuda": "12.4"}}


@pytest.mark.parametrize(
    "symptom",
    [
        missing("libcudnn.so.9"),
        missing("libcudnn_ops.so.9"),
        missing("libnvrtc.so", subject=""),
        missing("libcudart.so.12"),
        missing("libcupti.so.12"),
        missing("libcusparseLt.so.0"),
        missing("libnccl.so.2"),
        missing("libcublas.so.12", subject="some_extension"),
        missing("libnvrtc.so", subject="", needed_by="libcudnn_cnn_infer.so.8"),
    ],
)
def test_a_missing_library_of_the_same_cuda_is_found(symptom: dict[str, Any]):
    (found,) = judge(symptom, builds=TORCH)
    assert isinstance(found, Found)
    assert found.subject == symptom["details"]["library"]


@pytest.mark.parametrize(
    "symptom",
    [
        missing("libcuda.so", needed_by="libcudnn_cnn_infer.so.8"),
        missing("libcuda.so.1"),
        missing("libcudnn_cnn_infer.so.8", reason="libcuda.so: cannot open shared object file"),
        missing("libcudnn.so.8", subject="tensorflow"),
        missing("libcudnn.so.9", subject="onnxruntime"),
        missing("libcusparse.so.11", subject="bitsandbytes"),
        missing("libcudart.so.11.0", subject="vllm"),
        missing("libGL.so.1"),
        missing("libcudart.so", reason="linker"),
    ],
)
def test_the_drivers_library_other_frameworks_and_other_versions_have_rules_of_their_own(symptom: dict[str, Any]):
    assert isinstance(judge(symptom, builds=TORCH)[0], NotApplicable)


def test_the_reason_names_the_one_that_is_really_missing():
    (found,) = judge(missing("libcudnn_cnn_infer.so.8", reason="libnvrtc.so: cannot open shared object file"), builds=TORCH)
    assert found.subject == "libnvrtc.so"
    assert "which libcudnn_cnn_infer.so.8 needs" in found.message


def test_it_is_certain_on_the_machine_itself_and_likely_in_a_report():
    assert judge(missing("libcudnn.so.9"), builds=TORCH, live=True)[0].certainty is Certainty.CERTAIN
    assert judge(missing("libcudnn.so.9"), builds=TORCH)[0].would_confirm


def test_the_remedy_takes_the_version_that_torch_asks_for():
    requires = ["nvidia-cudnn-cu12==9.1.0.70; platform_system == 'Linux'", "sympy"]
    packages = [{"name": "torch", "version": "2.5.1", "state": "ok", "requires": requires}]
    (found,) = judge(missing("libcudnn.so.9"), builds=TORCH, packages=packages)
    assert found.remedies[0].steps[0].run[-1] == "nvidia-cudnn-cu12==9.1.0.70"
    newer = judge(missing("libcudnn.so.9"), builds={"torch": {"version": "2.15.0", "cuda": "13.2"}})[0]
    assert newer.remedies[0].steps[0].run[-1] == "nvidia-cudnn-cu13"


def test_a_name_without_number_is_linked_by_hand():
    (found,) = judge(missing("libnvrtc.so"), builds=TORCH)
    assert found.remedies[0].manager == "manual"


def test_without_a_symptom_there_is_no_question():
    assert isinstance(judge(builds=TORCH)[0], NotApplicable)


def test_on_windows_nobody_is_told_to_run_find():
    (found,) = judge(missing("cudnn_ops_infer64_8.dll", subject=""))
    assert found.would_confirm[0].startswith("a search for cudnn_ops_infer64_8.dll")


def test_the_builtins_of_nvrtc_are_a_library_of_cuda():
    (found,) = judge(missing("libnvrtc-builtins.so.11.7", subject=""), builds={"torch": {"version": "1.13.1+cu117", "cuda": "11.7"}})
    assert isinstance(found, Found)


def test_a_file_that_was_seen_somewhere_only_has_to_be_found():
    folder = "/home/ana/.local/lib/python3.8/site-packages/nvidia/cudnn/lib"
    toolkits = [{"name": "cudnn", "path": f"{folder}/libcudnn_ops_infer.so.8"}]
    (found,) = judge(missing("libcudnn_ops_infer.so.8", subject=""), toolkits=toolkits)
    assert f"although it lies in {folder}" in found.message
    assert found.remedies[0].steps[0].run == ("export", f"LD_LIBRARY_PATH={folder}:$LD_LIBRARY_PATH")


def test_the_cudnn_of_the_right_number_is_asked_for():
    (found,) = judge(missing("libcudnn_ops_infer.so.8", subject=""))
    assert "install libcudnn 8 for" in found.remedies[0].steps[0].do


def test_a_search_that_shows_the_missed_file_decides():
    text = "Could not load library libcudnn_ops_infer.so.8. Error: libcudnn_ops_infer.so.8: cannot open shared object file: No such file\n"
    folder = "/home/ana/env/lib/python3.11/site-packages/nvidia/cudnn/lib"
    (found,) = RULE.check(Case(read_text(f"{text}{folder}/libcudnn_ops_infer.so.8\n{folder}/libcudnn_adv_infer.so.8\n")))
    assert isinstance(found, Found)
    assert found.certainty is Certainty.CERTAIN
    assert folder in found.message


def test_the_wheel_that_torch_asks_for_and_that_is_not_there_is_named_and_pips_complaint_follows() -> None:
    torch = {"name": "torch", "version": "2.5.1", "state": "ok", "requires": ["nvidia-cudnn-cu12==9.1.0.70"]}
    facts = {
        "live": True,
        "system": {"os": "Linux", "machine": "x86_64"},
        "python": {"version": "3.11.7", "environment": "venv", "executable": "/v/bin/python"},
        "packages": [torch],
        "builds": TORCH,
        "observed": {"packages": "complete"},
        "imports": [{"name": "torch", "status": "failed"}],
        "symptoms": [missing("libcudnn.so.9")],
    }
    first, *rest = told(judged(msgspec.convert(facts, Snapshot)))
    assert first.rule == "cuda-runtime-lib-missing"
    assert first.message == "The library libcudnn.so.9 was not found: nvidia-cudnn-cu12, which brings it, is not installed."
    assert {finding.rule: finding.because_of for finding in rest} == {
        "requirement-of-package-unmet": (first.id,),
        "framework-import-fails": (first.id,),
    }


def test_the_same_wheel_of_another_library_is_no_part_of_it() -> None:
    text = "ImportError: libcudnn.so.9: cannot open shared object file: No such file or directory\n"
    report = judged(read_text(text + "torch 2.5.1 requires nvidia-cusparselt-cu12, which is not installed.\n"))
    assert [(finding.rule, finding.because_of) for finding in told(report)][1:] == [("requirement-of-package-unmet", ())]


def test_an_import_of_a_build_for_cuda_found_what_it_needs():
    imported = [{"name": "torch", "status": "imported"}]
    (outcome,) = judge(builds=TORCH, imports=imported)
    assert isinstance(outcome, Passed)
    (outcome,) = judge(builds={"torch": {"version": "2.5.1+cpu", "cuda": None}}, imports=imported)
    assert isinstance(outcome, NotApplicable)
    (outcome,) = judge(builds=TORCH, imports=[{"name": "torch", "status": "crashed"}])
    assert isinstance(outcome, NotApplicable)


def test_an_extension_is_not_judged_without_torchs_own_cuda():
    (outcome,) = judge(missing("libcudart.so.12", subject="vllm"), builds={"torch": {"version": "2.99.0"}})
    assert isinstance(outcome, NotEvaluated)
    assert outcome.needs == ('python -c "import torch; print(torch.version.cuda)"',)
