import pytest

from envcheck.parsers.nvidia.driver_packages import parse_driver_packages


@pytest.mark.parametrize(
    ("line", "name", "version"),
    [
        ("ii  nvidia-driver-550   550.90.07-0ubuntu0.22.04.1   amd64   NVIDIA driver metapackage", "nvidia-driver-550", "550.90.07"),
        ("ii  libnvidia-compute-550:amd64  550.90.07-0ubuntu0.22.04.1  amd64  x", "libnvidia-compute-550", "550.90.07"),
        ("ii  nvidia-driver  525.147.05-4~deb12u1  amd64  NVIDIA metapackage", "nvidia-driver", "525.147.05"),
        ("hi  nvidia-utils-535-server  535.183.01-0ubuntu0.22.04.1  amd64  x", "nvidia-utils-535-server", "535.183.01"),
        ("nvidia-driver-550/jammy-updates,now 550.90.07-0ubuntu0.22.04.1 amd64 [installed,automatic]", "nvidia-driver-550", "550.90.07"),
        ("nvidia-driver-cuda-550.90.07-1.el9.x86_64", "nvidia-driver-cuda", "550.90.07"),
        ("akmod-nvidia-565.77-1.fc41.x86_64", "akmod-nvidia", "565.77"),
        ("xorg-x11-drv-nvidia-cuda-libs-3:550.90.07-1.fc40.x86_64", "xorg-x11-drv-nvidia-cuda-libs", "550.90.07"),
        ("nvidia-compute-G06-550.90.07-1.1.x86_64", "nvidia-compute-G06", "550.90.07"),
        ("nvidia-utils 550.90.07-1", "nvidia-utils", "550.90.07"),
        ("local/nvidia-open-dkms 565.77-3", "nvidia-open-dkms", "565.77"),
        ("Setting up nvidia-utils-550 (550.90.07-0ubuntu0.22.04.1) ...", "nvidia-utils-550", "550.90.07"),
    ],
)
def test_every_package_manager(line: str, name: str, version: str) -> None:
    (package,) = parse_driver_packages([line])
    assert (package.name, package.version, package.installed, package.finished) == (name, version, True, True)


@pytest.mark.parametrize(
    "line",
    [
        "ii  nvidia-container-toolkit  1.16.1-1  amd64  x",
        "ii  nvidia-settings  510.47.03-0ubuntu1  amd64  x",
        "ii  nvidia-cuda-toolkit  11.5.1-1ubuntu1  amd64  x",
        "nvidia-driver-560/jammy 560.35.03-0ubuntu1 amd64",
        "nvidia-driver-550/jammy 550.120-0ubuntu0.22.04.1 amd64 [upgradable from: 550.90.07-0ubuntu0.22.04.1]",
        "nvidia-cudnn-cu12 9.1.0.70",
        "nvidia 1.0-1",
        "sudo apt install nvidia-driver-550",
    ],
)
def test_other_packages_are_not_the_driver(line: str) -> None:
    assert parse_driver_packages([line]) == []


@pytest.mark.parametrize(
    ("state", "installed", "finished"),
    [
        ("ii", True, True),
        ("rc", False, True),
        ("un", False, True),
        ("iU", True, False),
        ("iF", True, False),
        ("iH", True, False),
        ("it", True, True),
    ],
)
def test_the_letters_of_dpkg(state: str, installed: bool, finished: bool) -> None:
    (package,) = parse_driver_packages([f"{state}  nvidia-dkms-550  550.90.07-0ubuntu0.22.04.1  amd64  x"])
    assert (package.installed, package.finished) == (installed, finished)


def test_apts_history_tells_the_new_versions() -> None:
    line = (
        "Upgrade: libnvidia-compute-550:amd64 (550.54.14-0ubuntu0.22.04.1, 550.90.07-0ubuntu0.22.04.1), bash:amd64 (5.1, 5.2), "
        "nvidia-dkms-550:amd64 (550.54.14-0ubuntu0.22.04.1, 550.90.07-0ubuntu0.22.04.1)"
    )
    assert [(package.name, package.version, package.printed) for package in parse_driver_packages([line])] == [
        ("libnvidia-compute-550", "550.90.07", False),
        ("nvidia-dkms-550", "550.90.07", False),
    ]
