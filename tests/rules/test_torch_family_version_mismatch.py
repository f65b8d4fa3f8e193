from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty, Severity
from envcheck.rules.torch_family_version_mismatch import RULE


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


def installed(*, requires: dict[str, list[str]] | None = None, **versions: str) -> list[dict[str, Any]]:
    packages = [{"name": name, "version": version, "state": "ok"} for name, version in versions.items()]
    for package in packages:
        if requires and package["name"] in requires:
            package["requires"] = requires[package["name"]]
    return packages


NMS = {
    "kind": "unsupported-call",
    "text": "operator torchvision::nms does not exist",
    "subject": "torchvision",
    "details": {"name": "torchvision::nms"},
}


@pytest.mark.parametrize(
    ("torch", "name", "version", "expected"),
    [
        ("2.5.1", "torchvision", "0.20.1", Passed),
        ("2.5.1+cu124", "torchvision", "0.20.1+cu124", Passed),
        ("2.4.0+cu121", "torchvision", "0.20.1+cu121", Found),
        ("2.0.1", "torchvision", "0.15.2", Passed),
        ("2.0.1", "torchaudio", "2.0.2", Passed),
        ("2.10.0", "torchaudio", "2.11.0", Found),
        ("2.11.0", "torchaudio", "2.11.0", Passed),
        ("2.15.0", "torchaudio", "2.11.0", Passed),  # the last torchaudio pins no torch
        ("2.12.0", "torchaudio", "2.10.0", Found),
        ("2.14.1", "torchvision", "0.29.1", Passed),
        ("2.15.0", "torchvision", "0.29.1", Passed),
        ("2.13.0", "torchvision", "0.29.1", Found),
        ("2.13.0", "torchvision", "0.28.0", Passed),
        ("1.8.1", "torchvision", "0.9.1", Passed),
        ("1.8.1", "torchvision", "0.11.1", Found),
        ("1.13.1+cu117", "torchvision", "0.14.1+cu117", Passed),
        ("1.14.0.dev20221110", "torchvision", "0.14.0", Found),
        ("2.5.1", "torchvision", "0.21.0.dev20241101", Found),
        ("2.1.0a0+41361538.nv23.06", "torchvision", "0.16.0", NotEvaluated),
        ("2.6.0.dev20241101", "torchvision", "0.20.0.dev20241101", NotEvaluated),
        ("2.99.0", "torchvision", "0.28.0", NotEvaluated),
    ],
)
def test_companions_are_compared_with_the_release_they_belong_to(torch: str, name: str, version: str, expected: type):
    (outcome,) = judge(packages=installed(**{"torch": torch, name: version}))
    assert isinstance(outcome, expected)


def test_another_series_is_an_error_and_another_last_number_a_warning():
    far = judge(packages=installed(torch="2.4.0", torchvision="0.20.1"))[0]
    assert (far.severity, far.certainty) == (Severity.ERROR, Certainty.CERTAIN)
    near = judge(packages=installed(torch="2.5.0", torchvision="0.20.1"))[0]
    assert (near.severity, near.certainty) == (Severity.WARNING, Certainty.LIKELY)


def test_what_the_companion_itself_asks_for_goes_before_the_table():
    requires = {"torchvision": ["numpy", "torch (==2.4.0)", "pillow!=8.3.*,>=5.3.0"]}
    assert isinstance(judge(packages=installed(torch="2.4.0", torchvision="0.20.1", requires=requires))[0], Passed)
    requires = {"torchvision": ["torch==2.5.1; platform_system != 'x'"]}
    assert "needs torch 2.5.1" in judge(packages=installed(torch="2.5.0", torchvision="0.20.0", requires=requires))[0].message


@pytest.mark.parametrize(
    ("torch", "version", "expected"),
    [
        ("2.5.1+cu121", "0.20.1+cu124", Found),
        ("2.5.1+cu124", "0.20.1+cpu", Found),
        ("2.5.1+cu124", "0.20.1", Passed),
        ("2.5.1", "0.20.1+cu124", Passed),
        ("2.5.1+cu124", "0.20.1+3ac97aa", Passed),  # a commit says nothing about the build
    ],
)
def test_builds_for_two_cuda_versions_are_a_warning(torch: str, version: str, expected: type):
    (outcome,) = judge(packages=installed(torch=torch, torchvision=version))
    assert isinstance(outcome, expected)
    if expected is Found:
        assert outcome.severity is Severity.WARNING


@pytest.mark.parametrize(
    "symptom",
    [
        NMS,
        {
            "kind": "unsupported-call",
            "text": "Couldn't load custom C++ ops.",
            "subject": "torchvision",
            "details": {"name": "torchvision custom C++ ops"},
        },
        {
            "kind": "version-conflict",
            "text": "different CUDA versions",
            "details": {"package": "torchvision", "need": "11.7", "have": "11.6"},
        },
        {
            "kind": "version-conflict",
            "text": "pip",
            "subject": "pip",
            "details": {"package": "torch", "need": "==2.5.1", "by": "torchvision 0.20.1"},
        },
    ],
)
def test_what_was_said_makes_it_likely_without_versions_and_certain_with_them(symptom: dict[str, Any]):
    assert judge(symptom)[0].certainty is Certainty.LIKELY
    (found,) = judge(symptom, packages=installed(torch="2.4.0", torchvision="0.20.1"))
    assert found.certainty is Certainty.CERTAIN
    assert found.severity is Severity.ERROR
    assert found.symptoms


def test_a_missing_symbol_of_torchaudio_is_its_own():
    symptom = {
        "kind": "undefined-symbol",
        "text": "undefined symbol",
        "details": {"symbol": "torch_x", "needed_by": "/e/torchaudio/lib/libtorchaudio.so"},
    }
    (found,) = judge(symptom)
    assert found.about == ("torchaudio", "torch")


def test_an_attribute_that_torchvision_lacks_says_nothing_about_torch():
    assert isinstance(judge({"kind": "unsupported-call", "text": "no attribute", "details": {"name": "torchvision.io"}})[0], NotApplicable)


def test_the_remedy_is_the_companion_from_torchs_own_index():
    (found,) = judge(packages=installed(torch="2.4.0+cu121", torchvision="0.20.1+cu124"), python={"executable": "/e/bin/python"})
    step = found.remedies[0].steps[0].run
    assert step == ("/e/bin/python", "-m", "pip", "install", "--index-url", "https://download.pytorch.org/whl/cu121", "torchvision==0.19.0")


def test_another_build_of_the_same_version_has_to_be_forced():
    (found,) = judge(packages=installed(torch="2.5.1+cu121", torchvision="0.20.1+cu124"))
    assert "--force-reinstall" in found.remedies[0].steps[0].run


def test_without_torchs_version_it_cannot_be_judged():
    assert isinstance(judge(packages=installed(torchvision="0.20.1"))[0], NotEvaluated)


def test_without_companions_there_is_no_question():
    assert isinstance(judge(packages=installed(torch="2.5.1"))[0], NotApplicable)


def test_two_cuda_versions_and_a_missed_symbol_of_torch_decide_without_versions():
    builds = {"package": "torchvision", "what": "cuda", "need": "12.1", "have": "11.8"}
    (found,) = judge({"kind": "version-conflict", "text": "…", "subject": "torchvision", "details": builds})
    assert found.certainty is Certainty.CERTAIN
    assert "it is built for CUDA 11.8, torch for CUDA 12.1" in found.message
    missed = {"symbol": "_ZN2at4_ops5zeros4callE", "needed_by": "/e/site-packages/torchaudio/lib/libtorchaudio.so"}
    (found,) = judge({"kind": "undefined-symbol", "text": "…", "details": missed})
    assert found.certainty is Certainty.CERTAIN


@pytest.mark.parametrize(
    ("torch", "torchtext", "expected"),
    [
        ("2.2.1+cu121", "0.15.2", Found),
        ("2.2.2", "0.17.2", Passed),
        ("2.6.0", "0.18.0", Passed),
        ("2.2.2", "0.18.0", Found),
        ("2.2.2", "0.17.77", NotEvaluated),
    ],
)
def test_torchtext_is_of_the_family_by_what_it_asks_for(torch: str, torchtext: str, expected: type):
    (outcome,) = judge(packages=installed(torch=torch, torchtext=torchtext))
    assert isinstance(outcome, expected)


def test_a_last_number_of_torchtext_is_only_a_warning():
    (found,) = judge(packages=installed(torch="2.2.1", torchtext="0.17.2"))
    assert (found.severity, found.certainty) == (Severity.WARNING, Certainty.LIKELY)


def test_a_missing_procedure_of_its_own_library_is_likely():
    missed = {"kind": "dll-load-failed", "text": "[WinError 127]", "subject": "torchaudio", "code": 127, "details": {"code": "127"}}
    (found,) = judge(missed)
    assert isinstance(found, Found)
    assert found.certainty is Certainty.LIKELY


WHOLE = {"packages": "complete"}


@pytest.mark.parametrize(
    ("name", "version", "requires", "command"),
    [
        ("torchvision", "0.19.1", ["torch==2.4.1"], "torch==2.4.1"),
        ("torchvision", "0.19.1+cu121", None, "--index-url https://download.pytorch.org/whl/cu121 torch==2.4.1"),
        ("torchaudio", "2.5.0", None, "torch==2.5.0"),
        ("torchtext", "0.99.0", None, "torch"),
    ],
)
def test_a_companion_alone_in_a_whole_list_misses_torch(name: str, version: str, requires: list[str] | None, command: str):
    packages = installed(requires={name: requires} if requires else None, **{name: version})
    (found,) = judge(packages=packages, observed=WHOLE, live=True)
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.CERTAIN)
    assert found.message.startswith(f"{name} {version} is installed without torch")
    assert " ".join(found.remedies[0].steps[-1].run).endswith(f"install {command}")


def test_torch_under_another_name_and_a_part_of_a_list_leave_it_open():
    assert [type(each) for each in judge(packages=installed(torchvision="0.19.1"))] == [NotEvaluated]
    for name in ("pytorch", "pytorch-cpu", "libtorch", "torch-nightly"):
        packages = installed(torchvision="0.19.1", **{name: "2.4.1"})
        assert not [each for each in judge(packages=packages, observed=WHOLE) if isinstance(each, Found)]
