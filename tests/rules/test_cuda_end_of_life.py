"""cuda-end-of-life: the CUDA of the installed build against that of the newest release."""

import msgspec
import pytest

from envcheck.facts.snapshot import Build, Package, PackageState, Snapshot, System
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.knowledge import torch
from envcheck.knowledge.table import Confidence
from envcheck.report import Certainty, Severity
from envcheck.rules.cuda_end_of_life import RULE


def judge(name: str, version: str, build: Build | None = None, os: str = "Linux", taken: str = "2026-11-21") -> list[Outcome]:
    package = Package(name=name, version=version, state=PackageState.OK)
    builds = {name: build} if build is not None else {}
    return list(RULE.check(Case(Snapshot(taken=taken, packages=(package,), builds=builds, system=System(os=os)))))


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ("2.3.1+cu118", "torch 2.7 of June 2025 was the last that is built for CUDA 11"),
        ("1.13.1+cu117", "torch 2.7 of June 2025 was the last that is built for CUDA 11"),
        ("1.12.1+cu102", "CUDA 10.2, and no release of today is built for CUDA 10"),
    ],
)
def test_a_cuda_that_torch_is_not_built_for_any_more_is_a_hint(version: str, words: str) -> None:
    (found,) = judge("torch", version)
    assert isinstance(found, Found)
    assert found.severity is Severity.INFO
    assert words in found.message


def test_tensorflows_cuda_is_that_of_its_release() -> None:
    (found,) = judge("tensorflow", "2.12.0")
    assert isinstance(found, Found)
    assert "tensorflow 2.14 of November 2023 was the last that is built for CUDA 11" in found.message


@pytest.mark.parametrize(("name", "version"), [("torch", "2.5.1+cu124"), ("torch", "2.15.0+cu132"), ("tensorflow", "2.21.0")])
def test_a_cuda_that_newer_releases_have_passes(name: str, version: str) -> None:
    assert [type(outcome) for outcome in judge(name, version)] == [Passed]


@pytest.mark.parametrize(("taken", "outcome"), [("2026-06-30T00:00:00Z", Passed), ("2026-07-01T00:00:00Z", Found)])
def test_a_year_after_the_last_release_with_it_a_cuda_has_ended(taken: str, outcome: type[Outcome]) -> None:
    assert [type(each) for each in judge("torch", "2.7.0+cu118", taken=taken)] == [outcome]


def test_a_row_that_is_not_sure_makes_the_end_likely(monkeypatch: pytest.MonkeyPatch) -> None:
    unsure = tuple(msgspec.structs.replace(row, confidence=Confidence.MEDIUM) for row in torch.wheels_of("2.7.1", "cuda"))
    monkeypatch.setattr(torch, "wheels_of", lambda version, _: unsure if version == "2.7.1" else ())
    (found,) = judge("torch", "2.3.1+cu118")
    assert isinstance(found, Found)
    assert found.certainty is Certainty.LIKELY
    assert found.would_confirm


def test_a_build_for_cuda_whose_version_is_not_told_is_not_evaluated() -> None:
    assert [type(outcome) for outcome in judge("torch", "2.1.0", Build(version="2.1.0", cuda="unknown"))] == [NotEvaluated]


@pytest.mark.parametrize(
    ("name", "version", "os"), [("torch", "2.1.0+cpu", "Linux"), ("numpy", "1.26.4", "Linux"), ("tensorflow", "2.10.0", "Windows")]
)
def test_other_builds_are_not_its_subject(name: str, version: str, os: str) -> None:
    assert [type(outcome) for outcome in judge(name, version, os=os)] == [NotApplicable]
