"""Releases of packages: which is right for a Python, a platform and a C library, and what it requires beside it."""

import re

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from envcheck.knowledge import packages
from envcheck.knowledge.packages import find, newest_for, releases_of


def every_release() -> list[packages.Release]:
    return [row for rows in packages._by_name().values() for row in rows]


def test_the_releases_of_a_package_come_newest_first_and_each_once() -> None:
    for name, rows in packages._by_name().items():
        versions = [Version(row.version) for row in rows]
        assert versions == sorted(set(versions), reverse=True), name


def test_every_field_is_written_as_the_lookups_read_it() -> None:
    for row in every_release():
        SpecifierSet(row.requires_python)
        assert all(Requirement(line).name for line in row.requires)
        assert all(re.fullmatch(r"py3|3\.\d+[t+]?", tag) for tag in row.python), row.name
        assert all(re.fullmatch(r"any|(linux|macos|win)_(x86_64|aarch64|arm64|amd64)", platform) for platform in row.platforms), row.name
        assert bool(row.python) == bool(row.platforms), row.name
        assert re.fullmatch(r"|\d\.\d+", row.glibc_min)


def test_a_name_is_found_however_it_is_written() -> None:
    assert releases_of("Scikit_Learn") == releases_of("scikit-learn") != ()
    assert releases_of("something-else") == ()


def test_a_release_is_found_by_its_numbers() -> None:
    row = find("pandas", "2.1.4")
    assert row is not None
    assert row.requires_python == ">=3.9"
    assert find("pandas", "2.1.99") is None


@pytest.mark.parametrize(
    ("name", "python", "platform", "glibc", "version"),
    [
        ("numpy", "3.9.18", "", "", "2.0.2"),
        ("numpy", "3.11.4", "linux_x86_64", "2.17", "2.2.6"),
        ("numpy", "3.11.4", "win_amd64", "", "2.4.6"),
        ("xgboost", "3.12.1", "linux_x86_64", "2.17", "3.0.5"),
        ("openvino", "3.9.1", "win_arm64", "", None),
        ("xgboost", "3.10.1", "linux_x86_64", "2.17", "3.0.5"),
        ("seaborn", "3.12.1", "linux_aarch64", "2.17", "0.13.2"),
        ("pyspark", "3.12.1", "", "", None),
    ],
)
def test_the_newest_release_that_has_a_wheel_here(name: str, python: str, platform: str, glibc: str, version: str | None) -> None:
    row = newest_for(name, python, platform, glibc)
    assert (row.version if row else None) == version


def test_a_wheel_of_the_stable_interface_serves_later_pythons_and_no_earlier_ones() -> None:
    row = find("onnx", "1.23.2")
    assert row is not None
    assert "3.12+" in row.python
    assert row.serves("3.13.2")
    assert row.serves("3.11.2")
    assert not row.serves("3.9.2")


def test_the_pythons_of_a_release_are_named_one_by_one() -> None:
    onnx, numba, seaborn = find("onnx", "1.23.2"), find("numba", "0.60.0"), find("seaborn", "0.13.2")
    assert onnx is not None
    assert onnx.pythons[:3] == ("3.10", "3.11", "3.12")
    assert "3.14t" in onnx.pythons
    assert "3.13t" not in onnx.pythons
    assert numba is not None
    assert numba.pythons == ("3.9", "3.10", "3.11", "3.12")
    assert seaborn is not None
    assert seaborn.pythons[0] == "3.8"


def test_a_platform_that_the_table_does_not_speak_of_excludes_nothing() -> None:
    row = find("openvino", "2026.4.1")
    assert row is not None
    assert row.is_for("linux_ppc64le")
    assert not row.is_for("win_arm64")


def test_a_python_counts_by_its_numbers_and_one_without_any_excludes_nothing() -> None:
    row = find("seaborn", "0.13.2")
    assert row is not None
    assert row.serves("3.11.4 | packaged by conda-forge")
    assert not row.serves("3.7.17 (default)")
    assert row.serves("")
