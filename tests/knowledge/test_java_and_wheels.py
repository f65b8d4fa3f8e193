import pytest

from envcheck.facts.snapshot import Snapshot, System
from envcheck.knowledge import java, python_wheels
from envcheck.knowledge.python_wheels import Platform

WINDOWS, ALPINE = Platform("windows", "amd64"), Platform("linux", "x86_64", "musl")


def test_javas_are_told_by_the_series():
    row = java.find_javas("pyspark", "4.0.1")
    assert row is not None
    assert (row.java, row.in_words, row.sure) == ((17, 21), "17 or 21", True)
    ranged = java.find_javas("h2o", "3.46.0.12")
    assert ranged is not None
    assert (ranged.in_words, ranged.sure) == ("8 to 21", False)
    assert java.find_javas("pyspark", "0.9") is None


def test_a_series_that_is_too_new_is_taken_for_the_one_before_it():
    assert java.nearest_javas("pyspark", "4.0.1") == java.find_javas("pyspark", "4.0.1")
    assert java.nearest_javas("pyspark", "9.1.0") == java.find_javas("pyspark", "4.2.0")
    assert java.nearest_javas("pyspark", "0.9") is None


@pytest.mark.parametrize(("version", "expected"), [("2.4.5", 8), ("3.2.0", 11), ("3.5.1", 17), ("4.1.0", 17), ("9.9", 17)])
def test_the_java_to_install(version: str, expected: int):
    assert java.java_to_install(java.find_javas("pyspark", version)) == expected


@pytest.mark.parametrize(
    ("package", "python", "platform", "expected"),
    [
        ("torch", "3.15.0", WINDOWS, "2.15.0"),
        ("torch", "3.10.4", WINDOWS, "2.14.1"),
        ("torch", "3.8", Platform(), "2.4.1"),
        ("torch", "3.12", ALPINE, None),
        ("numpy", "3.12", ALPINE, "2.5.5"),
        ("tensorflow", "3.14", WINDOWS, None),
        ("xgboost", "3.11.2", WINDOWS, "3.2.0"),
        ("requests", "3.11", WINDOWS, None),
        ("numpy", "3.9.2", WINDOWS, "2.0.2"),
        ("numba", "3.9.2", WINDOWS, "0.60.0"),
        ("onnx", "3.13.1", Platform("linux", "aarch64"), "1.23.2"),
        ("openvino", "3.12", Platform("windows", "arm64"), None),
        ("pyspark", "3.12", WINDOWS, None),
    ],
)
def test_the_newest_release_with_a_wheel(package: str, python: str, platform: Platform, expected: str | None):
    assert python_wheels.newest_for(package, python, platform) == expected


def test_the_pythons_of_a_release():
    assert python_wheels.pythons_of("tensorflow", "2.15.0", WINDOWS)[0] == ("3.9", "3.10", "3.11")
    assert python_wheels.pythons_of("torch", "0.0.1", WINDOWS) == ((), False)
    assert python_wheels.pythons_of("numba", "0.60.0", WINDOWS) == (("3.9", "3.10", "3.11", "3.12"), True)
    assert python_wheels.pythons_of("pyspark", "", WINDOWS) == ((), False)


def test_a_package_of_the_other_table_is_for_the_platforms_of_its_releases():
    assert python_wheels.is_listed("openvino")
    assert not python_wheels.has_wheels_for("openvino", Platform("windows", "arm64"))
    assert python_wheels.has_wheels_for("openvino", ALPINE)
    assert python_wheels.has_wheels_for("openvino", Platform("linux", "ppc64le"))
    assert not python_wheels.is_listed("pyspark")


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        (System(os="Windows", machine="AMD64"), WINDOWS),
        (System(os="Linux", machine="x86_64", libc="musl 1.2.4"), ALPINE),
        (System(os="Linux", machine="x86_64", distribution_id="alpine"), ALPINE),
        (System(os="Darwin", machine="arm64"), Platform("macos", "arm64")),
        (System(), Platform()),
    ],
)
def test_the_platform_of_a_machine(system: System, expected: Platform):
    assert python_wheels.platform_of(Snapshot(system=system)) == expected


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        (System(os="Linux", machine="arm64"), "linux_aarch64"),
        (System(os="Windows", machine="AMD64"), "win_amd64"),
        (System(os="Darwin", machine="arm64"), "macos_arm64"),
        (System(os="Windows"), "win_amd64"),
        (System(), "linux_x86_64"),
    ],
)
def test_the_platform_as_wheels_name_it(system: System, expected: str):
    assert python_wheels.wheel_platform(Snapshot(system=system)) == expected


def test_the_oldest_system_of_a_wheel_goes_by_its_python():
    row = next(row for row in python_wheels.wheels_of("numpy") if (row.version, row.os, row.machine) == ("2.5.5", "macos", "x86_64"))
    assert (row.oldest_system("3.12"), row.oldest_system("3.14"), row.oldest_system("3.14t")) == ("10.13", "10.15", "14.0")
