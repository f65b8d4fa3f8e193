"""The table of import packages and distributions."""

import re

import pytest

from envcheck.facts.snapshot import Package, PackageState, Snapshot
from envcheck.knowledge.frameworks import (
    EXCLUSIVE_GROUPS,
    FRAMEWORKS,
    TENSOR_FRAMEWORKS,
    distributions_of,
    exclusive_group,
    import_of,
    installed_for,
    is_framework,
)
from envcheck.knowledge.retired import RETIRED, End


def test_every_distribution_is_normalised_and_belongs_to_one_import_package() -> None:
    names = [name for distributions in FRAMEWORKS.values() for name in distributions]
    assert len(names) == len(set(names))
    assert [name for name in names if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)] == []
    assert [name for name in FRAMEWORKS if not name.isidentifier()] == []


def test_tensor_frameworks_are_frameworks() -> None:
    assert set(TENSOR_FRAMEWORKS) <= set(FRAMEWORKS)


def test_no_distribution_is_in_two_exclusive_groups() -> None:
    names = [name for group in EXCLUSIVE_GROUPS for name in group.distributions]
    assert len(names) == len(set(names))
    assert all(len(group.distributions) > 1 for group in EXCLUSIVE_GROUPS)


@pytest.mark.parametrize(
    ("import_name", "distribution"), [("sklearn", "scikit-learn"), ("cv2", "opencv-python"), ("torch", "torch"), ("my_own", "my-own")]
)
def test_an_import_package_leads_to_its_usual_distribution(import_name: str, distribution: str) -> None:
    assert distributions_of(import_name)[0] == distribution


@pytest.mark.parametrize(("distribution", "name"), [("tensorflow-cpu", "tensorflow"), ("scikit-learn", "sklearn"), ("my-own", "my_own")])
def test_a_distribution_leads_to_what_is_imported(distribution: str, name: str) -> None:
    assert import_of(distribution) == name


def test_what_is_unknown_is_no_framework() -> None:
    assert is_framework("xgboost-cpu")
    assert not is_framework("requests")
    assert exclusive_group("requests") is None


def test_any_variant_counts_as_installed() -> None:
    package = Package(name="onnxruntime-gpu", state=PackageState.OK)
    assert installed_for(Snapshot(packages=(package,)), "onnxruntime") is package
    assert installed_for(Snapshot(packages=(package,)), "torch") is None


def test_what_a_removal_left_behind_is_not_installed() -> None:
    leftover = Package(name="torch", state=PackageState.TORN)
    assert installed_for(Snapshot(packages=(leftover,)), "torch") is None
    torn = Package(name="torch", state=PackageState.TORN, version="2.8.0")
    assert installed_for(Snapshot(packages=(torn,)), "torch") is torn


def test_every_retired_distribution_says_why_who_says_so_and_what_to_do() -> None:
    for name, retired in RETIRED.items():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
        assert retired.says
        assert retired.source.startswith("https://")
        assert retired.successors or retired.advice
        assert retired.end is End.ENDED or retired.successors
        assert not set(retired.successors) & set(RETIRED)
