import pytest

from envcheck.facts.snapshot import Package, PackageState
from envcheck.judging.pins import pinned_by


@pytest.mark.parametrize(
    ("requirement", "version"),
    [
        ("torch==2.5.1", "2.5.1"),
        ("torch (==2.5.1)", "2.5.1"),
        ('torch==2.5.1; platform_system == "Linux"', "2.5.1"),
        ("torch==2.5.*", ""),
        ("torch==2.5.1,!=2.5.2", ""),
        ("torch>=2.5.1", ""),
        ("torchmetrics==1.0", ""),
    ],
)
def test_only_one_exact_version_is_a_pin(requirement: str, version: str) -> None:
    package = Package(name="torchvision", state=PackageState.OK, requires=("numpy", requirement))
    assert pinned_by(package, "torch") == version


def test_what_is_not_installed_or_told_pins_nothing() -> None:
    assert pinned_by(None, "torch") == ""
    assert pinned_by(Package(name="torchvision", state=PackageState.OK), "torch") == ""
