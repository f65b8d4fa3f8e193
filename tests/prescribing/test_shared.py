"""Releases of what several installed distributions depend on."""

import pytest

from envcheck.facts.snapshot import Package, PackageState, Python, Snapshot, System
from envcheck.prescribing.shared import Bound, bounds_on, choose_shared, excluding, install_numpy_1


def bound(by: str, versions: str) -> Bound:
    return Bound(by, "1.0", versions)


@pytest.mark.parametrize(
    ("wanted", "others", "requirement", "outdated"),
    [
        (">=2.0.2", (), "numpy>=2.0.2", []),
        (">=2.0.2", ("<2.7,>=1.26",), "numpy>=2.0.2,<2.7", []),
        (">=2.0.2", ("<2.7", "<2.9", "<=2.5"), "numpy>=2.0.2,<=2.5", []),
        (">=2.0.2", ("<1.28",), "numpy>=2.0.2", ["a"]),
        ("<1.28,>=1.21", (">=2.0.2",), "numpy>=2.0.2", ["wanted"]),
        (">=2.0.2", ("<2", "<1.28", "<3"), "numpy>=2.0.2,<3", ["a", "b"]),
        ("==1.26.4", ("<2", ">=1.20"), "numpy==1.26.4", []),
        ("==1.26.*", ("!=1.26.1",), "numpy==1.26.*,!=1.26.1", []),
        (">=1.0", ("!=1.0.*,<2",), "numpy>=1.0,<2,!=1.0.*", []),
        ("~=1.4", ("<2",), "numpy~=1.4,<2", []),
        (">1.0", ("<=1.0",), "numpy>1.0", ["a"]),
        ("===words", (">=1",), "numpy>=1", ["wanted"]),
    ],
)
def test_one_version_for_all_or_those_that_hold_it_back(
    wanted: str, others: tuple[str, ...], requirement: str, outdated: list[str]
) -> None:
    choice = choose_shared("numpy", bound("wanted", wanted), [bound(name, each) for name, each in zip("abc", others, strict=False)])
    assert (choice.requirement, [each.by for each in choice.outdated]) == (requirement, outdated)


def test_only_what_accepts_none_of_the_versions_excludes_them() -> None:
    assert [each.by for each in excluding("<2", (bound("a", ">=2"), bound("b", ">=1.9"), bound("c", "<3")))] == ["a"]


def machine(*packages: Package) -> Snapshot:
    python = Python(executable="/env/bin/python", version="3.11.7", implementation="CPython")
    return Snapshot(packages=packages, python=python, system=System(os="Linux", machine="x86_64"))


def needing(name: str, *requires: str) -> Package:
    return Package(name=name, version="1.0", state=PackageState.OK, manager="pip", requires=requires)


def test_bounds_are_read_of_every_installed_package_by_the_name_however_it_is_written() -> None:
    facts = machine(needing("a", "Ml_Dtypes<1"), needing("b", "ml.dtypes>=0.3"), needing("c", "ml-dtypes-extra<1", "ml-dtypes"))
    assert [(each.by, each.versions) for each in bounds_on(facts, "ml-dtypes")] == [("a", "<1"), ("b", ">=0.3")]
    assert bounds_on(facts, "ml-dtypes", but=("a", "b")) == ()


def test_numpy_1_is_offered_only_where_nothing_asks_for_numpy_2() -> None:
    remedy = install_numpy_1(machine(needing("scipy", "numpy>=1.22")), "go back")
    assert remedy is not None
    assert remedy.steps[-1].run[-1] == "numpy>=1.22,<2"
    assert install_numpy_1(machine(needing("pandas", "numpy>=2.0.2")), "go back") is None


def test_metadata_without_end_costs_no_time_without_end() -> None:
    hostile = ",".join(f"!=1.{number}" for number in range(300))
    assert bounds_on(machine(needing("a", f"numpy{hostile}"), needing("b", "numpy<2")), "numpy") == (bound("b", "<2"),)
