"""cuda-toolkit-mismatch."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, Passed
from envcheck.messages import parse_message
from envcheck.readers.read import read_text
from envcheck.rules.cuda_toolkit_mismatch import RULE
from tests.rules.rule_words import words

TORCH = "The detected CUDA version (12.4) mismatches the version that was used to compile\nPyTorch (11.8)."


def judge(text: str, **facts: Any) -> list[Any]:
    said = [msgspec.to_builtins(symptom) for symptom in parse_message(text)]
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": said}, Snapshot))))


def test_a_toolkit_of_another_major_version_is_refused() -> None:
    (found,) = judge(TORCH, variables={"CUDA_HOME": "/usr/local/cuda-12.4"})
    assert isinstance(found, Found)
    assert (
        found.message
        == "The build found the CUDA toolkit 12.4, and torch is built with CUDA 11.8: their major versions have to be the same."
    )
    assert "/usr/local/cuda-12.4" in [proof.value for proof in found.evidence]
    assert "export CUDA_HOME=/usr/local/cuda-11.8" in words(found)
    assert "https://download.pytorch.org/whl/cu124" in words(found)


def test_newer_releases_leave_out_the_space() -> None:
    (found,) = RULE.check(Case(read_text(TORCH.replace("\n", "") + "\n")))
    assert isinstance(found, Found)
    assert "12.4" in found.message


def test_a_toolkit_that_is_there_has_only_to_be_named() -> None:
    toolkits = [
        {"name": "cuda", "version": "11.7.1", "path": "/opt/cuda-11.7"},
        {"name": "cuda", "version": "12.4.0", "path": "/opt/cuda-12.4"},
    ]
    (found,) = judge(TORCH, toolkits=toolkits)
    assert "export CUDA_HOME=/opt/cuda-11.7" in words(found)


def test_conda_has_the_toolkit_as_a_package() -> None:
    (found,) = judge(TORCH, python={"environment": "conda", "prefix": "/c/envs/x"})
    assert "conda install --yes --prefix /c/envs/x --channel nvidia cuda-toolkit=11.8" in words(found)


def test_a_torch_that_pip_brought_for_the_build_alone_is_told_apart() -> None:
    (found,) = judge(TORCH.replace("11.8", "13.0"), builds={"torch": {"version": "2.5.1+cu124", "cuda": "12.4"}})
    assert "one that pip brought for the build alone" in found.message
    assert "--no-build-isolation" in words(found)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nvcc fatal   : Unsupported gpu architecture 'compute_120'", "too old for the card: its nvcc does not know compute_120"),
        (
            "RuntimeError: FlashAttention is only supported on CUDA 11.7 and above.",
            "too old to build flash-attn, which needs CUDA 11.7 or newer",
        ),
        (
            "#error -- unsupported GNU version! gcc versions later than 12 are not supported!",
            "does not take this gcc: it knows gcc up to 12",
        ),
        (
            "DeepSpeed Op Builder: Installed CUDA version 12.5 does not match the version torch was compiled with 11.7, unable",
            "torch is built with CUDA 11.7",
        ),
        (
            "#error: -- unsupported Microsoft Visual Studio version! Only the versions between 2017 and 2022 (inclusive)",
            "does not take this Visual Studio",
        ),
    ],
)
def test_other_ways_in_which_a_toolkit_does_not_fit(text: str, message: str) -> None:
    (found,) = judge(text)
    assert message in found.message
    assert found.remedies


@pytest.mark.parametrize(
    "text",
    [
        "The detected CUDA version (12.4) has a minor version mismatch with the version that was used to compile PyTorch (12.1).",
        "Cuda compilation tools, release 12.4, V12.4.131",
    ],
)
def test_what_fits_is_no_matter_of_it(text: str) -> None:
    assert [type(outcome) for outcome in judge(text, builds={"torch": {"version": "2.4.0+cu118", "cuda": "11.8"}})] == [NotApplicable]


def test_apex_names_torchs_version_and_the_compiler_above_it_the_other():
    text = (
        "Cuda compilation tools, release 10.1, V10.1.243\n"
        "RuntimeError: Cuda extensions are being compiled with a version of Cuda that does not match the version used to compile "
        "Pytorch binaries.  Pytorch binaries were compiled with Cuda 11.3.\n"
    )
    (found,) = RULE.check(Case(read_text(text)))
    assert isinstance(found, Found)
    assert "the CUDA toolkit 10.1" in found.message
    assert "torch is built with CUDA 11.3: apex asks for the same version" in found.message


@pytest.mark.parametrize(
    ("versions", "outcome"), [(["12.1"], Passed), (["12.1", "12.6"], Passed), (["11.8"], NotApplicable), (["12.1", "11.8"], NotApplicable)]
)
def test_a_toolkit_of_torchs_major_version_passes(versions: list[str], outcome: type) -> None:
    toolkits = [{"name": "cuda", "version": version, "path": f"/usr/local/cuda-{version}"} for version in versions]
    (told,) = judge("", toolkits=toolkits, builds={"torch": {"version": "2.5.1+cu124", "cuda": "12.4"}})
    assert isinstance(told, outcome)


def test_an_environment_module_of_another_cuda_is_exchanged() -> None:
    text = (
        "Currently Loaded Modules:\n  1) gcc/9.3.0   2) cuda/11.7\nRuntimeError:\nThe detected CUDA version (11.7) mismatches the version "
        "that was used to compile\nPyTorch (12.4). Please make sure to use the same CUDA versions.\n"
    )
    (found,) = RULE.check(Case(read_text(text)))
    assert isinstance(found, Found)
    assert "cuda/11.7" in [proof.value for proof in found.evidence]
    assert found.remedies[0].steps[0].run == ("module", "unload", "cuda/11.7")
    assert all("module cuda" not in step.do for remedy in found.remedies for step in remedy.steps)
