"""The driver's packages in dpkg's list."""

import io

import pytest

from envcheck.parsers.linux.dpkg_status import parse_dpkg_status, upstream_version

STATUS = """Package: adduser
Status: install ok installed
Version: 3.118

Package: nvidia-driver-550
Status: install ok unpacked
Priority: optional
Depends: libnvidia-compute-550 (= 550.120-0ubuntu0.24.04.1), nvidia-dkms-550
Version: 550.120-0ubuntu0.24.04.1
Conffiles:
 /etc/x 1234
Description: NVIDIA driver metapackage
 Package: not-one

Package: libnvidia-compute-550
Status: deinstall ok config-files
Version: 550.90.07-0ubuntu1
"""


def test_those_of_the_driver_with_state_and_version() -> None:
    found = [(package.name, package.state, package.version) for package in parse_dpkg_status(io.StringIO(STATUS), ("nvidia", "libnvidia"))]
    assert found == [
        ("nvidia-driver-550", "unpacked", "550.120-0ubuntu0.24.04.1"),
        ("libnvidia-compute-550", "config-files", "550.90.07-0ubuntu1"),
    ]


def test_a_list_that_was_cut_in_the_middle_of_a_package() -> None:
    (package,) = parse_dpkg_status(["Package: nvidia-driver-550\n", "Status: \n"], ("nvidia",))
    assert (package.version, package.name) == ("", "nvidia-driver-550")


@pytest.mark.parametrize(
    ("version", "upstream"),
    [
        ("550.120-0ubuntu0.24.04.1", "550.120"),
        ("1:580.95.05-1", "580.95.05"),
        ("535.183.01-1~deb12u1", "535.183.01"),
        ("580.95.05+really", "580.95.05"),
        ("", ""),
    ],
)
def test_the_drivers_own_version(version: str, upstream: str) -> None:
    assert upstream_version(version) == upstream
