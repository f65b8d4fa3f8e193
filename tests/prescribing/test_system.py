"""Commands of the operating system, by distribution."""

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.prescribing.system import add_to_system, family, install_packages, join_groups, package_manager, rebuild_ramdisk
from envcheck.report import Step


def facts(identifier: str, *like: str) -> Snapshot:
    return msgspec.convert({"system": {"os": "Linux", "distribution_id": identifier, "distribution_like": like}}, Snapshot)


@pytest.mark.parametrize(
    ("identifier", "like", "expected"),
    [
        ("linuxmint", ("ubuntu", "debian"), "ubuntu"),
        ("kali", ("debian",), "debian"),
        ("centos", ("rhel", "fedora"), "rhel"),
        ("manjaro", (), "arch"),
        ("unknown", (), ""),
        ("unknown", ("unheard-of", "suse"), "suse"),
        ("nobara", ("rhel", "centos", "fedora"), "rhel"),
    ],
)
def test_relatives_are_known(identifier: str, like: tuple[str, ...], expected: str):
    assert family(facts(identifier, *like)) == expected


@pytest.mark.parametrize(
    ("identifier", "manager", "ramdisk"),
    [
        ("pop", "apt-get", "sudo update-initramfs -u"),
        ("rocky", "dnf", "sudo dracut --force"),
        ("sles", "zypper", "sudo dracut --force"),
        ("arch", "pacman", "sudo mkinitcpio --allpresets"),
        ("nixos", "", "sudo nixos-rebuild boot"),
    ],
)
def test_each_distribution_has_its_manager_and_its_ramdisk(identifier: str, manager: str, ramdisk: str):
    assert package_manager(facts(identifier)) == manager
    assert " ".join(rebuild_ramdisk(facts(identifier)).run) == ramdisk


def test_of_an_unknown_distribution_words_name_the_commands():
    assert "update-initramfs" in rebuild_ramdisk(facts("slackware")).do


def test_packages_are_installed_under_the_names_of_this_system_only():
    names = {"dnf": ("kernel-devel", "dkms")}
    assert install_packages(facts("fedora"), names) == Step(
        run=("sudo", "dnf", "install", "--assumeyes", "kernel-devel", "dkms"), root=True
    )
    assert install_packages(facts("debian"), names) is None
    assert install_packages(facts("slackware"), names) is None


def test_a_user_joins_several_groups_at_once():
    assert Step(run=("sudo", "usermod", "--append", "--groups", "render,video", "USER"), root=True) in join_groups(["render", "video"])


def test_what_is_added_to_a_system_comes_with_a_fresh_list_of_packages() -> None:
    names = {"apt-get": ("libgl1",), "dnf": ("libglvnd-glx",)}
    assert [" ".join(step.run) for step in add_to_system(facts("ubuntu"), names) if not isinstance(step, str)] == [
        "sudo apt-get update",
        "sudo apt-get install --yes libgl1",
    ]
    assert [" ".join(step.run) for step in add_to_system(facts("fedora"), names) if not isinstance(step, str)] == [
        "sudo dnf install --assumeyes libglvnd-glx"
    ]
    assert add_to_system(facts("slackware"), names) == (
        "on Debian and Ubuntu: apt-get install --yes libgl1",
        "on Fedora, RHEL and their kin: dnf install --assumeyes libglvnd-glx",
    )
