"""What is on disk of a driver that does not run."""

import types
from collections.abc import Callable
from typing import Any

import pytest

from tests.probes.fake_machine import FakeMachine

Probe = Callable[[str], types.ModuleType]


@pytest.mark.parametrize(
    "place",
    [
        *("updates/dkms/nvidia.ko.zst", "updates/dkms/nvidia-current.ko", "extra/nvidia/nvidia.ko.xz", "kernel/nvidia-580-open/nvidia.ko"),
        *("kernel/drivers/video/nvidia.ko", "extramodules/nvidia.ko.gz", "updates/nvidia.ko", "extra/drivers/video/nvidia/nvidia.ko"),
    ],
)
def test_modules_where_the_ways_to_install_put_them(probe: Probe, machine: FakeMachine, place: str) -> None:
    machine.write(f"lib/modules/6.8.0-1/{place}", "")
    machine.write("lib/modules/6.8.0-2/kernel/drivers/video/nvidiafb.ko", "")
    machine.write("lib/modules/6.8.0-2/updates/dkms/nvidia-drm.ko", "")
    assert probe("cards.nvidia_installation").read_module_kernels(str(machine.root)) == ["6.8.0-1"]


def test_without_any_kernels_files_nothing_is_known(probe: Probe, machine: FakeMachine) -> None:
    assert probe("cards.nvidia_installation").read_module_kernels(str(machine.root)) is None


def test_a_module_is_told_from_those_beside_it(probe: Probe) -> None:
    is_module = probe("cards.nvidia_installation").is_module
    assert all(map(is_module, ("nvidia.ko", "nvidia.ko.zst", "nvidia-current.ko", "nvidia-tesla-470.ko", "nvidia-legacy-390xx.ko.xz")))
    others = (
        "nvidia-uvm.ko",
        "nvidia-current-drm.ko",
        "nvidia-peermem.ko.zst",
        "nvidiafb.ko",
        "nvidia.kobj",
        "nvidia",
        "i2c-nvidia-gpu.ko",
    )
    assert not any(map(is_module, others))


def test_archs_packages_are_folders(probe: Probe, machine: FakeMachine, channel: Any) -> None:
    for name in ("nvidia-utils-580.95.05-3", "nvidia-open-dkms-580.95.05-3", "linux-6.17.1.arch1-1", "bash-5.3.3-2"):
        machine.folder(f"var/lib/pacman/local/{name}")
    probe("cards.nvidia_installation").tell_packages(channel, str(machine.root))
    assert channel.facts == {"nvidia.package_version": "580.95.05"}


def test_a_system_whose_packages_are_in_another_list_is_not_told_of(probe: Probe, machine: FakeMachine, channel: Any) -> None:
    probe("cards.nvidia_installation").tell_packages(channel, str(machine.root))
    assert channel.facts == {}


def test_dpkg_without_a_driver_knows_that_there_is_none(probe: Probe, machine: FakeMachine, channel: Any) -> None:
    machine.dpkg({"nvidia-cuda-toolkit": ("12.0.140-1", "installed"), "libnvidia-ml1": ("535.1-1", "config-files")})
    probe("cards.nvidia_installation").tell_packages(channel, str(machine.root))
    assert channel.facts == {"nvidia.package_version": None, "nvidia.packages_unfinished": []}


def test_secure_boot_that_the_container_hides_is_unknown(probe: Probe, machine: FakeMachine) -> None:
    read = probe("cards.nvidia_installation").read_secure_boot
    assert read(str(machine.root)) == (None, "")
    machine.folder("sys/firmware")
    assert read(str(machine.root)) == (None, "")
    machine.folder("sys/firmware/efi/efivars")
    assert read(str(machine.root)) == (None, "")
    machine.write("sys/firmware/efi/efivars/Boot0000-8be4df61", "")
    assert read(str(machine.root)) == (None, "/sys/firmware/efi/efivars")
    machine.secure_boot(on=True)
    assert read(str(machine.root))[0] is True
    machine.write("sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c", b"\6\0")
    assert read(str(machine.root)) == (None, "")


def test_a_fabric_manager_whose_file_is_left_over_does_not_run(probe: Probe, machine: FakeMachine) -> None:
    machine.write("run/nvidia-fabricmanager/nv-fabricmanager.pid", "4242\n")
    machine.write("proc/4242/comm", "bash\n")
    machine.write("usr/bin/nv-fabricmanager", "")
    read = probe("cards.nvidia_installation").read_fabric_manager
    assert read(str(machine.root)) == ("stopped", "/usr/bin/nv-fabricmanager")
    machine.write("proc/4242/comm", "nv-fabricmanage\n")
    assert read(str(machine.root)) == ("running", "/run/nvidia-fabricmanager/nv-fabricmanager.pid")
