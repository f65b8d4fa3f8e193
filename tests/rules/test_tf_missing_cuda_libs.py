"""TensorFlow without its CUDA libraries: in what it says, in what is installed, and where it says the same and nothing is wrong."""
# ruff: noqa: E501 - what programs print stands as they print it

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty, Role, Severity
from envcheck.rules.tf_missing_cuda_libs import RULE
from tests.rules.rule_words import judged, told, words

DRIVER = {"driver_version": "550.54.15", "cuda_version": "12.4", "state": "ok"}
CARD = {"index": 0, "vendor": "nvidia", "name": "NVIDIA RTX A5000", "state": "ok"}
STUB = {"kind": "driver-not-found", "text": "Could not find cuda drivers", "subject": "tensorflow", "details": {"vendor": "nvidia"}}
SMI = "| NVIDIA-SMI 525.105.17   Driver Version: 525.105.17   CUDA Version: 12.0     |\n"


def judge(*symptoms: dict[str, Any], **facts: Any) -> Any:
    (outcome,) = RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot)))
    return outcome


def tensorflow(version: str, **others: str) -> list[dict[str, Any]]:
    versions = {"tensorflow": version, **others}
    return [{"name": name.replace("_", "-"), "version": number, "state": "ok"} for name, number in versions.items()]


def missing(library: str, **details: str) -> dict[str, Any]:
    return {
        "kind": "library-not-found",
        "text": f"Could not load {library}",
        "subject": "tensorflow",
        "details": {"library": library, **details},
    }


def cuda(version: str, cudnn: str = "") -> list[dict[str, Any]]:
    entries = [{"name": "cuda", "version": version}]
    return [*entries, {"name": "cudnn", "version": cudnn}] if cudnn else entries


@pytest.mark.parametrize("library", ["libcudnn.so.8", "libcusolver.so.11", "libcublas.so.9.0", "cudnn64_8.dll"])
def test_a_library_that_is_only_looked_for_with_a_card_is_certain(library: str) -> None:
    found = judge(missing(library))
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.CERTAIN)
    assert library in found.message


def test_the_hint_of_every_start_counts_where_the_driver_answers() -> None:
    found = judge(STUB, packages=tensorflow("2.17.0"), nvidia=DRIVER)
    assert found.certainty is Certainty.CERTAIN
    assert found.message == "tensorflow 2.17.0 needs CUDA 12.3 with cuDNN 8.9 and does not find its CUDA libraries."
    assert found.remedies[0].steps[-1].run[-1] == "tensorflow[and-cuda]==2.17.0"


def test_what_is_installed_is_set_against_what_the_release_needs() -> None:
    found = judge(STUB, packages=tensorflow("2.13.0"), toolkits=cuda("12.0", "8.9.4"))
    assert found.certainty is Certainty.LIKELY
    assert "CUDA 11.8 with cuDNN 8.6" in found.message
    assert "CUDA 12.0 is what is installed" in found.message
    assert "cudatoolkit=11.8" in words(found)


@pytest.mark.parametrize(
    ("version", "toolkits", "unfit"),
    [
        ("2.3.0", cuda("10.1", "8.0.2"), True),
        ("2.3.0", cuda("10.1", "7.6.5"), False),
        ("2.3.0", cuda("10.2", "7.6.5"), True),
        ("2.10.1", cuda("11.7", "8.5.0"), False),
        ("2.10.1", cuda("12.1", "8.9.0"), True),
        ("2.9.3", cuda("11.2", "9.1.0"), True),
    ],
)
def test_from_cuda_11_on_the_major_version_decides(version: str, toolkits: list[Any], unfit: bool) -> None:
    outcome = judge(packages=tensorflow(version), toolkits=toolkits, nvidia=DRIVER)
    assert isinstance(outcome, Found if unfit else NotEvaluated)


def test_asked_for_gpus_it_had_none_and_nothing_of_cuda_is_there() -> None:
    found = judge(packages=tensorflow("2.16.1"), builds={"tensorflow": {"cuda_available": False}}, nvidia=DRIVER)
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.LIKELY)


def test_a_cudnn_of_another_major_under_the_old_name_is_found() -> None:
    loaded = {
        "kind": "loaded-older-than-built",
        "text": "Loaded",
        "subject": "tensorflow",
        "details": {"library": "cudnn", "loaded": "8.0.2", "built": "7.6.0"},
    }
    assert "cuDNN 8.0.2 is loaded under its name" in judge(loaded, packages=tensorflow("2.3.0"), nvidia=DRIVER).message


def test_the_import_that_ended_for_want_of_a_dll_is_certain() -> None:
    facts = read_text(
        "ImportError: Could not find 'cudart64_100.dll'. TensorFlow requires that this DLL be installed in a directory that is named in "
        "your %PATH% environment variable. Download and install CUDA 10.0 from this URL: https://developer.nvidia.com/cuda-toolkit\n"
    )
    (finding,) = [finding for finding in judged(facts).findings if finding.rule == RULE.name]
    assert finding.certainty is Certainty.CERTAIN


@pytest.mark.parametrize(
    "facts",
    [
        {"packages": tensorflow("2.17.0"), "builds": {"tensorflow": {"cuda_available": True}}, "nvidia": DRIVER},
        {"packages": tensorflow("2.17.0", nvidia_cudnn_cu12="8.9.7.29"), "nvidia": DRIVER, "toolkits": cuda("11.8")},
    ],
)
def test_a_gpu_that_is_reached_and_wheels_that_fit_pass(facts: dict[str, Any]) -> None:
    assert isinstance(judge(**facts), Passed)


@pytest.mark.parametrize(
    ("symptoms", "facts"),
    [
        ([STUB], {"packages": tensorflow("2.17.0"), "live": True}),
        ([], {"packages": tensorflow("2.17.0"), "nvidia": DRIVER}),
        ([STUB], {"packages": tensorflow("2.17.0"), "accelerators": [{**CARD, "state": "no-driver"}]}),
    ],
)
def test_without_the_deciding_facts_nothing_is_said(symptoms: list[Any], facts: dict[str, Any]) -> None:
    assert isinstance(judge(*symptoms, **facts), NotEvaluated)


@pytest.mark.parametrize(
    ("symptoms", "facts"),
    [
        ([], {}),
        ([STUB], {"system": {"os": "Darwin"}, "packages": tensorflow("2.17.0")}),
        ([STUB], {"system": {"os": "Windows"}, "packages": tensorflow("2.12.0"), "nvidia": DRIVER}),
        ([], {"packages": [{"name": "tensorflow-cpu", "version": "2.17.0", "state": "ok"}], "nvidia": DRIVER}),
        ([STUB], {"packages": tensorflow("2.17.0"), "nvidia": {"driver_version": None}}),
        ([missing("libcudart.so.11.0"), missing("libcuda.so.1")], {"packages": tensorflow("2.8.0")}),
        ([missing("libnvinfer.so.7")], {}),
        ([missing("libnvJitLink.so.12", needed_by="libcusolver.so.11")], {"packages": tensorflow("2.13.0"), "nvidia": DRIVER}),
    ],
)
def test_where_libraries_are_not_the_question(symptoms: list[Any], facts: dict[str, Any]) -> None:
    assert isinstance(judge(*symptoms, **facts), NotApplicable)


def test_on_the_machine_itself_a_usable_card_makes_it_a_warning() -> None:
    found = judge(STUB, packages=tensorflow("2.17.0"), accelerators=[CARD], nvidia=DRIVER, live=True)
    assert (found.severity, found.certainty) == (Severity.WARNING, Certainty.CERTAIN)


def test_a_log_from_a_machine_without_a_card_is_at_most_a_hint() -> None:
    report = judged(
        read_text("I tensorflow/tsl/cuda/cudart_stub.cc:28] Could not find cuda drivers on your machine, GPU will not be used.\n")
    )
    assert [finding.severity for finding in report.findings] == [Severity.INFO]


@pytest.mark.parametrize(
    "line",
    [
        "W tensorflow/compiler/tf2tensorrt/utils/py_utils.cc:38] TF-TRT Warning: Could not find TensorRT\n",
        "E external/local_xla/xla/stream_executor/cuda/cuda_dnn.cc:8454] Unable to register cuDNN factory: Attempting to register factory for plugin cuDNN when one has already been registered\n",
        "W tensorflow/stream_executor/platform/default/dso_loader.cc:64] Could not load dynamic library 'libnvinfer.so.7'; dlerror: libnvinfer.so.7: cannot open shared object file: No such file or directory\n",
    ],
)
def test_lines_that_look_like_errors_and_are_none(line: str) -> None:
    report = judged(read_text(f"{SMI}tensorflow==2.15.0\n{line}[PhysicalDevice(name='/physical_device:GPU:0', device_type='GPU')]\n"))
    assert told(report) == []


def test_it_is_the_cause_where_the_driver_answers_elsewhere_in_the_text() -> None:
    text = f"{SMI}tensorflow==2.12.0\nI tensorflow/tsl/cuda/cudart_stub.cc:28] Could not find cuda drivers on your machine, GPU will not be used.\n"
    report = judged(read_text(text))
    assert report.findings[0].rule == RULE.name
    assert all(finding.role is Role.CONSEQUENCE for finding in told(report)[1:])


@pytest.mark.parametrize(
    ("version", "facts", "expected"),
    [
        ("2.10.0", {"system": {"os": "Windows"}}, "cudatoolkit=11.2 cudnn=8.1.0"),
        ("2.10.0", {"python": {"version": "3.10.4"}}, "tensorflow[and-cuda]==2.21.*"),
        ("2.20.0", {"system": {"os": "Linux", "machine": "aarch64"}}, "nvcr.io/nvidia/tensorflow"),
        ("1.15.0", {}, "cudatoolkit=10.0 cudnn=7.4"),
    ],
)
def test_remedies_are_those_of_this_system_and_release(version: str, facts: dict[str, Any], expected: str) -> None:
    found = judge(missing("libcudnn.so.8"), packages=tensorflow(version), nvidia=DRIVER, **facts)
    assert expected in words(found)


@pytest.mark.parametrize(("driver", "cuda", "advised"), [("470.82.01", "11.4", "==2.14.*"), ("418.87.00", "10.1", "")])
def test_no_release_is_advised_whose_cuda_the_driver_does_not_run(driver: str, cuda: str, advised: str) -> None:
    found = judge(missing("libcudnn.so.8"), packages=tensorflow("2.10.0"), nvidia={"driver_version": driver, "cuda_version": cuda})
    assert words(found).partition("[and-cuda]")[2] == advised


def test_wsl_1_is_the_deeper_cause() -> None:
    text = (
        "Linux HOST 4.4.0-19041-Microsoft #1237-Microsoft\ntensorflow==2.13.0\n"
        "I tensorflow/tsl/cuda/cudart_stub.cc:28] Could not find cuda drivers on your machine, GPU will not be used.\n"
        ">>> tf.config.list_physical_devices('GPU')\n[]\n"
    )
    report = judged(read_text(text))
    assert [(finding.rule, finding.role) for finding in told(report)] == [("wsl1-no-gpu", Role.PRIMARY), (RULE.name, Role.CONSEQUENCE)]


def test_the_release_is_told_by_the_library_that_it_looks_for() -> None:
    facts = read_text(
        "W tensorflow/stream_executor/platform/default/dso_loader.cc:59] Could not load dynamic library 'libcublas.so.10.1'\n"
        "tesla V100\nW tensorflow/core/common_runtime/gpu/gpu_device.cc:1592] Cannot dlopen some GPU libraries.\n"
    )
    (finding,) = [finding for finding in judged(facts).findings if finding.rule == RULE.name]
    assert "looks for CUDA 10.1" in finding.message
    assert [proof.value for proof in finding.evidence if proof.fact.startswith("TensorFlow releases")] == ["2.1 to 2.3"]
    assert "cudnn=7.6" in " ".join(finding.remedies[0].steps[1].run)


def test_an_import_of_nobodys_is_tensorflows_where_it_is_the_only_framework() -> None:
    facts = read_text("tensorflow 1.6\nCUDA version: 9.1\nImportError: libcublas.so.9.0: cannot open shared object file\n")
    finding = judged(facts).findings[0]
    assert (finding.rule, finding.certainty, finding.subject) == (RULE.name, Certainty.CERTAIN, "tensorflow-gpu 1.6")
    assert "needs CUDA 9.0 with cuDNN 7" in finding.message


def test_a_card_that_somebody_named_makes_the_libraries_wanted() -> None:
    stub = "W tensorflow/x/dso_loader.cc:64] Could not load dynamic library 'cudart64_110.dll'; dlerror: cudart64_110.dll not found\n"
    severities = {
        text: next(finding.severity for finding in judged(read_text(text)).findings if finding.rule == RULE.name)
        for text in (stub, f"GPU: RTX 3060\n{stub}")
    }
    assert list(severities.values()) == [Severity.INFO, Severity.ERROR]
