"""Commands for NVIDIA's driver, by distribution and card."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.prescribing.nvidia_driver import build_module, finish_packages, hold_packages, install_driver
from envcheck.report import Step


def facts(identifier: str, version: str = "", like: tuple[str, ...] = (), card: str = "NVIDIA GeForce RTX 3060", **more: Any) -> Snapshot:
    system = {"os": "Linux", "machine": "x86_64", "distribution_id": identifier, "distribution_version": version, "distribution_like": like}
    cards = [{"index": 0, "vendor": "nvidia", "name": card}]
    return msgspec.convert({"system": {**system, **more}, "accelerators": cards}, Snapshot)


def commands(steps: tuple[Step, ...]) -> str:
    return "\n".join(" ".join(step.run) or step.do for step in steps)


@pytest.mark.parametrize(
    ("identifier", "version", "expected"),
    [
        ("ubuntu", "24.04", "sudo ubuntu-drivers install\n"),
        ("pop", "22.04", "apt-get install --yes system76-driver-nvidia"),
        ("debian", "13", "apt-get install --yes linux-headers-amd64 nvidia-driver"),
        ("fedora", "42", "dnf install --assumeyes akmod-nvidia xorg-x11-drv-nvidia-cuda"),
        ("rocky", "9.4", "dnf module install --assumeyes nvidia-driver:open-dkms"),
        ("almalinux", "8.10", "repos/rhel8/x86_64/cuda-rhel8.repo"),
        ("rhel", "10.0", "dnf install --assumeyes nvidia-open"),
        ("arch", "", "pacman --sync --needed nvidia-open nvidia-utils"),
        ("opensuse-leap", "15.6", "openSUSE-repos-Leap-NVIDIA"),
        ("opensuse-tumbleweed", "20261101", "openSUSE-repos-Tumbleweed-NVIDIA"),
        ("sles", "15.6", "zypper install nvidia-open"),
        ("amzn", "2023", "dnf install --assumeyes nvidia-open"),
        ("nixos", "26.05", "nixos-rebuild boot"),
        ("slackware", "15", "driver-installation-guide"),
    ],
)
def test_each_distribution_has_its_own_way(identifier: str, version: str, expected: str):
    steps = install_driver(facts(identifier, version))
    assert expected in commands(steps)
    assert [step.run for step in steps[-2:]] == [("sudo", "reboot"), ("nvidia-smi",)]


@pytest.mark.parametrize(
    ("identifier", "version", "expected"),
    [
        ("ubuntu", "24.04", "ubuntu-drivers install nvidia:580"),
        ("fedora", "42", "akmod-nvidia-580xx"),
        ("rocky", "9.4", "nvidia-driver:580-dkms"),
        ("arch", "", "nvidia-580xx-dkms"),
        ("sles", "15.6", "cuda-drivers"),
    ],
)
def test_an_older_card_gets_the_last_branch_that_has_a_driver_for_it(identifier: str, version: str, expected: str):
    text = commands(install_driver(facts(identifier, version, card="NVIDIA GeForce GTX 1080 Ti")))
    assert "branch 580" in text
    assert expected in text


def test_of_several_cards_the_oldest_decides():
    assert "branch 470" in commands(install_driver(facts("ubuntu", "22.04", card="Tesla K80")))
    assert "branch" not in commands(install_driver(facts("ubuntu", "22.04", card="Tesla T4")))


@pytest.mark.parametrize("identifier", ["ubuntu", "debian", "fedora", "rocky", "arch", "opensuse-leap", "slackware"])
def test_every_repair_has_a_step(identifier: str):
    snapshot = facts(identifier, "9", kernel="6.8.0-85-generic")
    assert build_module(snapshot)
    assert finish_packages(snapshot)
    assert hold_packages(snapshot) is not None or identifier == "slackware"


def test_the_module_is_built_for_the_kernel_that_runs():
    assert "linux-headers-6.8.0-85-generic" in commands(build_module(facts("ubuntu", kernel="6.8.0-85-generic")))
    assert "--kernels 6.17.1-300.fc43.x86_64" in commands(build_module(facts("fedora", kernel="6.17.1-300.fc43.x86_64")))
